"""The Security Token Service: temporary credentials and who one is."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.identity import Principal
from cloudarium.services.iam import assumption, tags
from cloudarium.services.iam.errors import SessionCredentials
from cloudarium.services.iam.identifiers import account_of
from cloudarium.services.iam.identity import IamIdentity, SessionHolder, role_principal
from cloudarium.services.iam.limits import DEFAULT_SESSION, MAX_ROOT_SESSION
from cloudarium.services.iam.sessions import Session


def _credentials(ctx: Context, session: Session) -> dict[str, Any]:
    return {
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret,
        "SessionToken": ctx.state(IamIdentity).seal.token(session),
        "Expiration": session.expires_at,
    }


def assume_role(ctx: Context, request: Request) -> Response:
    """Give temporary credentials of a role whose trust policy names the caller."""
    role = assumption.role_of(ctx, request["RoleArn"])
    assumption.refuse_unsupported(request)
    duration = assumption.role_duration(ctx, role, request.get("DurationSeconds"))
    policies = assumption.session_policies(ctx, request)
    found = {**tags.of(ctx.db, role.id), **assumption.session_tags(request)}
    principal = role_principal(role, request["RoleSessionName"], policies, found)
    session = Session.start(ctx.ids, principal, ctx.now + duration)
    return {
        "Credentials": _credentials(ctx, session),
        "AssumedRoleUser": {"AssumedRoleId": principal.id, "Arn": principal.arn},
        "PackedPolicySize": assumption.packed_size(request),
    }


def get_caller_identity(ctx: Context, request: Request) -> Response:
    """Tell who asks. Needs no permission."""
    principal = ctx.principal
    return {"UserId": principal.id, "Account": principal.account, "Arn": principal.arn}


def get_session_token(ctx: Context, request: Request) -> Response:
    """Give a user (or root) temporary credentials of its own."""
    _refuse_sessions(ctx, "GetSessionToken")
    assumption.refuse_unsupported(request)
    duration = _own_duration(ctx, request)
    session = Session.start(ctx.ids, ctx.principal, ctx.now + duration)
    return {"Credentials": _credentials(ctx, session)}


def get_federation_token(ctx: Context, request: Request) -> Response:
    """Give temporary credentials of a federated user, limited by the policies in the request."""
    _refuse_sessions(ctx, "GetFederationToken")
    account, name = ctx.account, request["Name"]
    policies = assumption.session_policies(ctx, request)
    principal = Principal(
        kind="federated",
        arn=f"arn:aws:sts::{account}:federated-user/{name}",
        account=account,
        id=f"{account}:{name}",
        name=name,
        role_arn=ctx.principal.arn,
        session_policies=policies,
        tags={**ctx.principal.tags, **assumption.session_tags(request)},
    )
    session = Session.start(ctx.ids, principal, ctx.now + _own_duration(ctx, request))
    return {
        "Credentials": _credentials(ctx, session),
        "FederatedUser": {"FederatedUserId": principal.id, "Arn": principal.arn},
        "PackedPolicySize": assumption.packed_size(request),
    }


def get_access_key_info(ctx: Context, request: Request) -> Response:
    """Tell the account an access key id belongs to."""
    return {"Account": account_of(request["AccessKeyId"])}


def _refuse_sessions(ctx: Context, operation: str) -> None:
    if isinstance(ctx.principal, SessionHolder):
        raise SessionCredentials(operation=operation)


def _own_duration(ctx: Context, request: Request) -> int:
    duration = int(request.get("DurationSeconds") or DEFAULT_SESSION)
    return min(duration, MAX_ROOT_SESSION) if ctx.principal.kind == "root" else duration
