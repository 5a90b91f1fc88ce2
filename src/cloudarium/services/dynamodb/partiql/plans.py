"""How a SELECT is read: stretch by stretch of the partitions its WHERE clause names, or whole.

As measured on the service, the clause is taken as alternatives of conditions joined by AND. If each
says that the hash key equals one value, at most one thing of the sort key and nothing else of
either, their stretches are read one after the other; if not, everything is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, product
from math import prod

from .. import key_ranges, keys, limits
from ..expressions.key_conditions import KeyCondition
from ..pages import Source
from ..reading import Stretch
from ..values import AttributeValue, type_of
from . import errors, where
from .binding import Binding
from .sets import in_set_order
from .syntax import Infix, Term, paths


@dataclass(frozen=True, slots=True)
class Branch:
    """One of a clause's alternatives: its key conditions by name, and what else it asks."""

    keys: dict[str, KeyCondition]
    rest: list[Term]


def branches(binding: Binding, clause: Term | None, names: list[str]) -> list[Branch] | None:
    """The alternatives of a clause, each of one partition; None if everything must be read.

    `names` are the key attributes of what is read. ValidationException if that is too many reads,
    or if a key is said to be what none can be.
    """
    if clause is None:
        return None
    count = _count(clause, names)
    if count > limits.STATEMENT_READS and _is_of_partitions(binding, clause, names[0]):
        raise errors.TooManyReads()
    if count > limits.STATEMENT_BRANCHES:
        return None
    found: list[Branch] = []
    for terms in _alternatives(clause, names):
        branch = _branch(binding, terms, names)
        if branch is None:
            return None
        found.append(branch)
    _check_kinds(found)
    return found


def hash_values(found: list[Branch], name: str) -> list[AttributeValue]:
    """The values of the hash key `name` that branches read, each once and in order."""
    values = [branch.keys[name].values[0] for branch in found]
    return [value for _, value in sorted({keys.ordered(value): value for value in values}.items())]


def stretches(
    source: Source, found: list[Branch], *, descends: bool, forward: bool
) -> list[Stretch]:
    """What the branches read, in the order in which it is read.

    Partitions go by their value, backwards if it `descends`; the stretches of one by their sort
    keys, backwards unless `forward`. ValidationException if some of them overlap, or say of a key
    what is of another type.
    """
    _check_types(source, found)
    placed = [(_place(source, branch), _stretch(source, branch)) for branch in found]
    placed.sort(key=lambda each: (each[0], each[1].low))
    if any(before.meets(stretch) for (_, before), (_, stretch) in pairwise(placed)):
        raise errors.Overlapping()
    placed.sort(key=lambda each: each[1].low, reverse=not forward)
    placed.sort(key=lambda each: each[0], reverse=descends)
    return [stretch for _, stretch in placed]


def _place(source: Source, branch: Branch) -> bytes:
    """Where a branch's partition comes among others."""
    return keys.ordered(branch.keys[source.keys[0]].values[0])


def _check_types(source: Source, found: list[Branch]) -> None:
    for name, kind in _kinds(found):
        if kind != source.table.types[name]:
            raise errors.KeyType(name=name)


def _check_kinds(found: list[Branch]) -> None:
    for name, kind in _kinds(found):
        if kind not in ("S", "N", "B"):
            raise errors.KeyValueType(name=name, type=kind)


def _kinds(found: list[Branch]) -> Iterator[tuple[str, str]]:
    """The key attributes that branches name, each with the types of what they say of it."""
    for branch in found:
        for name, condition in branch.keys.items():
            for kind in map(type_of, condition.values):
                yield name, kind


def unprojected(source: Source, found: list[Branch], held: set[str]) -> list[str]:
    """The attributes that branches ask for and that an index, which has those `held`, has not.

    As measured, the last branch tells them, and none does if there is one that can be read.
    """
    missing: list[str] = []
    for branch in sorted(found, key=partial(_place, source)):
        asked = (str(path.elements[0]) for term in branch.rest for path in paths(term))
        missing = [name for name in dict.fromkeys(asked) if name not in held]
        if not missing:
            return []
    return in_set_order(missing)


def _count(term: Term, names: list[str]) -> int:
    """How many alternatives a term has."""
    if not isinstance(term, Infix) or not _mentions(term, names):
        return 1
    if term.operator == "IN":
        return len(term.operands) - 1
    if term.operator not in ("AND", "OR"):
        return 1
    counts = [_count(part, names) for part in term.operands]
    return sum(counts) if term.operator == "OR" else prod(counts)


def _is_of_partitions(binding: Binding, term: Term, name: str) -> bool:
    """Whether all alternatives of a term say what the hash key `name` equals."""
    if not isinstance(term, Infix):
        return False
    parts = (_is_of_partitions(binding, part, name) for part in term.operands)
    if term.operator in ("AND", "OR"):
        return any(parts) if term.operator == "AND" else all(parts)
    if term.operator == "IN":
        return where.is_path(term.operands[0], name)
    return where.equality(binding, term, name) is not None


def _alternatives(term: Term, names: list[str]) -> list[list[Term]]:
    """The conditions joined by AND of which the term asks one or another, as far as keys go."""
    if not isinstance(term, Infix) or not _mentions(term, names):
        return [[term]]
    if term.operator == "IN":
        return [[Infix("=", (term.operands[0], value))] for value in term.operands[1:]]
    if term.operator not in ("AND", "OR"):
        return [[term]]
    parts = [_alternatives(part, names) for part in term.operands]
    if term.operator == "OR":
        return [terms for part in parts for terms in part]
    return [[each for terms in chosen for each in terms] for chosen in product(*parts)]


def _branch(binding: Binding, terms: list[Term], names: list[str]) -> Branch | None:
    found: dict[str, KeyCondition] = {}
    rest: list[Term] = []
    for term in terms:
        condition = next(_conditions(binding, term, names), None)
        if condition is None:
            if _mentions(term, names):
                return None
            rest.append(term)
        elif found.setdefault(condition.name, condition) != condition:
            return None
    hashed = found.get(names[0])
    return Branch(found, rest) if hashed is not None and hashed.operator == "=" else None


def _conditions(binding: Binding, term: Term, names: list[str]) -> Iterator[KeyCondition]:
    for name in names:
        condition = where.key_condition(binding, term, name)
        if condition is not None:
            yield condition


def _mentions(term: Term, names: list[str]) -> bool:
    return any(path.elements[0] in names for path in paths(term))


def _stretch(source: Source, branch: Branch) -> Stretch:
    partition, (low, high) = key_ranges.key_range(source, branch.keys)
    equal = {name for name, each in branch.keys.items() if each.operator == "="}
    return Stretch(partition, low, high, source.index is None and equal == set(source.keys))
