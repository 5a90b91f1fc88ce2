"""API Gateway's two services in each other's work: AWS has one where there are two here.

Domain names, usage plans and API keys are for all kinds of APIs. What one service does in the
other's database it does in that one's context and by that one's functions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudarium.core.context import Context

REST, V2 = "apigateway", "apigatewayv2"


def at(ctx: Context, name: str) -> Context:
    """Return the caller's context in the service `name`."""
    kernel = ctx.runtime.kernel
    return kernel.runtime(name).context(ctx.account, ctx.region, ctx.principal, ctx.request_id)


def run(ctx: Context, name: str, function: str, *arguments: Any) -> Any:
    """Return what the service's `module:function` makes of its context, in a transaction there."""
    there = at(ctx, name)
    work: Callable[..., Any] = there.runtime.load(function)
    with there.transaction():
        return work(there, *arguments)
