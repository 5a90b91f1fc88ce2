"""Every error SES raises: shape name, HTTP status and message (SES API reference)."""

from cloudarium.core.errors import ErrorType

AccountSendingPaused = ErrorType(
    "AccountSendingPausedException", 400, "Sending is paused for this account."
)
CannotDelete = ErrorType("CannotDeleteException", 400, "Cannot delete active rule set: {name}")
ConfigurationSetAlreadyExists = ErrorType(
    "ConfigurationSetAlreadyExistsException", 400, "Configuration set <{name}> already exists."
)
ConfigurationSetDoesNotExist = ErrorType(
    "ConfigurationSetDoesNotExistException", 400, "Configuration set <{name}> does not exist."
)
ConfigurationSetSendingPaused = ErrorType(
    "ConfigurationSetSendingPausedException",
    400,
    "Sending is paused for configuration set <{name}>.",
)
EventDestinationAlreadyExists = ErrorType(
    "EventDestinationAlreadyExistsException", 400, "Event destination <{name}> already exists."
)
EventDestinationDoesNotExist = ErrorType(
    "EventDestinationDoesNotExistException", 400, "Event destination <{name}> does not exist."
)
FilterAlreadyExists = ErrorType(
    "AlreadyExistsException", 400, "Receipt filter already exists: {name}"
)
InvalidCloudWatchDestination = ErrorType("InvalidCloudWatchDestinationException", 400, "{message}")
InvalidConfigurationSet = ErrorType(
    "InvalidConfigurationSetException", 400, "Invalid configuration set name <{name}>."
)
InvalidFirehoseDestination = ErrorType(
    "InvalidFirehoseDestinationException",
    400,
    "Kinesis Firehose is not supported by Cloudarium.",
)
InvalidLambdaFunction = ErrorType(
    "InvalidLambdaFunctionException", 400, "Could not invoke Lambda function: {arn}"
)
InvalidParameterValue = ErrorType("InvalidParameterValue", 400, "{message}")
InvalidS3Configuration = ErrorType(
    "InvalidS3ConfigurationException", 400, "Could not write to bucket: {bucket}"
)
InvalidRenderingParameter = ErrorType(
    "InvalidRenderingParameterException", 400, "Template rendering data is invalid"
)
InvalidSnsDestination = ErrorType(
    "InvalidSNSDestinationException", 400, "Could not publish to SNS topic <{arn}>."
)
InvalidTemplate = ErrorType("InvalidTemplateException", 400, "{message}")
MessageRejected = ErrorType("MessageRejected", 400, "{message}")
MissingRenderingAttribute = ErrorType(
    "MissingRenderingAttributeException",
    400,
    "Attribute '{attribute}' is not present in the rendering data.",
)
EncryptionUnsupported = ErrorType(
    "InvalidS3ConfigurationException", 400, "Encryption with AWS KMS is not supported: {key}"
)
InvalidSnsTopic = ErrorType("InvalidSnsTopicException", 400, "Invalid SNS topic: {arn}")
LimitExceeded = ErrorType("LimitExceededException", 400, "Maximum number of {what} is {limit}.")
RuleAlreadyExists = ErrorType("AlreadyExistsException", 400, "Rule already exists: {name}")
RuleDoesNotExist = ErrorType("RuleDoesNotExistException", 400, "Rule does not exist: {name}")
RuleSetAlreadyExists = ErrorType("AlreadyExistsException", 400, "Rule set already exists: {name}")
RuleSetDoesNotExist = ErrorType(
    "RuleSetDoesNotExistException", 400, "Rule set does not exist: {name}"
)
TemplateAlreadyExists = ErrorType(
    "AlreadyExistsException", 400, "Template {name} already exists for account id {account}"
)
TemplateDoesNotExist = ErrorType(
    "TemplateDoesNotExistException", 400, "Template {name} does not exist"
)
