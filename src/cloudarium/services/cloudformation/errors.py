"""Every error CloudFormation raises.

Codes are those of the service's model; texts are AWS's, as its answers and stack events show them.
"""

from __future__ import annotations

from cloudarium.core.errors import AwsError, ErrorType

Invalid = ErrorType("ValidationError", 400, "{message}")
AlreadyExists = ErrorType("AlreadyExistsException", 400, "Stack [{name}] already exists")
ChangeSetAlreadyExists = ErrorType(
    "AlreadyExistsException", 400, "ChangeSet {name} already exists for stack {stack}"
)
ChangeSetNotFound = ErrorType(
    "ChangeSetNotFoundException", 404, "ChangeSet [{name}] does not exist"
)
InvalidChangeSetStatus = ErrorType(
    "InvalidChangeSetStatusException",
    400,
    "ChangeSet [{change_set}] cannot be executed in its current status of [{status}]",
)
InsufficientCapabilities = ErrorType(
    "InsufficientCapabilitiesException", 400, "Requires capabilities : [{capabilities}]"
)
TokenAlreadyExists = ErrorType(
    "TokenAlreadyExistsException",
    400,
    "A client request token {token} was already used for another stack action",
)
StackNotFound = ErrorType("ValidationError", 400, "Stack with id {name} does not exist")
StackMissing = ErrorType("ValidationError", 400, "Stack [{name}] does not exist")
NotUpdatable = ErrorType(
    "ValidationError", 400, "Stack:{stack_id} is in {status} state and can not be updated."
)
NotDeletable = ErrorType(
    "ValidationError", 400, "Stack [{stack_id}] cannot be deleted while in status {status}"
)
Protected = ErrorType(
    "ValidationError",
    400,
    "Stack [{name}] cannot be deleted while TerminationProtection is enabled",
)
NoUpdates = ErrorType("ValidationError", 400, "No updates are to be performed.")
NotCancellable = ErrorType(
    "ValidationError", 400, "CancelUpdateStack cannot be called from current stack status"
)
NotContinuable = ErrorType(
    "ValidationError",
    400,
    "Stack:{stack_id} is in {status} state and can not continue rollback of the update.",
)
NotInRollback = ErrorType(
    "ValidationError",
    400,
    "Stack:{stack_id} is in {status} state and can not be rolled back.",
)
ResourceNotInStack = ErrorType(
    "ValidationError", 400, "Resource {logical_id} does not exist for stack {stack}"
)
PhysicalResourceNotFound = ErrorType(
    "ValidationError", 400, "Stack for {physical_id} does not exist"
)
NotImported = ErrorType("ValidationError", 400, "Export '{name}' is not imported by any stack.")
RoleNotAssumable = ErrorType("ValidationError", 400, "Role {arn} is invalid or cannot be assumed")
StackAlreadyCreated = ErrorType(
    "ValidationError",
    400,
    "Stack [{stack}] already exists and cannot be created again with the changeSet [{name}].",
)
SummaryOfReview = ErrorType(
    "ValidationError", 400, "GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks."
)
PolicyInvalid = ErrorType(
    "ValidationError", 400, "Error validating stack policy: Invalid stack policy"
)
# AWS puts the braces as they are.
PolicyResourceUnknown = ErrorType(
    "ValidationError",
    400,
    "Error validating {which}stack policy: Unknown logical id '{name}' in statement {{}} - stack "
    "policies can only be applied to logical ids referenced in the template",
)
PolicyNotSettable = ErrorType(
    "ValidationError",
    400,
    "SetStackPolicy cannot be called when stack is in the {status} state",
)
BadNextToken = ErrorType("ValidationError", 400, "NextToken is invalid")


def invalid(message: str) -> AwsError:
    """Return the `ValidationError` with this text."""
    return Invalid(message=message)


def format_error(message: str) -> AwsError:
    """Return a `Template format error`: the template is not a template."""
    return Invalid(message=f"Template format error: {message}")


def template_error(message: str) -> AwsError:
    """Return a `Template error`: a function in the template is used wrongly."""
    return Invalid(message=f"Template error: {message}")


def unsupported(parameter: str) -> AwsError:
    """Return the refusal of a request member this service does not act upon."""
    return Invalid(message=f"{parameter} is not supported")
