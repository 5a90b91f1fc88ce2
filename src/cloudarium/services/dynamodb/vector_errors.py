"""The errors of vector indexes: making them, writing under them and searching them."""

from .errors import invalid, value

_WRITTEN = "One or more parameter values were invalid. "

OnlyOnDemand = value("Vector indexes are only supported for PAY_PER_REQUEST tables")
TooMany = value("VectorIndex count exceeds the per-table limit of 5")
TooManyDimensions = value("Number of dimensions must be between 1 and 4096 inclusive.")
DimensionsDiffer = value(
    "Conflicting attribute definition for '{name}'. "
    "All VectorIndexes on the same vector attribute must use the same dimensions."
)
MustBeOnDemand = value("Tables with vector indexes must be in PAY_PER_REQUEST mode")
NoAction = value("One of VectorIndexUpdate.Create, VectorIndexUpdate.Delete must not be null")
SeveralActions = value("Only one vector index action is allowed per VectorIndexUpdate object")
AttributeDefined = value(
    "Conflicting attribute definition for '{name}'. "
    "An attribute cannot be defined in AttributeDefinitions when used as a VectorAttribute."
)
TooManyProjected = value(  # how the service goes on is not known
    "Number of projected attributes of a vector index exceeds limit of 20, "
    "number of projected attributes:{count}"
)
SchemaDuplicate = value("SearchSchema contains a duplicate AttributeName")
SchemaTooMany = value(
    "Value '{count}' at 'SearchSchema' failed to satisfy constraint: "
    "Member must have {kind} count less than or equal to {most}"
)
SchemaUndefined = value("One element in SearchSchema is not defined in attribute definitions")

NotAVector = invalid(
    _WRITTEN + "Invalid type for parameter {name}, "
    "Expected: 32-bit floating point number list IndexName: {index}"
)
NotANumber = invalid(
    _WRITTEN + "Invalid type for parameter {name}[{at}], "
    "Expected: 32-bit floating point number, Actual: {actual}. IndexName: {index}"
)
WrongSize = invalid(
    _WRITTEN + "Invalid size for parameter {name}, "
    "Expected: {expected}, Actual: {actual} IndexName: {index}"
)

TopKOutOfRange = invalid(
    "Provided TopK value '{given}' is out of valid range. "
    "The value must be between 1 and 100 inclusive"
)
ConditionMissing = invalid(
    "SearchConditionExpression must be provided when SearchSchema has a HASH key"
)
Comparator = invalid(
    "Invalid SearchConditionExpression: Invalid comparator used in SearchConditionExpression"
)
Operator = invalid(
    "Invalid SearchConditionExpression: Invalid operator used in SearchConditionExpression"
)
ConditionType = invalid(
    "Type of '{name}' attribute in SearchConditionExpression ({given}) "
    "does not match type in search schema ({wanted})"
)
NotFilled = invalid("Cannot search backfilling vector index: {name}")
OutsideSchema = invalid(
    "SearchConditionExpression must not contain any attributes that is not in SearchSchema. "
    "Invalid attribute: {name}"
)
SearchDimensions = invalid(
    "Input search vector dimension {given} does not match vector index dimension {wanted}"
)
SearchValues = invalid(
    "Search vector contains invalid values. "
    "All values in the search vector must be a 32-bit floating-point number attribute"
)
NotForVectors = invalid("{operation} operation not supported on this index type")
