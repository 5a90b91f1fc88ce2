"""The errors of what goes beyond an account's or a table's quotas."""

from cloudarium.core.errors import ErrorType

from .errors import invalid

_LIMIT = "Subscriber limit exceeded: "
TooManyTables = ErrorType(
    "LimitExceededException", 400, _LIMIT + "There is a limit of 2500 tables per subscriber"
)
TableCapacityExceeded = ErrorType(
    "LimitExceededException",
    400,
    _LIMIT + "The capacity of the table and its global secondary indexes exceeds {limit} units",
)
AccountCapacityExceeded = ErrorType(
    "LimitExceededException",
    400,
    _LIMIT + "The provisioned capacity of all tables exceeds {limit} units",
)
UnitsOutOfBounds = invalid("Given value {units} for {name} is out of bounds{where}")
