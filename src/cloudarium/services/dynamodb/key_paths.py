"""Key attributes hold scalars: expressions may not look into those of a table or its indexes.

Source: dynalite's and Alternator's tests, which were run against the service.
"""

from collections.abc import Collection

from . import errors
from .expressions.expressions import Expressions
from .tables import Table


def check_read(table: Table, asked: Expressions, *, filtered: bool = False) -> None:
    """Raises ValidationException if a projection (a filter too, if `filtered`) does."""
    if asked.projection is not None:
        check(table, [str(name) for name, below in asked.projection.items() if below])
    if filtered:
        check(table, [str(path[0]) for path in asked.filter_paths if len(path) > 1])


def check(table: Table, heads: Collection[str]) -> None:
    """Raises ValidationException if an attribute that a path leads into is a key."""
    if not heads:
        return
    for name in table.keys:
        if name in heads:
            raise errors.KeyNotScalar(kind="Key", name=name)
    for index in table.indexes.values():
        for name in index.keys:
            if name in heads:
                raise errors.KeyNotScalar(kind="IndexKey", name=name)
