"""The errors of what goes beyond an account's or a table's quotas."""

from cloudarium.core.errors import ErrorType

from .errors import invalid

_LIMIT = "Subscriber limit exceeded: "
TooManyTables = ErrorType(
    "LimitExceededException", 400, _LIMIT + "There is a limit of 2500 tables per subscriber"
)
_REFER = (
    " Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher "
    "limits."
)
TableCapacityExceeded = ErrorType(
    "LimitExceededException",
    400,
    "The requested {member}{where}, {units}, is above the per {kind} maximum for the account in "
    "{region}. Per {kind} maximum: {limit}." + _REFER,
)
AccountCapacityExceeded = ErrorType(
    "LimitExceededException",
    400,
    "This request would have caused the {member} limit to be exceeded for the account in {region}. "
    "Current {member} reserved by the account: {present}. Limit: {limit}. Requested: {units}."
    + _REFER,
)
ThroughputAboveTable = ErrorType(
    "LimitExceededException",
    400,
    _LIMIT + "Requested {member} for {parameter} for {keyed} exceeds TableMax{way}CapacityUnits of "
    "the account in region {region}",
)
UnitsOutOfBounds = invalid("Given value {units} for {name} is out of bounds{where}")
