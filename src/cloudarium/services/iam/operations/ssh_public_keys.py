"""SSH public keys, with which users reach CodeCommit."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import callers, credentials, entities, pages
from cloudarium.services.iam.credentials import SshKey
from cloudarium.services.iam.entities import Entity


def _shown(user: Entity, key: SshKey, body: str) -> Response:
    return {
        "UserName": user.name,
        "SSHPublicKeyId": key.id,
        "Fingerprint": key.fingerprint,
        "SSHPublicKeyBody": body,
        "Status": key.status,
        "UploadDate": key.created_at,
    }


def upload_ssh_public_key(ctx: Context, request: Request) -> Response:
    """Keep a user's RSA public key (OpenSSH or PEM)."""
    user = entities.find(ctx, "user", request["UserName"])
    key = credentials.upload_ssh_key(ctx, user, request["SSHPublicKeyBody"])
    return {"SSHPublicKey": _shown(user, key, key.body)}


def get_ssh_public_key(ctx: Context, request: Request) -> Response:
    """Tell a public key in the asked-for encoding (`SSH`, `PEM`)."""
    user = entities.find(ctx, "user", request["UserName"])
    key = credentials.ssh_key_of(ctx, user, request["SSHPublicKeyId"])
    body = credentials.pem(key) if request["Encoding"] == "PEM" else key.body
    return {"SSHPublicKey": _shown(user, key, body)}


def list_ssh_public_keys(ctx: Context, request: Request) -> Response:
    """List a user's public keys."""
    user = callers.user_of(ctx, request)
    keys = credentials.ssh_keys(ctx, user)
    shown, rest = pages.page(request, keys, lambda key: key.id)
    listed = [
        {
            "UserName": user.name,
            "SSHPublicKeyId": key.id,
            "Status": key.status,
            "UploadDate": key.created_at,
        }
        for key in shown
    ]
    return {"SSHPublicKeys": listed, **rest}


def update_ssh_public_key(ctx: Context, request: Request) -> None:
    """Activate or deactivate a public key."""
    user = entities.find(ctx, "user", request["UserName"])
    key = credentials.ssh_key_of(ctx, user, request["SSHPublicKeyId"])
    credentials.set_ssh_key_status(ctx, key, request["Status"])


def delete_ssh_public_key(ctx: Context, request: Request) -> None:
    """Delete a public key."""
    user = entities.find(ctx, "user", request["UserName"])
    credentials.remove_ssh_key(ctx, credentials.ssh_key_of(ctx, user, request["SSHPublicKeyId"]))
