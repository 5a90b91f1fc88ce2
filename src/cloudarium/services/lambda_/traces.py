"""X-Ray's tracing header, as invocations carry it."""

from __future__ import annotations

from cloudarium.core import tracing
from cloudarium.core.context import Context


def new_trace(ctx: Context) -> str:
    """The header of an invocation: that of the request, else of a new trace, not yet decided on."""
    if ctx.trace:
        given = tracing.read(ctx.trace)
        if given:
            return str(given)
    return f"Root={tracing.new_trace_id(ctx.ids, ctx.now)}"


def untraced(ctx: Context, header: str) -> str:
    """The header for a function whose invocation is not traced: what upstream decided, or no."""
    if ";" not in header:
        return f"{header};Parent={tracing.new_id(ctx.ids)};Sampled=0"
    if "Parent=" not in header:
        header = f"{header};Parent={tracing.new_id(ctx.ids)}"
    return header if "Sampled=" in header else f"{header};Sampled=0"
