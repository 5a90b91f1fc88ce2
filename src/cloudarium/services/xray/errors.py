"""Every error X-Ray raises; codes are the model's shape names.

https://docs.aws.amazon.com/xray/latest/api/API_Operations.html, each operation's page.
"""

from cloudarium.core.errors import ErrorType

_INVALID = "InvalidRequestException"
_MISSING = "ResourceNotFoundException"

BadTimes = ErrorType(_INVALID, 400, "The start time must be before the end time.")
TooManyTraces = ErrorType(_INVALID, 400, "At most {limit} trace IDs can be asked for at once.")
BadToken = ErrorType(_INVALID, 400, "The NextToken is not valid.")
BadExpression = ErrorType(_INVALID, 400, "Invalid filter expression: {reason}")
BadSelector = ErrorType(
    _INVALID, 400, "EntitySelectorExpression must be one of the functions service, edge and id."
)
BadPeriod = ErrorType(_INVALID, 400, "The period must be at least one second.")
NoForecast = ErrorType(_INVALID, 400, "Forecast statistics are not supported by Cloudarium.")

GroupNotFound = ErrorType(_INVALID, 400, "Group not found")
GroupUnnamed = ErrorType(_INVALID, 400, "Either GroupName or GroupARN must be given.")
GroupExists = ErrorType(_INVALID, 400, "Group already exists: {name}")
GroupReserved = ErrorType(_INVALID, 400, "The group Default is reserved.")
TooManyGroups = ErrorType(_INVALID, 400, "Maximum number of groups reached: {limit}")
NotificationsWithoutInsights = ErrorType(
    _INVALID,
    400,
    "Notifications can be enabled for Insights enabled group only",
)

RuleNotFound = ErrorType(_INVALID, 400, "Sampling rule does not exist.")
RuleUnnamed = ErrorType(
    _INVALID, 400, "Request must contain either sampling rule name or sampling rule ARN"
)
RuleNamedTwice = ErrorType(
    _INVALID, 400, "Request cannot contain both sampling rule name and sampling rule ARN"
)
RuleExists = ErrorType(_INVALID, 400, "Sampling rule already exists")
RuleReserved = ErrorType(_INVALID, 400, "The default sampling rule cannot be {verb}.")
RuleValue = ErrorType(_INVALID, 400, "{name} must be between {least} and {most}.")
RuleVersion = ErrorType(_INVALID, 400, "Sampling rule version must be 1")
TooManyRules = ErrorType(
    "RuleLimitExceededException", 400, "Maximum number of sampling rules reached: {limit}"
)

InsightNotFound = ErrorType(_INVALID, 400, "Insight not found")
KeyMissing = ErrorType(_INVALID, 400, "KeyId is required when the encryption type is KMS.")
KeyUnwanted = ErrorType(_INVALID, 400, "KeyId is not allowed when the encryption type is NONE.")

ResourceNotFound = ErrorType(_MISSING, 404, "Resource not found: {arn}")
TooManyTags = ErrorType("TooManyTagsException", 400, "At most {limit} tags are allowed.")
SystemTag = ErrorType(_INVALID, 400, "Tag keys with the prefix aws: cannot be changed: {key}")

MalformedPolicy = ErrorType(
    "MalformedPolicyDocumentException", 400, "The policy document is not valid."
)
PolicyTooLarge = ErrorType(
    "PolicySizeLimitExceededException", 400, "The policy is larger than {limit} bytes."
)
TooManyPolicies = ErrorType(
    "PolicyCountLimitExceededException", 400, "At most {limit} resource policies are allowed."
)
WrongRevision = ErrorType(
    "InvalidPolicyRevisionIdException", 400, "The policy revision id is not the latest one."
)
PolicyNotFound = ErrorType(_INVALID, 400, "Resource policy not found: {name}")
