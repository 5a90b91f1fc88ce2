"""SDKs of deployed APIs."""

from __future__ import annotations

from datetime import UTC, datetime

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import deployments, errors, paging
from cloudarium.services.apigateway.sdks import catalog, javascript


async def get_sdk(ctx: Context, request: Request) -> Response:
    """Return a zip of a client for what a stage serves, in JavaScript.

    Raises SdkUnsupported for the other kinds. The headers' form is that of the AWS CLI's examples.
    """
    kind = request["sdkType"]
    with ctx.transaction():
        stage = deployments.find_stage(ctx, request["restApiId"], request["stageName"])
        snapshot = deployments.load_snapshot(ctx, stage.api_id, stage.deployment_id)
    if kind != catalog.JAVASCRIPT:
        raise errors.SdkUnsupported(kind=kind)
    url = f"{await ctx.endpoint()}/_aws/execute-api/{stage.api_id}/{stage.name}"
    now = datetime.fromtimestamp(ctx.now, UTC)
    name = f"{kind}_{now:%Y-%m-%d_%H-%MZ}.zip"
    return {
        "contentType": "application/octet-stream",
        "contentDisposition": f'attachment; filename="{name}"',
        "body": javascript.written(snapshot, url, ctx.region, now),
    }


def get_sdk_type(ctx: Context, request: Request) -> Response:
    """Return one kind of SDKs, or raise SdkTypeNotFound."""
    for one in catalog.TYPES:
        if one["id"] == request["id"]:
            return one
    raise errors.SdkTypeNotFound()


def get_sdk_types(ctx: Context, request: Request) -> Response:
    """Return a page of the kinds of SDKs."""
    return paging.page(request, catalog.TYPES, lambda one: str(one["id"]), dict)
