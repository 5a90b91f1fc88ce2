"""Resource-based policies of tables and streams.

Source: Developer Guide, "Using resource-based policies for DynamoDB".
"""

from typing import Any

import orjson

from cloudarium.core.context import Context, Request

from . import errors, limits, streams, tables
from .tables import Table


def table_of(ctx: Context, arn: str) -> Table:
    """A copy, to change, of the table whose policy or stream's policy the ARN is about."""
    if "/stream/" in arn:
        streams.find(ctx, arn)
    return tables.editable(ctx, tables.of_arn(ctx, arn.partition("/stream/")[0]).name)


def put(ctx: Context, table: Table, arn: str, document: str) -> str:
    """Gives a table or its stream a policy, in `table`; the revision. ValidationException."""
    if len(document.encode()) > limits.POLICY_BYTES:
        raise errors.PolicyTooLong(limit=limits.POLICY_BYTES)
    parsed(document)
    revision = str(int(ctx.now * 1_000_000))
    table.policies[arn] = {"document": document, "revision": revision}
    return revision


def parsed(document: str) -> dict[str, Any]:
    """A policy document. ValidationException if it is none."""
    try:
        found = orjson.loads(document)
    except orjson.JSONDecodeError:
        raise errors.BadPolicy(reason="This policy contains invalid Json") from None
    if not isinstance(found, dict) or not isinstance(found.get("Statement"), list | dict):
        raise errors.BadPolicy(reason="Could not parse the policy: Statement is empty!")
    return found


def check_revision(table: Table, request: Request) -> None:
    """PolicyNotFoundException unless the policy is the one the request expects, if any."""
    expected = request.get("ExpectedRevisionId")
    arn = request["ResourceArn"]
    present = table.policies.get(arn, {}).get("revision", "NO_POLICY")
    if expected is not None and expected != present:
        raise errors.PolicyNotFound(arn=arn)


def of(ctx: Context, arn: str) -> dict[str, Any] | None:
    """The policy of a table or stream, or None."""
    _, _, path = arn.partition("/")
    table = tables.find(ctx, path.partition("/")[0]) if path else None
    if table is None or not table.policies:
        return None
    own = arn if "/stream/" in arn else "/".join(arn.split("/")[:2])
    found = table.policies.get(own)
    return parsed(found["document"]) if found else None
