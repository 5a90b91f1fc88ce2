"""Reserved concurrency, asynchronous invocation's configuration, the account's figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.lambda_ import (
    aliases,
    concurrency,
    destinations,
    errors,
    event_configs,
    functions,
    limits,
)
from cloudarium.services.lambda_.event_configs import EventConfig
from cloudarium.services.lambda_.names import Reference, parse, reference
from cloudarium.services.lambda_.provisioned import configs


def put_function_concurrency(ctx: Context, request: Request) -> Response:
    """PutFunctionConcurrency: leaves at least 100 to the functions without a reservation."""
    function = functions.find(ctx, parse(ctx, request["FunctionName"]))
    wanted = request["ReservedConcurrentExecutions"]
    provisioned = sum(each.requested for each in configs.of_function(ctx, function.reference))
    if wanted < provisioned:
        text = errors.RESERVED_UNDER_PROVISIONED.format(wanted=wanted, provisioned=provisioned)
        raise errors.over_limit(text)
    had = provisioned if function.reserved is None else function.reserved
    share = concurrency.share(ctx, ctx.account, ctx.region)
    share.check(wanted - had, errors.UNRESERVED_TOO_FEW)
    functions.update(ctx, replace(function, reserved=wanted))
    return {"ReservedConcurrentExecutions": wanted}


def get_function_concurrency(ctx: Context, request: Request) -> Response:
    """GetFunctionConcurrency: empty without a reservation."""
    function = functions.find(ctx, parse(ctx, request["FunctionName"]))
    return {"ReservedConcurrentExecutions": function.reserved}


def delete_function_concurrency(ctx: Context, request: Request) -> Response:
    """DeleteFunctionConcurrency."""
    function = functions.find(ctx, parse(ctx, request["FunctionName"]))
    functions.update(ctx, replace(function, reserved=None))
    return {}


def put_function_event_invoke_config(ctx: Context, request: Request) -> Response:
    """PutFunctionEventInvokeConfig: replaces the configuration."""
    return _put(ctx, EventConfig(_existing(ctx, request)), request)


def update_function_event_invoke_config(ctx: Context, request: Request) -> Response:
    """UpdateFunctionEventInvokeConfig: changes what the request names."""
    return _put(ctx, event_configs.find(ctx, _existing(ctx, request)), request)


def _put(ctx: Context, config: EventConfig, request: Request) -> Response:
    arns = config.destinations
    if "DestinationConfig" in request:
        arns = destinations.checked(ctx, config.reference, request["DestinationConfig"])
    changed = replace(
        config,
        retries=request.get("MaximumRetryAttempts", config.retries),
        age=request.get("MaximumEventAgeInSeconds", config.age),
        destinations=arns,
        modified=ctx.now,
    )
    event_configs.put(ctx, changed)
    return changed.described()


def _existing(ctx: Context, request: Request) -> Reference:
    wanted = reference(ctx, request)
    functions.find(ctx, wanted)
    if aliases.is_alias(wanted.qualifier):
        aliases.find(ctx, wanted)
    elif wanted.qualifier:
        functions.find_version(ctx, wanted, wanted.qualifier)
    return wanted


def get_function_event_invoke_config(ctx: Context, request: Request) -> Response:
    """GetFunctionEventInvokeConfig."""
    return event_configs.find(ctx, reference(ctx, request)).described()


def delete_function_event_invoke_config(ctx: Context, request: Request) -> Response:
    """DeleteFunctionEventInvokeConfig."""
    event_configs.delete(ctx, reference(ctx, request))
    return {}


def list_function_event_invoke_configs(ctx: Context, request: Request) -> Response:
    """ListFunctionEventInvokeConfigs: of the function's qualifiers, all on one page."""
    wanted = reference(ctx, request)
    functions.find(ctx, wanted)
    found = event_configs.of_function(ctx, wanted)
    return {"FunctionEventInvokeConfigs": [config.described() for config in found]}


def get_account_settings(ctx: Context, request: Request) -> Response:
    """GetAccountSettings: limits and usage in this region."""
    count, size = functions.usage(ctx)
    share = concurrency.share(ctx, ctx.account, ctx.region)
    limit: dict[str, Any] = {
        "TotalCodeSize": limits.CODE_STORAGE_BYTES,
        "CodeSizeUnzipped": limits.UNZIPPED_BYTES,
        "CodeSizeZipped": limits.ZIPPED_BYTES,
        "ConcurrentExecutions": share.limit,
        "UnreservedConcurrentExecutions": share.on_demand,
    }
    return {"AccountLimit": limit, "AccountUsage": {"TotalCodeSize": size, "FunctionCount": count}}
