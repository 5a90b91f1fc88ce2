"""Every error CloudWatch raises; codes are the model's shape names.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html and each
operation's page.
"""

from cloudarium.core.errors import ErrorType

_VALUE = "InvalidParameterValueException"
_COMBINATION = "InvalidParameterCombinationException"

InvalidValue = ErrorType(_VALUE, 400, "The value {value} for parameter {name} is invalid.")
ValueNotSupported = ErrorType(
    _VALUE, 400, "The value {value} for parameter {name} is not supported."
)
InvalidParameter = ErrorType(_VALUE, 400, "{reason}")
TooLarge = ErrorType(
    _VALUE, 400, "The collection {name} must not have a size greater than {limit}."
)
TooFarPast = ErrorType(
    _VALUE, 400, "The parameter {name} must specify a time no more than two weeks in the past."
)
TooFarFuture = ErrorType(
    _VALUE, 400, "The parameter {name} must specify a time no more than two hours in the future."
)
DifferentSizes = ErrorType(
    _VALUE, 400, "The parameters {one} and {other} must be of the same size."
)
StartNotBeforeEnd = ErrorType(
    _VALUE, 400, "The parameter StartTime must be less than the parameter EndTime."
)
StartAfterEnd = ErrorType(
    "ValidationException",
    400,
    "The parameter StartTime must be less than the parameter EndTime.",
)
InvalidPeriod = ErrorType(
    _VALUE, 400, "The parameter Period must be 1, 5, 10, 20, 30, or a multiple of 60."
)
MutuallyExclusive = ErrorType(
    _COMBINATION,
    400,
    "The parameters {one} and {other} are mutually exclusive and you have specified both.",
)
TooManyDatapoints = ErrorType(
    _COMBINATION,
    400,
    "You have requested up to {count} datapoints, which exceeds the limit of 1,440. You may reduce "
    "the datapoints requested by increasing Period, or decreasing the time range.",
)
MissingParameter = ErrorType(
    "MissingRequiredParameterException", 400, "The parameter {name} is required."
)
Invalid = ErrorType("ValidationException", 400, "{reason}")
InvalidNextToken = ErrorType("InvalidNextToken", 400, "The next token is invalid.")
AlarmNotFound = ErrorType("ResourceNotFound", 404, "Alarm {name} does not exist.")
InvalidStateData = ErrorType(
    "InvalidFormatFault", 400, "The value for parameter StateReasonData is not valid JSON."
)
ResourceNotFound = ErrorType("ResourceNotFoundException", 404, "Resource {arn} does not exist.")
DashboardNotFound = ErrorType("DashboardNotFoundError", 404, "Dashboard {name} does not exist")
InvalidDashboard = ErrorType(
    "DashboardInvalidInputError",
    400,
    "The dashboard body is invalid, there are {count} validation errors: [{errors}]",
)
PeriodTooLong = ErrorType(
    "ValidationException",
    400,
    "Metrics cannot be checked across more than {span} (EvaluationPeriods * Period must be <= "
    "{limit}){which}",
)
InvalidArn = ErrorType("ValidationException", 400, "Invalid arn syntax: {arn}")
UnsupportedAction = ErrorType(
    "ValidationException",
    400,
    "The action {arn} is not supported: only SNS topics and Lambda functions are.",
)
UnsupportedVendor = ErrorType("ValidationException", 400, "Unsupported AWS vendor {service}")
TooManyQueries = ErrorType(
    "ValidationException", 400, "Too many {kind} in alarm, maximum is {limit}"
)
NoPercentile = ErrorType(
    "ValidationException",
    400,
    "Option evaluateLowSampleCountPercentile can not be applied with statistic {statistic}. This "
    "option is enabled only for percentile statistics.",
)
SearchNotSupported = ErrorType(
    "ValidationException", 400, "SEARCH is not supported on Metric Alarms."
)
NoThreshold = ErrorType(
    "ValidationException", 400, "PutMetricAlarm request should have valid Threshold parameter"
)
NoThresholdMetric = ErrorType(
    "ValidationException",
    400,
    "ComparisonOperators for ranges require ThresholdMetricId to be set",
)
NoSuppressor = ErrorType("ValidationException", 400, "{name} requires an ActionSuppressor")
InvalidRuleStart = ErrorType(
    "ValidationException",
    400,
    "Error in AlarmRule [Unsupported token '{token}' at char {place}, must be: '(', 'NOT', "
    "AT_LEAST, TRUE or FALSE, ALARM, OK, or INSUFFICIENT_DATA]",
)
OwnChild = ErrorType(
    "ValidationException",
    400,
    "A composite alarm cannot have a child relation with itself via its AlarmRule, as it would "
    "introduce a circular dependency",
)
NotSupported = ErrorType("ValidationException", 400, "The parameter {name} is not supported.")
InvalidExpression = ErrorType("ValidationException", 400, "Error in expression '{id}': {reason}.")
InvalidRule = ErrorType("ValidationException", 400, "AlarmRule contains a syntax error.")
UnknownAlarms = ErrorType(
    "ValidationException",
    400,
    "Could not save the composite alarm as alarms [{names}] in the alarm rule do not exist",
)
AlarmInUse = ErrorType(
    "ValidationException",
    400,
    "Alarm(s) could not be deleted as there are composite alarms depending on them: [{names}]",
)
