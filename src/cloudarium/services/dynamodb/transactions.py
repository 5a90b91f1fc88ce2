"""All or nothing: steps that are all tried, and one error that says why each of them failed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cloudarium.core.context import Context, Request
from cloudarium.core.errors import AwsError

from . import capacity, errors, limits, metrics, tokens, writes
from .tables import Table
from .writes import Outcome, Write

Step = Callable[[], Any]
Report = list[dict[str, Any]] | None
Sums = dict[str, tuple[Table, capacity.Units]]

_REASONS = {
    "AccessDeniedException": "AccessDenied",
    "ConditionalCheckFailedException": "ConditionalCheckFailed",
    "DuplicateItemException": "DuplicateItem",
    "ItemCollectionSizeLimitExceededException": "ItemCollectionSizeLimitExceeded",
    "ProvisionedThroughputExceededException": "ProvisionedThroughputExceeded",
    "ResourceNotFoundException": "ResourceNotFound",
    "ThrottlingException": "ThrottlingError",
    "ValidationException": "ValidationError",
}


def attempt(steps: Sequence[Step], *, ends_at_failure: bool = False) -> list[Any]:
    """What the steps gave. TransactionCanceledException, with a reason for each, if one failed.

    The caller's database transaction undoes the steps that did not fail. With `ends_at_failure`
    those after the first failure are not tried, and so have no reason of their own.
    """
    answers: list[Any] = []
    reasons: list[dict[str, Any]] = []
    for step in steps:
        if ends_at_failure and len(answers) < len(reasons):
            reasons.append({"Code": "None"})
            continue
        try:
            answers.append(step())
            reasons.append({"Code": "None"})
        except AwsError as error:
            if error.code not in _REASONS or errors.is_empty_key(error):
                raise
            reasons.append(
                {"Code": _REASONS[error.code], "Message": error.message, **error.members}
            )
    if len(answers) == len(steps):
        return answers
    codes = ", ".join(reason["Code"] for reason in reasons)
    raise errors.TransactionCancelled(codes=codes, members={"CancellationReasons": reasons})


def check_size(sizes: Iterable[int]) -> None:
    """Raises ValidationException if a transaction's parts are too large together.

    What counts is what is sent or read, not the items that writes leave.
    """
    if sum(sizes) > limits.TRANSACTION_BYTES:
        raise errors.TransactionTooLarge()


def commit(
    ctx: Context, request: Request, prepared: list[Write], runs: Sequence[Step]
) -> list[tuple[Write, capacity.Units]]:
    """Does all of a request's writes, each by its run; each with the units it used."""
    places = {(write.table.space, write.key.partition, write.key.sort) for write in prepared}
    if len(places) != len(prepared):
        raise errors.SameItemTwice()
    with tokens.kept_if_cancelled(ctx, request):
        try:
            outcomes: list[Outcome] = attempt(runs)
        except AwsError as error:
            _charge_cancelled(ctx, prepared, error.members.get("CancellationReasons", ()))
            raise
    tokens.remember(ctx, request, [max(each.old.size, each.new.size) for each in outcomes])
    done = [
        (write, _doubled(outcome.units)) for write, outcome in zip(prepared, outcomes, strict=True)
    ]
    for write, units in done:
        capacity.consume(ctx, write.table, "write", units)
    return done


def _doubled(units: capacity.Units) -> capacity.Units:
    """What a write uses in a transaction: twice for the table, and in indexes what it does alone.

    Measured.
    """
    return {**units, "": 2 * units[""]}


def _charge_cancelled(
    ctx: Context, prepared: list[Write], reasons: Iterable[dict[str, Any]]
) -> None:
    """Takes the units that a transaction uses although a condition of it did not hold.

    Measured: all of its writes use them, also those that could be done, for the items they found.
    """
    codes = [reason["Code"] for reason in reasons]
    if "ConditionalCheckFailed" not in codes and "DuplicateItem" not in codes:
        return
    for write, code in zip(prepared, codes, strict=True):
        units = 2 * write.looked_at - write.refused  # which are taken already
        capacity.consume(ctx, write.table, "write", {"": units})
        if code == "ConditionalCheckFailed":
            metrics.count(ctx, "ConditionalCheckFailedRequests", 1, TableName=write.table.name)


def run(ctx: Context, write: Write, return_old: bool) -> Outcome:
    """Does one write, if its table has the capacity."""
    capacity.admit(ctx, write.table, "write")
    return write.run(ctx, return_old=return_old)


def reread(
    ctx: Context,
    request: Request,
    prepared: list[Write],
    sizes: list[int],
    named: Mapping[str, str],
) -> Report:
    """What a repeated transaction consumes: reads of items of the sizes they had then."""
    sums: Sums = {}
    for write, size in zip(prepared, sizes, strict=False):
        add_read(sums, write.table, size)
    return consumed_reads(ctx, request, sums, named)


def add_read(sums: Sums, table: Table, size: int) -> None:
    """Adds what a transactional read of an item of so many bytes consumes."""
    _, units = sums.setdefault(table.name, (table, {"": 0.0}))
    units[""] += capacity.read_units(size, consistent=True, transactional=True)


def consumed_reads(ctx: Context, request: Request, sums: Sums, named: Mapping[str, str]) -> Report:
    """Takes the read units from the tables; the report of them that was asked for.

    `named` is what the request calls the tables.
    """
    for table, units in sums.values():
        capacity.consume(ctx, table, "read", units)
    asked = request.get("ReturnConsumedCapacity")
    found = [
        capacity.report(asked, table, units, named[table.name]) for table, units in sums.values()
    ]
    return split([each for each in found if each is not None] or None, "ReadCapacityUnits")


def consumed_writes(
    request: Request, done: list[tuple[Write, capacity.Units]], named: Mapping[str, str]
) -> Report:
    """The report of what writes consumed, as it was asked for; `named` as in `consumed_reads`."""
    asked = request.get("ReturnConsumedCapacity")
    return split(writes.capacity_by_table(asked, done, named), "WriteCapacityUnits")


def split(report: Report, member: str) -> Report:
    """Says of a transaction's units, unlike others, whether they are read or write units."""
    for entry in report or ():
        parts = [entry, *([entry["Table"]] if "Table" in entry else [])]
        for indexes in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
            parts += entry.get(indexes, {}).values()
        for part in parts:
            part[member] = part["CapacityUnits"]
    return report
