"""Every error Lambda raises."""

from cloudarium.core.errors import AwsError, ErrorType

_USER = {"Type": "User"}
_SIZE = "Request must be smaller than {limit} bytes for the {operation} operation"


def invalid(message: str) -> AwsError:
    """InvalidParameterValueException with the given message (see the texts below)."""
    return _InvalidParameterValue(members=_USER, message=message)


def over_limit(message: str) -> AwsError:
    """The same where the account's concurrency is too little: it has no Type, as recorded."""
    return _InvalidParameterValue(message=message)


ROLE_NOT_ASSUMABLE = "The role defined for the function cannot be assumed by Lambda."

_InvalidParameterValue = ErrorType("InvalidParameterValueException", 400, "{message}")
_NotFound = ErrorType("ResourceNotFoundException", 404, "{message}")
_Conflict = ErrorType("ResourceConflictException", 409, "{message}")
_Throttled = ErrorType("TooManyRequestsException", 429, "Rate Exceeded.")
_Recursive = ErrorType(
    "RecursiveInvocationException",
    400,
    "Lambda has detected your function being invoked in a recursive loop with other AWS resources"
    " and stopped your function's invocation.",
)
_TooLarge = ErrorType("RequestTooLargeException", 413, _SIZE)
_EntityTooLarge = ErrorType("RequestEntityTooLargeException", 413, "{message}")
_BadContent = ErrorType("InvalidRequestContentException", 400, "{message}")
_Precondition = ErrorType(
    "PreconditionFailedException",
    412,
    "The Revision Id provided does not match the latest Revision Id. Call the {operation} API to"
    " retrieve the latest Revision Id",
)
_PolicyTooLong = ErrorType(
    "PolicyLengthExceededException",
    400,
    "The final policy size ({size}) is bigger than the limit ({limit}).",
)
_RoleDenied = ErrorType("AccessDeniedException", 403, ROLE_NOT_ASSUMABLE)
_ProvisionNotFound = ErrorType(
    "ProvisionedConcurrencyConfigNotFoundException",
    404,
    "No Provisioned Concurrency Config found for this function",
)
_NoCodeSigning = ErrorType(
    "CodeSigningConfigNotFoundException",
    404,
    "The code signing configuration cannot be found. Check that the provided configuration is not"
    " deleted: {arn}.",
)
_NotUnpacked = ErrorType(
    "InvalidZipFileException", 502, "Lambda could not unzip the deployment package."
)
_S3Denied = ErrorType("AccessDeniedException", 403, "{message}")

NAME_TOO_LONG = (
    "1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint:"
    " Member must have length less than or equal to {limit}"
)
IMAGE_OF_ZIP = "Please don't provide ImageUri when updating a function with packageType Zip."
NO_CODE = "Please provide a source for function code."
HALF_AN_OBJECT = "S3 Bucket and Key are required for uploading with S3 parameters."
TWO_CODES = "Please do not provide other FunctionCode parameters when providing a ZipFile."
BAD_ZIP = "Could not unzip uploaded file. Please check your file, then try to upload again."
EMPTY_ZIP = "Uploaded file must be a non-empty zip"
UNZIPPED_TOO_LARGE = "Unzipped size must be smaller than {limit} bytes"
NOT_SUPPORTED = "Cloudarium does not support the parameter {name}."
NO_LAYER = "Layer version {arn} does not exist."
LAYER_ELSEWHERE = (
    "Layers are not in the same region as the function. Layers are expected to be in region"
    " {region}."
)
TOO_MANY_LAYERS = "Cannot reference more than {limit} layers."
LAYER_TWICE = (
    "Two different versions of the same layer are not allowed to be referenced in the same"
    " function. {first} and {second} are versions of the same layer."
)
DEBUG_ORDER = "Expected the JSON of a function, an event (text) and a port."
NO_DEBUGGER = "Cloudarium has no debugger for {runtime}; it has for Python and Node.js."
NO_DEBUGPY = (
    "debugpy is not installed beside Cloudarium. Install it, start the cloud again and try again:"
    " pip install debugpy"
)
QUALIFIERS_DIFFER = (
    "The derived qualifier from the function name does not match the specified qualifier."
)
LATEST_NOT_DELETABLE = "$LATEST version cannot be deleted without deleting the function."
ALIAS_NOT_DELETABLE_AS_VERSION = "Deletion of aliases is not currently supported."
CODE_DIFFERS = (
    "CodeSHA256 ({given}) is different from current CodeSHA256 in $LATEST ({current})."
    " Please try again with the CodeSHA256 in $LATEST."
)
WEIGHTS_OF_LATEST = "$LATEST is not supported for an alias pointing to more than 1 version"
WEIGHTS_TOO_MANY = "Number of items in AdditionalVersionWeights cannot be greater than 1"
WEIGHT_OF_ITSELF = (
    "Invalid function version {version}. Function version {version} is already included in"
    " routing configuration."
)
UNRESERVED_TOO_FEW = (
    "Specified ReservedConcurrentExecutions for function decreases account's"
    " UnreservedConcurrentExecution below its minimum value of [{minimum}]."
)
PROVISION_OF_LATEST = (
    "Provisioned Concurrency Configs cannot be applied to unpublished function versions."
)
PROVISIONED_IS_LATEST = "The function resource provided must be an alias or a published version."
PROVISION_OF_WEIGHTED = "Alias with weights can not be used with Provisioned Concurrency"
PROVISION_OF_MOVING = "Invalid alias configuration for Provisioned Concurrency"
PROVISION_OVER_RESERVED = (
    "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution"
    " for function"
)
PROVISION_OVER_UNRESERVED = (
    "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency"
    " [{limit}]."
)
PROVISION_LEAVES_TOO_LITTLE = (
    "Specified ConcurrentExecutions for function decreases account's"
    " UnreservedConcurrentExecution below its minimum value of [{minimum}]."
)
RESERVED_UNDER_PROVISIONED = (
    " ReservedConcurrentExecutions  {wanted} should not be lower than function's total provisioned"
    " concurrency [{provisioned}]."
)
NO_POLICY_ON_LATEST = "We currently do not support adding policies for $LATEST."
BAD_CLIENT_CONTEXT = "Client context must be a valid Base64-encoded JSON object."
BAD_POLICY = "The provided policy is not a resource-based policy."
BAD_PRINCIPAL = "The provided principal was invalid. Please check the principal and try again."

URL_AUTHORIZATION = "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action"
WILDCARD_AND_MORE = (
    "You can't specify additional fields for {name} because you already specified the wildcard"
    " character (*)."
)
ORGANIZATION_OF_ONE = "If organization id is specified then principal should be *"
CODE_SIGNING_ELSEWHERE = (
    "The code signing configuration must be in the same account as the Lambda function. Check the"
    " provided ARN: {arn}."
)
NO_HOT_FOLDER = "There is no folder {folder} on this machine to load code from."
HOT_FOLDER_REFUSED = "Code cannot be loaded from the folder {folder}: {reason}."
URL_OF_VERSION = "Function URLs are of functions and aliases, not of versions."
LAYER_VERSION = "Layer Version Cannot be less than 1"
TAGS_OF_VERSION = (
    "Tags on function aliases and versions are not supported. Please specify a function ARN."
)
TOO_MANY_TAGS = "Number of tags exceeds resource tag limit."
NO_TAGS = "An error occurred and the request cannot be processed."
NO_SUCH_FUNCTION = "Function does not exist"
TRACING_DENIED = (
    "The provided execution role does not have permissions to call PutTraceSegments on XRAY"
)


def function_not_found(arn: str) -> AwsError:
    """There is no such function or version."""
    return _NotFound(members=_USER, message=f"Function not found: {arn}")


def alias_not_found(arn: str) -> AwsError:
    """There is no such alias."""
    return _NotFound(members=_USER, message=f"Cannot find alias arn: {arn}")


def policy_not_found() -> AwsError:
    """The function has no resource policy."""
    return _NotFound(members=_USER, message="The resource you requested does not exist.")


def no_function_for_url() -> AwsError:
    """There is no function, or no alias, that could have a URL."""
    return _NotFound(members=_USER, message=NO_SUCH_FUNCTION)


def no_policy(arn: str = "") -> AwsError:
    """There is no policy to remove a statement from, or no function of this ARN."""
    message = "No policy is associated with the given resource."
    return _NotFound(members=_USER, message=f"No policy found for: {arn}" if arn else message)


def statement_not_found(sid: str) -> AwsError:
    """The resource policy has no such statement."""
    return _NotFound(members=_USER, message=f"Statement {sid} is not found in resource policy.")


def event_config_not_found(arn: str) -> AwsError:
    """The function has no configuration of asynchronous invocation."""
    return _NotFound(members=_USER, message=f"The function {arn} doesn't have an EventInvokeConfig")


def provision_not_found() -> AwsError:
    """The version or alias has no provisioned concurrency."""
    return _ProvisionNotFound(members=_USER)


def provisioned_twice(*, of_alias: bool) -> AwsError:
    """Both an alias and its version would be provisioned; the second is the alias, or not."""
    message = "Version is pointed by a Provisioned Concurrency alias"
    if of_alias:
        message = (
            "Alias can't be used for Provisioned Concurrency configuration on an already"
            " Provisioned version"
        )
    return _Conflict(members=_USER, message=message)


def provisioning_failed(reason: str) -> AwsError:
    """A stack's version or alias could not get its environments."""
    return invalid(f"Provisioned Concurrency configuration failed to be applied. Reason: {reason}")


def code_signing_not_found(arn: str) -> AwsError:
    """There is no such code signing configuration."""
    message = f"The Lambda code signing configuration {arn} can not be found."
    return _NotFound(message=message)


def no_code_signing(arn: str) -> AwsError:
    """The code signing configuration that a function is to have is not there."""
    return _NoCodeSigning(members=_USER, arn=arn)


def code_signing_in_use(arn: str) -> AwsError:
    """Functions have the code signing configuration that was to be deleted."""
    message = (
        f"Cannot delete CodeSigningConfig {arn}: there are Lambda functions currently using this"
        " resource."
    )
    return _Conflict(members=_USER, message=message)


def other_region(region: str, here: str) -> AwsError:
    """An ARN names a function of another region."""
    message = f"Functions from '{region}' are not reachable in this region ('{here}')"
    return _NotFound(members=_USER, message=message)


def bad_marker() -> AwsError:
    """The Marker of a list is none that was given out."""
    return invalid("Invalid pagination token.")


def mapping_not_found() -> AwsError:
    """There is no such event source mapping."""
    return _NotFound(members=_USER, message="The resource you requested does not exist.")


def url_exists(arn: str) -> AwsError:
    """The function or alias has a URL."""
    message = f"Failed to create function url config for [functionArn = {arn}]. Error message:  "
    return _Conflict(
        members=_USER, message=message + "FunctionUrlConfig exists for this Lambda function"
    )


def layer_version_not_found(arn: str) -> AwsError:
    """There is no layer version to have a policy."""
    return _NotFound(members=_USER, message=NO_LAYER.format(arn=arn))


def function_exists(name: str) -> AwsError:
    """A function of this name is there."""
    return _Conflict(members=_USER, message=f"Function already exist: {name}")


def alias_exists(arn: str) -> AwsError:
    """An alias of this name is there."""
    return _Conflict(members=_USER, message=f"Alias already exists: {arn}")


def statement_exists(sid: str) -> AwsError:
    """A statement of this id is there."""
    message = (
        f"The statement id ({sid}) provided already exists. Please provide a new statement id,"
        " or remove the existing statement."
    )
    return _Conflict(members=_USER, message=message)


def version_in_use(aliases: list[str]) -> AwsError:
    """Aliases point to the version that was to be deleted."""
    names = ", ".join(aliases)
    message = f"Unable to delete version because the following aliases reference it: [{names}]"
    return _Conflict(members=_USER, message=message)


def revision_differs(operation: str = "GetFunction/GetAlias") -> AwsError:
    """The caller's RevisionId is not the current one."""
    return _Precondition(members=_USER, operation=operation)


def throttled(reason: str) -> AwsError:
    """Too many executions at a time."""
    return _Throttled(members={**_USER, "Reason": reason})


def not_unpacked() -> AwsError:
    """The function's package, or one of its layers, cannot be unpacked."""
    return _NotUnpacked(members={"Type": "Server"})


def recursive() -> AwsError:
    """The function is invoked in a recursive loop."""
    return _Recursive(members=_USER)


def is_recursive(error: AwsError) -> bool:
    """Whether the error is that of a recursive loop."""
    return _Recursive.matches(error)


def payload_too_large(limit: int) -> AwsError:
    """The payload of an invocation is too large."""
    return _TooLarge(members=_USER, limit=limit, operation="InvokeFunction")


def package_too_large(limit: int) -> AwsError:
    """The deployment package in a request is too large, zipped as it is."""
    return _EntityTooLarge(message=f"Zipped size must be smaller than {limit} bytes")


def request_too_large(limit: int, operation: str) -> AwsError:
    """So is the whole request."""
    return _EntityTooLarge(message=_SIZE.format(limit=limit, operation=operation))


def payload_not_json(message: str) -> AwsError:
    """The payload of an invocation is no JSON."""
    text = f"Could not parse request body into json: Could not parse payload into json: {message}"
    return _BadContent(members=_USER, message=text)


def policy_too_long(size: int, limit: int) -> AwsError:
    """The resource policy would become too long."""
    return _PolicyTooLong(members=_USER, size=size, limit=limit)


def role_not_assumable() -> AwsError:
    """The execution role's trust policy does not let Lambda assume it (any more)."""
    return _RoleDenied(members=_USER)


def code_not_readable(bucket: str, key: str, error: AwsError) -> AwsError:
    """S3 did not give the deployment package."""
    if error.status == 403:
        message = (
            "Your access has been denied by S3, please make sure your request credentials have"
            f" permission to GetObject for {bucket}/{key}. S3 Error Code: {error.code}. S3 Error"
            f" Message: {error.message}"
        )
        return _S3Denied(members=_USER, message=message)
    return invalid(
        f"Error occurred while GetObject. S3 Error Code: {error.code}."
        f" S3 Error Message: {error.message}"
    )
