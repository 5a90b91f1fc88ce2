"""Response streaming: an invocation whose response is passed on while the function writes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from cloudarium.core.context import Context
from cloudarium.functions.runtime_connection import Flow
from cloudarium.services.lambda_ import invocations
from cloudarium.services.lambda_.invocations import Event, Result, Target

# How much of a response waits for its reader before the function is held back, and how little
# before it goes on; what is between function and reader besides are the sockets' own buffers.
_HIGH_WATER_BYTES, _LOW_WATER_BYTES = 256 << 10, 64 << 10


class Stream:
    """A response on its way; the runtime's side writes to it (`Sink`).

    content_type: as the function told it, "" if it answered in one piece.
    is_whole: whether all of it came, though the invocation may go on.
    buffered: how many bytes wait for the reader.
    """

    def __init__(self) -> None:
        self.content_type = ""
        self.is_whole = False
        self._parts: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._begun = asyncio.Event()
        self._running: asyncio.Task[Result] | None = None
        self._flow: Flow | None = None
        self._is_held = False
        self._is_left = False
        self.buffered = 0

    def start(self, content_type: str, flow: Flow) -> None:
        """The response begins."""
        self.content_type = content_type
        self._flow = flow
        self._begun.set()

    def write(self, part: bytes) -> None:
        """Its next bytes; a function that writes faster than they are read is held back."""
        if self._is_left:
            return
        self._parts.put_nowait(part)
        self.buffered += len(part)
        if self._flow and not self._is_held and self.buffered > _HIGH_WATER_BYTES:
            self._is_held = True
            self._flow.pause()

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

    async def parts(self) -> AsyncGenerator[bytes]:
        """Yield the response, part by part, until it is whole or the invocation has ended.

        "Streamed responses are not interrupted or stopped when the invoking client connection is
        broken": when the reader leaves (`aclose`), the function goes on and nobody listens.
        """
        try:
            while (part := await self._parts.get()) is not None:
                self.buffered = max(self.buffered - len(part), 0)
                if self.buffered <= _LOW_WATER_BYTES:
                    self._let_go()
                yield part
        finally:
            self._is_left = True
            self.buffered = 0
            self._parts = asyncio.Queue()
            self._let_go()

    def _let_go(self) -> None:
        if self._flow and self._is_held:
            self._is_held = False
            self._flow.resume()

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
    async with aclosing(stream.parts()) as parts:
        async for part in parts:
            yield {"PayloadChunk": {"Payload": part}}
    result = await stream.result()
    complete: dict[str, str] = {}
    if result.outcome.error_type:
        complete["ErrorCode"] = result.outcome.error_type
        complete["ErrorDetails"] = result.outcome.payload.decode(errors="replace")
    if with_log:
        complete["LogResult"] = result.log
    yield {"InvokeComplete": complete}
