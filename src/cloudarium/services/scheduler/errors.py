"""Every error EventBridge Scheduler raises.

The texts that AWS answers are known from what tools and their tests report: `ScheduleNotFound`,
`InvalidExpression`, `StartDateTooEarly`, `RoleNotAssumable`, and those that
badmintoncryer/cdk-preflight measured: of windows and dates, of `DEFAULT`'s group, of targets.
"""

from cloudarium.core.errors import ErrorType

ScheduleNotFound = ErrorType("ResourceNotFoundException", 404, "Schedule {name} does not exist.")
GroupNotFound = ErrorType("ResourceNotFoundException", 404, "Schedule group {name} does not exist.")
ScheduleExists = ErrorType("ConflictException", 409, "Schedule {name} already exists.")
GroupExists = ErrorType("ConflictException", 409, "Schedule group {name} already exists.")
TokenReused = ErrorType(
    "ConflictException", 409, "The client token was used for a request with other parameters."
)
DefaultGroupStays = ErrorType(
    "ValidationException",
    400,
    "This operation cannot be performed on schedule group default.",
)
InvalidExpression = ErrorType(
    "ValidationException", 400, "Invalid Schedule Expression {expression}."
)
InvalidTimezone = ErrorType(
    "ValidationException", 400, "Invalid ScheduleExpressionTimezone {timezone}."
)
StartDateTooEarly = ErrorType(
    "ValidationException",
    400,
    "The StartDate you specify cannot be earlier than 5 minutes ago.",
)
EndDateTooEarly = ErrorType(
    "ValidationException", 400, "The EndDate you specify must come after now."
)
DatesOutOfOrder = ErrorType(
    "ValidationException", 400, "The StartDate you specify must come before the EndDate."
)
WindowNeeded = ErrorType(
    "ValidationException",
    400,
    "MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE.",
)
WindowNotNeeded = ErrorType(
    "ValidationException",
    400,
    "MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF.",
)
RoleNotAssumable = ErrorType(
    "ValidationException",
    400,
    "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
)
InvalidTargetArn = ErrorType(
    "ValidationException", 400, "Provided Arn is not in correct format: {arn}."
)
UnsupportedTarget = ErrorType(
    "ValidationException", 400, "The target {arn} is not supported by Cloudarium."
)
UnsupportedService = ErrorType(
    "ValidationException", 400, "{service} is not a supported service for a target."
)
OtherRegion = ErrorType(
    "ValidationException",
    400,
    "The target ARN provided does not match the current region {region}.",
)
ReadOnlyTarget = ErrorType("ValidationException", 400, "{action} API is not supported.")
InputNeeded = ErrorType(
    "ValidationException",
    400,
    "You must provide an input to set this target for your schedule.",
)
UnknownTarget = ErrorType("ValidationException", 400, "The target {arn} is no API action.")
ParametersNeeded = ErrorType(
    "ValidationException", 400, "Parameters {name} must be specified for the target."
)
ParametersNotSupported = ErrorType(
    "ValidationException", 400, "Parameters {name} not supported for the target."
)
GroupNotValid = ErrorType(
    "ValidationException", 400, "Parameters MessageGroupId not valid for the target."
)
InputNotNeeded = ErrorType("ValidationException", 400, "Input is not valid for the target {arn}.")
InputNotJson = ErrorType("ValidationException", 400, "JSON syntax error in input for the target.")
InputTooLarge = ErrorType(
    "ValidationException", 400, "The Input must not be larger than {limit} bytes."
)
InvalidNextToken = ErrorType("ValidationException", 400, "The NextToken is not valid.")
# What an invocation fails with before the target is asked.
Unfit = ErrorType("ValidationException", 400, "{reason}")
