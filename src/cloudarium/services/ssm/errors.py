"""Every error Parameter Store raises."""

from cloudarium.core.errors import ErrorType

_VALIDATION = "ValidationException"

# The service says nothing more for a parameter that is not there.
ParameterNotFound = ErrorType("ParameterNotFound", 400, "")
ParameterVersionNotFound = ErrorType(
    "ParameterVersionNotFound",
    400,
    "Systems Manager could not find version {version} of {name}. Verify the version and try again.",
)
ParameterAlreadyExists = ErrorType(
    "ParameterAlreadyExists",
    400,
    "The parameter already exists. To overwrite this value, set the overwrite option in the "
    "request to true.",
)
TooManyLabels = ErrorType(
    "ParameterVersionLabelLimitExceeded",
    400,
    "A parameter version can have maximum 10 labels. Move one or more labels to another version "
    "and try again.",
)
OldestLabelled = ErrorType(
    "ParameterMaxVersionLimitExceeded",
    400,
    "You attempted to create a new version of {name} by calling the PutParameter API with the "
    "overwrite flag. Version {version}, the oldest version, can't be deleted because it has a "
    "label associated with it. Move the label to another version of the parameter, and try again.",
)
TypeChange = ErrorType(
    "HierarchyTypeMismatchException",
    400,
    "Parameter Store doesn't support changing a parameter type in a hierarchy.",
)
TooDeep = ErrorType(
    "HierarchyLevelLimitExceededException", 400, "A hierarchy can have a maximum of 15 levels."
)
PatternMismatch = ErrorType(
    "ParameterPatternMismatchException",
    400,
    "Parameter value, cannot be validated against allowedPattern: {pattern}",
)
InvalidAllowedPattern = ErrorType(
    "InvalidAllowedPatternException", 400, "The allowed pattern {pattern} is not valid."
)
InvalidKeyId = ErrorType("InvalidKeyId", 400, "Invalid keyId {key}")
InvalidToken = ErrorType("InvalidNextToken", 400, "The specified token isn't valid.")
InvalidResourceType = ErrorType("InvalidResourceType", 400, "The resource type isn't valid.")
InvalidResourceId = ErrorType("InvalidResourceId", 400, "The resource ID isn't valid.")
TooManyTags = ErrorType(
    "TooManyTagsError", 400, "Number of tags exceeds the maximum of 50 for a resource."
)
InvalidFilterKey = ErrorType("InvalidFilterKey", 400, "The filter key {key} is not valid.")
InvalidFilterOption = ErrorType(
    "InvalidFilterOption", 400, "The filter option {option} is not valid for the key {key}."
)
InvalidFilterValue = ErrorType("InvalidFilterValue", 400, "The filter {key} has no values.")
UnsupportedType = ErrorType(
    "UnsupportedParameterType",
    400,
    "SSM Parameters of type SecureString cannot be created using CloudFormation",
)
MissingType = ErrorType(
    _VALIDATION, 400, "A parameter type is required when you create a parameter."
)
Unsupported = ErrorType(_VALIDATION, 400, "{name} is not supported.")
KeyOfPlain = ErrorType(_VALIDATION, 400, "KeyId is required for SecureString type parameter only.")
BadName = ErrorType(
    _VALIDATION,
    400,
    'Parameter name: can\'t be prefixed with "{prefix}" (case-insensitive). If formed as a path, '
    "it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of "
    "letters, numbers and the following 3 symbols .-_",
)
NotQualified = ErrorType(_VALIDATION, 400, "Parameter name must be a fully qualified name.")
LongName = ErrorType(
    _VALIDATION, 400, "Parameter name with its ARN can have at most 1011 characters."
)
TagsOnOverwrite = ErrorType(
    _VALIDATION,
    400,
    "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, "
    "please remove overwrite flag. To update tags for an existing parameter, please use "
    "AddTagsToResource or RemoveTagsFromResource.",
)
LongValue = ErrorType(
    _VALIDATION,
    400,
    "Standard tier parameters support a maximum parameter value of {limit} characters. To create a "
    "larger parameter value, upgrade the parameter to use the advanced-parameter tier.",
)
LongAdvancedValue = ErrorType(
    _VALIDATION,
    400,
    "Advanced-tier parameters support a maximum parameter value of {limit} characters.",
)
NestedValue = ErrorType(
    _VALIDATION,
    400,
    "Parameter value: '{value}' failed to satisfy constraint: Parameter value can't nest another "
    'parameter. Do not use "{{{{}}}}" in the value.',
)
EmptyValue = ErrorType(_VALIDATION, 400, "Parameter value: can't be empty.")
BadPath = ErrorType(_VALIDATION, 400, "The parameter path must begin with a slash: {path}")
