"""Documented numbers of S3 (user guide, "Amazon S3 multipart upload limits", "Bucket naming rules",
"Object key naming", "Working with object metadata", "Categorizing your storage using tags")."""

KEY_BYTES = 1024
USER_METADATA_BYTES = 2048
OBJECT_TAGS = 10
BUCKET_TAGS = 50
TAG_KEY_LENGTH = 128
TAG_VALUE_LENGTH = 256
LISTED_ENTRIES = 1000
DELETED_KEYS = 1000
LISTED_BUCKETS = 10_000
PART_NUMBERS = 10_000
PART_BYTES = 5 * 1024**2
PUT_BYTES = 5 * 1024**3
OBJECT_BYTES = 48_800 * 1024**3
POLICY_BYTES = 20 * 1024
LIFECYCLE_RULES = 1000
CORS_RULES = 100
ROUTING_RULES = 50  # of a website: user guide, "Configuring advanced conditional redirects"
