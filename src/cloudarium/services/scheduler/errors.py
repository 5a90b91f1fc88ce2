"""Every error EventBridge Scheduler raises.

The texts that AWS answers are known from what tools and their tests report: `ScheduleNotFound`,
`InvalidExpression`, `StartDateTooEarly`, `RoleNotAssumable`, `WindowNeeded`, `WindowNotNeeded`.
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
    "ValidationException", 400, "The default schedule group cannot be deleted."
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
    "ValidationException", 400, "The EndDate you specify must come after the StartDate and now."
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
ReadOnlyTarget = ErrorType(
    "ValidationException",
    400,
    "The target {arn} is a read-only API action, which is not supported.",
)
UnknownTarget = ErrorType("ValidationException", 400, "The target {arn} is no API action.")
ParameterNeeded = ErrorType("ValidationException", 400, "{name} is required for the target {arn}.")
ParameterNotNeeded = ErrorType(
    "ValidationException", 400, "{name} is not valid for the target {arn}."
)
InputNotJson = ErrorType(
    "ValidationException", 400, "The Input for the target {arn} must be well-formed JSON."
)
InputTooLarge = ErrorType(
    "ValidationException", 400, "The Input must not be larger than {limit} bytes."
)
InvalidNextToken = ErrorType("ValidationException", 400, "The NextToken is not valid.")
# What an invocation fails with before the target is asked.
Unfit = ErrorType("ValidationException", 400, "{reason}")
