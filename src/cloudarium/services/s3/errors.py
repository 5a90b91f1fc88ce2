"""Every error S3 raises: code, HTTP status and message (S3 API reference, "Error responses")."""

from cloudarium.core.errors import ErrorType

AccessControlListNotSupported = ErrorType(
    "AccessControlListNotSupported", 400, "The bucket does not allow ACLs"
)
PublicPolicyBlocked = ErrorType(
    "AccessDenied",
    403,
    "User: {principal} is not authorized to perform: s3:PutBucketPolicy on resource: "
    '"{bucket}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block '
    "Public Access.",
)
BadDigest = ErrorType(
    "BadDigest", 400, "The Content-MD5 you specified did not match what we received."
)
BadChecksum = ErrorType(
    "BadDigest", 400, "The {algorithm} you specified did not match the calculated checksum."
)
BucketAlreadyExists = ErrorType(
    "BucketAlreadyExists",
    409,
    "The requested bucket name is not available. The bucket namespace is shared by all users of "
    "the system. Please select a different name and try again.",
)
BucketAlreadyOwnedByYou = ErrorType(
    "BucketAlreadyOwnedByYou",
    409,
    "Your previous request to create the named bucket succeeded and you already own it.",
)
BucketNotEmpty = ErrorType(
    "BucketNotEmpty", 409, "The bucket you tried to delete is not empty{versions}"
)
NoOrigin = ErrorType("BadRequest", 400, "Insufficient information. Origin request header needed.")
InvalidRequestMethod = ErrorType(
    "BadRequest", 400, "Invalid Access-Control-Request-Method: {method}"
)
CrossOriginRefused = ErrorType("AccessForbidden", 403, "CORSResponse: {problem}")
NO_CORS_RULE = (  # AWS writes it so
    "This CORS request is not allowed. This is usually because the evalution of Origin, request "
    "method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted "
    "by the resource's CORS spec."
)
EntityTooLarge = ErrorType(
    "EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size"
)
EntityTooSmall = ErrorType(
    "EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size"
)
IllegalLocationConstraintException = ErrorType(
    "IllegalLocationConstraintException",
    400,
    "The {constraint} location constraint is incompatible for the region specific endpoint this "
    "request was sent to.",
)
InvalidArgument = ErrorType("InvalidArgument", 400, "{message}")
InvalidBucketName = ErrorType("InvalidBucketName", 400, "The specified bucket is not valid.")
InvalidDigest = ErrorType("InvalidDigest", 400, "The Content-MD5 you specified was invalid.")
InvalidLocationConstraint = ErrorType(
    "InvalidLocationConstraint", 400, "The specified location-constraint is not valid"
)
InvalidPart = ErrorType(
    "InvalidPart",
    400,
    "One or more of the specified parts could not be found.  The part may not have been uploaded, "
    "or the specified entity tag may not match the part's entity tag.",
)
InvalidPartNumber = ErrorType(
    "InvalidPartNumber", 416, "The requested partnumber is not satisfiable"
)
InvalidPolicyDocument = ErrorType("InvalidPolicyDocument", 400, "Invalid Policy: {problem}")
PolicyViolated = ErrorType("AccessDenied", 403, "Invalid according to Policy: {problem}")
MalformedPOSTRequest = ErrorType(
    "MalformedPOSTRequest",
    400,
    "The body of your POST request is not well-formed multipart/form-data.",
)
InvalidPartOrder = ErrorType(
    "InvalidPartOrder",
    400,
    "The list of parts was not in ascending order. Parts must be ordered by part number.",
)
InvalidRange = ErrorType("InvalidRange", 416, "The requested range is not satisfiable")
InvalidRequest = ErrorType("InvalidRequest", 400, "{message}")
InvalidStorageClass = ErrorType(
    "InvalidStorageClass", 400, "The storage class you specified is not valid"
)
InvalidTag = ErrorType("InvalidTag", 400, "{message}")
KeyTooLongError = ErrorType("KeyTooLongError", 400, "Your key is too long")
MalformedContinuationToken = ErrorType(  # AWS says it so
    "MalformedContinuationToken", 400, "The continuation-token you provided invalid."
)
MalformedPolicy = ErrorType("MalformedPolicy", 400, "{message}")
MalformedXML = ErrorType(
    "MalformedXML",
    400,
    "The XML you provided was not well-formed or did not validate against our published schema",
)
MetadataConfigurationNotFound = ErrorType(
    "MetadataConfigurationNotFound", 404, "The metadata configuration was not found"
)
MetadataTooLarge = ErrorType(
    "MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size"
)
MethodNotAllowed = ErrorType(
    "MethodNotAllowed", 405, "The specified method is not allowed against this resource."
)
NoSuchBucket = ErrorType("NoSuchBucket", 404, "The specified bucket does not exist")
NoSuchBucketPolicy = ErrorType("NoSuchBucketPolicy", 404, "The bucket policy does not exist")
NoSuchConfiguration = ErrorType(
    "NoSuchConfiguration", 404, "The specified configuration does not exist."
)
NoSuchCORSConfiguration = ErrorType(
    "NoSuchCORSConfiguration", 404, "The CORS configuration does not exist"
)
NoSuchKey = ErrorType("NoSuchKey", 404, "The specified key does not exist.")
NoSuchLifecycleConfiguration = ErrorType(
    "NoSuchLifecycleConfiguration", 404, "The lifecycle configuration does not exist"
)
NoSuchPublicAccessBlockConfiguration = ErrorType(
    "NoSuchPublicAccessBlockConfiguration",
    404,
    "The public access block configuration was not found",
)
NoSuchTagSet = ErrorType("NoSuchTagSet", 404, "The TagSet does not exist")
NoSuchUpload = ErrorType(
    "NoSuchUpload",
    404,
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have "
    "been aborted or completed.",
)
NoSuchVersion = ErrorType("NoSuchVersion", 404, "The specified version does not exist.")
NoSuchWebsiteConfiguration = ErrorType(
    "NoSuchWebsiteConfiguration",
    404,
    "The specified bucket does not have a website configuration",
)
NotImplemented = ErrorType(
    "NotImplemented",
    501,
    "A header or parameter you provided implies functionality that is not implemented: {name}",
)
NotModified = ErrorType("NotModified", 304, "Not Modified")
ObjectLockConfigurationNotFoundError = ErrorType(
    "ObjectLockConfigurationNotFoundError",
    404,
    "Object Lock configuration does not exist for this bucket",
)
OwnershipControlsNotFoundError = ErrorType(
    "OwnershipControlsNotFoundError", 404, "The bucket ownership controls were not found"
)
PreconditionFailed = ErrorType(
    "PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold"
)
ReplicationConfigurationNotFoundError = ErrorType(
    "ReplicationConfigurationNotFoundError", 404, "The replication configuration was not found"
)
TooManyTags = ErrorType("BadRequest", 400, "{what} tags cannot be greater than {limit}")
AccessDenied = ErrorType("AccessDenied", 403, "Access Denied")
IllegalVersioningConfiguration = ErrorType(
    "IllegalVersioningConfigurationException",
    400,
    "The Versioning element must be specified",
)

# S3's model names few of its errors; these stand in the API reference, "Error responses".
DOCUMENTED_CODES = frozenset(
    {
        "AccessControlListNotSupported",
        "AccessForbidden",
        "BadDigest",
        "BadRequest",
        "BucketNotEmpty",
        "EntityTooLarge",
        "EntityTooSmall",
        "IllegalLocationConstraintException",
        "IllegalVersioningConfigurationException",
        "InvalidArgument",
        "InvalidBucketName",
        "InvalidDigest",
        "InvalidLocationConstraint",
        "InvalidPart",
        "InvalidPartNumber",
        "InvalidPartOrder",
        "InvalidPolicyDocument",
        "InvalidRange",
        "InvalidStorageClass",
        "InvalidTag",
        "KeyTooLongError",
        "MalformedContinuationToken",
        "MalformedPOSTRequest",
        "MalformedPolicy",
        "MalformedXML",
        "MetadataConfigurationNotFound",
        "MetadataTooLarge",
        "MethodNotAllowed",
        "NoSuchBucketPolicy",
        "NoSuchCORSConfiguration",
        "NoSuchConfiguration",
        "NoSuchLifecycleConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
        "NoSuchTagSet",
        "NoSuchVersion",
        "NoSuchWebsiteConfiguration",
        "NotModified",
        "ObjectLockConfigurationNotFoundError",
        "OwnershipControlsNotFoundError",
        "PreconditionFailed",
        "ReplicationConfigurationNotFoundError",
    }
)
