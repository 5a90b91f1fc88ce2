"""Function URLs: create, read, update, delete, list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.lambda_ import aliases, errors, functions
from cloudarium.services.lambda_.names import Reference, reference
from cloudarium.services.lambda_.urls import configs, cors
from cloudarium.services.lambda_.urls.configs import FunctionUrl

_ID_LENGTH = 32
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def create_function_url_config(ctx: Context, request: Request) -> Response:
    """CreateFunctionUrlConfig, of a function or an alias."""
    wanted = _existing(ctx, request)
    if configs.get(ctx, wanted):
        raise errors.url_exists(wanted.arn)
    url = FunctionUrl(
        ctx.ids.token(_ID_LENGTH, _ALPHABET),
        wanted,
        request["AuthType"],
        cors.checked(request.get("Cors") or {}),
        request.get("InvokeMode") or "BUFFERED",
        ctx.now,
        ctx.now,
    )
    configs.put(ctx, url)
    return {**_answered(ctx, url, request), "LastModifiedTime": None}


def _answered(ctx: Context, url: FunctionUrl, request: Request) -> dict[str, Any]:
    """The URL as it is answered to a request that may have said its InvokeMode, or not."""
    return {**url.described(ctx), "InvokeMode": request.get("InvokeMode")}


def _existing(ctx: Context, request: Request) -> Reference:
    """The function or alias of a request, which has to be there."""
    wanted = reference(ctx, request)
    if wanted.qualifier and not aliases.is_alias(wanted.qualifier):
        raise errors.invalid(errors.URL_OF_VERSION)
    if functions.get(ctx, wanted) is None or (wanted.qualifier and not aliases.get(ctx, wanted)):
        raise errors.no_function_for_url()
    return wanted


def get_function_url_config(ctx: Context, request: Request) -> Response:
    """GetFunctionUrlConfig."""
    return configs.find(ctx, reference(ctx, request)).described(ctx)


def update_function_url_config(ctx: Context, request: Request) -> Response:
    """UpdateFunctionUrlConfig: changes what the request names."""
    url = configs.find(ctx, _existing(ctx, request))
    changed = replace(
        url,
        auth=request.get("AuthType") or url.auth,
        cors=cors.checked(request.get("Cors", url.cors)),
        mode=request.get("InvokeMode") or url.mode,
        modified=ctx.now,
    )
    configs.put(ctx, changed)
    return _answered(ctx, changed, request)


def delete_function_url_config(ctx: Context, request: Request) -> Response:
    """DeleteFunctionUrlConfig."""
    configs.delete(ctx, configs.find(ctx, reference(ctx, request)))
    return {}


def list_function_url_configs(ctx: Context, request: Request) -> Response:
    """ListFunctionUrlConfigs: of the function and its aliases, all on one page."""
    wanted = _existing(ctx, request)
    found = configs.of_function(ctx, wanted)
    return {"FunctionUrlConfigs": [url.described(ctx) for url in found]}
