"""What no user and no account has here: MFA devices, certificates, identity providers.

Tools that look after users and accounts list them before they do anything else.
"""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import entities


def _check_user(ctx: Context, request: Request) -> None:
    if request.get("UserName"):
        entities.find(ctx, "user", request["UserName"])


def list_mfa_devices(ctx: Context, request: Request) -> Response:
    """List a user's MFA devices."""
    _check_user(ctx, request)
    return {"MFADevices": [], "IsTruncated": False}


def list_virtual_mfa_devices(ctx: Context, request: Request) -> Response:
    """List the account's virtual MFA devices."""
    return {"VirtualMFADevices": [], "IsTruncated": False}


def list_signing_certificates(ctx: Context, request: Request) -> Response:
    """List a user's signing certificates."""
    _check_user(ctx, request)
    return {"Certificates": [], "IsTruncated": False}


def list_server_certificates(ctx: Context, request: Request) -> Response:
    """List the account's server certificates."""
    return {"ServerCertificateMetadataList": [], "IsTruncated": False}


def list_open_id_connect_providers(ctx: Context, request: Request) -> Response:
    """List the account's OIDC providers."""
    return {"OpenIDConnectProviderList": []}


def list_saml_providers(ctx: Context, request: Request) -> Response:
    """List the account's SAML providers."""
    return {"SAMLProviderList": []}
