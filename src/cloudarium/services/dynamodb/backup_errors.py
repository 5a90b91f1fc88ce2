"""The errors of backups, restores, exports and imports; the messages are the service's own."""

from cloudarium.core.errors import ErrorType

from .errors import invalid

_REQUEST = "Invalid Request: "
_CONFLICT = "Duplicate request detected with conflicting parameters"

BackupTableNotFound = ErrorType("TableNotFoundException", 400, "Table not found: {name}")
BackupTableInUse = ErrorType(
    "TableInUseException", 400, "Table is being created, updated or deleted: {name}"
)
BackupNotFound = ErrorType("BackupNotFoundException", 400, "Backup not found: {arn}")
BackupInUse = ErrorType("BackupInUseException", 400, "Backup is being created: {arn}")
BadExportTime = ErrorType("InvalidExportTimeException", 400, "Export Time is invalid")
BadExportPeriod = invalid(
    _REQUEST + "The period from ExportFromTime to ExportToTime must be of 15 minutes to 24 hours"
)
ExportFromTimeMissing = invalid(
    _REQUEST + "ExportFromTime must be provided in IncrementalExportSpecification"
)
NotForExportType = invalid(_REQUEST + "{name} cannot be specified for a {type}")
TokenMissing = invalid(_REQUEST + "ClientToken must be provided")
OptionsUnwanted = invalid(
    _REQUEST + "Unsupported InputFormatOptions for the given input format: {format}."
)
ExportConflict = ErrorType("ExportConflictException", 400, _CONFLICT)
ImportConflict = ErrorType("ImportConflictException", 400, _CONFLICT)
ExportNotFound = ErrorType("ExportNotFoundException", 400, "Export not found: {arn}")
ImportNotFound = ErrorType("ImportNotFoundException", 400, "Import not found: {arn}")
TargetExists = ErrorType("TableAlreadyExistsException", 400, "Table already exists: {name}")
RecoveryUnavailable = ErrorType(
    "PointInTimeRecoveryUnavailableException",
    400,
    "Point in time recovery is not enabled for table '{name}'",
)
BadRestoreTime = ErrorType(
    "InvalidRestoreTimeException",
    400,
    "An invalid restore time was specified. RestoreDateTime must be between "
    "EarliestRestorableDateTime and LatestRestorableDateTime.",
)
RestoreTimeMissing = invalid(
    _REQUEST + "Either one of RestoreDateTime or UseLatestRestorableTime must be specified, "
    "but not both"
)
SourceMissing = invalid(_REQUEST + "Must provide exactly one of: sourceTableArn, sourceTableName")
DaysUnwanted = invalid(
    _REQUEST + "Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery."
)
ImportFailed = invalid("The import failed: {code}: {message}")
