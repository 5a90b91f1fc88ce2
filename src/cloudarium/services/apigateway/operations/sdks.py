"""SDKs: none is generated here, and so there are no types of them."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import deployments, errors


def get_sdk(ctx: Context, request: Request) -> Response:
    """Refuse to generate an SDK."""
    deployments.find_stage(ctx, request["restApiId"], request["stageName"])
    raise errors.SdkUnsupported(kind=request["sdkType"])


def get_sdk_type(ctx: Context, request: Request) -> Response:
    """Answer that there is no such type."""
    raise errors.SdkTypeNotFound()


def get_sdk_types(ctx: Context, request: Request) -> Response:
    """Return no types."""
    return {"items": []}
