"""The condition keys of fine-grained access control for PartiQL statements.

Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon
DynamoDB"; what they are of which statement is measured on the service.
"""

from collections.abc import Iterator

from cloudarium.core.errors import AwsError

from ..policy_keys import Keys, keys_of
from ..tables import Table
from . import changes, plans
from .binding import Binding
from .syntax import Delete, Insert, Path, Select, Update, paths


def condition_keys(
    table: Table, statement: Select | Insert | Update | Delete, binding: Binding
) -> Keys:
    """The condition keys of a statement on this table; none if there is something wrong with it.

    What `*` returns is no attribute that a SELECT names. One that reads everything is of no leading
    keys, and is a full scan, but for one in an order: that can only fail.
    """
    try:
        if isinstance(statement, Insert):
            item = changes.inserted(statement, binding)
            return keys_of([item[table.hash]] if table.hash in item else [], item)
        index = table.indexes.get(statement.source.index or "")
        names = index.keys if index else table.keys
        branches = plans.branches(binding, statement.where, names)
    except AwsError:
        return {}  # the operation itself says what is wrong with the statement
    leading = plans.hash_values(branches, names[0]) if branches else []
    found = keys_of(leading, (str(path.elements[0]) for path in _named(statement)))
    if isinstance(statement, Select):
        is_scan = branches is None and not statement.order
        found["dynamodb:FullTableScan"] = "true" if is_scan else "false"
    return found


def _named(statement: Select | Update | Delete) -> Iterator[Path]:
    yield from paths(statement.where)
    if isinstance(statement, Select):
        yield from statement.columns
    elif isinstance(statement, Update):
        for assignment in statement.assignments:
            yield assignment.path
            yield from paths(assignment.value)
