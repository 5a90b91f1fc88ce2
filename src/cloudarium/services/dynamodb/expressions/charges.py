"""What an UpdateItem counts its update expression for, in bytes.

The service limits not only the item but also what the expression says, whatever it does to the
item. Measured by its users to the byte in October 2026, in most regions; documented nowhere.
"""

from ..values import size_of
from .scope import Scope
from .syntax import Action, Arithmetic, Function, Operand, PathRef, Update, ValueRef

_UPDATE = 3
_WRITING, _REMOVING = 19, 1
_OPERATORS = {"+": 34, "-": 37, "if_not_exists": 39, "list_append": 37}


def of_update(update: Update, scope: Scope) -> int:
    """The bytes of a whole update expression."""
    return _UPDATE + sum(_of_action(action, scope) for action in update.actions)


def _of_action(action: Action, scope: Scope) -> int:
    first, *others = (_element(element, scope) for element in action.path.elements)
    target = first + sum(4 + size for size in others)
    if action.section in ("REMOVE", "DELETE"):
        return _REMOVING + target
    assert action.operand is not None
    return _WRITING + target + _of_operand(action.operand, scope)


def _of_operand(operand: Operand, scope: Scope) -> int:
    """A path counts for itself, not for what it reads; a value counts at every use."""
    if isinstance(operand, ValueRef):
        return size_of(scope.values[operand.name])
    if isinstance(operand, PathRef):
        return 1 + sum(14 + _element(element, scope) for element in operand.elements)
    assert isinstance(operand, Arithmetic | Function)
    name = operand.operator if isinstance(operand, Arithmetic) else operand.name
    return _OPERATORS[name] + sum(_of_operand(part, scope) for part in operand.operands)


def _element(element: str | int, scope: Scope) -> int:
    """Bytes of an attribute's name, or digits of a list's index."""
    if isinstance(element, int):
        return len(str(element))
    return len(scope.names.get(element, element).encode())
