"""Documented numbers of SNS (developer guide, "Amazon SNS message publishing", "Subscription
filter policy constraints", "Message delivery retries"; API reference)."""

MESSAGE_BYTES = 256 * 1024
SUBJECT_LENGTH = 100
TOPIC_NAME_LENGTH = 256
BATCH_ENTRIES = 10
TAGS = 50
PAGE = 100
FILTER_KEYS = 5
FILTER_COMBINATIONS = 150
TOKEN_SECONDS = 3 * 86_400
RAW_ATTRIBUTES = 10
DEDUPLICATION_SECONDS = 300
