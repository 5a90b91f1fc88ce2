"""How a SELECT is read: stretch by stretch of the partitions its WHERE clause names, or whole.

As measured on the service, the clause is taken as alternatives of conditions joined by AND. If each
says that the hash key equals one value, at most one thing of the sort key and nothing else of
either, their stretches are read one after the other; if not, everything is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from math import prod

from .. import key_ranges, keys, limits
from ..expressions.key_conditions import KeyCondition
from ..pages import Source
from ..reading import Stretch
from ..values import AttributeValue
from . import errors, where
from .binding import Binding
from .syntax import Infix, Term, paths


@dataclass(frozen=True, slots=True)
class Branch:
    """One of a clause's alternatives: its key conditions by name, and what else it asks."""

    keys: dict[str, KeyCondition]
    rest: list[Term]


def branches(binding: Binding, clause: Term | None, names: list[str]) -> list[Branch] | None:
    """The alternatives of a clause, each of one partition; None if everything must be read.

    `names` are the key attributes of what is read.
    """
    if clause is None:
        return None
    found: list[Branch] = []
    for terms in _alternatives(clause, names):
        branch = _branch(binding, terms, names)
        if branch is None:
            return None
        found.append(branch)
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
    keys, backwards unless `forward`. ValidationException if some of them overlap.
    """
    name = source.keys[0]
    placed = [
        (keys.ordered(branch.keys[name].values[0]), _stretch(source, branch), branch.rest)
        for branch in found
    ]
    placed.sort(key=lambda each: (each[0], each[1].low))
    kept = placed[:1]
    for (_, before, rest), (value, stretch, other) in pairwise(placed):
        if not before.meets(stretch):
            kept.append((value, stretch, other))
        elif not before.is_whole or not stretch.is_whole or rest == other:
            raise errors.Overlapping()
    kept.sort(key=lambda each: each[1].low, reverse=not forward)
    kept.sort(key=lambda each: each[0], reverse=descends)
    return [stretch for _, stretch, _ in kept]


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
    if prod(map(len, parts)) > limits.STATEMENT_BRANCHES:
        return [[term]]
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
