"""The errors of changes that are in each other's way, and of too many of them.

The messages are the service's own, as its users measured them.
"""

from cloudarium.core.errors import ErrorType

_LIMIT = "Subscriber limit exceeded: "


def _in_use(message: str) -> ErrorType:
    return ErrorType(
        "ResourceInUseException",
        400,
        "Attempt to change a resource which is still in use: " + message,
    )


def _limited(message: str) -> ErrorType:
    return ErrorType("LimitExceededException", 400, _LIMIT + message)


_STREAM = (
    "when stream status is being updated. Table: {name} Stream: {label} Operation: {operation}"
)
_CLASS = (
    "when a table class update is in progress. "
    "Table: {name} TableClassUpdateInProgress: {table_class}"
)
_MAXIMUM = "OnDemandThroughput cannot be updated while "

# Throughput and billing
UnitsBeingUpdated = _in_use("Table IOPS are currently being updated. Table: {name}")
UnitsDuringStream = _in_use("Can't change table IOPS " + _STREAM)
UnitsDuringIndex = _in_use(
    "Can't change table IOPS when an index is being {done}. Table: {name} Indexes: [{indexes}]"
)
MaximumDuringBilling = _in_use(_MAXIMUM + "BillingMode update is in progress")
MaximumDuringStream = _in_use(_MAXIMUM + "stream status update is in progress")
MaximumDuringClass = _in_use(
    _MAXIMUM + "TableClass update is in progress. TableClassUpdateInProgress: {table_class}"
)
MaximumDuringIndex = _in_use(_MAXIMUM + "index deletion is in progress for indexes: [{indexes}]")

# Streams, classes, encryption
StreamBeingUpdated = _in_use(
    "A stream status change is currently in progress. "
    "Table: {name} Stream: {label} Operation: {operation}"
)
StreamDuringUnits = _in_use(
    "Can't enable or disable stream while table IOPS are being updated. Table: {name}"
)
StreamDuringClass = _in_use("Can't change stream status " + _CLASS)
StreamDuringIndex = _in_use(
    "Can't change stream status when an index is being {done}. Table: {name} Indexes: [{indexes}]"
)
ClassBeingUpdated = _in_use("Can't update table class " + _CLASS)
ClassDuringStream = _in_use("Can't update table class " + _STREAM)
EncryptionBeingUpdated = _in_use("Server-Side Encryption is still being updated")

# Indexes
IndexDuringUnits = _in_use(
    "Can't create or delete indexes while table IOPS are being updated. Table: {name}"
)
IndexDuringStream = _in_use("Can't create or delete an index " + _STREAM)
IndexDuringClass = _in_use("Can't create or delete an index " + _CLASS)
IndexBeingDeleted = _in_use("Index is being deleted. Table: {name} Index: {index}")
IndexBeingUpdated = _in_use("Index is being updated. Table: {name} Index: {index}")
IndexNotBackfilling = _in_use(
    "Index is being created but is not backfilling yet.  Table: {name} Index: {index}"
)
IndexInAllocation = _in_use(
    "Index creation is in resource allocation phase. Retry deletion during backfilling phase "
    "or when the index is active. Table: {name} Index: {index}"
)

# Deletion
DeletionDuringStream = _in_use("Cannot delete table while stream is being enabled/disabled.")
DeletionDuringIndex = _in_use(
    "Cannot delete table while indexes are being created, updated, or deleted."
)
DeletionDuringUpdate = _in_use("Table: {name} is in the process of being updated.")

# Too many
ProtectionJustChanged = ErrorType(
    "ThrottlingException",
    400,
    "Deletion protection setting for table {name} modified within the previous "
    "15000 milliseconds. Please try again after {at}",
)
TooManyClassChanges = _limited("Updates to TableClass are limited to 2 times in 30 day(s).")
TooManyEncryptions = _limited(
    "Encryption mode changes are limited in the 24h window ending at {end}. After the first 4 "
    "change, each subsequent change in the same window can be performed at most once every "
    "21600 seconds. Number of updates today: {count}. Last change at {last}. "
    "Next changes can be made at {following}."
)
