"""The parameters expressions replaced, made into what expressions compile to.

Source: Developer Guide, "Legacy conditional parameters".
"""

from collections.abc import Mapping
from typing import Any

from .. import values
from ..values import AttributeValue
from . import errors
from .comparisons import RELATIONS, Relation, at_most, below, contains
from .conditions import Test
from .expressions import Expressions
from .key_conditions import KeyCondition
from .paths import tree
from .updates import CompiledUpdate, Step

# In the order in which the service lists them.
PARAMETERS = (
    "AttributesToGet",
    "AttributeUpdates",
    "Expected",
    "QueryFilter",
    "ScanFilter",
    "ConditionalOperator",
    "KeyConditions",
)
_RELATIONS: dict[str, Relation] = {
    "EQ": values.equal,
    "LT": below,
    "LE": at_most,
    "GT": RELATIONS[">"],
    "GE": RELATIONS[">="],
    "BEGINS_WITH": RELATIONS["begins_with"],
    "CONTAINS": contains,
}
_KEY_OPERATORS = {
    "EQ": "=",
    "LT": "<",
    "LE": "<=",
    "GT": ">",
    "GE": ">=",
    "BETWEEN": "BETWEEN",
    "BEGINS_WITH": "begins_with",
}
_SCALARS = ("S", "N", "B")
_TYPES = {
    **dict.fromkeys(("LT", "LE", "GT", "GE", "BETWEEN", "IN"), _SCALARS),
    **dict.fromkeys(("CONTAINS", "NOT_CONTAINS"), (*_SCALARS, "BOOL", "NULL")),
    "BEGINS_WITH": ("S", "B"),
}
_COUNTS = {"NULL": 0, "NOT_NULL": 0, "BETWEEN": 2}


def translated(request: Mapping[str, Any]) -> Expressions:
    """What a request's legacy parameters ask for. Raises ValidationException."""
    found = Expressions()
    any_of = request.get("ConditionalOperator") == "OR"
    filters = request.get("QueryFilter") or request.get("ScanFilter")
    expected = request.get("Expected")
    elements = len(filters or expected or ())
    if "ConditionalOperator" in request and elements < 2:
        raise errors.OperatorOfOne() if elements else errors.OperatorAlone()
    if "AttributeUpdates" in request:
        updates = request["AttributeUpdates"]
        found.update = CompiledUpdate(tuple(_step(name, each) for name, each in updates.items()))
    if expected:
        tests = [_expected(name, given) for name, given in expected.items()]
        found.condition = _joined(tests, any_of)
    if filters:
        tests = [_condition(name, given) for name, given in filters.items()]
        found.filter = _joined(tests, any_of)
        found.filter_paths = [(name,) for name in filters]
    if "KeyConditions" in request:
        given = request["KeyConditions"]
        found.keys = {name: _key_condition(name, each) for name, each in given.items()}
        if not given or (len(given) > 2 and "IndexName" not in request):
            raise errors.KeyCount()  # an index's key can have more attributes
    if "AttributesToGet" in request:
        found.projection = _projection(request["AttributesToGet"])
    return found


def _joined(tests: list[Test], any_of: bool) -> Test:
    joined = any if any_of else all
    return lambda item: joined(test(item) for test in tests)


def _checked(given: Mapping[str, Any]) -> tuple[str, list[AttributeValue]]:
    """The operator and its operands, if they are as many and of such types as it takes."""
    operator, operands = given["ComparisonOperator"], given.get("AttributeValueList") or []
    for operand in operands:
        values.admit(operand)
    fits = operands if operator == "IN" else len(operands) == _COUNTS.get(operator, 1)
    if not fits:
        raise errors.ArgumentCount(name=operator)
    kinds = [values.type_of(operand) for operand in operands]
    for kind in kinds:
        if kind not in _TYPES.get(operator, kinds):
            raise errors.OperatorType(name=operator, type=kind)
        if kind != kinds[0]:
            raise errors.OperandsOfTypes()
    if operator == "BETWEEN" and below(operands[1], operands[0]):
        raise errors.BetweenBounds()
    return operator, operands


def _condition(name: str, given: Mapping[str, Any]) -> Test:
    operator, operands = _checked(given)
    if operator == "NULL":
        return lambda item: name not in item
    if operator == "NOT_NULL":
        return lambda item: name in item
    if operator == "NE":
        return lambda item: name not in item or not values.equal(item[name], operands[0])
    if operator == "NOT_CONTAINS":
        return lambda item: name in item and not contains(item[name], operands[0])
    if operator == "IN":
        return lambda item: name in item and any(values.equal(item[name], o) for o in operands)
    if operator == "BETWEEN":
        low, high = operands
        return lambda item: name in item and at_most(low, item[name]) and at_most(item[name], high)
    relation = _RELATIONS[operator]
    return lambda item: name in item and relation(item[name], operands[0])


def _expected(name: str, given: Mapping[str, Any]) -> Test:
    exists, value = given.get("Exists"), given.get("Value")
    if "ComparisonOperator" in given:
        return _compared(name, given)
    if "AttributeValueList" in given:
        raise (errors.ListWithoutOperator if value is None else errors.ValueAndList)(name=name)
    if exists is False:
        if value is not None:
            raise errors.ValueWithoutExists(name=name)
        return lambda item: name not in item
    if value is None:
        raise errors.ExistsWithoutValue(name=name, exists="null" if exists is None else "true")
    return _condition(name, {"ComparisonOperator": "EQ", "AttributeValueList": [value]})


def _compared(name: str, given: Mapping[str, Any]) -> Test:
    operator, value, operands = map(
        given.get, ("ComparisonOperator", "Value", "AttributeValueList")
    )
    if given.get("Exists") is not None:
        raise errors.ExistsAndOperator(name=name)
    if value is not None and operands is not None:
        raise errors.ValueAndList(name=name)
    if value is not None:
        return _condition(name, {**given, "AttributeValueList": [value]})
    if operands is None and operator not in ("NULL", "NOT_NULL"):
        raise errors.OperatorWithoutValue(operator=operator, name=name)
    return _condition(name, given)


def _key_condition(name: str, given: Mapping[str, Any]) -> KeyCondition:
    operator, operands = _checked(given)
    return KeyCondition(name, _KEY_OPERATORS.get(operator, operator), tuple(operands))


def _step(name: str, given: Mapping[str, Any]) -> Step:
    action, value = given.get("Action", "PUT"), given.get("Value")
    if value is None:
        if action != "DELETE":
            raise errors.OnlyDelete()
        return Step("REMOVE", (name,), lambda _: None)
    values.admit(value)
    kind = values.type_of(value)
    if action == "DELETE" and kind not in values.SETS:
        raise errors.ActionType(name="DELETE action with value", type=kind)
    if action == "ADD" and kind not in (*values.SETS, "N", "L"):
        raise errors.ActionType(name="ADD action", type=kind)
    section = "SET" if action == "PUT" else action
    return Step(section, (name,), lambda _: value, kind, errors.UpdatedType)


def _projection(names: list[str]) -> dict[str | int, Any]:
    for at, name in enumerate(names):
        if name in names[:at]:
            raise errors.DuplicateName(name=name)
    return tree((name,) for name in names)
