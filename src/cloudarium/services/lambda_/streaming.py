"""Response streaming: an invocation whose response is passed on while the function writes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.lambda_ import invocations
from cloudarium.services.lambda_.invocations import Event, Result, Target


class Stream:
    """A response on its way; the runtime's side writes to it (`Sink`).

    content_type: as the function told it, "" if it answered in one piece.
    is_whole: whether all of it came, though the invocation may go on.
    """

    def __init__(self) -> None:
        self.content_type = ""
        self.is_whole = False
        self._parts: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._begun = asyncio.Event()
        self._running: asyncio.Task[Result] | None = None

    def start(self, content_type: str) -> None:
        """The response begins."""
        self.content_type = content_type
        self._begun.set()

    def write(self, part: bytes) -> None:
        """Its next bytes."""
        self._parts.put_nowait(part)

    def end(self) -> None:
        """It is whole."""
        self.is_whole = True
        self._parts.put_nowait(None)

    async def open(self, ctx: Context, target: Target, event: Event) -> None:
        """Invoke, and return once the response has begun or the invocation has ended.

        Raises what `invocations.run` does.
        """
        self._running = asyncio.create_task(invocations.run(ctx, target, event, self))
        self._running.add_done_callback(self._end)
        await self._begun.wait()
        if self._running.done():
            self._running.result()

    def _end(self, running: asyncio.Task[Result]) -> None:
        if not self.content_type and not running.cancelled() and not running.exception():
            outcome = running.result().outcome
            if not outcome.error_type:
                self._parts.put_nowait(outcome.payload)
        self._parts.put_nowait(None)
        self._begun.set()

    async def parts(self) -> AsyncIterator[bytes]:
        """Yield the response, part by part, until it is whole or the invocation has ended."""
        while (part := await self._parts.get()) is not None:
            yield part

    async def result(self) -> Result:
        """How the invocation ended, once it has."""
        assert self._running
        return await asyncio.shield(self._running)


async def begin(ctx: Context, target: Target, event: Event) -> Stream:
    """Invoke a function; its response's stream. Raises what `invocations.run` does."""
    stream = Stream()
    await stream.open(ctx, target, event)
    return stream


async def events(stream: Stream, with_log: bool) -> AsyncIterator[dict[str, Any]]:
    """Yield the events of InvokeWithResponseStream: PayloadChunk and one InvokeComplete."""
    async for part in stream.parts():
        yield {"PayloadChunk": {"Payload": part}}
    result = await stream.result()
    complete: dict[str, str] = {}
    if result.outcome.error_type:
        complete["ErrorCode"] = result.outcome.error_type
        complete["ErrorDetails"] = result.outcome.payload.decode(errors="replace")
    if with_log:
        complete["LogResult"] = result.log
    yield {"InvokeComplete": complete}
