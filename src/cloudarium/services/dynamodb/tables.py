"""Tables and their indexes as they are defined; all the SQL about them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.core.runtime import ServiceRuntime

from . import backup_errors, errors, limits

_ARN = re.compile(r"arn:aws:dynamodb:([^:]+):(\d{12}):table/([^/]+)(?:/index/(.+))?", re.ASCII)

_NAME = re.compile(r"[a-zA-Z0-9_.-]+", re.ASCII)


@dataclass(slots=True)
class Throughput:
    """Provisioned units a second (0 on demand) and when they were last changed."""

    read: int = 0
    write: int = 0
    increased: float | None = None
    decreased: float | None = None
    decreases: int = 0


@dataclass(slots=True)
class Maximum:
    """The most request units a second of an on-demand table or index; None: no maximum."""

    read: int | None = None
    write: int | None = None


@dataclass(slots=True)
class Index:
    """A secondary index: `space` has its entries, `hash` and `range` name its key attributes.

    One that is made later is first `allocating`, and `backfilling` until it has all its entries.
    A global index may have up to four of each: `more_hashes` and `more_ranges`.
    """

    name: str
    space: int
    hash: str
    range: str | None
    projection: str
    non_key: list[str]
    is_global: bool
    status: str = "ACTIVE"
    backfilling: bool = False
    allocating: bool = False
    throughput: Throughput = field(default_factory=Throughput)
    maximum: Maximum | None = None
    warm: dict[str, int] | None = None
    more_hashes: list[str] = field(default_factory=list)
    more_ranges: list[str] = field(default_factory=list)

    @property
    def has_several_attributes(self) -> bool:
        """Whether a key of it has more than one attribute."""
        return bool(self.more_hashes or self.more_ranges)

    @property
    def hashes(self) -> list[str]:
        """The attributes of its partition key."""
        return [self.hash, *self.more_hashes]

    @property
    def ranges(self) -> list[str]:
        """The attributes of its sort key, in the order they sort by."""
        return [] if self.range is None else [self.range, *self.more_ranges]

    @property
    def keys(self) -> list[str]:
        """Its key attributes."""
        return self.hashes + self.ranges


@dataclass(slots=True)
class VectorIndex:
    """An index for similarity searches of a vector attribute.

    `space` has its entries; `schema` the kinds (`HASH`, `INLINE_FILTER`) of its search schema's
    attributes, by name.
    """

    name: str
    space: int
    attribute: str
    dimensions: int
    function: str
    projection: str
    non_key: list[str]
    schema: dict[str, str]
    status: str = "ACTIVE"
    backfilling: bool = False
    allocating: bool = False

    @property
    def hash(self) -> str | None:
        """The attribute whose value a search must name, if there is one."""
        return next((name for name, kind in self.schema.items() if kind == "HASH"), None)


@dataclass(slots=True)
class Table:
    """A table. `types` has the type of every key attribute of it and its indexes.

    `stream` is its enabled stream: `label`, `view` (type) and `space` (of its records);
    `last_stream` the label of the latest. `changing` has the changes under way (admission.py).
    `policies` has resource policies by ARN (its own, its streams') or when they were taken away,
    `tagging` the last change of its tags, `insights` the contributor insights by index name
    ("" for the table). `snapshots` counts the copies being made of it.
    `restored` has, while it is made by a restore, the `RestoreSummary`.
    `counts_collections`: every item collection's size was counted from the first item on.
    """

    account: str
    region: str
    name: str
    id: str
    space: int
    created: float
    hash: str
    range: str | None
    types: dict[str, str]
    indexes: dict[str, Index]
    billing: str
    throughput: Throughput
    status: str = "CREATING"
    on_demand_since: float | None = None
    is_protected: bool = False
    protection_changed: float | None = None
    table_class: str | None = None
    class_changes: list[float] = field(default_factory=list)
    encryption: dict[str, str] | None = None
    encryptions: list[float] = field(default_factory=list)
    changing: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    tagging: dict[str, Any] | None = None
    ttl: str | None = None
    ttl_changed: float | None = None
    ttl_space: int = 0
    recovery_since: float | None = None
    recovery_days: int = 35
    history_space: int = 0
    restored: dict[str, Any] | None = None
    stream: dict[str, Any] | None = None
    last_stream: str | None = None
    snapshots: int = 0
    maximum: Maximum | None = None
    warm: dict[str, int] | None = None
    policies: dict[str, dict[str, Any]] = field(default_factory=dict)
    insights: dict[str, dict[str, Any]] = field(default_factory=dict)
    vectors: dict[str, VectorIndex] = field(default_factory=dict)
    counts_collections: bool = True

    @property
    def hashes(self) -> list[str]:
        """Its partition key."""
        return [self.hash]

    @property
    def ranges(self) -> list[str]:
        """Its sort key, if it has one."""
        return [] if self.range is None else [self.range]

    @property
    def keys(self) -> list[str]:
        """Its key attributes."""
        return [self.hash] if self.range is None else [self.hash, self.range]

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:aws:dynamodb:{self.region}:{self.account}:table/{self.name}"

    @property
    def is_restoring(self) -> bool:
        """Whether it is being made by a restore."""
        return bool(self.restored and self.restored["RestoreInProgress"])

    @property
    def is_provisioned(self) -> bool:
        """Whether its capacity is provisioned and so limited."""
        return self.billing == "PROVISIONED"

    @property
    def has_local_indexes(self) -> bool:
        """Whether its items form item collections, whose size is limited."""
        return any(not index.is_global for index in self.indexes.values())

    @property
    def is_limited(self) -> bool:
        """Whether anything limits how many units it or its indexes may use."""
        if self.billing == "PROVISIONED" or self.maximum is not None:
            return True
        indexes = self.indexes
        return bool(indexes) and any(index.maximum is not None for index in indexes.values())


class Definitions:
    """Tables as last read, so that a request for an item does not read its table's definition."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self.known: dict[tuple[str, str, str], Table] = {}


def table_name(ctx: Context, given: str) -> str:
    """The name in what may be a table's name or ARN. Raises what is wrong with that."""
    if not given.startswith("arn:"):
        return given
    match = _ARN.fullmatch(given)
    if match is None or match[4]:
        raise errors.BadArn(arn=given)
    if match[1] != ctx.region:
        raise errors.OtherRegionOfItems(arn=given)
    if match[2] != ctx.account:
        raise errors.NoSuchTable()
    return match[3]


def parts(arn: str) -> tuple[str, str, str] | None:
    """The region, account and name in a table's ARN; None if it is not one."""
    match = _ARN.fullmatch(arn)
    return None if match is None or match[4] else (match[1], match[2], match[3])


def check_place(ctx: Context, given: str) -> None:
    """Raises what the operations on tables say of an ARN that is another region's or account's."""
    found = parts(given) if given.startswith("arn:") else None
    if found is not None and found[0] != ctx.region:
        raise errors.OtherRegion(arn=given)
    if found is not None and found[1] != ctx.account:
        raise backup_errors.AccessDenied()


def as_given(ctx: Context, given: Iterable[str]) -> dict[str, str]:
    """What a request calls its tables, name or ARN, by their names: its answer does so too."""
    return {table_name(ctx, each): each for each in given}


def find(ctx: Context, given: str) -> Table | None:
    """The table of this name or ARN, or None."""
    known = ctx.state(Definitions).known
    found = known.get((ctx.account, ctx.region, given))
    if found is not None:
        return found
    key = (ctx.account, ctx.region, table_name(ctx, given))
    if key not in known:
        row = ctx.db.execute(
            "SELECT definition FROM tables WHERE account = ? AND region = ? AND name = ?", key
        ).fetchone()
        if row is None:
            return None
        known[key] = loaded(row[0])
    return known[key]


def described(ctx: Context, given: str) -> Table:
    """The table, whatever its state. ResourceNotFoundException names the one missing."""
    table = find(ctx, given)
    if table is None:
        raise errors.TableNotFound(name=table_name(ctx, given))
    return table


def usable(ctx: Context, given: str) -> Table:
    """The table, if items can be read and written. ResourceNotFoundException otherwise."""
    table = find(ctx, given)
    if table is None:
        check_name(table_name(ctx, given))
    if table is None or table.status in ("CREATING", "DELETING"):
        raise errors.NoSuchTable()
    return table


def check_name(name: str) -> None:
    """Raises ValidationException if no table can be called so."""
    if len(name) > limits.TABLE_NAME_MAX:
        raise errors.TableNameLong(name=name)
    if not is_name(name):
        raise errors.TableNamePattern(name=name)


def is_name(text: str) -> bool:
    """Whether a text has the characters of a table's name."""
    return _NAME.fullmatch(text) is not None


def editable(ctx: Context, given: str) -> Table:
    """A copy of the table to change and `save`; the known one stays as committed."""
    table = described(ctx, given)
    return loaded(dumped(table))


def settable(ctx: Context, given: str) -> Table:
    """A copy of the table to change for a request: one that is being restored is not there yet.

    ResourceNotFoundException.
    """
    table = editable(ctx, given)
    if table.is_restoring:
        raise errors.TableNotFound(name=table.name)
    return table


def save(ctx: Context, table: Table) -> None:
    """Writes a table's definition."""
    ctx.state(Definitions).known.pop((table.account, table.region, table.name), None)
    ctx.db.execute(
        "INSERT OR REPLACE INTO tables VALUES (?, ?, ?, ?)",
        (table.account, table.region, table.name, dumped(table)),
    )


def remove(ctx: Context, table: Table) -> None:
    """Forgets a table; its spaces are left to the caller."""
    ctx.state(Definitions).known.pop((table.account, table.region, table.name), None)
    ctx.db.execute(
        "DELETE FROM tables WHERE account = ? AND region = ? AND name = ?",
        (table.account, table.region, table.name),
    )


def names(ctx: Context, after: str, limit: int) -> list[str]:
    """Up to `limit` names of tables in this account and region, in order, after `after`."""
    rows = ctx.db.execute(
        "SELECT name FROM tables WHERE account = ? AND region = ? AND name > ? "
        "ORDER BY name LIMIT ?",
        (ctx.account, ctx.region, after, limit),
    )
    return [row[0] for row in rows]


def every(ctx: Context) -> list[Table]:
    """All tables in this account and region, by name."""
    rows = ctx.db.execute(
        "SELECT definition FROM tables WHERE account = ? AND region = ? ORDER BY name",
        (ctx.account, ctx.region),
    )
    return [loaded(row[0]) for row in rows]


def being_restored(ctx: Context) -> list[Table]:
    """The tables of this account that restores are making, in all regions."""
    rows = ctx.db.execute(
        "SELECT definition FROM tables WHERE account = ? "
        "AND json_extract(CAST(definition AS TEXT), '$.restored.RestoreInProgress')",
        (ctx.account,),
    )
    return [loaded(row[0]) for row in rows]


def dumped(table: Table) -> bytes:
    """A table's definition as it is kept."""
    return orjson.dumps(asdict(table))


def loaded(definition: bytes) -> Table:
    """The table a kept definition is of."""
    record: dict[str, Any] = {"counts_collections": False} | orjson.loads(definition)
    record["indexes"] = {
        name: Index(**_with_throughputs(index)) for name, index in record["indexes"].items()
    }
    record["vectors"] = {
        name: VectorIndex(**index) for name, index in record.get("vectors", {}).items()
    }
    return Table(**_with_throughputs(record))


def _with_throughputs(record: dict[str, Any]) -> dict[str, Any]:
    maximum = record.get("maximum")
    return {
        **record,
        "throughput": Throughput(**record["throughput"]),
        "maximum": Maximum(**maximum) if maximum else None,
    }
