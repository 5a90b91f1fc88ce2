"""Every error of the expression language; the messages are the service's own.

An expression's errors are put into `IN_EXPRESSION` before they are answered.
"""

from ..errors import invalid
from ..value_errors import Refusal

IN_EXPRESSION = "Invalid {expression}: {message}"
IN_VALUES = "ExpressionAttributeValues contains invalid value: {message} for key {name}"

NamesWithoutExpression = invalid(
    "ExpressionAttributeNames can only be specified when using expressions"
)
ValuesWithoutExpression = Refusal(
    "ExpressionAttributeValues can only be specified when using expressions: {reason}",
    "ExpressionAttributeValues can only be specified when using expressions",
)
NamesEmpty = invalid("ExpressionAttributeNames must not be empty")
ValuesEmpty = invalid("ExpressionAttributeValues must not be empty")
NameKeySyntax = invalid(
    'ExpressionAttributeNames contains invalid key: Syntax error; key: "{name}"'
)
ValueKeySyntax = invalid(
    'ExpressionAttributeValues contains invalid key: Syntax error; key: "{name}"'
)
NameKeyTooLong = invalid(
    "ExpressionAttributeNames contains invalid key: "
    "The expression attribute map contains a key that is too long; size of key: {size}"
)
ValueKeyTooLong = invalid(
    "ExpressionAttributeValues contains invalid key: "
    "The expression attribute map contains a key that is too long;"
)
NameEmpty = invalid(
    "ExpressionAttributeNames contains invalid value: Empty attribute name for key {key}"
)
NamesUnused = invalid(
    "Value provided in ExpressionAttributeNames unused in expressions: keys: {{{names}}}"
)
ValuesUnused = invalid(
    "Value provided in ExpressionAttributeValues unused in expressions: keys: {{{names}}}"
)
ExpressionEmpty = invalid("The expression can not be empty;")
ExpressionTooLong = invalid(
    "Expression size has exceeded the maximum allowed size; expression size: {size}"
)
OtherTooLong = invalid("Expression size has exceeded the maximum allowed size;")
TooManyOperators = invalid("The expression contains too many operators; operator count: 301")
Syntax = invalid('Syntax error; token: "{token}", near: "{near}"')
RedundantParentheses = invalid("The expression has redundant parentheses;")
ReservedWord = invalid("Attribute name is a reserved keyword; reserved keyword: {name}")
IndexOutOfRange = invalid("List index is not within the allowable range; index: [{index}]")
NameUndefined = invalid(
    "An expression attribute name used in the document path is not defined; attribute name: {name}"
)
PathTooDeep = invalid("The document path has too many nesting levels; nesting levels: {levels}")
ValueUndefined = invalid(
    "An expression attribute value used in expression is not defined; attribute value: {name}"
)
UnknownFunction = invalid("Invalid function name; function: {name}")
UpdateFunction = invalid("The function is not allowed in a condition expression; function: {name}")
ConditionFunction = invalid("The function is not allowed in an update expression; function: {name}")
MisusedFunction = invalid(
    "The function is not allowed to be used this way in an expression; function: {name}"
)
OperandCount = invalid(
    "Incorrect number of operands for operator or function; "
    "operator or function: {name}, number of operands: {count}"
)
NeedsPath = invalid("Operator or function requires a document path; operator or function: {name}")
FunctionOperandType = invalid(
    "Incorrect operand type for operator or function; "
    "operator or function: {name}, operand type: {type}"
)
OperatorOperandType = invalid(
    "Incorrect operand type for operator or function; "
    "operator or function: {name}, operand type: {type}"
)
ActionOperandType = invalid(
    "Incorrect operand type for operator or function; "
    "operator: {name}, operand type: {type}, typeSet: ALLOWED_FOR_ADD_OPERAND"  # also of DELETE
)
UnknownTypeName = invalid(
    "Invalid attribute type name found; type: {name}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}"
)
NotDistinct = invalid(
    "The first operand must be distinct from the remaining operands for this operator or function; "
    "operator: {name}, first operand: {path}"
)
BetweenTypes = invalid(
    "The BETWEEN operator requires same data type for lower and upper bounds; "
    "lower bound operand: AttributeValue: {{{low}}}, "
    "upper bound operand: AttributeValue: {{{high}}}"
)
BetweenOrder = invalid(
    "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
    "lower bound operand: AttributeValue: {{{low}}}, "
    "upper bound operand: AttributeValue: {{{high}}}"
)
TooManyInOperands = invalid(
    "Incorrect number of operands for operator or function; "
    "operator or function: IN, number of operands: {count}"
)
PathsOverlap = invalid(
    "Two document paths overlap with each other; must remove or rewrite one of these paths; "
    "path one: {one}, path two: {two}"
)
PathsConflict = invalid(
    "Two document paths conflict with each other; must remove or rewrite one of these paths; "
    "path one: {one}, path two: {two}"
)
SectionTwice = invalid('The "{name}" section can only be used once in an update expression;')
AttributeMissing = invalid(
    "The provided expression refers to an attribute that does not exist in the item"
)
PathNotUpdatable = invalid(
    "The document path provided in the update expression is invalid for update"
)
OperandType = invalid("An operand in the update expression has an incorrect data type")
KeyOperator = invalid("Invalid operator used in KeyConditionExpression: {name}")
KeyNestedOperation = invalid("KeyConditionExpressions cannot contain nested operations")
KeyNestedAttribute = invalid("KeyConditionExpressions cannot have conditions on nested attributes")
KeyFirstOperand = invalid(
    "Invalid condition in KeyConditionExpression: "
    "{name} operator must have the key attribute as its first operand"
)
KeySeveralNames = invalid(
    "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"
)
KeyNoName = invalid("Invalid condition in KeyConditionExpression: No key attribute specified")
KeyTwice = invalid(
    "Invalid KeyConditionExpression: "
    "KeyConditionExpressions must only contain one condition per key"
)
KeyCount = invalid("Conditions can be of length 1 or 2 only")

# Legacy parameters
_VALUE = "One or more parameter values were invalid: "
OperatorAlone = invalid("ConditionalOperator cannot be used without Filter or Expected")
OperatorOfOne = invalid(
    "ConditionalOperator can only be used when Filter or Expected has two or more elements"
)
ArgumentCount = invalid(_VALUE + "Invalid number of argument(s) for the {name} ComparisonOperator")
OperatorType = invalid(
    _VALUE + "ComparisonOperator {name} is not valid for {type} AttributeValue type"
)
OperandsOfTypes = invalid(_VALUE + "AttributeValues inside AttributeValueList must be of same type")
BetweenBounds = invalid(
    "The BETWEEN condition was provided a range where the lower bound is greater than "
    "the upper bound"
)
ExistsAndOperator = invalid(
    _VALUE + "Exists and ComparisonOperator cannot be used together for Attribute: {name}"
)
ValueAndList = invalid(
    _VALUE + "Value and AttributeValueList cannot be used together for Attribute: {name}"
)
OperatorWithoutValue = invalid(
    _VALUE + "Value or AttributeValueList must be used with ComparisonOperator: {operator} "
    "for Attribute: {name}"
)
ListWithoutOperator = invalid(
    _VALUE + "AttributeValueList can only be used with a ComparisonOperator for Attribute: {name}"
)
ValueWithoutExists = invalid(
    _VALUE + "Value cannot be used when Exists is false for Attribute: {name}"
)
ExistsWithoutValue = invalid(
    _VALUE + "Value must be provided when Exists is {exists} for Attribute: {name}"
)
OnlyDelete = invalid(_VALUE + "Only DELETE action is allowed when no attribute value is specified")
UpdatedType = invalid("Type mismatch for attribute to update")
ActionType = invalid(_VALUE + "{name} is not supported for the type {type}")
DuplicateName = invalid(_VALUE + "Duplicate value in attribute name: {name}")
