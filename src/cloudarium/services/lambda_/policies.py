"""Resource policies: who besides the account's own identities may invoke a function."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from cloudarium.core.context import Context, Request
from cloudarium.core.documents import json_object
from cloudarium.services.lambda_ import aliases, errors, functions, limits
from cloudarium.services.lambda_.names import LATEST, Reference

Statement = dict[str, Any]
_HEAD = {"Version": "2012-10-17", "Id": "default"}
# What each statement has, in one of the two ways.
_MEMBERS = (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal"))
_INVOKE_URL = "lambda:InvokeFunctionUrl"
_SERVICE = re.compile(r"[a-z0-9.-]+\.(amazonaws\.com|amazon\.com|aws\.internal)$")
_IDENTITY = re.compile(r"arn:aws[a-z-]*:(iam|sts)::\d{12}:.+$")


def statement(reference: Reference, request: Request) -> Statement:
    """The statement that an AddPermission request asks for; raises InvalidParameterValue."""
    if request.get("FunctionUrlAuthType") and request["Action"] != _INVOKE_URL:
        raise errors.invalid(errors.URL_AUTHORIZATION)
    made: Statement = {
        "Sid": request["StatementId"],
        "Effect": "Allow",
        "Principal": _principal(request["Principal"]),
        "Action": request["Action"],
        "Resource": reference.arn,
    }
    equals = {
        "AWS:SourceAccount": request.get("SourceAccount"),
        "lambda:EventSourceToken": request.get("EventSourceToken"),
        "lambda:FunctionUrlAuthType": request.get("FunctionUrlAuthType"),
        "aws:PrincipalOrgID": request.get("PrincipalOrgID"),
    }
    conditions: dict[str, dict[str, str]] = {}
    if request.get("InvokedViaFunctionUrl") is not None:
        wanted = str(request["InvokedViaFunctionUrl"]).lower()
        conditions["Bool"] = {"lambda:InvokedViaFunctionUrl": wanted}
    if any(equals.values()):
        conditions["StringEquals"] = {key: value for key, value in equals.items() if value}
    if request.get("SourceArn"):
        conditions["ArnLike"] = {"AWS:SourceArn": request["SourceArn"]}
    if conditions:
        made["Condition"] = conditions
    return made


def _principal(text: str) -> str | dict[str, str]:
    if text == "*":
        return "*"
    if text.isdigit() and len(text) == 12:
        return {"AWS": f"arn:aws:iam::{text}:root"}
    if _IDENTITY.match(text):
        return {"AWS": text}
    if _SERVICE.match(text):
        return {"Service": text}
    raise errors.invalid(errors.BAD_PRINCIPAL)


def get(ctx: Context, reference: Reference) -> dict[str, Any] | None:
    """The policy document of a function or of one qualifier; None if it has no statement."""
    statements = _statements(ctx, reference)
    if not statements:
        return None
    row = ctx.db.execute(
        "SELECT head FROM policy_heads WHERE account = ? AND region = ? AND name = ?"
        " AND qualifier = ?",
        _key(reference),
    ).fetchone()
    head = orjson.loads(row["head"]) if row else _HEAD
    return {**head, "Statement": statements}


def document(text: str) -> dict[str, Any]:
    """The policy that a PutResourcePolicy request brings; raises InvalidParameterValue."""
    found = json_object(text) or {}
    statements = found.get("Statement")
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements or not all(map(_is_whole, statements)):
        raise errors.invalid(errors.BAD_POLICY)
    sids = [each["Sid"] for each in statements if each.get("Sid")]
    if len(set(sids)) != len(sids):
        raise errors.invalid(errors.BAD_POLICY)
    return {**found, "Statement": statements}


def _is_whole(made: Any) -> bool:
    return (
        isinstance(made, dict)
        and made.get("Effect") in ("Allow", "Deny")
        and isinstance(made.get("Sid", ""), str)
        and all(any(name in made for name in names) for names in _MEMBERS)
    )


def revision(ctx: Context, reference: Reference) -> str:
    """The policy's RevisionId, which is that of the version or alias it belongs to."""
    if aliases.is_alias(reference.qualifier):
        return aliases.find(ctx, reference).revision_id
    return functions.find_version(ctx, reference, reference.qualifier or LATEST).revision_id


def _renew(ctx: Context, reference: Reference) -> None:
    if aliases.is_alias(reference.qualifier):
        aliases.renew(ctx, aliases.find(ctx, reference))
    else:
        version = functions.find_version(ctx, reference, reference.qualifier or LATEST)
        functions.renew(ctx, version)


def add(ctx: Context, reference: Reference, made: Statement) -> None:
    """Add a statement.

    Raises ResourceConflictException, InvalidParameterValueException, PolicyLengthExceededException.
    """
    statements = _statements(ctx, reference)
    if any(existing.get("Sid") == made["Sid"] for existing in statements):
        raise errors.statement_exists(made["Sid"])
    _check_principals(ctx, [*statements, made])
    size = len(json.dumps([*statements, made], separators=(",", ":")))
    if size > limits.POLICY_BYTES:
        raise errors.policy_too_long(size, limits.POLICY_BYTES)
    _insert(ctx, reference, made["Sid"], made)
    _renew(ctx, reference)


def _insert(ctx: Context, reference: Reference, sid: str, made: Statement) -> None:
    ctx.db.execute(
        "INSERT INTO statements SELECT ?, ?, ?, ?, ?, coalesce(max(position), 0) + 1, ?, ''"
        " FROM statements",
        (*_key(reference), sid, json.dumps(made)),
    )


def put(ctx: Context, reference: Reference, policy: dict[str, Any]) -> None:
    """Put a whole policy in place of what is there; raises InvalidParameterValueException."""
    _check_principals(ctx, policy["Statement"])
    _clear(ctx, reference)
    head = {name: value for name, value in policy.items() if name != "Statement"}
    ctx.db.execute(
        "INSERT INTO policy_heads VALUES (?, ?, ?, ?, ?)", (*_key(reference), json.dumps(head))
    )
    for number, made in enumerate(policy["Statement"]):
        # Without an id it is kept by a name that no id can be.
        _insert(ctx, reference, made.get("Sid") or f"#{number}", made)
    _renew(ctx, reference)


def delete(ctx: Context, reference: Reference) -> None:
    """Remove the policy; raises ResourceNotFoundException if there is none."""
    if get(ctx, reference) is None:
        raise errors.policy_not_found()
    _clear(ctx, reference)
    _renew(ctx, reference)


def _clear(ctx: Context, reference: Reference) -> None:
    for table in ("statements", "policy_heads"):
        ctx.db.execute(
            f"DELETE FROM {table} WHERE account = ? AND region = ? AND name = ? AND qualifier = ?",
            _key(reference),
        )


def _check_principals(ctx: Context, statements: list[Statement]) -> None:
    """Refuse a policy that names a user or role that is not there.

    AWS looks at the whole policy: one that is gone by now has to be removed before anything is
    added (aws-cloudformation/cloudformation-coverage-roadmap issue 1189).
    """
    for made in statements:
        principal = made.get("Principal")
        named = principal.get("AWS", []) if isinstance(principal, dict) else []
        for each in named if isinstance(named, list) else [named]:
            if not isinstance(each, str) or ctx.is_missing(each):
                raise errors.invalid(errors.BAD_PRINCIPAL)


def remove(ctx: Context, reference: Reference, sid: str) -> None:
    """Remove a statement; raises ResourceNotFoundException."""
    removed = ctx.db.execute(
        "DELETE FROM statements WHERE account = ? AND region = ? AND name = ?"
        " AND qualifier = ? AND sid = ?",
        (*_key(reference), sid),
    )
    if not removed.rowcount:
        raise errors.statement_not_found(sid) if get(ctx, reference) else errors.no_policy()
    if get(ctx, reference) is None:
        _clear(ctx, reference)
    _renew(ctx, reference)


def _statements(ctx: Context, reference: Reference) -> list[Statement]:
    rows = ctx.db.execute(
        "SELECT statement FROM statements WHERE account = ? AND region = ? AND name = ?"
        " AND qualifier = ? ORDER BY position",
        _key(reference),
    )
    return [orjson.loads(row["statement"]) for row in rows]


def _key(reference: Reference) -> tuple[str, str, str, str]:
    return reference.account, reference.region, reference.name, reference.qualifier
