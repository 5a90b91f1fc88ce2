"""How X-Ray keeps data: its encryption, and where segments go."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.xray import errors, limits, settings

_NAME = "encryption"
_NONE = {"Type": "NONE", "at": 0.0}


def get_encryption_config(ctx: Context, request: Request) -> Response:
    """Return the encryption as it was last set."""
    return {"EncryptionConfig": _told(ctx, settings.get(ctx, _NAME) or _NONE)}


def put_encryption_config(ctx: Context, request: Request) -> Response:
    """Set the encryption; it is being applied for a moment."""
    key = request.get("KeyId")
    if request["Type"] == "KMS" and not key:
        raise errors.KeyMissing()
    if request["Type"] == "NONE" and key:
        raise errors.KeyUnwanted()
    chosen = {"Type": request["Type"], "KeyId": key, "at": ctx.now}
    settings.put(ctx, _NAME, chosen)
    return {"EncryptionConfig": _told(ctx, chosen)}


def _told(ctx: Context, chosen: dict[str, Any]) -> dict[str, Any]:
    is_new = ctx.now < chosen["at"] + limits.ENCRYPTION_UPDATE_SECONDS
    return {
        "KeyId": chosen.get("KeyId"),
        "Status": "UPDATING" if is_new else "ACTIVE",
        "Type": chosen["Type"],
    }


def get_trace_segment_destination(ctx: Context, request: Request) -> Response:
    """Return where segments go: to X-Ray."""
    return {"Destination": "XRay", "Status": "ACTIVE"}
