"""Every error DynamoDB answers with.

Codes are botocore's shape names. Messages are the service's own, as its API reference, Developer
Guide and its users' reports quote them.
"""

from cloudarium.core.errors import AwsError, ErrorType

from . import value_errors


def invalid(message: str) -> ErrorType:
    """A ValidationException with this message."""
    return ErrorType("ValidationException", 400, message)


def value(message: str) -> ErrorType:
    """A ValidationException that says a parameter's value is wrong."""
    return invalid("One or more parameter values were invalid: " + message)


def detected(message: str) -> ErrorType:
    """A ValidationException about a request's form."""
    return invalid("1 validation error detected: " + message)


def _named(constraint: str) -> ErrorType:
    at = "1 validation error detected: Value '{name}' at 'tableName'"
    return invalid(f"{at} failed to satisfy constraint: {constraint}")


def within(template: str, error: AwsError, **fields: object) -> AwsError:
    """The same kind of error, its message put into a larger one at `{message}`."""
    return AwsError(
        error.code, template.format(message=error.message, **fields), error.status, error.members
    )


IN_STARTING_KEY = "The provided starting key is invalid: {message}"

# Values
NestedTooDeep = invalid("Nesting Levels have exceeded supported limits")  # of an updated item
ItemTooLarge = invalid("Item size has exceeded the maximum allowed size")
UpdatedItemTooLarge = invalid("Item size to update has exceeded the maximum allowed size")

# Keys
_EMPTY_KEYS = "One or more parameter values are not valid. "


def is_empty_key(error: AwsError) -> bool:
    """Whether an error says that a key of a table or index is an empty value."""
    return error.message.startswith(_EMPTY_KEYS)


KeyDoesNotFit = invalid("The provided key element does not match the schema")
KeyMissing = value("Missing the key {name} in the item")
KeyTypeMismatch = value("Type mismatch for key {name} expected: {expected} actual: {actual}")
EmptyKeyString = invalid(
    "One or more parameter values are not valid. The AttributeValue for a key attribute "
    "cannot contain an empty string value. Key: {name}"
)
EmptyKeyBinary = invalid(
    "One or more parameter values are not valid. The AttributeValue for a key attribute "
    "cannot contain an empty binary value. Key: {name}"
)
EmptyIndexKey = invalid(
    "One or more parameter values are not valid. A value specified for a secondary index key is "
    "not supported. The AttributeValue for a key attribute cannot contain an empty {kind} value. "
    "IndexName: {index}, IndexKey: {name}"
)
EmptyIndexKeyUpdate = invalid(
    "One or more parameter values are not valid. The update expression attempted to update "
    "a secondary index key to a value that is not supported. "
    "The AttributeValue for a key attribute cannot contain an empty {kind} value."
)
IndexKeyTypeMismatch = value(
    "Type mismatch for Index Key {name} Expected: {expected} Actual: {actual} IndexName: {index}"
)
IndexKeyTooLong = value(
    "Size of {kind} has exceeded the maximum size limit of{limit} bytes. "
    "IndexName: {index}, IndexKey: {name}"
)
PartitionKeyTooLong = value("Size of hashkey has exceeded the maximum size limit of2048 bytes")
SortKeyTooLong = value(
    "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"
)
UpdatesKey = value("Cannot update attribute {name}. This attribute is part of the key")
UpdatesIndexKey = invalid(
    "The update expression attempted to update the secondary index key to unsupported type"
)
KeyNotScalar = invalid(
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
    "{kind}: {name}"
)
NotIndexable = invalid("Attempted conditional constraint is not an indexable operation")
StartKeyUseless = invalid("The query can return at most one row and cannot be restarted")

# Parameters and key conditions
MixedParameters = invalid(
    "Can not use both expression and non-expression parameters in the same request: "
    "Non-expression parameters: {{{legacy}}} Expression parameters: {{{expressions}}}"
)


KeyConditionMissing = invalid(
    "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
)
KeyNotCovered = invalid("Query condition missed key schema element: {name}")
TooManyConditions = invalid(
    "The number of query conditions ({count}) exceeds "
    "the number of key attributes defined in the schema ({keys})"
)
RangeNotEqual = value(
    "RANGE key attributes {names} must have equality conditions specified in the query "
    "because a condition is present on key attribute {name}"
)
KeyNotSupported = invalid("Query key condition not supported")
KeyConditionType = value("Condition parameter type does not match schema type")
KeyConditionEmpty = value(
    "The AttributeValue for a key attribute cannot contain an empty {kind} value. Key: {name}"
)

# Query and scan
NoSuchIndex = invalid("The table does not have the specified index: {name}")
FilterOnKey = invalid(
    "{kind} can only contain non-primary key attributes: Primary key attribute: {name}"
)
ConsistentOnIndex = invalid("Consistent reads are not supported on global secondary indexes")
IndexBackfilling = invalid("Cannot read from backfilling global secondary index: {name}")
SelectAllOnIndex = value(
    "Select type ALL_ATTRIBUTES is not supported for global secondary index {name} "
    "because its projection type is not ALL"
)
IN_ENVELOPE = "1 validation error detected: {message}"
SelectProjectedWithoutIndex = detected(
    "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"
)
SelectAndProjection = detected("Cannot specify the {parameter} when choosing to get {select}")
SelectSpecificWithoutProjection = detected(
    "Must specify the AttributesToGet or ProjectionExpression "
    "when choosing to get SPECIFIC_ATTRIBUTES"
)
NotProjected = value("Global secondary index {name} does not project {attributes}")
StartKeySize = invalid("Exclusive Start Key must have same size as table's key schema")
StartKeyInvalid = invalid("The provided starting key is invalid")
StartKeyOutside = invalid(
    "The provided starting key is outside query boundaries based on provided conditions"
)
StartKeyPredicate = invalid("The provided starting key does not match the range key predicate")
StartKeySegment = invalid(
    "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
    "ExclusiveStartKey with correct Segment. TotalSegments: {total} Segment: {segment}"
)
SegmentWithoutTotal = invalid(
    "The TotalSegments parameter is required but was not present in the request "
    "when Segment parameter is present"
)
TotalWithoutSegment = invalid(
    "The Segment parameter is required but was not present in the request "
    "when parameter TotalSegments is present"
)
SegmentTooLarge = invalid(
    "The Segment parameter is zero-based and must be less than parameter TotalSegments"
)

# Writing
ConditionFailed = ErrorType(
    "ConditionalCheckFailedException", 400, "The conditional request failed"
)
CollectionTooLarge = ErrorType(
    "ItemCollectionSizeLimitExceededException", 400, "Collection size exceeded."
)
ReturnValuesNotAllowed = value_errors.Refusal("ReturnValues can only be ALL_OLD or NONE")
TooManyGets = invalid("Too many items requested for the BatchGetItem call")
TooManyWrites = invalid("Too many items requested for the BatchWriteItem call")
DuplicateKeys = invalid("Provided list of item keys contains duplicates")
OneWriteRequest, NoWriteRequest = value_errors.SeveralTypes, value_errors.NoType
OneTransactItem = invalid("TransactItems can only contain one of Check, Put, Update or Delete")
NoTransactItem = invalid(
    "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
)
SameItemTwice = invalid("Transaction request cannot include multiple operations on one item")
TransactionTooLarge = invalid("Transaction payload size cannot exceed 4 MB")
TransactionCancelled = ErrorType(
    "TransactionCanceledException",
    400,
    "Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
)
TokenReused = ErrorType(
    "IdempotentParameterMismatchException",
    400,
    "The request uses the same client token as a previous, but non-identical request. "
    "Do not reuse a client token with different requests, unless the requests are identical",
)
Throttled = ErrorType(
    "ProvisionedThroughputExceededException",
    400,
    "The level of configured provisioned throughput for the table was exceeded. "
    "Consider increasing your provisioning level with the UpdateTable API.",
)
IndexThrottled = ErrorType(
    "ProvisionedThroughputExceededException",
    400,
    "The level of configured provisioned throughput for one or more global secondary indexes "
    "of the table was exceeded. Consider increasing your provisioning level for the "
    "under-provisioned global secondary indexes with the UpdateTable API",
)

MaximumExceeded = ErrorType(
    "ThrottlingException",
    400,
    "Throughput exceeds the maximum OnDemandThroughput configured on table or index",
)


def is_throttled(error: AwsError) -> bool:
    """Whether an error says that a table or index has no capacity left, also in a transaction."""
    reasons = error.members.get("CancellationReasons", ())
    return (
        Throttled.matches(error)
        or MaximumExceeded.matches(error)
        or any(reason["Code"] in _THROTTLED for reason in reasons)
    )


_THROTTLED = ("ProvisionedThroughputExceeded", "ThrottlingError")


# Tables
NoSuchTable = ErrorType("ResourceNotFoundException", 400, "Requested resource not found")
TableNotFound = ErrorType(
    "ResourceNotFoundException", 400, "Requested resource not found: Table: {name} not found"
)
TableExists = ErrorType("ResourceInUseException", 400, "Table already exists: {name}")
TableBeingUsed = ErrorType(
    "ResourceInUseException",
    400,
    "Attempt to change a resource which is still in use: Table is being used: {name}",
)
TableBeingCreated = ErrorType(
    "ResourceInUseException",
    400,
    "Attempt to change a resource which is still in use: Table is being created: {name}",
)
TableBeingUpdated = ErrorType(
    "ResourceInUseException",
    400,
    "Attempt to change a resource which is still in use: Table is being updated: {name}",
)
TableBeingDeleted = ErrorType(
    "ResourceInUseException",
    400,
    "Attempt to change a resource which is still in use: Table is being deleted: {name}",
)
TableNameShort = _named("Member must have length greater than or equal to 3")
TableNameLong = _named("Member must have length less than or equal to 255")
TableNamePattern = _named("Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
TableNameEmpty = invalid(
    "1 validation error detected: Value at 'TableName' failed to satisfy constraint: "
    "Member must have length greater than or equal to 1"
)
NoTableName = invalid(
    "2 validation errors detected: Value '' at 'tableName' failed to satisfy constraint: "
    "Member must have length greater than or equal to 3; Value '' at 'tableName' failed to satisfy "
    "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
)
TableNameLength = invalid(
    "{member} must be at least 3 characters long and at most 255 characters long"
)
TableNameMissing = invalid(
    "The parameter 'TableName' is required but was not present in the request"
)
RequestItemsMissing = invalid("The requestItems parameter is required for {operation}")
RequiredMember = invalid(
    "1 validation error detected: Value null at '{path}' failed to satisfy constraint: "
    "Member must not be null"
)
Protected = invalid(
    "Resource cannot be deleted as it is currently protected against deletion. "
    "Disable deletion protection first."
)
SameAttributeTwice = invalid("Attribute Name is duplicated: {name}")
ThroughputMissing = value(
    "ReadCapacityUnits and WriteCapacityUnits must both be specified "
    "when BillingMode is PROVISIONED"
)
ThroughputOnDemand = value(
    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified "
    "when BillingMode is PAY_PER_REQUEST"
)
IndexThroughputOnDemand = value(
    "ProvisionedThroughput should not be specified for index: {name} "
    "when BillingMode is PAY_PER_REQUEST"
)
IndexThroughputMissing = value("ProvisionedThroughput is not specified for index: {name}")
KeySchemaFirst = invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
KeySchemaSecond = invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
KeySchemaSameName = invalid(
    "Both the Hash Key and the Range Key element in the KeySchema have the same name"
)
KeySchemaDuplicate = invalid("The KeySchema contains multiple key attributes with the same name")
KeySchemaOrder = value("All HASH key attributes must precede RANGE key attributes in the KeySchema")
KeySchemaTooLong = invalid(
    "1 validation error detected: Value '[{elements}]' at '{path}' failed to satisfy constraint: "
    "Member must have length less than or equal to 2"
)
KeySchemaTooMany = value(
    "The KeySchema exceeds the maximum allowed number of {kind} key attributes"
)
KeySchemaUndefined = value(
    "Some index key attributes are not defined in AttributeDefinitions. "
    "Keys: {keys}, AttributeDefinitions: {defined}"
)
DefinitionsUnused = value(
    "Some AttributeDefinitions are not used. AttributeDefinitions: {defined}, keys used: {keys}"
)
DefinitionsMismatch = value(
    "Number of attributes in KeySchema does not exactly match "
    "number of attributes defined in AttributeDefinitions"
)
LocalWithoutRange = value(
    "Table KeySchema does not have a range key, "
    "which is required when specifying a LocalSecondaryIndex"
)
LocalIndexWithoutRange = value("Index KeySchema does not have a range key for index: {name}")
LocalIndexOtherHash = value(
    "Index KeySchema does not have the same leading hash key as table KeySchema for index: {name}. "
    "index hash key: {hash}, table hash key: {table}"
)
ProjectionMissing = value("Unknown ProjectionType: null")
ProjectionUnwanted = value("ProjectionType is {type}, but NonKeyAttributes is specified")
ProjectionWanted = value("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
ProjectedTwice = value("Duplicate element in NonKeyAttributes: {name}")
DuplicateIndex = value("Duplicate index name: {name}")
IndexListEmpty = value("List of {kind}Indexes is empty")
TooManyGlobal = value("GlobalSecondaryIndex count exceeds the per-table limit of 20")
TooManyLocal = value("Number of LocalSecondaryIndexes exceeds per-table limit of 5")
TooManyProjected = value(
    "Number of projected attributes in all indexes exceeds limit of 100, "
    "number of projected attributes:{count}"
)
Unsupported = value("{name} is not supported by Cloudarium")

# Time to live
TtlEnabled = invalid("TimeToLive is already enabled")
TtlJustChanged = invalid("Time to live has been modified multiple times within a fixed interval")
TtlOfNewTable = ErrorType(
    "ResourceInUseException",
    400,
    "Attempt to change a resource which is still in use: Table {name} is being created",
)
TtlDisabled = invalid("TimeToLive is already disabled")
TtlOnOther = invalid(
    "TimeToLive is active on a different AttributeName: current AttributeName is {name}"
)
OtherRegion = detected("Invalid AWS region in '{arn}'")
OtherRegionOfItems = detected(
    "Value '{arn}' at 'tableName' failed to satisfy constraint: Invalid AWS region"
)
BadArn = invalid("Invalid TableArn: Invalid ResourceArn provided as input {arn}")
TtlOfTableInState = invalid(
    "Cannot describe time to live while table is in {state} state: Current table state is {state}"
)

BUSY = {
    "CREATING": TableBeingCreated,
    "UPDATING": TableBeingUpdated,
    "DELETING": TableBeingDeleted,
}
