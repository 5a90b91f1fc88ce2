"""Policy documents as requests bring them: validated, within the quota, kept as they are."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from cloudarium.core.context import Context
from cloudarium.services.iam.entities import Entity, is_missing
from cloudarium.services.iam.errors import (
    InlinePolicyTooLarge,
    MalformedPolicy,
    QuotaExceeded,
    SessionPolicyTooLong,
)
from cloudarium.services.iam.evaluation import validation
from cloudarium.services.iam.evaluation.document import Document
from cloudarium.services.iam.limits import (
    INLINE_POLICY_SIZE,
    MANAGED_POLICY_SIZE,
    SESSION_POLICY_SIZE,
    TRUST_POLICY_SIZE,
)


def encoded(document: str) -> str:
    """Return a policy document as IAM answers it: URL-encoded (RFC 3986)."""
    return quote(document, safe="")


def size(document: str) -> int:
    """Return the size that counts towards quotas: without white space."""
    return len("".join(document.split()))


def check_identity_policy(text: str) -> Document:
    """Return the parsed policy. Raises MalformedPolicyDocument."""
    return _checked(text, validation.identity_policy)


def _checked(text: str, check: Callable[[str], Document]) -> Document:
    try:
        return check(text)
    except validation.Malformed as error:
        raise MalformedPolicy(message=error) from error


def check_managed(text: str) -> None:
    """Check a managed policy's document. Raises MalformedPolicyDocument, LimitExceeded."""
    _checked(text, validation.managed_policy)
    if size(text) > MANAGED_POLICY_SIZE:
        raise QuotaExceeded(quota="PolicySize", limit=MANAGED_POLICY_SIZE)


def check_session(text: str) -> None:
    """Check a session policy. Raises MalformedPolicyDocument, ValidationError."""
    if len(text) > SESSION_POLICY_SIZE:
        raise SessionPolicyTooLong(limit=SESSION_POLICY_SIZE)
    check_identity_policy(text)


def check_inline(entity: Entity, text: str, others: int) -> None:
    """Check an inline policy of `entity` beside `others` characters of policies it has.

    Raises MalformedPolicyDocument, LimitExceeded.
    """
    check_identity_policy(text)
    limit = INLINE_POLICY_SIZE[entity.kind]
    if size(text) + others > limit:
        raise InlinePolicyTooLarge(limit=limit, kind=entity.kind, name=entity.name)


def check_trust(ctx: Context, text: str) -> None:
    """Check a role's trust policy; users and roles of this account it names must exist.

    Raises MalformedPolicyDocument, LimitExceeded.
    """
    try:
        document = validation.trust_policy(text)
        for statement in document.statements:
            for kind, value in statement.principals or ():
                if kind == "AWS" and is_missing(ctx.db, ctx.account, value):
                    raise validation.invalid_principal(kind, value)
    except validation.Malformed as error:
        raise MalformedPolicy(message=error) from error
    if size(text) > TRUST_POLICY_SIZE:
        raise QuotaExceeded(quota="ACLSizePerRole", limit=TRUST_POLICY_SIZE)
