"""Every error Logs raises; codes are the model's shape names.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html and each
operation's page.
"""

from cloudarium.core.errors import ErrorType

_INVALID = "InvalidParameterException"
_MISSING = "ResourceNotFoundException"
_EXISTS = "ResourceAlreadyExistsException"

LogGroupNotFound = ErrorType(_MISSING, 400, "The specified log group does not exist.")
LogStreamNotFound = ErrorType(_MISSING, 400, "The specified log stream does not exist.")
ResourceNotFound = ErrorType(_MISSING, 400, "The specified resource does not exist.")
LogGroupExists = ErrorType(_EXISTS, 400, "The specified log group already exists")
LogStreamExists = ErrorType(_EXISTS, 400, "The specified log stream already exists")
MetricFilterNotFound = ErrorType(_MISSING, 400, "The specified metric filter does not exist.")
SubscriptionFilterNotFound = ErrorType(
    _MISSING, 400, "The specified subscription filter does not exist."
)
NotChronological = ErrorType(
    _INVALID,
    400,
    "Log events in a single PutLogEvents request must be in chronological order.",
)
SpanTooLong = ErrorType(
    _INVALID,
    400,
    "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
)
UploadTooLarge = ErrorType(_INVALID, 400, "Upload too large: {size} bytes exceeds limit of {limit}")
EventTooLarge = ErrorType(
    _INVALID, 400, "Log event too large: {size} bytes exceeds limit of {limit}"
)
InvalidRetention = ErrorType(
    _INVALID,
    400,
    "1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy "
    "constraint: Member must satisfy enum value set: [{choices}]",
)
GroupRequired = ErrorType(
    _INVALID, 400, "Exactly one of logGroupName and logGroupIdentifier must be specified."
)
PrefixAndPattern = ErrorType(
    _INVALID,
    400,
    "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
)
PrefixAndNames = ErrorType(
    _INVALID, 400, "logStreamNames and logStreamNamePrefix are mutually exclusive parameters."
)
PrefixAndEventTime = ErrorType(
    _INVALID, 400, "Cannot order by LastEventTime with a logStreamNamePrefix."
)
InvalidToken = ErrorType(_INVALID, 400, "The specified nextToken is invalid.")
InvalidTimeRange = ErrorType(_INVALID, 400, "endTime must not be before startTime.")
InvalidFilterPattern = ErrorType(_INVALID, 400, "Invalid filter pattern")
UnclosedPattern = ErrorType(
    _INVALID, 400, "If a filter pattern starts with '[' it must end with ']'"
)
StandardClassOnly = ErrorType(
    "InvalidOperationException",
    400,
    "This operation is only supported on the Standard log class.",
)
ReservedNamespace = ErrorType(
    _INVALID, 400, "Metric namespaces starting with AWS/ are reserved for AWS."
)
InvalidArn = ErrorType(_INVALID, 400, "Invalid resource ARN: {arn}")
NotSupported = ErrorType(_INVALID, 400, "{parameter} is not supported.")
TooManyTags = ErrorType(
    "TooManyTagsException", 400, "The resource can have no more than {limit} tags."
)
LimitExceeded = ErrorType("LimitExceededException", 400, "Resource limit exceeded.")
PolicyNotFound = ErrorType(_MISSING, 400, "Policy with name [{name}] does not exist")
PolicyNotJson = ErrorType(_INVALID, 400, "The policy is not a JSON document.")
ParameterRequired = ErrorType(_INVALID, 400, "{parameter} is required.")
InvalidTransformation = ErrorType(_INVALID, 400, "Invalid metric transformation: {reason}")
InvalidDestination = ErrorType(
    _INVALID,
    400,
    "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission "
    "to execute your function.",
)
UnsupportedDestination = ErrorType(
    _INVALID, 400, "destinationArn for vendor {vendor} cannot be used."
)
WrongVendor = ErrorType(
    _INVALID,
    400,
    "PutSubscriptionFilter operation cannot work with destinationArn for vendor {vendor}",
)
DestinationRole = ErrorType(
    _INVALID, 400, "destinationArn for vendor {vendor} cannot be used {preposition} roleArn"
)
MalformedQuery = ErrorType("MalformedQueryException", 400, "{reason}")
QueryGroups = ErrorType(
    _INVALID,
    400,
    "Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be specified.",
)
QueryNotFound = ErrorType(_MISSING, 400, "Query {id} does not exist.")
QueryDefinitionNotFound = ErrorType(_MISSING, 400, "The specified query definition does not exist.")
QueryEnded = ErrorType(_INVALID, 400, "Query {id} has ended.")
