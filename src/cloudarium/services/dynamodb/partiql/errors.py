"""Every error of PartiQL statements; the messages are the service's own.

`at` is where in the statement: line, column (from 1) and length of the token meant.
"""

from cloudarium.core.errors import ErrorType

from ..errors import invalid

NotWellFormed = invalid("Statement wasn't well formed, can't be processed: {detail}")
ExpectedManipulation = "Expected data manipulation"
LeftOver = "Unexpected token after expression"
UnexpectedTerm = "Unexpected term"
UnexpectedKeyword = "Unexpected keyword"
UnexpectedOperator = "Unexpected operator"
MissingOperand = "Missing right-hand side expression of infix operator"
ExpectedTable = "Expected identifier for simple path"
ExpectedTypeName = "Expected type name"
BadDotComponent = "Invalid path dot component"

UnsupportedOperation = invalid("Unsupported operation: {name}")
Aliasing = invalid("Aliasing is not supported")
EmptyComponent = invalid("Path component cannot be an empty string")
TooManyComponents = invalid("A path may contain at most 2 components in the FROM clause")
InsertIntoIndex = invalid("FROM clause may only contain a single table name")
WriteOnIndex = invalid("This operation is not supported on an index")
BadColumn = invalid("Unexpected path component at {at}")
NotInSequence = invalid(
    "IN operator must have a left hand argument of type Variable Reference and "
    "right hand argument of type Seq with at least one member"
)
IndexOutOfRange = invalid("List index is not within the allowable range; index: [{index}] at {at}")
UnknownFunction = invalid("Unrecognized function: {name} at {at}")
NotAValue = invalid("Unsupported data type: {name} under key {path} at {at}")
NestedTooDeep = invalid("Nesting Levels have exceeded supported limits under {path}")
DuplicateNumbers = invalid(
    "One or more parameter values were invalid: "
    "Input collection [{listed}] contains duplicates! under root"
)
EmptyBag = invalid("Empty bags are not supported")
MixedBag = invalid(
    "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"
)
NotAStruct = invalid(
    "Unsupported format in item expression. Please use struct format {{...}} to express item "
    "values for insert statement. at {at}"
)
DuplicateName = invalid("Duplicate attribute name in the item: {name}")
BadReturning = invalid(
    "Invalid returning clause: RETURNING {clause} *. "
    "Only RETURNING ALL OLD * is allowed in DELETE statements."
)
SetFunctionCount = invalid("{name} must have exactly two arguments at {at}")
SetFunctionTarget = invalid("The first argument to {name} must equal the assignment value at {at}")
SetFunctionValue = invalid("The second argument to {name} must be a value with type SET at {at}")
UnknownTypeName = invalid(
    "Invalid attribute type name found; type: {name}, valid types: {{N,BS,L,B,NULL,M,S,SS,NS,BOOL}}"
)
OperandType = invalid(
    "Incorrect operand type for operator or function; "
    "operator or function: {name}, operand type: {type}"
)
ParameterCount = invalid("Number of parameters in request and statement don't match.")
KeysMissing = invalid("Where clause does not contain a mandatory equality on all key attributes")
SeveralKeys = invalid(
    "Multiple conditions on same key {name}. Only single item Update/Insert/Delete are supported"
)
KeyType = invalid(
    "Key attribute's data type should match its data type in table's schema: Key {name}"
)
KeyValueType = invalid("Key value must be of type S, N, or B. Key name: {name}, Key type: {type}")
TooManyReads = invalid("Too many decomposed read operations for a given query.")
TooManyInOperands = invalid(
    "The IN operator is provided with too many operands; number of operands: {count}"
)
Overlapping = invalid("Overlapping conditions with range keys are not supported in where clause")
OrderWithoutWhere = invalid("Must have WHERE clause in the statement when using ORDER BY clause.")
OrderWithoutHash = invalid(
    "Must have at least one non-optional hash key condition in WHERE clause "
    "when using ORDER BY clause."
)
OrderOfSeveral = invalid(
    "Must have hash key in ORDER BY clause when more than one hash key condition specified "
    "in WHERE clause."
)
OrderNotKey = invalid("Attribute {name} in ORDER BY clause must be part of the primary key")
NoSuchIndex = invalid("The table does not have the specified index")
ConsistentOnIndex = invalid("Strongly consistent read is not supported on Global Secondary Indexes")
FilterNotProjected = invalid(
    "One or more parameter values were invalid: Secondary index {name} "
    "does not project one or more filter attributes: [{attributes}]"
)
SeveralKeyAttributes = invalid(
    "PartiQL statements cannot be executed on tables with multi-attribute HASH keys "
    "or multi-attribute RANGE keys."
)
BadNextToken = invalid("Invalid NextToken")
OtherNextToken = invalid("NextToken does not match request")
Duplicate = ErrorType("DuplicateItemException", 400, "Duplicate primary key exists in table")

# Several statements at once
SelectWithoutKey = invalid(
    "Select statements within {operation} must specify the primary key in the where clause."
)
IndexInTransaction = invalid("Reads on indices are not supported within transactions.")
ReturningInTransaction = invalid("RETURNING clause is not supported in ExecuteTransaction.")
ExistsAlone = invalid("EXISTS can only be used in ExecuteTransaction write requests.")
ExistsNeedsCondition = invalid("EXISTS() must contain a single item read with additional condition")
ReadsAndWrites = invalid(
    "{operation} API does not support both read and write operations in the same request."
)
IN_TRANSACTION = "Validation failed in TransactStatements[{at}]: {message}"
