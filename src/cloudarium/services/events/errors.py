"""Every error EventBridge raises."""

from cloudarium.core.errors import ErrorType

BusNotFound = ErrorType("ResourceNotFoundException", 400, "Event bus {name} does not exist.")
RuleNotFound = ErrorType(
    "ResourceNotFoundException", 400, "Rule {name} does not exist on EventBus {bus}."
)
ArnNotFound = ErrorType("ResourceNotFoundException", 400, "{arn} does not exist.")
StatementNotFound = ErrorType(
    "ResourceNotFoundException", 400, "Statement with the provided id does not exist."
)
NoPolicy = ErrorType("ResourceNotFoundException", 400, "EventBus does not have a policy.")
BusExists = ErrorType("ResourceAlreadyExistsException", 400, "Event bus {name} already exists.")
DefaultBusStays = ErrorType("ValidationException", 400, "Cannot delete event bus default.")
BusInUse = ErrorType("ValidationException", 400, "Event bus can't be deleted since it has rules.")
BusName = ErrorType("ValidationException", 400, "Event bus name must not contain '/'.")
InvalidPattern = ErrorType(
    "InvalidEventPatternException", 400, "Event pattern is not valid. Reason: {reason}"
)
InvalidSchedule = ErrorType(
    "ValidationException", 400, "Parameter ScheduleExpression is not valid."
)
ScheduleOnDefaultOnly = ErrorType(
    "ValidationException",
    400,
    "ScheduleExpression is supported only on the default event bus.",
)
PatternOrSchedule = ErrorType(
    "ValidationException",
    400,
    "Parameter(s) EventPattern or ScheduleExpression must be specified.",
)
RuleHasTargets = ErrorType(
    "ValidationException", 400, "Rule can't be deleted since it has targets."
)
TooManyTargets = ErrorType(
    "LimitExceededException",
    400,
    "The requested resource exceeds the maximum number allowed.",
)
PatternTooLong = ErrorType(
    "ValidationException", 400, "Parameter EventPattern for rule {name} exceeds limit of {limit}."
)
InvalidEvent = ErrorType("ValidationException", 400, "Parameter Event is not valid.")
InvalidTarget = ErrorType(
    "ValidationException",
    400,
    "Parameter {arn} is not valid. Reason: Provided Arn is not in correct format.",
)
UnsupportedTarget = ErrorType(
    "ValidationException",
    400,
    "Parameter {arn} is not valid. Reason: Targets of service {service} are not supported by "
    "Cloudarium.",
)
RoleNeeded = ErrorType("ValidationException", 400, "RoleArn is required for target {arn}.")
RoleNotSupported = ErrorType(
    "ValidationException", 400, "RoleArn is not supported for target {arn}."
)
NoInputOfLogGroup = ErrorType(
    "ValidationException",
    400,
    "Input and InputPath are not valid forms of input for target {id}. "
    "The only valid form of input is InputTransformer.",
)
NotALogEvent = ErrorType(
    "ValidationException",
    400,
    "The input of target {id} is not of the form of a log event's timestamp and message.",
)
ParametersNeeded = ErrorType(
    "ValidationException", 400, "Parameter(s) {name} must be specified for target: {id}."
)
ParametersNotSupported = ErrorType(
    "ValidationException", 400, "Parameter(s) {name} not supported for target: {id}."
)
IdTwice = ErrorType(
    "ValidationException",
    400,
    "Parameter targets is not valid. Reason: More than one target with Id '{id}' is provided.",
)
NoInputOfBus = ErrorType(
    "ValidationException",
    400,
    "Invalid Input for target {id}. An event bus is sent the event as it is.",
)
OneInput = ErrorType(
    "ValidationException",
    400,
    "Only one of Input, InputPath, or InputTransformer must be provided for target {id}.",
)
InputNotJson = ErrorType("ValidationException", 400, "JSON syntax error in input for target {id}.")
InvalidPath = ErrorType("ValidationException", 400, "InputPath for target {id} is invalid.")
UnknownPlace = ErrorType(
    "ValidationException",
    400,
    "InputTemplate for target {id} contains invalid placeholder {name}.",
)
PlaceOfJson = ErrorType(
    "ValidationException",
    400,
    "InputTemplate for target {id} contains placeholder {name} valid only for JSON template.",
)
NoDeadLetters = ErrorType(
    "ValidationException", 400, "{service} is not supported as a dead letter resource."
)
NoFifoDeadLetters = ErrorType(
    "ValidationException", 400, "SQS FIFO is not supported by Dead Letter Queues."
)
ArchiveNotFound = ErrorType("ResourceNotFoundException", 400, "Archive {name} does not exist.")
ArchiveExists = ErrorType("ResourceAlreadyExistsException", 400, "Archive {name} already exists.")
ReplayNotFound = ErrorType("ResourceNotFoundException", 400, "Replay {name} does not exist.")
ReplayExists = ErrorType("ResourceAlreadyExistsException", 400, "Replay {name} already exists.")
ReplayEnded = ErrorType(
    "IllegalStatusException",
    400,
    "Replay {name} is not in a valid state for this operation.",
)
NoArchiveToReplay = ErrorType(
    "ValidationException",
    400,
    "Parameter EventSourceArn is not valid. Reason: Archive {name} does not exist.",
)
CrossBusReplay = ErrorType(
    "ValidationException",
    400,
    "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.",
)
ReplayTimes = ErrorType(
    "ValidationException",
    400,
    "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.",
)
OneFilter = ErrorType(
    "ValidationException",
    400,
    "At most one filter is allowed for {operation}. "
    "Use either : State, EventSourceArn, or NamePrefix.",
)
InvalidNextToken = ErrorType("ValidationException", 400, "Token is not valid.")
InvalidPolicy = ErrorType("ValidationException", 400, "The policy is not a JSON document.")
