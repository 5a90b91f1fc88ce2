"""Service-specific credentials: user names and passwords for CodeCommit's git over HTTP."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import callers, credentials, pages
from cloudarium.services.iam.credentials import ServiceCredential
from cloudarium.services.iam.entities import Entity
from cloudarium.services.iam.errors import ServiceNotSupported

_SERVICES = ("codecommit.amazonaws.com",)


def _shown(user: Entity, credential: ServiceCredential) -> dict[str, Any]:
    return {
        "UserName": user.name,
        "Status": credential.status,
        "ServiceUserName": credential.service_user_name,
        "CreateDate": credential.created_at,
        "ServiceSpecificCredentialId": credential.id,
        "ServiceName": credential.service,
    }


def create_service_specific_credential(ctx: Context, request: Request) -> Response:
    """Make a user name and password; the password is told only now."""
    user = callers.user_of(ctx, request)
    service = request["ServiceName"]
    if service not in _SERVICES or "CredentialAgeDays" in request:
        raise ServiceNotSupported(service=service)
    credential, password = credentials.create_service_credential(ctx, user, service)
    shown = {**_shown(user, credential), "ServicePassword": password}
    return {"ServiceSpecificCredential": shown}


def list_service_specific_credentials(ctx: Context, request: Request) -> Response:
    """List a user's service-specific credentials."""
    user = callers.user_of(ctx, request)
    wanted = request.get("ServiceName")
    found = [
        each
        for each in credentials.service_credentials(ctx, user)
        if wanted in (None, each.service)
    ]
    shown, rest = pages.page(request, found, lambda credential: credential.id)
    return {"ServiceSpecificCredentials": [_shown(user, each) for each in shown], **rest}


def update_service_specific_credential(ctx: Context, request: Request) -> None:
    """Activate or deactivate a service-specific credential."""
    credentials.set_service_credential_status(ctx, _find(ctx, request)[1], request["Status"])


def reset_service_specific_credential(ctx: Context, request: Request) -> Response:
    """Give a service-specific credential a new password."""
    user, credential = _find(ctx, request)
    password = credentials.reset_password(ctx, credential.id)
    shown = {**_shown(user, credential), "ServicePassword": password}
    return {"ServiceSpecificCredential": shown}


def delete_service_specific_credential(ctx: Context, request: Request) -> None:
    """Delete a service-specific credential."""
    credentials.remove_service_credential(ctx, _find(ctx, request)[1])


def _find(ctx: Context, request: Request) -> tuple[Entity, ServiceCredential]:
    user = callers.user_of(ctx, request)
    identifier = request["ServiceSpecificCredentialId"]
    return user, credentials.service_credential_of(ctx, user, identifier)
