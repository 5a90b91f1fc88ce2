"""The errors of what UpdateTable may change, how much of it at once, and of throughputs.

The messages are the service's, as its users measured them.
"""

from cloudarium.core.errors import ErrorType

from .errors import invalid, value

_CHANGES = (
    "ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, "
    "SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, "
    "MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput"
)

# What can be changed, and together with what
NothingToUpdate = invalid(f"At least one of {_CHANGES} or TableClass is required")
NotAlone = value("{name} modification must be the only operation in the request")
WarmNotAlone = value("WarmThroughput must be the only operation in the request")
MaximumNotAlone = value(
    "OnDemandThroughput can only be combined with BillingMode in an UpdateTable request"
)
WarmAndIndex = value(
    "Create global secondary index cannot be specified when updating WarmThroughput"
)
StreamAndThroughput = value("You cannot modify stream status while updating table IOPS")
IndexAndThroughput = value("You cannot create or delete index while updating table IOPS")
IndexAndStream = value("You cannot create or delete index while changing stream status")

# Indexes
OneIndexChange = ErrorType(
    "LimitExceededException",
    400,
    "Subscriber limit exceeded: "
    "Only 1 online index can be created or deleted simultaneously per table",
)
OneIndexPerUpdate = invalid(
    "Cannot perform more than one GSI creation or deletion in a single update"
)
TooManyGlobal = ErrorType(
    "LimitExceededException",
    400,
    "Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of 20",
)
IndexExists = invalid("Attempting to create an index which already exists")
IndexNotFound = ErrorType(
    "ResourceNotFoundException",
    400,
    "Requested resource not found: Index {name} for table {table}",
)
NotGlobal = invalid("Cannot {verb} an index that is not a GlobalSecondaryIndex: {name}")
UpdatesEmpty = value("List of GlobalSecondaryIndexUpdates is empty")
NoIndexAction = value(
    "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
    "GlobalSecondaryIndexUpdate.Delete must not be null"
)
SeveralIndexActions = value(
    "Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object"
)
IndexTwice = value(
    "Only one global secondary index update per index is allowed simultaneously. Index: {name}"
)

# Throughput
_UNCHANGED = (
    " will not change. The requested value equals the current value. "
    "Current ReadCapacityUnits provisioned for the {kind}: {read}. "
    "Requested ReadCapacityUnits: {read}. "
    "Current WriteCapacityUnits provisioned for the {kind}: {write}. "
    "Requested WriteCapacityUnits: {write}. Refer to the Amazon DynamoDB Developer Guide "
    "for current limits and how to request higher limits."
)
ThroughputUnchanged = invalid("The provisioned throughput for the {kind}" + _UNCHANGED)
IndexThroughputUnchanged = invalid("The provisioned throughput for the index {name}" + _UNCHANGED)
TooManyDecreases = ErrorType(
    "LimitExceededException",
    400,
    "Subscriber limit exceeded: "
    "Provisioned throughput decreases are limited within a given UTC day. "
    "After the first 4 decreases, each subsequent decrease in the same UTC day can be performed "
    "at most once every 3600 seconds. Number of decreases today: {count}. "
    "Last decrease at {last}. Next decrease can be made at {following}",
)
ThroughputMissing = value("ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
IndexThroughputMissing = value("ProvisionedThroughput must be specified for index: {name}")
IndexThroughputOnDemand = value(
    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: {name} "
    "when BillingMode is PAY_PER_REQUEST"
)
IndexUpdateOnDemand = value(
    "The only Updates for index: {name} when TableThroughputMode is PAY_PER_REQUEST "
    "can be to OnDemandThroughput, WarmThroughput"
)
MaximumProvisioned = value(
    "{member} for OnDemandThroughput cannot be specified{where} "
    "when the table BillingMode is PROVISIONED"
)
MaximumOutside = value(
    "Requested {member} for OnDemandThroughput for {keyed} is outside of valid range"
)
_WARM = "Requested {member} for WarmThroughput for {keyed} is lower than "
WarmBelowCurrent = value(
    _WARM + "current WarmThroughput, decreasing WarmThroughput is not supported"
)
WarmBelowInitial = value(
    _WARM + "initial throughput for OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/"
    "latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial"
)
WarmBelowProvisioned = value(_WARM + "{provisioned} of ProvisionedThroughput")
WarmEmpty = value(
    "WarmThroughput must have at least one of ReadUnitsPerSecond or WriteUnitsPerSecond "
    "specified for index: {name}"
)

# Class and encryption
BadTableClass = invalid(
    "Invalid table-class parameter provided. Please try again with a valid table-class value: "
    "[STANDARD, STANDARD_INFREQUENT_ACCESS]."
)
UnwantedEncryption = value("{member} can not be specified if Enabled is false")
TypeUnsupported = value("SSEType AES256 is not supported")
IndexUnitsMissing = value(
    "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: {name}"
)
DefinitionsMissing = value("AttributeDefinitions is not specified for index: {name}")
Redefined = value(
    "Attributes cannot be redefined. Please check that your attribute has the same type as "
    "previously defined. Existing schema: {old} New schema: {new}"
)
EmptyKey = invalid(
    "1 validation error detected: Value '' at '{member}.kMSMasterKeyId' failed to satisfy "
    "constraint: Member must have length greater than or equal to 1"
)
TypeMissing = value("SSEType KMS is required if KMSMasterKeyId is specified")
EncryptedByDefault = value("Table is already encrypted by default")
EncryptedAlready = value(
    "Table is already encrypted with given KMSMasterKeyId. "
    "Use KMSMasterKeyId parameter if you want to change Master Key"
)
