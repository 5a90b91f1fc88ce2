"""One request from validated dict to answer: authorize, one transaction, durable, answer."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.documents import plain
from cloudarium.core.errors import InvalidAction, UnknownOperation
from cloudarium.core.identity import Principal
from cloudarium.core.runtime import Operation, ServiceRuntime

if TYPE_CHECKING:
    from cloudarium.core.kernel import Kernel

_KEPT_SECONDS = 86400.0
_FORGOTTEN_AT_ONCE = 10


class Dispatcher:
    """Runs operations."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def operation(self, runtime: ServiceRuntime, model: str, name: str) -> Operation:
        """Return the operation, or raise AWS's error for an unknown one."""
        operation = runtime.operation(model, name)
        if operation is None:
            if self._kernel.models.load(model).protocol == "query":
                raise InvalidAction(action=name)
            raise UnknownOperation(message=f"The operation {name} is not supported by Cloudarium.")
        return operation

    async def __call__(
        self,
        model: str,
        name: str,
        params: Request,
        *,
        principal: Principal,
        account: str,
        region: str,
        conditions: Mapping[str, str | list[str]],
        idempotency_key: str | None = None,
        request_id: str | None = None,
        trace: str = "",
    ) -> Response:
        """Run operation `name` of `model` with `params`. Raises AwsError.

        Its answer has no members that are None.
        """
        runtime = self._kernel.runtime_of(model)
        operation = self.operation(runtime, model, name)
        ctx = runtime.context(account, region, principal, request_id, conditions)
        ctx.trace = trace
        operation.validate(params)
        if idempotency_key is not None and not operation.model.streams:
            key = f"{account}/{region}/{model}.{name}/{idempotency_key}"
            answer = await self._once(ctx, operation, params, key)
            await runtime.store.durable()
        elif operation.waits:
            answer = await self.wait(ctx, operation, params)
        else:
            answer, unsynced = self.run(ctx, operation, params)
            if unsynced is not None:
                await asyncio.shield(unsynced)
        found: Response = plain(answer or {})
        return found

    def run(
        self, ctx: Context, operation: Operation, params: Request
    ) -> tuple[Response, asyncio.Future[None] | None]:
        """Run an operation that does not wait with params that are valid; raises AwsError.

        Its answer, which may leave when the future is done (None: at once).
        """
        store = ctx.runtime.store
        store.begin()
        try:
            self.authorize(ctx, operation, params)
            answer = operation.function(ctx, params)
        except BaseException:
            store.rollback()
            raise
        store.commit()
        return answer or {}, store.unsynced(store.seen)

    async def wait(self, ctx: Context, operation: Operation, params: Request) -> Response:
        """Run an operation that waits with params that are valid; return its durable answer.

        Raises AwsError.
        """
        store = ctx.runtime.store
        with store.unit():
            self.authorize(ctx, operation, params)
        answer: Response | None = await operation.function(ctx, params)
        await store.durable()
        return answer or {}

    def authorize(self, ctx: Context, operation: Operation, params: Request) -> None:
        """Raise AccessDenied unless the caller may do all that the operation needs."""
        for access in ctx.runtime.required_access(ctx, operation.model.name, params):
            ctx.authorize(access)

    async def _once(
        self, ctx: Context, operation: Operation, params: Request, key: str
    ) -> Response | None:
        """Run an operation unless it has run with `key`; the answer is kept with its effects."""
        with ctx.transaction() as db:
            row = db.execute("SELECT answer FROM _calls WHERE key = ?", (key,)).fetchone()
            if row is not None:
                return _kept(row["answer"])
            self.authorize(ctx, operation, params)
            if not operation.waits:
                answer: Response | None = operation.function(ctx, params)
                _keep(ctx, key, answer)
                return answer
        waited = operation.function(ctx, params)
        answer = await waited if inspect.isawaitable(waited) else waited
        with ctx.transaction():
            _keep(ctx, key, answer)
        return answer


def _keep(ctx: Context, key: str, answer: Response | None) -> None:
    """Keep an answer for a day, in CBOR: bytes stay bytes, times stay times."""
    import cbor2

    kept = cbor2.dumps(plain(answer or {}))
    ctx.db.execute(
        "INSERT OR IGNORE INTO _calls (key, answer, at) VALUES (?, ?, ?)", (key, kept, ctx.now)
    )
    ctx.db.execute(
        "DELETE FROM _calls WHERE key IN (SELECT key FROM _calls WHERE at < ? LIMIT ?)",
        (ctx.now - _KEPT_SECONDS, _FORGOTTEN_AT_ONCE),
    )


def _kept(answer: bytes) -> Response:
    import cbor2

    kept: Response = cbor2.loads(answer)
    return kept
