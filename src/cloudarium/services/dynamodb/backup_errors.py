"""The errors of backups, restores, exports and imports; the messages are the service's own."""

from cloudarium.core.errors import ErrorType

from .errors import invalid

BackupTableNotFound = ErrorType("TableNotFoundException", 400, "Table not found: {name}")
BackupTableInUse = ErrorType(
    "TableInUseException", 400, "Table is being created, updated or deleted: {name}"
)
BackupNotFound = ErrorType("BackupNotFoundException", 400, "Backup not found: {arn}")
BackupInUse = ErrorType("BackupInUseException", 400, "Backup is being created: {arn}")
BadExportTime = ErrorType(
    "InvalidExportTimeException",
    400,
    "An invalid export time was specified. ExportTime must be between "
    "EarliestRestorableDateTime and LatestRestorableDateTime.",
)
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
    "One of UseLatestRestorableTime or RestoreDateTime must be specified, and only one"
)
SourceMissing = invalid("SourceTableName or SourceTableArn must be specified")
