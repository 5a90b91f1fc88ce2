"""The outbox: the last messages sent, listed here, their text in the cloud's mailbox.

The mailbox is the folder `mail/` beside the databases, one `.eml` file a message.
"""

from __future__ import annotations

import json
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from cloudarium.core.context import Context
from cloudarium.services.ses import limits


@dataclass(frozen=True)
class Sent:
    """A message that was sent; `sent_at` is epoch seconds."""

    id: str
    account: str
    region: str
    sent_at: float
    source: str
    destinations: list[str]


def add(ctx: Context, message_id: str, source: str, destinations: list[str]) -> bool:
    """List a message and forget the oldest beyond a thousand; tell whether it was new."""
    cursor = ctx.db.execute(
        "INSERT OR IGNORE INTO sent (id, account, region, sent_at, source, destinations)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (message_id, ctx.account, ctx.region, ctx.now, source, json.dumps(destinations)),
    )
    ctx.db.execute(
        "DELETE FROM sent WHERE sequence <= (SELECT max(sequence) FROM sent) - ?", (limits.OUTBOX,)
    )
    return cursor.rowcount == 1


def listed(db: sqlite3.Connection) -> list[Sent]:
    """Return all accounts' messages, the oldest first."""
    rows = db.execute(
        "SELECT id, account, region, sent_at, source, destinations FROM sent ORDER BY sequence"
    )
    return [
        Sent(
            row["id"],
            row["account"],
            row["region"],
            row["sent_at"],
            row["source"],
            json.loads(row["destinations"]),
        )
        for row in rows
    ]


def clear(db: sqlite3.Connection) -> None:
    """Forget the list; the mailbox stays."""
    db.execute("DELETE FROM sent")


def path(folder: Path, message_id: str) -> Path:
    """Return where a message lies in the mailbox of the cloud's folder."""
    return folder / "mail" / f"{message_id}.eml"


def write(folder: Path, message_id: str, raw: bytes) -> None:
    """Put a message into the mailbox; it is on disk when this returns."""
    target = path(folder, message_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(".tmp")
    with temporary.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(target)
