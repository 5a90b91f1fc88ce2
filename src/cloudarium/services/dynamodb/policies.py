"""Resource-based policies of tables and streams.

Source: Developer Guide, "Using resource-based policies for DynamoDB"; and what users of the
service measured: a change is under way for some time, and the next has to wait longer.
"""

from datetime import UTC, datetime
from typing import Any

import orjson

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access

from . import limits, policy_documents, resource_arns, tables
from . import resource_errors as errors
from .tables import Table

_NONE = "NO_POLICY"


def put(ctx: Context, table: Table, request: Request, arn: str) -> str:
    """Gives a table or its stream the policy a request has, in `table`; its revision.

    The same policy again, in whatever form, changes nothing. Raises what is wrong with it.
    """
    text = request.get("Policy") or request.get("ResourcePolicy", "")
    document = policy_documents.read(text, arn)
    present = table.policies.get(arn, {})
    check_revision(table, request, arn)
    if present.get("sent") == document:
        return str(present["revision"])
    check_settled(ctx, table, request, arn)
    if not request.get("ConfirmRemoveSelfResourceAccess"):
        _check_access(ctx, arn, document)
    revision = str(int(ctx.now * 1000))
    table.policies[arn] = {
        "document": policy_documents.kept(document),
        "sent": document,
        "revision": revision,
    }
    return revision


def delete(ctx: Context, table: Table, request: Request, arn: str) -> str | None:
    """Takes a policy away, in `table`; its revision, or when it was taken away before."""
    check_revision(table, request, arn)
    present = table.policies.get(arn)
    if present is None or "document" not in present:
        return present["revision"] if present else None
    check_settled(ctx, table, request, arn)
    table.policies[arn] = {"revision": str(int(ctx.now * 1000))}
    return str(present["revision"])


def check_revision(table: Table, request: Request, arn: str) -> None:
    """PolicyNotFoundException unless the policy is the one the request expects, if any."""
    expected, present = request.get("ExpectedRevisionId"), table.policies.get(arn, {})
    if expected is None or expected == present.get("revision"):
        return
    if "revision" not in present:
        if expected != _NONE:
            raise errors.NoRevision(expected=expected, name=table.name)
    elif expected != _NONE:
        raise errors.OtherRevision(expected=expected, name=table.name, revision=present["revision"])
    elif "document" in present:
        raise errors.UnexpectedRevision(name=table.name, revision=present["revision"])


def check_settled(ctx: Context, table: Table, request: Request, arn: str) -> None:
    """Raises ResourceInUseException or ThrottlingException soon after another change."""
    changed = _changed(table, arn)
    named = resource_arns.parsed(arn)
    kind, name = ("Table", table.name) if named.stream is None else ("Stream", named.stream)
    if ctx.now >= changed + limits.POLICY_SECONDS:
        return
    if ctx.now < changed + limits.POLICY_PENDING_SECONDS or "ExpectedRevisionId" in request:
        raise errors.PolicyPending(kind=kind, name=name)
    again = datetime.fromtimestamp(changed + limits.POLICY_SECONDS, UTC)
    at = again.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    raise errors.PolicyJustChanged(kind=kind.lower(), name=name, at=at)


def is_pending(ctx: Context, table: Table) -> bool:
    """Whether a change of a table's own policy is still under way."""
    return ctx.now < _changed(table, table.arn) + limits.POLICY_PENDING_SECONDS


def _changed(table: Table, arn: str) -> float:
    revision = table.policies.get(arn, {}).get("revision", "0")
    return int(revision) / 1000 if len(revision) == 13 else 0.0


def _check_access(ctx: Context, arn: str, document: dict[str, Any]) -> None:
    if not ctx.allowed(Access("dynamodb:PutResourcePolicy", arn, policy=document)):
        raise errors.LockedOut()


def of(ctx: Context, arn: str) -> dict[str, Any] | None:
    """The policy of a table or stream, or None."""
    _, _, path = arn.partition("/")
    table = tables.find(ctx, path.partition("/")[0]) if path else None
    if table is None or not table.policies:
        return None
    own = arn if "/stream/" in arn else "/".join(arn.split("/")[:2])
    document = table.policies.get(own, {}).get("document")
    found: dict[str, Any] | None = orjson.loads(document) if document else None
    return found
