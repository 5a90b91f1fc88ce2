"""Every error SQS raises.

Codes are the model's shape names; `query_code` is what SQS still sends in `x-amzn-query-error`
(https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-json-faqs.html).
"""

from cloudarium.core.errors import ErrorType

_PREFIX = "AWS.SimpleQueueService."

QueueDoesNotExist = ErrorType(
    "QueueDoesNotExist", 400, "The specified queue does not exist.", _PREFIX + "NonExistentQueue"
)
QueueNameExists = ErrorType(
    "QueueNameExists",
    400,
    "A queue already exists with the same name and a different value for attribute {attribute}",
    "QueueAlreadyExists",
)
InvalidQueueName = ErrorType(
    "InvalidParameterValue",
    400,
    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
)
InvalidFifoName = ErrorType(
    "InvalidParameterValue",
    400,
    "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, "
    "must end with .fifo suffix and be 1 to 80 in length.",
)
InvalidAttributeName = ErrorType("InvalidAttributeName", 400, "Unknown Attribute {name}.")
InvalidAttributeValue = ErrorType(
    "InvalidAttributeValue", 400, "Invalid value for the parameter {name}."
)
InvalidPolicy = ErrorType(
    "InvalidParameterValue", 400, "Value {value} for parameter {name} is invalid.{reason}"
)
ThroughputOfGroups = ErrorType(
    "InvalidAttributeValue",
    400,
    "Invalid value for the parameter FifoThroughputLimit. Reason: To set FifoThroughputLimit to "
    "perMessageGroupId, the DeduplicationScope must be messageGroup.",
)
TwoEncryptions = ErrorType(
    "InvalidAttributeName",
    400,
    "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS "
    "SSE or SQS SSE.",
)
InvalidAddress = ErrorType(
    "InvalidAddress", 404, "The address {address} is not valid for this endpoint."
)
InvalidRange = ErrorType(
    "InvalidParameterValue",
    400,
    "Value {value} for parameter {name} is invalid. Reason: Must be between {least} and {most}, "
    "if provided.",
)
InvalidValue = ErrorType(
    "InvalidParameterValue", 400, "Value {value} for parameter {name} is invalid. Reason: {reason}"
)
MessageTooLong = ErrorType(
    "InvalidParameterValue",
    400,
    "One or more parameters are invalid. Reason: Message must be shorter than {limit} bytes.",
)
MissingParameter = ErrorType(
    "MissingParameter", 400, "The request must contain the parameter {name}."
)
MissingDeduplication = ErrorType(
    "InvalidParameterValue",
    400,
    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId "
    "provided explicitly",
)
InvalidMessageContents = ErrorType(
    "InvalidMessageContents",
    400,
    "Message contains characters outside the allowed set.",
)
InvalidMessageAttribute = ErrorType("InvalidParameterValue", 400, "{reason}")
ReceiptHandleIsInvalid = ErrorType(
    "ReceiptHandleIsInvalid",
    404,
    'The input receipt handle "{handle}" is not a valid receipt handle.',
    "ReceiptHandleIsInvalid",
)
MessageNotInflight = ErrorType(
    "MessageNotInflight",
    400,
    "Message is not in flight.",
    _PREFIX + "MessageNotInflight",
)
EmptyBatchRequest = ErrorType(
    "EmptyBatchRequest",
    400,
    "There should be at least one {entry} in the request.",
    _PREFIX + "EmptyBatchRequest",
)
TooManyEntriesInBatchRequest = ErrorType(
    "TooManyEntriesInBatchRequest",
    400,
    "Maximum number of entries per request are {limit}. You have sent {count}.",
    _PREFIX + "TooManyEntriesInBatchRequest",
)
BatchEntryIdsNotDistinct = ErrorType(
    "BatchEntryIdsNotDistinct", 400, "Id {id} repeated.", _PREFIX + "BatchEntryIdsNotDistinct"
)
InvalidBatchEntryId = ErrorType(
    "InvalidBatchEntryId",
    400,
    "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
    "It can be at most 80 letters long.",
    _PREFIX + "InvalidBatchEntryId",
)
BatchRequestTooLong = ErrorType(
    "BatchRequestTooLong",
    400,
    "Batch requests cannot be longer than {limit} bytes. You have sent {size} bytes.",
    _PREFIX + "BatchRequestTooLong",
)
PurgeQueueInProgress = ErrorType(
    "PurgeQueueInProgress",
    403,
    "Only one PurgeQueue operation on {queue} is allowed every {seconds} seconds.",
    _PREFIX + "PurgeQueueInProgress",
)
LabelExists = ErrorType(
    "InvalidParameterValue",
    400,
    "Value {label} for parameter Label is invalid. Reason: Already exists.",
)
LabelMissing = ErrorType(
    "InvalidParameterValue",
    400,
    "Value {label} for parameter Label is invalid. Reason: can't find label on existing policy.",
)
# Message move tasks: the words are LocalStack's of AWS.
ResourceNotFound = ErrorType(
    "ResourceNotFoundException",
    404,
    "The resource that you specified for the {parameter} parameter doesn't exist.",
)
NoSuchTask = ErrorType("ResourceNotFoundException", 404, "Task does not exist.")
NotDeadLetterQueue = ErrorType(
    "InvalidParameterValue", 400, "Source queue must be configured as a Dead Letter Queue."
)
SameQueue = ErrorType(
    "InvalidParameterValue",
    400,
    "Source queue arn and destination queue arn cannot be the same.",
)
OtherQueueType = ErrorType(
    "InvalidParameterValue",
    400,
    "The source queue and destination queue must be of the same queue type.",
)
MoveRunning = ErrorType(
    "InvalidParameterValue",
    400,
    "There is already a task running. Only one active task is allowed for a source queue arn at a "
    "given time.",
)
InvalidHandle = ErrorType(
    "InvalidParameterValue", 400, "Value {handle} for parameter TaskHandle is invalid."
)
MoveEnded = ErrorType(
    "UnsupportedOperation",
    400,
    "A message movement can only be cancelled when the current status is RUNNING.",
    _PREFIX + "UnsupportedOperation",
)
