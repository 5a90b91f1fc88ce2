"""What Lambda says about functions' configurations that cannot be as they are asked for.

Texts of 2026, where they have changed, are those that badmintoncryer/cdk-preflight recorded.
"""

from cloudarium.core.errors import AwsError
from cloudarium.core.violations import detected

NO_SUCH_RUNTIME = (
    "Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set:"
    " [{known}] or be a valid ARN"
)
NO_RUNTIME = (
    "Runtime and Handler are mandatory parameters for functions created with deployment packages."
)
RESERVED_VARIABLES = (
    "Lambda was unable to configure your environment variables because the environment variables"
    " you have provided contains reserved keys that are currently not supported for modification."
    " Reserved keys used in this request: {names}"
)
RUNTIME_NOT_RUN = (
    "The runtime parameter of {runtime} is not supported. Cloudarium runs Python, Node.js, Java and"
    " provided runtimes."
)
NO_JVM = "The runtime parameter of {runtime} needs a JVM, and this machine has none."
RUNTIME_DEPRECATED = (
    "The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda"
    " functions. We recommend you use a supported runtime while creating or updating functions."
)
LOG_LEVEL_OF_TEXT = (
    'LogLevel is not supported when LogFormat is set to "Text". Remove LogLevel from your request'
    ' or change the LogFormat to "JSON" and try again.'
)
NO_SNAPSHOTS = "{runtime} is not supported for SnapStart enabled functions."
MEMORY_RANGE = (
    "'MemorySize' value failed to satisfy constraint:"
    " Member must have value less than or equal to 10240"
)
ENVIRONMENT_TOO_LARGE = (
    "Lambda was unable to configure your environment variables because the environment variables"
    " you have provided exceeded the 4KB limit. Measured size: {size} bytes"
)
IMAGE_SETTINGS = (
    "The ImageConfig parameter is not supported for functions created with deployment packages."
)
LOG_GROUP_OF_AWS = (
    "Log groups starting with AWS/ are reserved for AWS. Update the LogGroup value and try again."
)
HALF_A_NETWORK = "SubnetIds and SecurityIds must coexist or be both empty list."
NO_NETWORK = (
    "Function must be configured to execute in a VPC to reference access point {arn}. Please update"
    " the function configuration to include VPC subnets and security groups."
)
NO_RUNTIME_VERSION = (
    "Missing runtime version ARN. A runtime version ARN is required when"
    " UpdateRuntimeVersionOn=Manual. Provide a valid runtime version ARN and retry the request."
)
RUNTIME_VERSION = (
    "Unexpected runtime version ARN when UpdateRuntimeVersionOn={mode}. Remove the runtime version"
    " ARN and retry the request."
)
BAD_RUNTIME_VERSION = (
    "Invalid runtime version ARN ({arn}). Check the runtime version ARN and retry the request."
)
_TIMEOUT_RANGE = (
    "Value '{seconds}' at 'timeout' failed to satisfy constraint: Member must have value less than"
    " or equal to {limit}"
)


def timeout_too_long(seconds: int, limit: int) -> AwsError:
    """A timeout is longer than the model, which has no upper bound, lets one find out."""
    text = _TIMEOUT_RANGE.format(seconds=seconds, limit=limit)
    return detected("ValidationException", [text])
