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


def append(ctx: Context, fact: Any) -> None:
    """Write `fact` to the outbox in the present transaction, if anybody subscribes to its type."""
    kernel = ctx.runtime.kernel
    if not kernel.outbox.subscribers(type(fact)):
        return
    ctx.db.execute(
        "INSERT INTO _outbox (fact, account, region, body) VALUES (?, ?, ?, ?)",
        (type(fact).__name__, ctx.account, ctx.region, orjson.dumps(asdict(fact))),
    )
    runtime = ctx.runtime
    runtime.store.after_commit(lambda: kernel.outbox.poke(runtime))


class Outbox:
    """Delivers every service's facts to their subscribers."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._types = {
            fact.__name__: fact for service in kernel.services for fact in service.subscriptions
        }
        self._pumps: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._again: set[tuple[str, str]] = set()

    def subscribers(self, fact: type) -> list[str]:
        """Return the names of the services that subscribe to `fact`."""
        return [s.name for s in self._kernel.services if fact in s.subscriptions]

    @property
    def idle(self) -> bool:
        """Whether nothing is being delivered."""
        return not self._pumps

    def poke(self, source: ServiceRuntime) -> None:
        """Deliver what `source` has in its outbox."""
        for service in self._kernel.services:
            if service.subscriptions:
                self._start(source, self._kernel.runtime(service.name))

    def _start(self, source: ServiceRuntime, subscriber: ServiceRuntime) -> None:
        key = (source.service.name, subscriber.service.name)
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
        if key in self._again and not self._kernel.closing:
            self._again.discard(key)
            self._start(source, subscriber)

    async def _pump(self, source: ServiceRuntime, subscriber: ServiceRuntime) -> None:
        await source.store.durable()
        last = _position(subscriber, source)
        while rows := _rows(source, last):
            for row in rows:
                await self._deliver(source, subscriber, row)
                last = row["id"]
        self._trim(source)

    async def _deliver(
        self, source: ServiceRuntime, subscriber: ServiceRuntime, row: sqlite3.Row
    ) -> None:
        fact_type = self._types.get(row["fact"])
        path = subscriber.service.subscriptions.get(fact_type) if fact_type else None
        for attempt in range(_ATTEMPTS):
            try:
                if path is None or fact_type is None:
                    _advance(subscriber, source, row["id"])
                else:
                    fact = fact_type(**orjson.loads(row["body"]))
                    await self._handle(source, subscriber, row, path, fact)
                return
            except Exception:
                log.exception("%s could not take %s %s", subscriber, row["fact"], row["id"])
                await asyncio.sleep(0.05 * 4**attempt)
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

    def _trim(self, source: ServiceRuntime) -> None:
        positions = [
            _position(self._kernel.runtime(service.name), source)
            for service in self._kernel.services
            if service.subscriptions
        ]
        with source.store.transaction() as db:
            db.execute("DELETE FROM _outbox WHERE id <= ?", (min(positions),))


def _rows(source: ServiceRuntime, after: int) -> list[sqlite3.Row]:
    return source.store.connection.execute(
        "SELECT * FROM _outbox WHERE id > ? ORDER BY id LIMIT ?", (after, _BATCH)
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
