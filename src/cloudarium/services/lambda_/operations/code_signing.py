"""Code signing configurations, and which function has which. Signatures are not looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.lambda_ import (
    code_signing,
    errors,
    function_settings,
    functions,
    limits,
)
from cloudarium.services.lambda_.code_signing import CodeSigningConfig
from cloudarium.services.lambda_.names import Reference, parse

T = TypeVar("T")
_ID_DIGITS = 17


def create_code_signing_config(ctx: Context, request: Request) -> Response:
    """CreateCodeSigningConfig; the policy is Warn unless said otherwise."""
    config = CodeSigningConfig(
        ctx.account,
        ctx.region,
        f"csc-{ctx.ids.hex(_ID_DIGITS)}",
        request.get("Description") or "",
        request["AllowedPublishers"]["SigningProfileVersionArns"],
        _policy(request, "Warn"),
        ctx.now,
    )
    code_signing.put(ctx, config)
    code_signing.tag(ctx, config, request.get("Tags") or {})
    return {"CodeSigningConfig": config.described()}


def _policy(request: Request, current: str) -> str:
    policies: dict[str, str] = request.get("CodeSigningPolicies") or {}
    return policies.get("UntrustedArtifactOnDeployment") or current


def get_code_signing_config(ctx: Context, request: Request) -> Response:
    """GetCodeSigningConfig."""
    found = code_signing.find(ctx, request["CodeSigningConfigArn"])
    return {"CodeSigningConfig": found.described()}


def update_code_signing_config(ctx: Context, request: Request) -> Response:
    """UpdateCodeSigningConfig: changes what the request names."""
    config = code_signing.find(ctx, request["CodeSigningConfigArn"])
    publishers = request.get("AllowedPublishers") or {}
    changed = replace(
        config,
        description=request.get("Description", config.description),
        publishers=publishers.get("SigningProfileVersionArns", config.publishers),
        policy=_policy(request, config.policy),
        modified=ctx.now,
    )
    code_signing.put(ctx, changed)
    return {"CodeSigningConfig": changed.described()}


def delete_code_signing_config(ctx: Context, request: Request) -> Response:
    """DeleteCodeSigningConfig: only if no function has it."""
    code_signing.delete(ctx, code_signing.find(ctx, request["CodeSigningConfigArn"]))
    return {}


def list_code_signing_configs(ctx: Context, request: Request) -> Response:
    """ListCodeSigningConfigs."""
    shown = [config.described() for config in code_signing.listed(ctx)]
    page, marker = _page(shown, request)
    return {"CodeSigningConfigs": page, "NextMarker": marker}


def list_functions_by_code_signing_config(ctx: Context, request: Request) -> Response:
    """ListFunctionsByCodeSigningConfig: their ARNs, by name."""
    config = code_signing.find(ctx, request["CodeSigningConfigArn"])
    arns = [function.arn for function in code_signing.functions_of(ctx, config.arn)]
    page, marker = _page(arns, request)
    return {"FunctionArns": page, "NextMarker": marker}


def _page(found: list[T], request: Request) -> tuple[list[T], str | None]:
    size = min(request.get("MaxItems") or limits.PAGE_ITEMS, limits.PAGE_ITEMS)
    return pages.page(found, request.get("Marker"), size, errors.bad_marker())


def put_function_code_signing_config(ctx: Context, request: Request) -> Response:
    """PutFunctionCodeSigningConfig."""
    code_signing.check(ctx, request["CodeSigningConfigArn"])
    name = _function(ctx, request)
    value = code_signing.attach(ctx, name, request["CodeSigningConfigArn"])
    return {**value, "FunctionName": name.name}


def get_function_code_signing_config(ctx: Context, request: Request) -> Response:
    """GetFunctionCodeSigningConfig: empty if the function has none."""
    name = _function(ctx, request)
    value: dict[str, Any] | None = function_settings.get(ctx, name, function_settings.CODE_SIGNING)
    return {**value, "FunctionName": name.name} if value else {}


def delete_function_code_signing_config(ctx: Context, request: Request) -> Response:
    """DeleteFunctionCodeSigningConfig."""
    function_settings.delete(ctx, _function(ctx, request), function_settings.CODE_SIGNING)
    return {}


def _function(ctx: Context, request: Request) -> Reference:
    name = parse(ctx, request["FunctionName"]).qualified("")
    functions.find(ctx, name)
    return name
