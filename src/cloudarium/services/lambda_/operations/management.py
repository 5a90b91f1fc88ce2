"""Recursion and runtime management configurations: kept and shown."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.lambda_ import (
    configuration_errors,
    errors,
    function_settings,
    functions,
)
from cloudarium.services.lambda_.names import LATEST, Reference, parse, reference


def put_function_recursion_config(ctx: Context, request: Request) -> Response:
    """PutFunctionRecursionConfig."""
    name = parse(ctx, request["FunctionName"])
    functions.find(ctx, name)
    return function_settings.put(
        ctx, name, function_settings.RECURSION, {"RecursiveLoop": request["RecursiveLoop"]}
    )


def get_function_recursion_config(ctx: Context, request: Request) -> Response:
    """GetFunctionRecursionConfig: Terminate unless set."""
    name = parse(ctx, request["FunctionName"])
    functions.find(ctx, name)
    return function_settings.get(ctx, name, function_settings.RECURSION) or {
        "RecursiveLoop": "Terminate"
    }


def put_runtime_management_config(ctx: Context, request: Request) -> Response:
    """PutRuntimeManagementConfig, of $LATEST or a published version."""
    wanted = _version(ctx, request)
    mode, arn = request["UpdateRuntimeOn"], request.get("RuntimeVersionArn")
    _check_runtime_version(ctx, mode, arn)
    config = function_settings.put(
        ctx,
        wanted,
        function_settings.RUNTIME,
        {"UpdateRuntimeOn": mode, "RuntimeVersionArn": arn},
    )
    return {**config, "FunctionArn": wanted.arn}


def _check_runtime_version(ctx: Context, mode: str, arn: str | None) -> None:
    if mode == "Manual" and not arn:
        raise errors.invalid(configuration_errors.NO_RUNTIME_VERSION)
    if mode != "Manual" and arn:
        raise errors.invalid(configuration_errors.RUNTIME_VERSION.format(mode=mode))
    if arn and arn.split(":")[3] != ctx.region:
        raise errors.invalid(configuration_errors.BAD_RUNTIME_VERSION.format(arn=arn))


def get_runtime_management_config(ctx: Context, request: Request) -> Response:
    """GetRuntimeManagementConfig: Auto unless set."""
    wanted = _version(ctx, request)
    config = function_settings.get(ctx, wanted, function_settings.RUNTIME) or {
        "UpdateRuntimeOn": "Auto"
    }
    return {**config, "FunctionArn": wanted.arn}


def _version(ctx: Context, request: Request) -> Reference:
    wanted = reference(ctx, request)
    wanted = wanted.qualified(wanted.qualifier or LATEST)
    functions.find_version(ctx, wanted, wanted.qualifier)
    return wanted
