"""The `FilterSpecification` of an export: which items it has, and which of their attributes."""

from typing import Any, NamedTuple

from cloudarium.core.errors import AwsError

from . import backup_errors, errors, key_ranges
from .expressions import paths
from .expressions.conditions import Test
from .expressions.expressions import expressions_of
from .pages import Source
from .tables import Table
from .values import Item

Specification = dict[str, Any]


class Filter(NamedTuple):
    """What an item must be to be exported, and what of it is; None is all of it."""

    tests: tuple[Test, ...] = ()
    projection: paths.Tree | None = None

    def accepts(self, item: Item) -> bool:
        """Whether an item is exported."""
        return all(test(item) for test in self.tests)

    def picked(self, item: Item) -> Item:
        """What is exported of an item."""
        return item if self.projection is None else paths.pick(item, self.projection)


def check(table: Table, given: Specification) -> None:
    """Raises ValidationException unless the table can be filtered so."""
    if not given:
        raise backup_errors.BadFilter(problem="The specification can not be empty")
    try:
        asked = expressions_of(
            given, "FilterExpression", "KeyConditionExpression", "ProjectionExpression"
        )
        if asked.keys is not None:
            key_ranges.key_range(Source(table, None), asked.keys)
            for path in asked.filter_paths:
                if path[0] in table.keys:
                    raise errors.FilterOnKey(kind="Filter Expression", name=path[0])
    except AwsError as error:
        raise backup_errors.BadFilter(problem=error.message) from None


def filter_of(given: Specification | None) -> Filter:
    """A checked specification, to be used. What is asked of the key is a test like another."""
    if given is None:
        return Filter()
    renamed = {**given, "ConditionExpression": given.get("KeyConditionExpression")}
    asked = expressions_of(
        renamed, "ConditionExpression", "FilterExpression", "ProjectionExpression"
    )
    tests = tuple(test for test in (asked.condition, asked.filter) if test is not None)
    return Filter(tests, asked.projection)
