"""What an expression's text says, before its names and values are known."""

from dataclasses import dataclass

Path = tuple["str | int", ...]
# The functions of each kind of expression, and how many operands each takes.
CONDITION_FUNCTIONS = {
    "attribute_exists": 1,
    "attribute_not_exists": 1,
    "attribute_type": 2,
    "begins_with": 2,
    "contains": 2,
    "size": 1,
}
UPDATE_FUNCTIONS = {"if_not_exists": 2, "list_append": 2}


@dataclass(frozen=True, slots=True)
class PathRef:
    """A document path: attribute names, `#name` placeholders and list indexes."""

    elements: Path


@dataclass(frozen=True, slots=True)
class ValueRef:
    """A `:value` placeholder."""

    name: str


@dataclass(frozen=True, slots=True)
class Function:
    """A function with its operands."""

    name: str
    operands: "tuple[Operand, ...]"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left + right` or `left - right` in a SET."""

    operator: str
    operands: "tuple[Operand, Operand]"


Operand = PathRef | ValueRef | Function | Arithmetic


@dataclass(frozen=True, slots=True)
class Comparison:
    """`=`, `<>`, `<`, `<=`, `>`, `>=`, `BETWEEN` or `IN` with its operands."""

    operator: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Logical:
    """`AND`, `OR` or `NOT` over conditions, or `=`: two that both hold or both do not."""

    operator: str
    conditions: "tuple[Condition, ...]"


Condition = Comparison | Logical | Function


@dataclass(frozen=True, slots=True)
class Action:
    """One step of an update: its section, its path, and the operand (none for `REMOVE`)."""

    section: str
    path: PathRef
    operand: Operand | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """An update expression: its sections in the order written, and all their actions."""

    sections: tuple[str, ...]
    actions: tuple[Action, ...]
