"""Jobs that leave notes of having run."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context


def _write(ctx: Context, text: str) -> None:
    ctx.db.execute("INSERT INTO notes VALUES (?)", (text,))


def note(ctx: Context, payload: dict[str, Any]) -> None:
    """Leave the payload's text."""
    _write(ctx, payload["text"])


def again(ctx: Context, payload: dict[str, Any]) -> None:
    """Count down to nothing, one job a second."""
    _write(ctx, str(payload["left"]))
    if payload["left"]:
        ctx.schedule("again", {"left": payload["left"] - 1}, at=ctx.now + 1, key="k")


def fail(ctx: Context, payload: dict[str, Any]) -> None:
    """Fail after writing until somebody left a note."""
    noted = ctx.db.execute("SELECT count(*) FROM notes").fetchone()[0]
    _write(ctx, "done")
    if not noted:
        raise ValueError("not yet")


def cancel_other(ctx: Context, payload: dict[str, Any]) -> None:
    """Cancel the job with the key `other`."""
    ctx.cancel("note", "other")
    _write(ctx, "cancelled")
