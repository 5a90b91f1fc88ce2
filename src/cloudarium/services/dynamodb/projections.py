"""What an index, of whatever kind, holds of its table's items besides keys."""

from typing import Any

from . import errors


def read(given: dict[str, Any]) -> tuple[str, list[str]]:
    """What an index projects. ValidationException if it cannot."""
    kind, non_key = given.get("ProjectionType"), given.get("NonKeyAttributes")
    if kind is None:
        raise errors.ProjectionMissing()
    if kind == "INCLUDE" and non_key is None:
        raise errors.ProjectionWanted()
    if kind != "INCLUDE" and non_key is not None:
        raise errors.ProjectionUnwanted(type=kind)
    names = non_key or []
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise errors.ProjectedTwice(name=twice)
    return kind, names
