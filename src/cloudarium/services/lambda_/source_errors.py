"""What Lambda says about event source mappings that cannot be as they are asked for."""

from cloudarium.core.errors import AwsError, ErrorType

_Conflict = ErrorType("ResourceConflictException", 409, "{message}")

UNKNOWN_SOURCE = "Unrecognized event source."
POSITION_OF_QUEUE = "StartingPosition is not valid for SQS event sources."
POSITION_OF_STREAM = "Unsupported starting position for arn type: {arn}"
TIMESTAMP = "Timestamp only valid with StartingPosition AT_TIMESTAMP"
NO_POSITION = (
    "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint:"
    " Member must not be null."
)
NOT_FOR_QUEUES = "{name} is not valid for SQS event sources."
NOT_FOR_STREAMS = "{name} is not valid for DynamoDB event sources."
FIFO_WINDOW = "Batching window is not supported for FIFO queues."
NO_WINDOW = (
    "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than"
    " 10"
)
BATCH_SIZE = "Batch size must be less than or equal to {limit} for this event source."
TWO_SCALINGS = "ScalingConfig and ProvisionedPollerConfig cannot be used together."
METRIC_OF_KAFKA = "The metric {name} is not supported for this event source."
POLLERS = (
    "MinimumPollers must be greater than or equal to 2 for SQS event sources, and not greater than"
    " MaximumPollers."
)
RECORD_AGE = "MaximumRecordAgeInSeconds must be -1 or between 60 and 604800."
TOO_MANY_FILTERS = "The number of filters exceeds the limit of {limit}."
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
