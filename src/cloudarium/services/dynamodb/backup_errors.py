"""The errors of backups, restores, exports and imports; the messages are the service's own."""

from cloudarium.core.errors import ErrorType

from .errors import invalid

_REQUEST = "Invalid Request: "
_CONFLICT = " conflict: Duplicate request detected with conflicting parameters"

BackupTableNotFound = ErrorType("TableNotFoundException", 400, "Table not found: {name}")
BackupTableInUse = ErrorType(
    "TableInUseException", 400, "Table is being created, updated or deleted: {name}"
)
BackupNotFound = ErrorType("BackupNotFoundException", 400, "Backup not found: {arn}")
BackupInUse = ErrorType("BackupInUseException", 400, "Backup is being created: {arn}")
BadExportTime = ErrorType("InvalidExportTimeException", 400, "Export Time is invalid")
_PERIOD = "Incremental export period "
ExportBeforeTable = ErrorType(
    "InvalidExportTimeException",
    400,
    _PERIOD + "from time cannot be less than the table creation time : {at}",
)
ExportInFuture = ErrorType(
    "InvalidExportTimeException",
    400,
    _PERIOD + "to time cannot be greater than the current time : {at}",
)
BadExportPeriod = ErrorType(
    "InvalidExportTimeException",
    400,
    "Difference between export period from time and export period to time is {bound}",
)
PeriodMissing = invalid(
    _REQUEST + "Incremental Export Specification expected "
    "when export type is set as Incremental Export"
)
ExportFromTimeMissing = invalid(
    _REQUEST + "ExportFromTime must be provided in IncrementalExportSpecification"
)
PeriodWithoutType = invalid(
    _REQUEST + "Export Type expected to be Incremental Export "
    "when incremental export specification is provided"
)
PeriodOfFullExport = invalid(
    _REQUEST + "When Export Type is Full Export , "
    "Incremental Export Specification should not be provided"
)
ExportTimeOfPeriod = invalid(
    _REQUEST + "ExportTime should not be provided when Export Type is Incremental Export"
)
BadTableArn = invalid("tableArn is not a valid ARN")
BadExportArn = invalid("Invalid Export ARN")
BadImportArn = invalid("Invalid Import ARN")
TokenMissing = invalid(_REQUEST + "ClientToken must be provided")
OptionsUnwanted = invalid(
    _REQUEST + "Unsupported InputFormatOptions for the given input format: {format}."
)
ExportConflict = ErrorType("ExportConflictException", 400, "Export" + _CONFLICT)
ImportConflict = ErrorType("ImportConflictException", 400, "Import" + _CONFLICT)
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
BothRestoreTimes = invalid(
    _REQUEST + "Both RestoreDateTime and UseLatestRestorableTime cannot be set for point-in-time "
    "restore request. Please specify either RestoreDateTime time or UseLatestRestorableTime"
)
SourceMissing = invalid(_REQUEST + "Must provide exactly one of: sourceTableArn, sourceTableName")
DaysUnwanted = invalid(
    _REQUEST + "Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery."
)
ImportFailed = invalid("The import failed: {code}: {message}")
BackupsUnavailable = ErrorType(
    "ContinuousBackupsUnavailableException",
    400,
    "Backups are being enabled for the table: {name}. Please retry later",
)
