"""Every error ECR raises."""

from cloudarium.core.errors import ErrorType

_INVALID = "InvalidParameterException"

RepositoryNotFound = ErrorType(
    "RepositoryNotFoundException",
    400,
    "The repository with name '{name}' does not exist in the registry with id '{registry}'",
)
RepositoryAlreadyExists = ErrorType(
    "RepositoryAlreadyExistsException",
    400,
    "The repository with name '{name}' already exists in the registry with id '{registry}'",
)
RepositoryPolicyNotFound = ErrorType(
    "RepositoryPolicyNotFoundException",
    400,
    "Repository policy does not exist for the repository with name '{name}' in the registry with "
    "id '{registry}'",
)
LifecyclePolicyNotFound = ErrorType(
    "LifecyclePolicyNotFoundException",
    400,
    "Lifecycle policy does not exist for the repository with name '{name}' in the registry with "
    "id '{registry}'",
)
ImageNotFound = ErrorType(
    "ImageNotFoundException",
    400,
    "The image with imageId {{imageDigest:'{digest}', imageTag:'{tag}'}} does not exist within the "
    "repository with name '{name}' in the registry with id '{registry}'",
)
TooManyTags = ErrorType("TooManyTagsException", 400, "A repository can have at most 50 tags.")
PolicyNotJson = ErrorType(_INVALID, 400, "Invalid repository policy provided")
LifecycleNotJson = ErrorType(
    _INVALID,
    400,
    "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy "
    "validation failure: The given string is not a policy'",
)
BadArn = ErrorType(
    _INVALID, 400, "Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN'"
)
BadToken = ErrorType(
    _INVALID, 400, "Invalid parameter at 'nextToken' failed to satisfy constraint: 'Invalid token'"
)
Unsupported = ErrorType(_INVALID, 400, "{name} is not supported.")
