"""The errors of restores; the messages are the service's own, as its users measured them."""

from cloudarium.core.errors import ErrorType

from .errors import invalid, value

_REQUEST = "Invalid Request: "

# What is restored, and as of when
RestoreTimeMissing = invalid(
    _REQUEST + "Either one of RestoreDateTime or UseLatestRestorableTime must be specified, "
    "but not both"
)
BothRestoreTimes = invalid(
    _REQUEST + "Both RestoreDateTime and UseLatestRestorableTime cannot be set for point-in-time "
    "restore request. Please specify either RestoreDateTime time or UseLatestRestorableTime"
)
TwoSources = invalid(_REQUEST + "Must provide exactly one of: sourceTableArn, sourceTableName")
BadSourceArn = value("sourceTableArn is not a valid ARN")
RecoveryUnavailable = ErrorType(
    "PointInTimeRecoveryUnavailableException",
    400,
    "Point in time recovery is not enabled for table '{name}'",
)
BadRestoreTime = ErrorType(
    "InvalidRestoreTimeException",
    400,
    "RestoreDateTime '{at}' must be within EarliestRestorableDateTime '{earliest}' "
    "and LatestRestorableDateTime '{latest}'",
)
EncryptionWanted = invalid(
    _REQUEST + "sseSpecificationOverride must be provided for cross-region restores"
)

# What it becomes
TargetExists = ErrorType("TableAlreadyExistsException", 400, "Table already exists: {name}")
TargetBeingRestored = ErrorType(
    "TableInUseException", 400, "Table: {name} is already being restored from backup: {arn}"
)
TargetInUse = ErrorType(
    "TableInUseException",
    400,
    "A target table with the specified name is either being created or deleted: {name}",
)
TooManyRestores = ErrorType(
    "LimitExceededException",
    400,
    "Subscriber limit exceeded: Only 50 restore operations can be done simultaneously",
)
ThroughputOnDemand = invalid(
    _REQUEST + "Cannot override ProvisionedThroughput if BillingMode is overridden "
    "to PAY_PER_REQUEST{where}"
)
ThroughputUnwanted = invalid(
    _REQUEST + "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED"
)
ThroughputWanted = invalid(
    _REQUEST + "Must override ProvisionedThroughput if BillingMode is overridden "
    "to PROVISIONED{where}"
)
IndexThroughputWanted = invalid(_REQUEST + "Must specify provisioned throughput for index {name}")
MaximumProvisioned = invalid(
    _REQUEST + "Cannot override {member} for OnDemandThroughput unless BillingModeOverride "
    "is PAY_PER_REQUEST"
)
MaximumOutside = invalid(
    _REQUEST + "Requested {member} for OnDemandThroughput is outside of valid range"
)
NewIndex = invalid(
    _REQUEST + "Index {name} does not match a secondary index that existed in the source table "
    "and cannot be created during the restore operation"
)
