"""Every error Application Auto Scaling raises."""

from cloudarium.core.errors import ErrorType

_WHERE = "service namespace: {namespace}, resource ID: {resource}, scalable dimension: {dimension}"
TargetNotFound = ErrorType("ObjectNotFoundException", 400, f"No scalable target found for {_WHERE}")
PolicyNotFound = ErrorType(
    "ObjectNotFoundException", 400, f"No scaling policy found for {_WHERE}, policy name: {{name}}"
)
ActionNotFound = ErrorType(
    "ObjectNotFoundException",
    400,
    f"No scheduled action found for {_WHERE}, scheduled action name: {{name}}",
)
ArnNotFound = ErrorType("ResourceNotFoundException", 400, "The scalable target does not exist.")
Unsupported = ErrorType(
    "ValidationException",
    400,
    "Unsupported service namespace, resource type or scalable dimension",
)
NoTable = ErrorType("ValidationException", 400, "DynamoDB table does not exist: {resource}")
NoFunction = ErrorType("ValidationException", 400, "Lambda function does not exist: {resource}")
CapacityNeeded = ErrorType(
    "ValidationException",
    400,
    "{name} is required when registering a new scalable target.",
)
CapacityOrder = ErrorType(
    "ValidationException", 400, "Maximum capacity cannot be less than minimum capacity"
)
NegativeCapacity = ErrorType("ValidationException", 400, "Capacities cannot be negative")
PolicyTypeUnsupported = ErrorType(
    "ValidationException", 400, "The policy type {type} is not supported for {namespace}."
)
ConfigurationNeeded = ErrorType(
    "ValidationException",
    400,
    "TargetTrackingScalingPolicyConfiguration is required for the policy type "
    "TargetTrackingScaling.",
)
OneMetric = ErrorType(
    "ValidationException",
    400,
    "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification is required.",
)
MetricUnsupported = ErrorType(
    "ValidationException", 400, "{metric} is not supported for {dimension}."
)
TargetValue = ErrorType(
    "ValidationException", 400, "The target value must be between {least} and {most}."
)
NoTargetValue = ErrorType("ValidationException", 400, "The target value must be more than 0.")
ScheduleNeeded = ErrorType("ValidationException", 400, "{name} is required.")
InvalidSchedule = ErrorType("ValidationException", 400, "Invalid schedule: {schedule}")
InvalidTimezone = ErrorType("ValidationException", 400, "Invalid time zone: {timezone}")
InvalidNextToken = ErrorType("InvalidNextTokenException", 400, "The next token is invalid.")
