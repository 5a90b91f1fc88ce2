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
InvalidEvent = ErrorType(
    "InvalidEventPatternException", 400, "Event is not valid. Reason: {reason}"
)
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
ParametersNeeded = ErrorType(
    "ValidationException", 400, "Parameter(s) {name} must be specified for target: {id}."
)
InvalidInput = ErrorType("ValidationException", 400, "Invalid {name} for target {id}. {reason}")
InvalidNextToken = ErrorType("ValidationException", 400, "Token is not valid.")
InvalidPolicy = ErrorType("ValidationException", 400, "The policy is not a JSON document.")
