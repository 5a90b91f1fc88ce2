"""What a WHERE clause says of a key, and what is left of it to test items with."""

from collections.abc import Iterable

from ..expressions.conditions import ConditionCompiler, Test
from ..expressions.key_conditions import KeyCondition
from ..expressions.syntax import Path as ResolvedPath
from ..values import AttributeValue
from .binding import Binding
from .syntax import Call, Infix, Is, Path, Term

_RANGES = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def parts(term: Term | None) -> list[Term]:
    """The conditions a term joins by AND; the term itself if it joins none."""
    if term is None:
        return []
    if isinstance(term, Infix) and term.operator == "AND":
        return [part for each in term.operands for part in parts(each)]
    return [term]


def equality(binding: Binding, term: Term, name: str) -> AttributeValue | None:
    """The value a condition says an attribute equals; None if it says no such thing."""
    found = key_condition(binding, term, name)
    return found.values[0] if found is not None and found.operator == "=" else None


def key_in(
    binding: Binding, terms: list[Term], names: list[str]
) -> tuple[dict[str, AttributeValue], list[Term]]:
    """What conditions say that key attributes equal, and those that say anything else.

    The first value said of an attribute counts; to say the same again is nothing else.
    """
    key: dict[str, AttributeValue] = {}
    rest: list[Term] = []
    for term in terms:
        said = ((name, equality(binding, term, name)) for name in names)
        name, value = next((each for each in said if each[1] is not None), ("", None))
        if value is None or key.setdefault(name, value) != value:
            rest.append(term)
    return key, rest


def singled(terms: list[Term]) -> list[Term]:
    """The conditions, IN with a single value as the equality that it is."""
    return [
        Infix("=", term.operands)
        if isinstance(term, Infix) and term.operator == "IN" and len(term.operands) == 2
        else term
        for term in terms
    ]


def key_condition(binding: Binding, term: Term, name: str) -> KeyCondition | None:
    """The key condition on one attribute that a term is, or None."""
    if isinstance(term, Call):
        if (
            term.name != "begins_with"
            or len(term.operands) != 2
            or not is_path(term.operands[0], name)
        ):
            return None
        return KeyCondition(name, "begins_with", tuple(_values(binding, term.operands[1:])))
    if not isinstance(term, Infix) or term.operator not in (*_RANGES, "BETWEEN"):
        return None
    operator, operands = term.operator, term.operands
    if operator != "BETWEEN" and not is_path(operands[0], name):
        operator, operands = _RANGES[operator], operands[::-1]
    found = tuple(_values(binding, operands[1:]))
    if not is_path(operands[0], name) or len(found) != len(operands) - 1:
        return None
    return KeyCondition(name, operator, found)


def is_path(term: Term, name: str) -> bool:
    """Whether a term is just this attribute."""
    return isinstance(term, Path) and term.elements == (name,)


def _values(binding: Binding, terms: Iterable[Term]) -> Iterable[AttributeValue]:
    return (binding.value(term) for term in terms if not isinstance(term, Path | Call | Infix | Is))


def test_of(binding: Binding, terms: list[Term]) -> tuple[Test | None, list[ResolvedPath]]:
    """What tests an item for all of these conditions, and the paths it reads."""
    if not terms:
        return None, []
    term = terms[0] if len(terms) == 1 else Infix("AND", tuple(terms))
    tree = binding.condition(term)
    compiler = ConditionCompiler(binding.scope)
    return compiler.compile(tree), compiler.paths
