"""Facts from service to service: written with the change they tell of, delivered afterwards.

A fact's row is in the emitting service's database; how far a subscriber has read is in the
subscriber's, so that a plain-`def` subscriber's effects and its place advance in one transaction.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import sqlite3
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson

from cloudarium.core.identity import service_principal

if TYPE_CHECKING:
    from cloudarium.core.context import Context
    from cloudarium.core.kernel import Kernel
    from cloudarium.core.runtime import ServiceRuntime

log = logging.getLogger(__name__)
_BATCH = 100
_ATTEMPTS = 5
# Seconds, four times as long before each further attempt: real ones, as `settle` waits for them.
_FIRST_DELAY = 0.05


def append(ctx: Context, fact: Any) -> None:
    """Write `fact` to the outbox in the present transaction, if anybody subscribes to its type."""
    kernel = ctx.runtime.kernel
    name = type(fact).__name__
    if not kernel.outbox.subscribers(name):
        return
    ctx.db.execute(
        "INSERT INTO _outbox (fact, account, region, body) VALUES (?, ?, ?, ?)",
        (name, ctx.account, ctx.region, orjson.dumps(asdict(fact))),
    )
    runtime = ctx.runtime
    runtime.store.after_commit(lambda: kernel.outbox.poke(runtime, name))


class Outbox:
    """Delivers every service's facts to their subscribers."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._types: dict[str, type] = {}
        self._subscribers: dict[str, list[str]] = {}
        for service in kernel.services:
            for fact in service.subscriptions:
                self._types[fact.__name__] = fact
                self._subscribers.setdefault(fact.__name__, []).append(service.name)
        self._pumps: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._again: set[tuple[str, str]] = set()

    def subscribers(self, fact: str) -> list[str]:
        """Return the names of the services that subscribe to the facts called `fact`."""
        return self._subscribers.get(fact, [])

    @property
    def idle(self) -> bool:
        """Whether nothing is being delivered."""
        return not self._pumps

    def poke(self, source: ServiceRuntime, fact: str) -> None:
        """Deliver the facts called `fact` that `source` has in its outbox."""
        for name in self.subscribers(fact):
            self._start(source, self._kernel.runtime(name))

    def adopt(self, source: ServiceRuntime) -> None:
        """Deliver what `source` has in its outbox from an earlier run."""
        rows = source.store.connection.execute("SELECT DISTINCT fact FROM _outbox").fetchall()
        for row in rows:
            self.poke(source, row["fact"])

    async def stop(self) -> None:
        """Stop; what is being delivered is delivered again at the next start."""
        pumps = list(self._pumps.values())
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)

    def _start(self, source: ServiceRuntime, subscriber: ServiceRuntime) -> None:
        key = (source.service.name, subscriber.service.name)
        if self._kernel.closing:
            return
        if key in self._pumps:
            self._again.add(key)
            return
        task = asyncio.ensure_future(self._pump(source, subscriber))
        self._pumps[key] = task
        task.add_done_callback(lambda _: self._done(key, source, subscriber))

    def _done(
        self, key: tuple[str, str], source: ServiceRuntime, subscriber: ServiceRuntime
    ) -> None:
        del self._pumps[key]
        if key in self._again:
            self._again.discard(key)
            self._start(source, subscriber)

    async def _pump(self, source: ServiceRuntime, subscriber: ServiceRuntime) -> None:
        await source.store.durable()
        last = _position(subscriber, source)
        while rows := _rows(source, subscriber, last):
            for row in rows:
                await self._deliver(source, subscriber, row)
                last = row["id"]
        self._trim(source, subscriber)

    async def _deliver(
        self, source: ServiceRuntime, subscriber: ServiceRuntime, row: sqlite3.Row
    ) -> None:
        fact_type = self._types[row["fact"]]
        path = subscriber.service.subscriptions[fact_type]
        for attempt in range(_ATTEMPTS):
            try:
                fact = fact_type(**orjson.loads(row["body"]))
                await self._handle(source, subscriber, row, path, fact)
                return
            except Exception:
                log.exception("%s could not take %s %s", subscriber, row["fact"], row["id"])
                await asyncio.sleep(_FIRST_DELAY * 4**attempt)
        log.error("%s gives up %s %s", subscriber, row["fact"], row["id"])
        _advance(subscriber, source, row["id"])

    async def _handle(
        self,
        source: ServiceRuntime,
        subscriber: ServiceRuntime,
        row: sqlite3.Row,
        path: str,
        fact: Any,
    ) -> None:
        handler = subscriber.load(path)
        account, region = row["account"], row["region"]
        principal = service_principal(subscriber.service.principal, account)
        ctx = subscriber.context(account, region, principal)
        if inspect.iscoroutinefunction(handler):
            await handler(ctx, fact)
            _advance(subscriber, source, row["id"])
        else:
            with subscriber.store.transaction():
                handler(ctx, fact)
                _record(subscriber, source, row["id"])
        await subscriber.store.durable()

    def _trim(self, source: ServiceRuntime, subscriber: ServiceRuntime) -> None:
        """Remove the facts of the subscriber's types that every subscriber has seen."""
        names = {name for fact in _facts(subscriber) for name in self.subscribers(fact)}
        seen = {name: _position(self._kernel.runtime(name), source) for name in names}
        with source.store.transaction() as db:
            db.executemany(
                "DELETE FROM _outbox WHERE fact = ? AND id <= ?",
                [(f, min(seen[n] for n in self.subscribers(f))) for f in _facts(subscriber)],
            )


def _facts(subscriber: ServiceRuntime) -> list[str]:
    return [fact.__name__ for fact in subscriber.service.subscriptions]


def _rows(source: ServiceRuntime, subscriber: ServiceRuntime, after: int) -> list[sqlite3.Row]:
    facts = _facts(subscriber)
    marks = ",".join("?" * len(facts))
    return source.store.connection.execute(
        f"SELECT * FROM _outbox WHERE id > ? AND fact IN ({marks}) ORDER BY id LIMIT ?",
        (after, *facts, _BATCH),
    ).fetchall()


def _position(subscriber: ServiceRuntime, source: ServiceRuntime) -> int:
    row = subscriber.store.connection.execute(
        "SELECT last_id FROM _inbox WHERE source = ?", (source.service.name,)
    ).fetchone()
    return int(row["last_id"]) if row else 0


def _record(subscriber: ServiceRuntime, source: ServiceRuntime, last: int) -> None:
    subscriber.store.connection.execute(
        "INSERT INTO _inbox VALUES (?, ?) ON CONFLICT DO UPDATE SET last_id = excluded.last_id",
        (source.service.name, last),
    )


def _advance(subscriber: ServiceRuntime, source: ServiceRuntime, last: int) -> None:
    with subscriber.store.transaction():
        _record(subscriber, source, last)
