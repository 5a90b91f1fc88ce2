"""BatchGetItem."""

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError

from .. import batch_names, capacity, errors, items, key_paths, layers, limits, tables, values
from ..expressions import paths
from ..items import Key, Stored
from ..metrics import metered
from ..requests import asked_of
from ..tables import Table
from ..values import Item


@metered("BatchGetItem")
@layers.alone
def batch_get_item(ctx: Context, request: Request) -> Response:
    """Reads up to 100 items; those past 16 MB or the tables' capacity come as UnprocessedKeys.

    Raises ProvisionedThroughputExceededException only if no item could be read.
    """
    requested = request["RequestItems"]
    batch_names.check_reads(requested)
    if sum(len(each["Keys"]) for each in requested.values()) > limits.BATCH_GET_ITEMS:
        raise errors.TooManyGets()
    _check_not_mixed(list(requested.values()))
    reads = [_Read(ctx, name, each) for name, each in requested.items()]
    _check_once(reads)
    room = limits.BATCH_GET_BYTES
    for read in reads:
        room = read.run(ctx, room)
    refusal = next((read.refusal for read in reads if read.refusal is not None), None)
    if refusal is not None and not any(read.units[""] for read in reads):
        raise refusal
    asked = request.get("ReturnConsumedCapacity")
    consumed = [capacity.report(asked, read.table, read.units, read.name) for read in reads]
    return {
        "Responses": {read.name: read.found for read in reads},
        "UnprocessedKeys": {read.name: read.unprocessed for read in reads if read.left},
        "ConsumedCapacity": consumed if any(consumed) else None,
    }


def _check_not_mixed(requested: list[dict[str, Any]]) -> None:
    """Raises ValidationException if one table's part has expressions and another's has not."""
    legacy, modern = "AttributesToGet", "ProjectionExpression"
    if any(legacy in each for each in requested) and any(modern in each for each in requested):
        raise errors.MixedParameters(legacy=legacy, expressions=modern)


def _check_once(reads: list["_Read"]) -> None:
    """Raises ValidationException if an item is asked for twice, its table by name and ARN perhaps.

    A table is looked at by itself first, so that what is wrong with the next one comes after.
    """
    places = [(read.table.space, key.partition, key.sort) for read in reads for key in read.keys]
    if len(set(places)) != len(places):
        raise errors.DuplicateKeys()


def _table(ctx: Context, name: str, given: list[dict[str, Any]]) -> Table:
    """The table; that keys are repeated is said before that there is none."""
    try:
        return tables.usable(ctx, name)
    except AwsError:
        if any(key in given[:at] for at, key in enumerate(given)):
            raise errors.DuplicateKeys() from None
        raise


class _Read:
    """The part of a batch that is about one table."""

    def __init__(self, ctx: Context, name: str, given: dict[str, Any]) -> None:
        self.name = name
        self.given = given
        asked = asked_of(given, "ProjectionExpression")
        self.projection = asked.projection
        for key in given["Keys"]:
            values.admit_key(key)
        self.table = _table(ctx, name, given["Keys"])
        self.keys: list[Key] = [items.key_of(self.table, key) for key in given["Keys"]]
        key_paths.check_read(self.table, asked)
        _check_once([self])
        self.found: list[Stored | Item] = []
        self.left: list[dict[str, Any]] = []
        self.units: capacity.Units = {"": 0.0}
        self.refusal: AwsError | None = None

    @property
    def unprocessed(self) -> dict[str, Any]:
        return {**self.given, "Keys": self.left}

    def run(self, ctx: Context, room: int) -> int:
        """Reads what fits into `room` bytes and the capacity; the room that is left."""
        consistent = self.given.get("ConsistentRead", False)
        for at, key in enumerate(self.keys):
            try:
                capacity.admit(ctx, self.table, "read")
            except AwsError as error:
                self.refusal = error
            stored = items.find(ctx, self.table, key) if self.refusal is None else items.NOTHING
            if self.refusal is not None or stored.size > room:
                self.left = self.given["Keys"][at:]
                return 0
            room -= stored.size
            units = capacity.read_units(stored.size, consistent=consistent)
            capacity.consume(ctx, self.table, "read", {"": units})
            self.units[""] += units
            if stored:
                wanted = self.projection
                self.found.append(stored if wanted is None else paths.pick(stored.item, wanted))
        return room
