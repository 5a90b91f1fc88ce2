"""What a PartiQL statement says, before its parameters are known."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, number, boolean or null: its type and content as in an attribute value."""

    kind: str
    content: str | bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """The `?` that stands for a parameter, by its position among them and in the statement."""

    number: int
    at: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[...]`, `(...)` or, as a `bag`, `<<...>>`."""

    elements: "tuple[Term, ...]"
    bag: bool = False


@dataclass(frozen=True, slots=True)
class Tuple:
    """`{'name': value, ...}`."""

    pairs: "tuple[tuple[str, Term], ...]"


@dataclass(frozen=True, slots=True)
class Path:
    """Attribute names and list indexes."""

    elements: "tuple[str | int, ...]"
    at: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function, its name in lower case, with its operands."""

    name: str
    operands: "tuple[Term, ...]"
    at: str


@dataclass(frozen=True, slots=True)
class Infix:
    """`=`, `<>`, `<`, `<=`, `>`, `>=`, `BETWEEN`, `IN`, `AND`, `OR`, `NOT`, `+` or `-`."""

    operator: str
    operands: "tuple[Term, ...]"


@dataclass(frozen=True, slots=True)
class Is:
    """`IS [NOT] <type>`; `kind` is an attribute type, `BAG` for the sets, or `MISSING`."""

    operand: "Term"
    kind: str
    negated: bool


Term = Literal | Parameter | ListOf | Tuple | Path | Call | Infix | Is

PREDICATES = (
    "attribute_exists",
    "attribute_not_exists",
    "attribute_type",
    "begins_with",
    "contains",
)


def is_condition(term: Term) -> bool:
    """Whether a term says something that is true or false."""
    if isinstance(term, Call):
        return term.name in PREDICATES
    return isinstance(term, Is) or (isinstance(term, Infix) and term.operator not in "+-")


def paths(term: Term | None) -> Iterator[Path]:
    """The paths in a term."""
    if isinstance(term, Path):
        yield term
    elif isinstance(term, Call | Infix):
        for operand in term.operands:
            yield from paths(operand)
    elif isinstance(term, Is):
        yield from paths(term.operand)


@dataclass(frozen=True, slots=True)
class Source:
    """A table or one of its indexes, by name."""

    table: str
    index: str | None = None


@dataclass(frozen=True, slots=True)
class Select:
    """A read; no columns mean `*`. `order` has attribute names and whether they descend.

    It `counts` if it asks for COUNT(*), which the service does not give.
    """

    source: Source
    columns: tuple[Path, ...]
    where: Term | None
    order: tuple[tuple[str, bool], ...] = ()
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Insert:
    """A new item."""

    source: Source
    item: Tuple


@dataclass(frozen=True, slots=True)
class Assignment:
    """`SET path = value`, or `REMOVE path` where there is no value."""

    path: Path
    value: Term | None


@dataclass(frozen=True, slots=True)
class Update:
    """A change of one item. `returning` is as `ALL OLD`."""

    source: Source
    assignments: tuple[Assignment, ...]
    where: Term | None
    returning: str | None


@dataclass(frozen=True, slots=True)
class Delete:
    """A deletion of one item."""

    source: Source
    where: Term | None
    returning: str | None


@dataclass(frozen=True, slots=True)
class Exists:
    """`EXISTS(SELECT ...)`: a transaction's check of one item."""

    select: Select


Statement = Select | Insert | Update | Delete | Exists
