"""Function URLs: create, read, update, delete, list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.lambda_ import aliases, errors, functions
from cloudarium.services.lambda_.names import Reference, reference
from cloudarium.services.lambda_.urls import configs
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
        request.get("Cors") or {},
        request.get("InvokeMode") or "BUFFERED",
        ctx.now,
        ctx.now,
    )
    configs.put(ctx, url)
    return _but(url.described(ctx), "LastModifiedTime")


def _but(shown: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in shown.items() if key != name}


def _existing(ctx: Context, request: Request) -> Reference:
    wanted = reference(ctx, request)
    functions.find(ctx, wanted)
    if wanted.qualifier and not aliases.is_alias(wanted.qualifier):
        raise errors.invalid(errors.URL_OF_VERSION)
    if wanted.qualifier:
        aliases.find(ctx, wanted)
    return wanted


def get_function_url_config(ctx: Context, request: Request) -> Response:
    """GetFunctionUrlConfig."""
    return configs.find(ctx, reference(ctx, request)).described(ctx)


def update_function_url_config(ctx: Context, request: Request) -> Response:
    """UpdateFunctionUrlConfig: changes what the request names."""
    url = configs.find(ctx, reference(ctx, request))
    changed = replace(
        url,
        auth=request.get("AuthType") or url.auth,
        cors=request.get("Cors", url.cors),
        mode=request.get("InvokeMode") or url.mode,
        modified=ctx.now,
    )
    configs.put(ctx, changed)
    return changed.described(ctx)


def delete_function_url_config(ctx: Context, request: Request) -> Response:
    """DeleteFunctionUrlConfig."""
    configs.delete(ctx, configs.find(ctx, reference(ctx, request)))
    return {}


def list_function_url_configs(ctx: Context, request: Request) -> Response:
    """ListFunctionUrlConfigs: of the function and its aliases, all on one page."""
    wanted = reference(ctx, request)
    functions.find(ctx, wanted)
    found = configs.of_function(ctx, wanted)
    return {"FunctionUrlConfigs": [url.described(ctx) for url in found]}
