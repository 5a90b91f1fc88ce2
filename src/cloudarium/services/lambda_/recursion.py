"""Recursive loop detection: a chain of requests that comes back to a function again and again.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html. The count goes along in the
tracing header, as `Lineage=a87bd80c:1|68fd508a:5` (X-Ray's developer guide, "Tracing header"): for
each function how often the chain has come back to it. SDKs send it on with what a function calls.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from cloudarium.core.context import Context
from cloudarium.services.lambda_ import function_settings, limits
from cloudarium.services.lambda_.names import Reference

_FIELD = ";Lineage="
_MOST_FUNCTIONS = 32  # of one chain; with more the header would be longer than 512 characters


def name(function_arn: str) -> str:
    """What a function is called in a lineage."""
    return f"{zlib.crc32(function_arn.encode()):08x}"


def split(header: str) -> tuple[str, str]:
    """The header without its lineage, and the lineage, "" for none."""
    plain, _, lineage = header.partition(_FIELD)
    return plain, lineage


def joined(header: str, lineage: str) -> str:
    """The header with a lineage."""
    return f"{header}{_FIELD}{lineage}"


def times(lineage: str, function: str) -> int:
    """How often the chain has invoked the function of this name."""
    return _counts([lineage]).get(function, -1) + 1 if lineage else 0


def onward(lineage: str, function: str) -> str:
    """The lineage of what the function of this name does when it is invoked once more."""
    if not lineage:
        return f"{function}:0"
    counts = _counts([lineage])
    counts[function] = counts.pop(function, -1) + 1
    return _text(counts)


def sent_on(header: str, function: str) -> str:
    """The header of what Lambda sends on for an invocation of the function with `header`."""
    plain, lineage = split(header)
    return joined(plain, onward(lineage, function))


def merged(lineages: Iterable[str]) -> str:
    """The lineage of a batch, of its records' lineages."""
    return _text(_counts(lineages))


def stops(ctx: Context, lineage: str, function: Reference) -> bool:
    """Whether the chain has come back to the function too often, and it does not allow that."""
    if times(lineage, name(function.function_arn)) < limits.RECURSIVE_INVOCATIONS:
        return False
    with ctx.transaction():
        found = function_settings.get(ctx, function.qualified(""), function_settings.RECURSION)
    return not found or found["RecursiveLoop"] != "Allow"


def _counts(lineages: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for lineage in lineages:
        for part in lineage.split("|"):
            function, _, count = part.partition(":")
            if count.isdigit():
                counts[function] = max(int(count), counts.get(function, 0))
    return counts


def _text(counts: dict[str, int]) -> str:
    return "|".join(f"{each}:{count}" for each, count in [*counts.items()][-_MOST_FUNCTIONS:])
