"""The errors of backups, restores, exports and imports; the messages are the service's own."""

from cloudarium.core.errors import ErrorType

from .errors import invalid, value

_REQUEST = "Invalid Request: "
_CONFLICT = " conflict: Duplicate request detected with conflicting parameters"

BackupTableNotFound = ErrorType("TableNotFoundException", 400, "Table not found: {name}")
BackupNotFound = ErrorType("BackupNotFoundException", 400, "Backup not found: {arn}")
BackupInUse = ErrorType("BackupInUseException", 400, "Backup is being created: {arn}")
BackupBeingRestored = ErrorType(
    "BackupInUseException", 400, "Backup is being used to restore table: {arn}"
)
BackupBeingRestoredElsewhere = ErrorType(
    "BackupInUseException", 400, "Backup is being used to restore another table: {arn}"
)
BadBackupArn = invalid("Invalid Backup ARN")
BackupArnInvalid = invalid(_REQUEST + "BackupArn is not valid")
AccessDenied = ErrorType("AccessDeniedException", 400, "Access is denied")
SystemBackup = invalid(
    _REQUEST + "User is not allowed to delete the system backup with arn {arn}. "
    "It will automatically expire on {at}"
)
BadTimeRange = value("Time range lower bound must be less than or equal to upper bound")
StartOfOtherRegion = invalid(
    _REQUEST + "The supplied ExclusiveStartBackupArn does not match the region"
)
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
LateExportTime = ErrorType(
    "InvalidExportTimeException",
    400,
    "Point in Time Recovery is not available for specified export time",
)
BadFilter = invalid(_REQUEST + "Invalid FilterSpecification: {problem}")
KeyOfOtherEncryption = invalid(_REQUEST + "KMS Key Id is not supported for this encryption type")
BadTableArn = value("tableArn is not a valid ARN")
TableArnEmpty = invalid("Invalid TableArn: Invalid Table ARN")
TableArnInvalid = invalid(_REQUEST + "Table ARN is invalid.")
BadPageToken = invalid(_REQUEST + "Provided nextToken is invalid: {token}")
BadExportArn = invalid("Invalid Export ARN")
BadImportArn = invalid("Invalid Import ARN")
TokenMissing = invalid(_REQUEST + "ClientToken must be provided")
OptionsUnwanted = invalid(
    _REQUEST + "Unsupported InputFormatOptions for the given input format: {format}."
)
ExportConflict = ErrorType("ExportConflictException", 400, "Export" + _CONFLICT)
ImportConflict = ErrorType("ImportConflictException", 400, "Import" + _CONFLICT)
ExportNotFound = ErrorType("ExportNotFoundException", 400, "Export not found: {problem}")
ImportNotFound = ErrorType("ImportNotFoundException", 400, "Import not found: {arn}")
DaysUnwanted = invalid(
    _REQUEST + "Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery."
)
ImportFailed = invalid("The import failed: {code}: {message}")
BackupsUnavailable = ErrorType(
    "ContinuousBackupsUnavailableException",
    400,
    "Backups are being enabled for the table: {name}. Please retry later",
)
