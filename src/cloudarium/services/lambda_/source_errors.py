"""What Lambda says about event source mappings that cannot be as they are asked for.

Recorded from AWS by LocalStack and badmintoncryer/cdk-preflight.
"""

from cloudarium.core.errors import AwsError, ErrorType

_Conflict = ErrorType("ResourceConflictException", 409, "{message}")

NO_SOURCE = "Unrecognized event source."
UNKNOWN_SOURCE = f"{NO_SOURCE} Unsupported source arn : {{arn}}"
OTHER_REGION = "Event source region must match Lambda region {region}"
POSITION_OF_QUEUE = "StartingPosition is not valid for SQS event sources."
POSITION_OF_STREAM = "Unsupported starting position for arn type: {arn}"
TIMESTAMP_OF_QUEUE = "Timestamp is not valid for SQS event sources."
TIMESTAMP = "Timestamp only valid with StartingPosition AT_TIMESTAMP"
NO_POSITION = (
    "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint:"
    " Member must not be null."
)
UNSUPPORTED = "Unsupported {name} parameter for given event source mapping type."
FIFO_WINDOW = "Batching window is not supported for FIFO queues"
NO_WINDOW = (
    "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than"
    " 10"
)
OVER_RESERVED = (
    "MaximumConcurrency: {wanted} is greater than Function Reserved Concurrency: {reserved}"
)
TWO_SCALINGS = (
    "Provisioned mode for SQS ESM does not support maximum concurrency feature. Use MaximumPollers"
    " as the control mechanism and remove maximum concurrency."
)
METRICS = "Invalid EventSourceMapping metrics. Expected values: [EventCount]"
POLLER_GROUP = "Invalid parameter: pollerGroupName"
FEWEST_OVER_MOST = "MinimumPollers must be less than or equal to MaximumPollers."
POLLERS = (
    "MinimumPollers should be between [2, 200] and MaximumPollers should be between"
    " [MinimumPollers, 10000]"
)
RECORD_AGE = (
    "MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800 (inclusive)"
)
TOO_MANY_FILTERS = (
    "Too many filter patterns, maximum allowed {limit} patterns, provided {given} patterns."
)
BAD_FILTER = "Invalid filter pattern definition."
QUEUE_DENIED = "The function execution role does not have permissions to call {operation} on SQS"
STREAM_DENIED = (
    "Cannot access stream {arn}. Please ensure the role can perform the GetRecords,"
    " GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM."
)
NO_STREAM = "Stream not found: {arn}"
SOURCE_FAILED = (
    "Error occurred while {operation}. SQS Error Code: {code}. SQS Error Message: {message}"
)
VISIBILITY_TOO_SHORT = (
    "Queue visibility timeout: {visibility} seconds is less than Function timeout: {timeout}"
    " seconds"
)


def mapping_exists(source_arn: str, name: str, uuid: str) -> AwsError:
    """The function has a mapping of this source."""
    kind, what = "The event source", "provided mapping "
    if ":sqs:" in source_arn:
        kind, what = "An event source mapping with SQS", ""
    message = (
        f'{kind} arn (" {source_arn} ") and function (" {name} ") {what}already exists.'
        f" Please update or delete the existing mapping with UUID {uuid}"
    )
    return _Conflict(members={"Type": "User"}, message=message)
