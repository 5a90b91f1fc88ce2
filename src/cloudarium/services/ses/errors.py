"""Every error SES raises: shape name, HTTP status and message (SES API reference)."""

from cloudarium.core.errors import ErrorType

CannotDelete = ErrorType("CannotDeleteException", 400, "Cannot delete active rule set: {name}")
FilterAlreadyExists = ErrorType(
    "AlreadyExistsException", 400, "Receipt filter already exists: {name}"
)
InvalidLambdaFunction = ErrorType(
    "InvalidLambdaFunctionException", 400, "Could not invoke Lambda function: {arn}"
)
InvalidParameterValue = ErrorType("InvalidParameterValue", 400, "{message}")
InvalidS3Configuration = ErrorType(
    "InvalidS3ConfigurationException", 400, "Could not write to bucket: {bucket}"
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
