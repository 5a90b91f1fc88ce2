"""X-Ray's tracing header."""

from __future__ import annotations

from cloudarium.core.context import Context

_ROOT_DIGITS, _ID_DIGITS, _PARENT_DIGITS = 8, 24, 16


def new_trace(ctx: Context) -> str:
    """The header of a new trace, which is not sampled."""
    root = f"1-{int(ctx.now):0{_ROOT_DIGITS}x}-{ctx.ids.hex(_ID_DIGITS)}"
    return f"Root={root};Parent={ctx.ids.hex(_PARENT_DIGITS)};Sampled=0"
