"""What a WHERE clause says of a key, and what is left of it to test items with."""

from collections.abc import Iterable

from ..expressions.conditions import ConditionCompiler, Test
from ..expressions.key_conditions import KeyCondition
from ..expressions.syntax import Path as ResolvedPath
from ..key_ranges import stretch_of
from ..values import AttributeValue
from . import errors
from .binding import Binding
from .syntax import Call, Infix, Path, Term

_RANGES = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def parts(term: Term | None, operator: str = "AND") -> list[Term]:
    """The conditions a term joins by AND (or OR); the term itself if it joins none."""
    if term is None:
        return []
    if isinstance(term, Infix) and term.operator == operator:
        return [part for each in term.operands for part in parts(each, operator)]
    return [term]


def equality(binding: Binding, term: Term, name: str) -> AttributeValue | None:
    """The value a condition says an attribute equals; None if it says no such thing."""
    found = key_condition(binding, term, name)
    return found.values[0] if found is not None and found.operator == "=" else None


def key_condition(binding: Binding, term: Term, name: str) -> KeyCondition | None:
    """The key condition on one attribute that a term is, or None."""
    if isinstance(term, Call):
        if term.name != "begins_with" or len(term.operands) != 2 or not _is(term.operands[0], name):
            return None
        return KeyCondition(name, "begins_with", tuple(_values(binding, term.operands[1:])))
    if not isinstance(term, Infix) or term.operator not in (*_RANGES, "BETWEEN"):
        return None
    operator, operands = term.operator, term.operands
    if operator != "BETWEEN" and not _is(operands[0], name):
        operator, operands = _RANGES[operator], operands[::-1]
    found = tuple(_values(binding, operands[1:]))
    if not _is(operands[0], name) or len(found) != len(operands) - 1:
        return None
    return KeyCondition(name, operator, found)


def _is(term: Term, name: str) -> bool:
    return isinstance(term, Path) and term.elements == (name,)


def _values(binding: Binding, terms: Iterable[Term]) -> Iterable[AttributeValue]:
    return (binding.value(term) for term in terms if not isinstance(term, Path | Call | Infix))


def among(binding: Binding, term: Term, name: str) -> list[AttributeValue] | None:
    """The values of which a condition says that an attribute is one; None if it does not.

    Such are `name IN [...]`, and equalities on it joined by OR.
    """
    if is_among(term, name):
        assert isinstance(term, Infix)
        found = list(_values(binding, term.operands[1:]))
        return found if len(found) == len(term.operands) - 1 else None
    branches = parts(term, "OR")
    if len(branches) < 2:
        return None
    values = [equality(binding, branch, name) for branch in branches]
    present = [value for value in values if value is not None]
    return present if len(present) == len(values) else None


def is_among(term: Term, name: str) -> bool:
    """Whether a condition is `name IN ...`."""
    return isinstance(term, Infix) and term.operator == "IN" and _is(term.operands[0], name)


def test_of(binding: Binding, terms: list[Term]) -> tuple[Test | None, list[ResolvedPath]]:
    """What tests an item for all of these conditions, and the paths it reads."""
    if not terms:
        return None, []
    term = terms[0] if len(terms) == 1 else Infix("AND", tuple(terms))
    tree = binding.condition(term)
    compiler = ConditionCompiler(binding.scope)
    return compiler.compile(tree), compiler.paths


def check_overlaps(binding: Binding, where: Term | None, hash_key: str, range_key: str) -> None:
    """Refuses branches of an OR that select overlapping stretches of one partition.

    A branch that only denies something of the sort key selects no stretch.
    """
    seen: list[tuple[AttributeValue, tuple[bytes, bytes | None], bool]] = []
    branches = parts(where, "OR")
    for branch in branches if len(branches) > 1 else ():
        terms = parts(branch)
        hashed = next((v for t in terms if (v := equality(binding, t, hash_key))), None)
        if hashed is None or any(_denies(term, range_key) for term in terms):
            continue
        ranged = next((c for t in terms if (c := key_condition(binding, t, range_key))), None)
        stretch = stretch_of(ranged) if ranged else (b"", None)
        for other, there, is_ranged in seen:
            if other == hashed and (ranged or is_ranged) and _meet(stretch, there):
                raise errors.Overlapping()
        seen.append((hashed, stretch, ranged is not None))


def _denies(term: Term, name: str) -> bool:
    if not isinstance(term, Infix) or term.operator not in ("NOT", "<>"):
        return False
    return any(
        _is(each, name)
        or (isinstance(each, Infix | Call) and any(_is(part, name) for part in each.operands))
        for each in term.operands
    )


def _meet(one: tuple[bytes, bytes | None], two: tuple[bytes, bytes | None]) -> bool:
    return (one[1] is None or two[0] < one[1]) and (two[1] is None or one[0] < two[1])
