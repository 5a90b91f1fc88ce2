"""The parts of AssumeRole and GetFederationToken: role, duration, session policies and tags."""

from __future__ import annotations

import json
import re

from cloudarium.core.context import Context, Request
from cloudarium.core.errors import AccessDenied
from cloudarium.core.tags import from_list
from cloudarium.services.iam import documents, entities, policies
from cloudarium.services.iam.entities import Entity
from cloudarium.services.iam.errors import (
    ChainedDurationTooLong,
    DuplicateSessionTags,
    DurationTooLong,
    InvalidRoleArn,
    MfaFailed,
    NotSupported,
    PackedPolicyTooLarge,
    SessionPolicyMissing,
)
from cloudarium.services.iam.limits import DEFAULT_ROLE_SESSION, MAX_CHAINED_SESSION, PACKED_SIZE

_ROLE_ARN = re.compile(r"arn:aws:iam::\d{12}:role/.+")


def role_of(ctx: Context, arn: str) -> Entity:
    """Return the role `arn`, of any account. A missing one is denied like a forbidden one.

    Raises ValidationError for what is no role's ARN, AccessDenied.
    """
    if not _ROLE_ARN.fullmatch(arn):
        raise InvalidRoleArn(arn=arn)
    role = entities.by_arn(ctx.db, arn)
    if role is None or role.kind != "role":
        raise AccessDenied(
            message=f"User: {ctx.principal.arn} is not authorized to perform: sts:AssumeRole "
            f"on resource: {arn}"
        )
    return role


def role_duration(ctx: Context, role: Entity, asked: int | None) -> int:
    """Return the session's length in seconds. Raises ValidationError beyond the role's maximum."""
    duration = asked or DEFAULT_ROLE_SESSION
    if duration > (role.max_session_duration or DEFAULT_ROLE_SESSION):
        raise DurationTooLong()
    if ctx.principal.kind == "role" and duration > MAX_CHAINED_SESSION:
        raise ChainedDurationTooLong()
    return duration


def refuse_unsupported(request: Request) -> None:
    """Raise for what this cloud does not have: MFA devices, source identities, tag chaining.

    Raises AccessDenied for an MFA code, ValidationError for the other members.
    """
    if request.get("SerialNumber") or request.get("TokenCode"):
        raise MfaFailed()
    for member in ("TransitiveTagKeys", "SourceIdentity", "ProvidedContexts"):
        if request.get(member):
            raise NotSupported(member=member)


def session_policies(ctx: Context, request: Request) -> tuple[str, ...]:
    """Return the documents that limit the session: the policy given and those of the policy ARNs.

    Raises MalformedPolicyDocument, ValidationError.
    """
    found = []
    if request.get("Policy"):
        documents.check_session(request["Policy"])
        found.append(request["Policy"])
    for each in request.get("PolicyArns") or []:
        policy = policies.lookup(ctx.db, each["arn"])
        if policy is None or policy.account not in (ctx.account, "aws"):
            raise SessionPolicyMissing(arn=each["arn"])
        found.append(policies.default_document(ctx.db, policy))
    return tuple(json.dumps(json.loads(text), separators=(",", ":")) for text in found)


def session_tags(request: Request) -> dict[str, str]:
    """Return the session tags. Raises InvalidParameterValue for a key given twice."""
    tags = request.get("Tags") or []
    if len({tag["Key"].lower() for tag in tags}) != len(tags):
        raise DuplicateSessionTags()
    return from_list(tags)


def packed_size(request: Request) -> int | None:
    """Return how full the space for policies and tags is, in percent; None without any.

    Raises PackedPolicyTooLarge.
    """
    texts = [request.get("Policy") or ""]
    texts += [each["arn"] for each in request.get("PolicyArns") or []]
    texts += [tag["Key"] + tag["Value"] for tag in request.get("Tags") or []]
    percent = -(-sum(map(len, texts)) * 100 // PACKED_SIZE)
    if percent > 100:
        raise PackedPolicyTooLarge(percent=percent)
    return percent or None
