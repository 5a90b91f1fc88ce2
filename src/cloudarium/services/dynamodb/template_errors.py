"""The errors of the resource types' handlers, which are no answers of the service.

Source: the failures of real stacks that the rules of `cdk-preflight` (rules/dynamodb) record.
"""

from cloudarium.core.errors import ErrorType

from .errors import invalid


def _request(message: str) -> ErrorType:
    return invalid("Invalid request provided: " + message)


# Tables
DefinedTwice = invalid("An attribute appears more than once in AttributeDefinitions")
Undefined = invalid(
    "An attribute referenced in a KeySchema element is not defined in AttributeDefinitions"
)
Unused = invalid(
    "Number of attributes in KeySchema does not exactly match "
    "number of attributes defined in AttributeDefinitions"
)
ThroughputMissing = invalid("Property ProvisionedThroughput cannot be empty")
ThroughputOnDemand = invalid(
    "Property ProvisionedThroughput can't be used with PAY_PER_REQUEST BillingMode."
)
MaximumProvisioned = invalid(
    "Property {name} for OnDemandThroughput can't be used with PROVISIONED BillingMode."
)
PeriodWithoutRecovery = invalid(
    "Cannot set RecoveryPeriodInDays property when PointInTimeRecoveryEnabled is false"
)
BadClass = _request(
    "The only valid values for TableClass are STANDARD and STANDARD_INFREQUENT_ACCESS"
)
ExpiryUnnamed = _request(
    "AttributeName property of TimeToLiveSpecification is required "
    "when TTL status is enabled or when enabling TTL."
)

# Global tables
NotHere = _request("The Replicas section must contain an entry for the current region")
StreamMissing = _request("You must specify StreamSpecification for a global table.")
SomeKeys = _request("Either all replicas have a KMS key id specified, or no one of them.")
UnknownIndexes = _request(
    "IndexNames [{names}] in ReplicaSpecification must refer to an existing index name"
)
WritesMissing = _request(
    "You must specify write AutoScale settings for the global table and each of its GSIs "
    "when BillingMode is Provisioned"
)
SettingsOnDemand = _request(
    "Read or Write ProvisionedThroughputSettings cannot be used with PAY_PER_REQUEST BillingMode."
)
SettingsProvisioned = invalid(
    "WriteOnDemandThroughputSettings cannot be specified for table when BillingMode is PROVISIONED"
)
TwoReads = _request(
    "You cannot specify both ReadCapacityUnits and ReadCapacityAutoScalingSettings "
    "at the same time for one replica or GSI."
)
ReadsOfTable = _request(
    "Table level {way}Throughput settings cannot be set when Global Table Settings Replication "
    "is not ENABLED. Please enable Global Table Settings Replication on a replica "
    "or remove table-level {way}Throughput settings."
)
_STRONG = " for global tables with MultiRegionConsistency set to "
WitnessUnwanted = invalid(f"Witnesses are not supported{_STRONG}EVENTUAL")
ExpiryUnwanted = invalid(f"Time To Live is not supported{_STRONG}STRONG")
LocalUnwanted = invalid(f"Local secondary indexes are not supported{_STRONG}STRONG")
ReplicaCount = invalid(f"Unsupported replica count{_STRONG}STRONG")
