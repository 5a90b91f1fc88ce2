"""The errors of what is about a `ResourceArn`: tags and resource policies.

The messages are the service's own, as its users measured them.
"""

from cloudarium.core.errors import ErrorType

from .errors import invalid, value

_IN_USE = "Attempt to change a resource which is still in use: "

# ARNs
NoArn = value("ARNs must start with 'arn:': {arn}")
NotOurs = value("Provided Arn is not a DynamoDB resource arn: {arn}")
NeitherTableNorStream = value(
    "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: {arn}"
)
Elsewhere = value("Invalid resource Arn: {arn}")
OtherAccount = invalid(
    "This action is only supported by accounts that match the resource owner\u2019s account."
)
ArnNotFound = ErrorType(
    "ResourceNotFoundException", 400, "Requested resource not found: ResourceArn: {arn} not found"
)
StreamNotFound = ErrorType(
    "ResourceNotFoundException",
    400,
    "Requested resource not found: Stream: {label} not found for Table: {table}",
)

# Tags
NoTags = invalid("Atleast one Tag needs to be provided as Input.")
NoTagKeys = invalid("Atleast one Tag Key needs to be provided as Input.")
BadTagKey = invalid("The Tag Key provided is invalid, Key: {key}")
BadTagValue = invalid("The Tag Value provided is invalid, Value: {value}")
DuplicateTags = invalid("Duplicate Tag Keys provided as input: Duplicate Tag Key found {key}")
TooManyTags = invalid("Number of Tags exceed the current limit for the provided ResourceArn")
ReservedTag = invalid("Tag Key cannot be prefixed with aws:, Key: {key}")
TagsBeingUpdated = ErrorType(
    "LimitExceededException",
    400,
    "Subscriber limit exceeded: Table tags are being updated: {name}",
)
TagsInUse = ErrorType(
    "ResourceInUseException", 400, _IN_USE + "Table tags are being updated: {name}"
)

# Resource policies
_NOT_FOUND = "Resource-based policy not found for the provided ResourceArn: "


def _not_found(message: str) -> ErrorType:
    return ErrorType("PolicyNotFoundException", 400, _NOT_FOUND + message)


PolicyNotFound = _not_found("{arn}")
OtherRevision = _not_found(
    "Requested update for policy with revision id {expected}, but the policy associated to "
    "target table {name} has revision id {revision}."
)
NoRevision = _not_found(
    "Requested update for policy with revision id {expected}, "
    "but table {name} has no associated policy."
)
UnexpectedRevision = _not_found(
    "Requested policy update expecting none to be present for table {name}, "
    "but a policy exists with revision id {revision}."
)
BadPolicy = value("Invalid policy document: {reason}")
PolicyTooLong = value("Maximum policy size of {limit} bytes exceeded")
UnboundedAccess = invalid(
    "Resource-based policy grants unbounded access in one or more elements. "
    "Please revise the policy to ensure least-privilege form of access"
)
LockedOut = ErrorType(
    "AccessDeniedException",
    400,
    "The new resource policy will not allow you to update the resource policy in the future.",
)
PolicyPending = ErrorType(
    "ResourceInUseException",
    400,
    _IN_USE + "{kind} is pending previous resource-based policy update: {name}",
)
PolicyJustChanged = ErrorType(
    "ThrottlingException",
    400,
    "Resource-based policy for {kind} {name} modified within the previous 15000 milliseconds. "
    "Please try again after {at}.",
)
PolicyInUse = ErrorType(
    "ResourceInUseException",
    400,
    _IN_USE + "Table: {name} has a pending resource-based policy update.",
)
