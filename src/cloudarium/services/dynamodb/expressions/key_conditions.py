"""Key condition expressions: which attribute must stand in which relation to which values."""

from dataclasses import dataclass

from ..values import AttributeValue
from . import errors
from .scope import Scope
from .syntax import Comparison, Condition, Function, Logical, Operand, PathRef, ValueRef

_MIRRORED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


OPERATORS = frozenset(("=", "<", "<=", ">", ">=", "BETWEEN", "begins_with"))


@dataclass(frozen=True, slots=True)
class KeyCondition:
    """What one key attribute must fulfil: `=`, `<`, ..., `BETWEEN` or `begins_with`."""

    name: str
    operator: str
    values: tuple[AttributeValue, ...]


def key_conditions(tree: Condition, scope: Scope) -> dict[str, KeyCondition]:
    """The conditions by attribute, of a checked condition expression.

    Raises ValidationException for all but the forms a key condition may have.
    """
    found: dict[str, KeyCondition] = {}
    for part in _parts(tree):
        condition = _key_condition(part, scope)
        if condition.name in found:
            raise errors.KeyTwice()
        found[condition.name] = condition
    return found


def _parts(tree: Condition) -> list[Comparison | Function]:
    if not isinstance(tree, Logical):
        return [tree]
    if tree.operator != "AND":
        raise errors.KeyOperator(name=tree.operator)
    return [part for condition in tree.conditions for part in _parts(condition)]


def _key_condition(tree: Comparison | Function, scope: Scope) -> KeyCondition:
    operator = tree.operator if isinstance(tree, Comparison) else tree.name
    if operator in ("IN", "<>") or (isinstance(tree, Function) and operator != "begins_with"):
        raise errors.KeyOperator(name=operator)
    if operator in ("BETWEEN", "begins_with") and not isinstance(tree.operands[0], PathRef):
        raise errors.KeyFirstOperand(name=operator)
    name, at = _named(tree.operands, scope)
    values = tuple(
        scope.values[operand.name] for operand in tree.operands if isinstance(operand, ValueRef)
    )
    return KeyCondition(name, _MIRRORED[operator] if at else operator, values)


def _named(operands: tuple[Operand, ...], scope: Scope) -> tuple[str, int]:
    """The one attribute among the operands, and its place."""
    found: tuple[str, int] | None = None
    for at, operand in enumerate(operands):
        if isinstance(operand, Function):
            raise errors.KeyNestedOperation()
        if not isinstance(operand, PathRef):
            continue
        if found is not None:
            raise errors.KeySeveralNames()
        if len(operand.elements) > 1:
            raise errors.KeyNestedAttribute()
        name = str(operand.elements[0])
        found = scope.names.get(name, name), at
    if found is None:
        raise errors.KeyNoName()
    return found
