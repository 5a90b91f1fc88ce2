"""A process that commits numbers and prints each once it is on disk, until it is killed."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cloudarium.core.store import Store


async def _write(path: Path) -> None:
    schema = "CREATE TABLE numbers (number INTEGER PRIMARY KEY) STRICT;"
    store = Store(path, schema, ThreadPoolExecutor(2), durable=True)
    while True:
        with store.transaction() as db:
            row = db.execute("INSERT INTO numbers VALUES (NULL) RETURNING number").fetchone()
        await store.durable()
        print(row[0], flush=True)


if __name__ == "__main__":
    asyncio.run(_write(Path(sys.argv[1])))
