"""Recursion and runtime management configurations: kept and shown."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.lambda_ import errors, functions
from cloudarium.services.lambda_.names import LATEST, Reference, parse, reference

_RECURSION, _RUNTIME = "recursion", "runtime"


def put_function_recursion_config(ctx: Context, request: Request) -> Response:
    """PutFunctionRecursionConfig."""
    name = parse(ctx, request["FunctionName"])
    functions.find(ctx, name)
    return _put(ctx, name, _RECURSION, {"RecursiveLoop": request["RecursiveLoop"]})


def get_function_recursion_config(ctx: Context, request: Request) -> Response:
    """GetFunctionRecursionConfig: Terminate unless set."""
    name = parse(ctx, request["FunctionName"])
    functions.find(ctx, name)
    return _get(ctx, name, _RECURSION) or {"RecursiveLoop": "Terminate"}


def put_runtime_management_config(ctx: Context, request: Request) -> Response:
    """PutRuntimeManagementConfig, of $LATEST or a published version."""
    wanted = _version(ctx, request)
    mode, arn = request["UpdateRuntimeOn"], request.get("RuntimeVersionArn")
    if (mode == "Manual") != bool(arn):
        raise errors.invalid(errors.RUNTIME_VERSION_ARN)
    config = _put(ctx, wanted, _RUNTIME, {"UpdateRuntimeOn": mode, "RuntimeVersionArn": arn})
    return {**config, "FunctionArn": wanted.arn}


def get_runtime_management_config(ctx: Context, request: Request) -> Response:
    """GetRuntimeManagementConfig: Auto unless set."""
    wanted = _version(ctx, request)
    config = _get(ctx, wanted, _RUNTIME) or {"UpdateRuntimeOn": "Auto"}
    return {**config, "FunctionArn": wanted.arn}


def _version(ctx: Context, request: Request) -> Reference:
    wanted = reference(ctx, request)
    wanted = wanted.qualified(wanted.qualifier or LATEST)
    functions.find_version(ctx, wanted, wanted.qualifier)
    return wanted


def _put(ctx: Context, name: Reference, setting: str, value: dict[str, Any]) -> dict[str, Any]:
    ctx.db.execute(
        "INSERT OR REPLACE INTO function_settings VALUES (?, ?, ?, ?, ?, ?)",
        (name.account, name.region, name.name, name.qualifier, setting, json.dumps(value)),
    )
    return value


def _get(ctx: Context, name: Reference, setting: str) -> dict[str, Any] | None:
    row = ctx.db.execute(
        "SELECT value FROM function_settings WHERE account = ? AND region = ? AND name = ?"
        " AND qualifier = ? AND setting = ?",
        (name.account, name.region, name.name, name.qualifier, setting),
    ).fetchone()
    return json.loads(row["value"]) if row else None
