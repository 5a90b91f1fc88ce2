"""What a `ResourceArn` names: a table, or a table's stream."""

import re
from typing import NamedTuple

from cloudarium.core.context import Context

from . import errors, streams, tables
from . import resource_errors as wrong
from .tables import Table

_ARN = re.compile(
    r"arn:([^:]*):dynamodb:([^:]*):([^:]*):table/([^/]+)(?:/(index|stream)/(.+))?", re.ASCII
)
_TAGGING = ("TagResource", "UntagResource", "ListTagsOfResource")


class Named(NamedTuple):
    """A table, or (`stream` is its label) a table's stream, wherever it is."""

    partition: str
    region: str
    account: str
    table: str
    stream: str | None


def parsed(arn: str) -> Named:
    """What an ARN names. ValidationException if it can be neither table nor stream."""
    if not arn.startswith("arn:"):
        raise wrong.NoArn(arn=arn)
    match = _ARN.fullmatch(arn)
    if match is None:
        raise wrong.NotOurs(arn=arn)
    if match[5] == "index":
        raise wrong.NeitherTableNorStream(arn=arn)
    return Named(match[1], match[2], match[3], match[4], match[6])


def check(ctx: Context, operation: str, arn: str) -> None:
    """What is wrong with an ARN is said before it is asked who may use it."""
    named = parsed(arn)
    is_here = (named.partition, named.region) == ("aws", ctx.region)
    if operation in _TAGGING:
        if not is_here:
            raise errors.BadArn(arn=arn)
    elif named.account != ctx.account:
        raise wrong.OtherAccount()
    elif not is_here:
        raise wrong.Elsewhere(arn=arn)


def tagged(ctx: Context, arn: str) -> Table:
    """The table whose tags the ARN is about; tags know no other ones than those that are there."""
    named = parsed(arn)
    table = tables.find(ctx, named.table) if named.account == ctx.account else None
    if table is None or named.stream is not None or table.status in ("CREATING", "DELETING"):
        raise wrong.ArnNotFound(arn=arn)
    return table


def policed(ctx: Context, arn: str) -> Table:
    """A copy, to change, of the table whose policy or whose stream's policy the ARN is about."""
    named = parsed(arn)
    table = tables.settable(ctx, named.table)
    if named.stream is not None:
        labels = [stream.label for stream in streams.listed(ctx, table.name)]
        if named.stream not in labels:
            raise wrong.StreamNotFound(label=named.stream, table=table.name)
    return table
