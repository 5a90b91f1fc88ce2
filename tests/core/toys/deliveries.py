"""A fact, and subscribers that note what they were told."""

from __future__ import annotations

from dataclasses import dataclass

from cloudarium.core.context import Context


@dataclass(frozen=True)
class Told:
    """Something was said; `fail` asks the subscriber to fail the first time."""

    text: str
    fail: bool = False


def on_told(ctx: Context, fact: Told) -> None:
    """Note the text; fail once after writing where asked to."""
    first = ctx.db.execute("SELECT count(*) FROM notes").fetchone()[0] == 0
    ctx.db.execute("INSERT INTO notes VALUES (?)", (fact.text,))
    if fact.fail and not ctx.cloud.ports.get("failed") and first:
        ctx.cloud.ports["failed"] = 1
        raise ValueError("not the first time")
