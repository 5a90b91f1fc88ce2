"""Every error DynamoDB answers with.

Codes are botocore's shape names. Messages are the service's own, as its API reference, Developer
Guide and its users' reports quote them.
"""

from cloudarium.core.errors import AwsError, ErrorType


def _invalid(message: str) -> ErrorType:
    return ErrorType("ValidationException", 400, message)


def _value(message: str) -> ErrorType:
    return _invalid("One or more parameter values were invalid: " + message)


def within(template: str, error: AwsError, **fields: object) -> AwsError:
    """The same kind of error, its message put into a larger one at `{message}`."""
    return AwsError(
        error.code, template.format(message=error.message, **fields), error.status, error.members
    )


IN_EXPRESSION = "Invalid {expression}: {message}"
IN_VALUES = "ExpressionAttributeValues contains invalid value: {message} for key {name}"
IN_STARTING_KEY = "The provided starting key is invalid: {message}"

# Numbers and attribute values
NumberMissing = _invalid("The parameter cannot be converted to a numeric value")
NotANumber = _invalid("The parameter cannot be converted to a numeric value: {text}")
NumberOverflow = _invalid(
    "Number overflow. Attempting to store a number with magnitude larger than supported range"
)
NumberUnderflow = _invalid(
    "Number underflow. Attempting to store a number with magnitude smaller than supported range"
)
NumberTooPrecise = _invalid("Attempting to store more than 38 significant digits in a Number")
NoType = _invalid(
    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
)
SeveralTypes = _invalid(
    "Supplied AttributeValue has more than one datatypes set, "
    "must contain exactly one of the supported datatypes"
)
NestedTooDeep = _invalid("Nesting Levels have exceeded supported limits")
NullNotTrue = _value("Null attribute value types must have the value of true")
EmptyStringSet = _value("An string set  may not be empty")
EmptyNumberSet = _value("An number set  may not be empty")
EmptyBinarySet = _value("Binary sets should not be empty")
DuplicateStrings = _value("Input collection {listed} contains duplicates.")
DuplicateNumbers = _invalid("Input collection contains duplicates")
DuplicateBinaries = _value("Input collection {listed}of type BS contains duplicates.")
ItemTooLarge = _invalid("Item size has exceeded the maximum allowed size")
UpdatedItemTooLarge = _invalid("Item size to update has exceeded the maximum allowed size")

# Keys
KeyDoesNotFit = _invalid("The provided key element does not match the schema")
KeyMissing = _value("Missing the key {name} in the item")
KeyTypeMismatch = _value("Type mismatch for key {name} expected: {expected} actual: {actual}")
EmptyKeyString = _invalid(
    "One or more parameter values are not valid. The AttributeValue for a key attribute "
    "cannot contain an empty string value. Key: {name}"
)
EmptyKeyBinary = _invalid(
    "One or more parameter values are not valid. The AttributeValue for a key attribute "
    "cannot contain an empty binary value. Key: {name}"
)
EmptyIndexKey = _invalid(
    "One or more parameter values are not valid. A value specified for a secondary index key is "
    "not supported. The AttributeValue for a key attribute cannot contain an empty {kind} value. "
    "IndexName: {index}, IndexKey: {name}"
)
IndexKeyTypeMismatch = _value(
    "Type mismatch for Index Key {name} Expected: {expected} Actual: {actual} IndexName: {index}"
)
IndexKeyTooLong = _value(
    "Size of {kind} has exceeded the maximum size limit of{limit} bytes. "
    "IndexName: {index}, IndexKey: {name}"
)
PartitionKeyTooLong = _value("Size of hashkey has exceeded the maximum size limit of2048 bytes")
SortKeyTooLong = _value(
    "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"
)
UpdatesKey = _value("Cannot update attribute {name}. This attribute is part of the key")
UpdatesIndexKey = _invalid(
    "The update expression attempted to update the secondary index key to unsupported type"
)

# Expressions, in general
MixedParameters = _invalid(
    "Can not use both expression and non-expression parameters in the same request: "
    "Non-expression parameters: {{{legacy}}} Expression parameters: {{{expressions}}}"
)
LegacyParameter = _value(
    "{names} is not supported by Cloudarium; use the expression parameters instead"
)
NamesWithoutExpression = _invalid(
    "ExpressionAttributeNames can only be specified when using expressions{reason}"
)
ValuesWithoutExpression = _invalid(
    "ExpressionAttributeValues can only be specified when using expressions: {reason}"
)
NamesEmpty = _invalid("ExpressionAttributeNames must not be empty")
ValuesEmpty = _invalid("ExpressionAttributeValues must not be empty")
NameKeySyntax = _invalid(
    'ExpressionAttributeNames contains invalid key: Syntax error; key: "{name}"'
)
ValueKeySyntax = _invalid(
    'ExpressionAttributeValues contains invalid key: Syntax error; key: "{name}"'
)
NamesUnused = _invalid(
    "Value provided in ExpressionAttributeNames unused in expressions: keys: {{{names}}}"
)
ValuesUnused = _invalid(
    "Value provided in ExpressionAttributeValues unused in expressions: keys: {{{names}}}"
)
ExpressionEmpty = _invalid("The expression can not be empty;")
ExpressionTooLong = _invalid(
    "Expression size has exceeded the maximum allowed size; expression size: {size}"
)
TooManyOperators = _invalid(
    "The expression contains too many operators; the maximum number of operators allowed is 300"
)
Syntax = _invalid('Syntax error; token: "{token}", near: "{near}"')
RedundantParentheses = _invalid("The expression has redundant parentheses;")
ReservedWord = _invalid("Attribute name is a reserved keyword; reserved keyword: {name}")
NameUndefined = _invalid(
    "An expression attribute name used in the document path is not defined; attribute name: {name}"
)
ValueUndefined = _invalid(
    "An expression attribute value used in expression is not defined; attribute value: {name}"
)
UnknownFunction = _invalid("Invalid function name; function: {name}")
MisusedFunction = _invalid(
    "The function is not allowed to be used this way in an expression; function: {name}"
)
OperandCount = _invalid(
    "Incorrect number of operands for operator or function; "
    "operator or function: {name}, number of operands: {count}"
)
NeedsPath = _invalid("Operator or function requires a document path; operator or function: {name}")
FunctionOperandType = _invalid(
    "Incorrect operand type for operator or function; "
    "operator or function: {name}, operand type: {type}"
)
OperatorOperandType = _invalid(
    "Incorrect operand type for operator or function; operator: {name}, operand type: {type}"
)
ActionOperandType = _invalid(
    "Incorrect operand type for operator or function; "
    "operator: {name}, operand type: {type}, typeSet: ALLOWED_FOR_{name}_OPERAND"
)
UnknownTypeName = _invalid(
    "Invalid attribute type name found; type: {name}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}"
)
NotDistinct = _invalid(
    "The first operand must be distinct from the remaining operands for this operator or function; "
    "operator: {name}, first operand: {path}"
)
BetweenTypes = _invalid(
    "The BETWEEN operator requires same data type for lower and upper bounds; "
    "lower bound operand: AttributeValue: {{{low}}}, "
    "upper bound operand: AttributeValue: {{{high}}}"
)
BetweenOrder = _invalid(
    "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
    "lower bound operand: AttributeValue: {{{low}}}, "
    "upper bound operand: AttributeValue: {{{high}}}"
)
TooManyInOperands = _invalid(
    "Incorrect number of operands for operator or function; "
    "operator or function: IN, number of operands: {count}"
)
PathsOverlap = _invalid(
    "Two document paths overlap with each other; must remove or rewrite one of these paths; "
    "path one: {one}, path two: {two}"
)
PathsConflict = _invalid(
    "Two document paths conflict with each other; must remove or rewrite one of these paths; "
    "path one: {one}, path two: {two}"
)

# Update expressions
SectionTwice = _invalid('The "{name}" section can only be used once in an update expression;')
AttributeMissing = _invalid(
    "The provided expression refers to an attribute that does not exist in the item"
)
PathNotUpdatable = _invalid(
    "The document path provided in the update expression is invalid for update"
)
OperandType = _invalid("An operand in the update expression has an incorrect data type")

# Key conditions
KeyConditionMissing = _invalid(
    "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
)
KeyOperator = _invalid("Invalid operator used in KeyConditionExpression: {name}")
KeyNestedOperation = _invalid("KeyConditionExpressions cannot contain nested operations")
KeyNestedAttribute = _invalid("KeyConditionExpressions cannot have conditions on nested attributes")
KeyFirstOperand = _invalid(
    "Invalid condition in KeyConditionExpression: "
    "{name} operator must have the key attribute as its first operand"
)
KeySeveralNames = _invalid(
    "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"
)
KeyNoName = _invalid("Invalid condition in KeyConditionExpression: No key attribute specified")
KeyTwice = _invalid("KeyConditionExpressions must only contain one condition per key")
KeyCount = _invalid("Conditions can be of length 1 or 2 only")
KeyNotCovered = _invalid("Query condition missed key schema element: {name}")
KeyNotSupported = _invalid("Query key condition not supported")
KeyConditionType = _value("Condition parameter type does not match schema type")
KeyConditionEmpty = _value(
    "The AttributeValue for a key attribute cannot contain an empty {kind} value. Key: {name}"
)

# Query and scan
NoSuchIndex = _invalid("The table does not have the specified index: {name}")
FilterOnKey = _invalid(
    "Filter Expression can only contain non-primary key attributes: Primary key attribute: {name}"
)
ConsistentOnIndex = _invalid("Consistent reads are not supported on global secondary indexes")
IndexBackfilling = _invalid("Cannot read from backfilling global secondary index: {name}")
SelectAllOnIndex = _value(
    "Select type ALL_ATTRIBUTES is not supported for global secondary index {name} "
    "because its projection type is not ALL"
)
SelectProjectedWithoutIndex = _invalid(
    "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"
)
SelectAndProjection = _invalid(
    "Cannot specify the ProjectionExpression when choosing to get {select}"
)
SelectSpecificWithoutProjection = _invalid(
    "Must specify the AttributesToGet or ProjectionExpression "
    "when choosing to get SPECIFIC_ATTRIBUTES"
)
NotProjected = _value("Global secondary index {name} does not project {attributes}")
StartKeySize = _invalid("Exclusive Start Key must have same size as table's key schema")
StartKeyInvalid = _invalid("The provided starting key is invalid")
StartKeyOutside = _invalid(
    "The provided starting key is outside query boundaries based on provided conditions"
)
StartKeyPredicate = _invalid("The provided starting key does not match the range key predicate")
StartKeySegment = _invalid(
    "The provided starting key is outside scan boundaries based on provided Segment and "
    "TotalSegments parameters."
)
SegmentWithoutTotal = _invalid(
    "The TotalSegments parameter is required but was not present in the request "
    "when Segment parameter is present"
)
TotalWithoutSegment = _invalid(
    "The Segment parameter is required but was not present in the request "
    "when parameter TotalSegments is present"
)
SegmentTooLarge = _invalid(
    "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
    "Segment: {segment} is not less than TotalSegments: {total}"
)

# Writing
ConditionFailed = ErrorType(
    "ConditionalCheckFailedException", 400, "The conditional request failed"
)
ReturnValuesNotAllowed = _invalid("Return values set to invalid value")
TooManyGets = _invalid("Too many items requested for the BatchGetItem call")
TooManyWrites = _invalid("Too many items requested for the BatchWriteItem call")
DuplicateKeys = _invalid("Provided list of item keys contains duplicates")
OneWriteRequest = _invalid(
    "Supplied AttributeValue has more than one datatypes set, "
    "must contain exactly one of the supported datatypes"
)
NoWriteRequest = _invalid(
    "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
)
OneTransactItem = _invalid("TransactItems can only contain one of Check, Put, Update or Delete")
NoTransactItem = _invalid(
    "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
)
SameItemTwice = _invalid("Transaction request cannot include multiple operations on one item")
TransactionTooLarge = _invalid("Transaction request size has exceeded the maximum allowed size")
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

# Tables
NoSuchTable = ErrorType("ResourceNotFoundException", 400, "Requested resource not found")
TableNotFound = ErrorType(
    "ResourceNotFoundException", 400, "Requested resource not found: Table: {name} not found"
)
ArnNotFound = ErrorType(
    "ResourceNotFoundException", 400, "Requested resource not found: ResourcArn: {arn} not found"
)
TableExists = ErrorType("ResourceInUseException", 400, "Table already exists: {name}")
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
TableNameLength = _invalid(
    "TableName must be at least 3 characters long and at most 255 characters long"
)
TableNamePattern = _invalid(
    "1 validation error detected: Value '{name}' at 'tableName' failed to satisfy constraint: "
    "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
)
RequiredMember = _invalid(
    "1 validation error detected: Value null at '{path}' failed to satisfy constraint: "
    "Member must not be null"
)
Protected = _invalid(
    "Resource cannot be deleted as it is currently protected against deletion. "
    "Disable deletion protection first."
)
SameAttributeTwice = _invalid("Cannot have two attributes with the same name")
ThroughputMissing = _value(
    "ReadCapacityUnits and WriteCapacityUnits must both be specified "
    "when BillingMode is PROVISIONED"
)
ThroughputOnDemand = _value(
    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified "
    "when BillingMode is PAY_PER_REQUEST"
)
IndexThroughputOnDemand = _value(
    "ProvisionedThroughput should not be specified for index: {name} "
    "when BillingMode is PAY_PER_REQUEST"
)
IndexThroughputMissing = _value("ProvisionedThroughput must be specified for index: {name}")
KeySchemaFirst = _invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
KeySchemaSecond = _invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
KeySchemaSameName = _invalid(
    "Both the Hash Key and the Range Key element in the KeySchema have the same name"
)
KeySchemaUndefined = _value(
    "Some index key attributes are not defined in AttributeDefinitions. "
    "Keys: {keys}, AttributeDefinitions: {defined}"
)
DefinitionsUnused = _value(
    "Some AttributeDefinitions are not used. AttributeDefinitions: {defined}, keys used: {keys}"
)
DefinitionsMismatch = _value(
    "Number of attributes in KeySchema does not exactly match "
    "number of attributes defined in AttributeDefinitions"
)
LocalWithoutRange = _value(
    "Table KeySchema does not have a range key, "
    "which is required when specifying a LocalSecondaryIndex"
)
LocalIndexWithoutRange = _value("Index KeySchema does not have a range key for index: {name}")
LocalIndexOtherHash = _value(
    "Index KeySchema does not have the same leading hash key as table KeySchema for index: {name}. "
    "index hash key: {hash}, table hash key: {table}"
)
ProjectionMissing = _value("Unknown ProjectionType: null")
ProjectionUnwanted = _value("ProjectionType is {type}, but NonKeyAttributes is specified")
ProjectionWanted = _value("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
DuplicateIndex = _value("Duplicate index name: {name}")
IndexListEmpty = _value("List of {kind}Indexes is empty")
TooManyGlobal = _value("GlobalSecondaryIndex count exceeds the per-table limit of 20")
TooManyLocal = _value("Number of LocalSecondaryIndexes exceeds per-table limit of 5")
TooManyProjected = _value(
    "The total number of NonKeyAttributes over all indexes exceeds the limit of 100"
)
SseKeyWithoutKms = _value("KMSMasterKeyId can only be specified with SSEType KMS")
Unsupported = _value("{name} is not supported by Cloudarium")
NothingToUpdate = _invalid(
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
    "GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required"
)
ThroughputUnchanged = _invalid(
    "The provisioned throughput for the table will not change. "
    "The requested value equals the current value. "
    "Current ReadCapacityUnits provisioned for the table: {read}. "
    "Requested ReadCapacityUnits: {read}. "
    "Current WriteCapacityUnits provisioned for the table: {write}. "
    "Requested WriteCapacityUnits: {write}. Refer to the Amazon DynamoDB Developer Guide "
    "for current limits and how to request higher limits."
)
OneIndexChange = ErrorType(
    "LimitExceededException",
    400,
    "Subscriber limit exceeded: "
    "Only 1 online index can be created or deleted simultaneously per table",
)
OneIndexPerUpdate = _invalid(
    "Cannot perform more than one GSI creation or deletion in a single update"
)
IndexExists = _invalid("Attempting to create an index which already exists: {name}")
IndexNotFound = ErrorType("ResourceNotFoundException", 400, "Requested resource not found")
IndexBusy = ErrorType(
    "ResourceInUseException",
    400,
    "Attempt to change a resource which is still in use: "
    "Index is being {state}: Table: {table} Index: {name}",
)

# Time to live, tags
TtlEnabled = _invalid("TimeToLive is already enabled")
TtlDisabled = _invalid("TimeToLive is already disabled")
TtlOnOther = _invalid(
    "TimeToLive is active on a different AttributeName: current AttributeName is {name}"
)
BadArn = _invalid("Invalid TableArn: Invalid ResourceArn provided as input {arn}")
NoTags = _invalid("Atleast one Tag needs to be provided as Input.")
NoTagKeys = _invalid("Atleast one Tag Key needs to be provided as Input.")
DuplicateTags = _invalid(
    "One or more parameter values were invalid: Duplicate tag keys found: {key}"
)
TooManyTags = ErrorType(
    "LimitExceededException", 400, "Subscriber limit exceeded: Too many tags: {count}"
)
ReservedTag = _invalid("Tag keys starting with 'aws:' are reserved for system use")

# Backups
BackupTableNotFound = ErrorType("TableNotFoundException", 400, "Table not found: {name}")
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
RestoreTimeMissing = _invalid(
    "One of UseLatestRestorableTime or RestoreDateTime must be specified, and only one"
)
SourceMissing = _invalid("SourceTableName or SourceTableArn must be specified")

BUSY = {
    "CREATING": TableBeingCreated,
    "UPDATING": TableBeingUpdated,
    "DELETING": TableBeingDeleted,
}
