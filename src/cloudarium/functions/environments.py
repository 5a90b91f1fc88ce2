"""Execution environments: a function's processes, used one invocation at a time."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cloudarium.functions.extensions import host
from cloudarium.functions.extensions.api import Failure
from cloudarium.functions.extensions.host import Host
from cloudarium.functions.launch import Launch
from cloudarium.functions.memory import Memory
from cloudarium.functions.outcomes import (
    Outcome,
    error_payload,
    exited,
    out_of_memory,
    timed_out,
)
from cloudarium.functions.processes import Process
from cloudarium.functions.programs import program
from cloudarium.functions.runtime_api import Invocation, Reply, RuntimeApi
from cloudarium.functions.runtime_connection import Sink
from cloudarium.functions.runtimes import Launcher, Runtimes, wrapped
from cloudarium.functions.sandbox import Sandbox
from cloudarium.wire.deadlines import Deadline, Deadlines

_WATCH_EVERY_SECONDS = 0.5
_RECORD_SEPARATOR = "\x1e"


class EnvironmentGone(Exception):
    """The environment ended before it took the invocation: use another."""


@dataclass
class _Timer:
    began: float = field(default_factory=time.perf_counter)

    @property
    def milliseconds(self) -> float:
        """Since it was made."""
        return (time.perf_counter() - self.began) * 1000


class Environment:
    """A function's process and its Runtime API.

    When that ends within an invocation, or is not initialized, the environment is reset as on AWS
    ("Failures during the invoke phase", Lambda's developer guide): the next invocation initializes
    another process, within its own time, which has the log stream and the /tmp of the first.
    """

    def __init__(
        self, launch: Launch, sandbox: Sandbox, runtimes: Runtimes, deadlines: Deadlines
    ) -> None:
        self.launch = launch
        self._runtimes = runtimes
        self._deadlines = deadlines
        self.retired = False
        self._sandbox = sandbox
        self._api = RuntimeApi()
        self._process: Process | None = None
        self._ended: asyncio.Task[int] | None = None
        self._measures: Memory | None = None
        self._watching: Deadline | None = None
        self._is_out_of_memory = False
        self._init_ms: float | None = None
        self._host: Host | None = None
        self._closing: asyncio.Task[None] | None = None
        self._before: Process | None = None  # the process before it was reset
        self._is_spent = False  # it is to be reset
        self._is_closed = False

    @property
    def alive(self) -> bool:
        """Whether it can take another invocation."""
        return not self._is_closed and (self._is_running or self._is_spent)

    @property
    def _is_running(self) -> bool:
        return self._process is not None and not self._process.ended

    async def ended(self) -> None:
        """Wait until its process has ended."""
        if self._ended:
            await asyncio.shield(self._ended)

    async def invoke(
        self, invocation: Invocation, started: Callable[[], None], sink: Sink | None = None
    ) -> Outcome:
        """Run one invocation, initializing first if new; `started` is called between the two.

        A streamed response goes to `sink`, if there is one, else into the outcome's payload.
        Raises EnvironmentGone, RuntimeMissing, SandboxError.
        """
        if self._process is not None and not self._is_spent:
            started()
            return await self._run(invocation, None, sink)
        failure, spent_ms = None, 0.0
        if not self._is_spent:
            failure = await self._initialize(invocation.request_id)
        if self._is_spent:
            # "If the Init phase fails, ... Lambda retries it at the time of the first invocation".
            failure = await self._initialize_again(invocation.request_id)
            spent_ms = self._init_ms or 0.0
        started()
        if failure:
            return failure
        init_ms = None if spent_ms else self._init_ms
        outcome = await self._run(invocation, init_ms, sink, spent_ms)
        return outcome._replace(retried_ms=spent_ms)

    async def prepare(self, request_id: str) -> Outcome | None:
        """Initialize before any invocation; how that failed, None if it did not.

        Raises RuntimeMissing, SandboxError.
        """
        failure = await self._initialize(request_id) if self._process is None else None
        if failure:
            self.close()
        return failure

    async def _initialize(self, request_id: str) -> Outcome | None:
        failure = await self._init(request_id, self.launch.init_seconds)
        done = failure or Outcome(b"", 0.0, init_ms=self._init_ms)
        self.launch.log.init_report("init", done)
        if self._host and self._host.is_needed:
            self._host.init_report("init", done)
        return failure

    async def _initialize_again(self, request_id: str) -> Outcome | None:
        await self._reset()
        failure = await self._init(request_id, self.launch.timeout_seconds)
        if self._host and self._host.is_needed:
            done = failure or Outcome(b"", 0.0, init_ms=self._init_ms)
            self._host.init_report("invoke", done)
        if failure is None:
            return None
        self.launch.log.init_report("invoke", failure)
        spent_ms = self._init_ms or 0.0
        return failure._replace(duration_ms=spent_ms, init_ms=None, retried_ms=spent_ms)

    async def _reset(self) -> None:
        """Be as new, but for what the next process is to have of the one before."""
        await self.closed()
        await self.ended()
        self._api.renew()
        self._before, self._process = self._process, None
        self._ended = self._measures = self._closing = None
        self._is_out_of_memory = self._is_spent = False

    async def _init(self, request_id: str, seconds: float) -> Outcome | None:
        launch = self.launch
        found = await self._runtimes.launcher(launch.runtime, launch.memory_megabytes)
        await self._sandbox.ready(found.python)
        timer = _Timer()
        process = await self._start(found)
        self._ended = asyncio.create_task(process.wait())
        self._ended.add_done_callback(lambda _: self._api.give_up())
        assert self._host
        failed = self._host.extensions.failed
        failed.add_done_callback(lambda _: self._api.give_up())
        await _first(seconds, self._api.initialized, self._ended, failed)
        is_in_time = await self._host.initialized(seconds - timer.milliseconds / 1000)
        process.drain()
        self._init_ms = timer.milliseconds
        if self._host.failure:
            return self._extension_failed(request_id, self._host.failure, 0.0, self._init_ms)
        if is_in_time and self._api.initialized.done():
            failure = self._api.initialized.result()
            if failure:
                self._end()
                return self._told(failure, "error", 0.0, self._init_ms)
            return None
        if self._ended.done():
            return self._exited(request_id, 0.0, self._init_ms)
        memory = self._memory()
        self._end()
        return timed_out(request_id, self.launch.timeout_seconds, self._init_ms, memory)

    async def _start(self, found: Launcher) -> Process:
        launch = self.launch
        if found.note and self._before is None:
            launch.log(found.note)
        extensions = host.files(launch.layers)
        wrapper = launch.environment.get("AWS_LAMBDA_EXEC_WRAPPER", "")
        if extensions or wrapper:
            found = wrapped(found, wrapper, extensions, self._sandbox.folder)
        api = await self._api.start()
        port = int(api.rpartition(":")[2])
        self._host = Host(extensions, launch, port, "invoke" if self._before else "init")
        self._api.beside = self._host.extensions
        mounts = self._host.mounts(self._sandbox)
        spec = program(launch, found, api, self._sandbox, mounts, self._before)
        channel = await self._api.channel() if found.is_ours else None
        self._process = await self._sandbox.start(spec, self, channel)
        self._measures = Memory(self._process.pid)
        return self._process

    def has_room(self, go_on: Callable[[], None]) -> bool:
        """Of the process: whether what it writes can be taken now; if not, `go_on` is called."""
        return self.launch.log.has_room(go_on)

    def __call__(self, line: bytes) -> None:
        """Of the process: it has written a line."""
        text = line.decode(errors="replace").replace(_RECORD_SEPARATOR, "\n")
        if line.startswith(host.MARK):
            self.launch.log(text[1:])
            if self._host:
                self._host.publish("extension", text[1:])
        else:
            self.launch.log(text)
            if self._host and self._host.is_needed:
                self._host.publish("function", text)

    async def _run(
        self,
        invocation: Invocation,
        init_ms: float | None,
        sink: Sink | None,
        spent_ms: float = 0.0,
    ) -> Outcome:
        """Have the runtime serve it; `spent_ms` of its time were spent on initialization."""
        assert self._process and self._ended
        seconds = self.launch.timeout_seconds
        timer = _Timer(time.perf_counter() - spent_ms / 1000)
        if init_ms is not None or spent_ms:
            # The time that it has begins after the initialization.
            left_ms = int(seconds * 1000 - spent_ms)
            invocation = invocation._replace(deadline_ms=real_time_ms() + left_ms)
        waiting = self._api.offer(invocation, sink)
        if self._host and self._host.is_needed:
            self._host.invoke(invocation)
        if self._ended.done() or (self._host and self._host.failure):
            self._api.give_up()
        timeout = self._deadlines.after(seconds - spent_ms / 1000, self._api.give_up)
        self._watching = self._deadlines.after(_WATCH_EVERY_SECONDS, self._watch)
        try:
            reply = await waiting
        finally:
            timeout.cancel()
            self._watching.cancel()
        duration = timer.milliseconds
        self._process.drain()
        if reply is None:
            was_new = init_ms is not None or spent_ms > 0
            return await self._unanswered(invocation, duration, init_ms, was_new)
        outcome = self._told(reply, "success", duration, init_ms)
        if self._host is None or not self._host.is_needed:
            return outcome
        return await self._settled(invocation, outcome, seconds, timer)

    async def _unanswered(
        self, invocation: Invocation, duration: float, init_ms: float | None, was_new: bool
    ) -> Outcome:
        assert self._ended and self._host
        request_id = invocation.request_id
        if self._host.failure:
            return self._extension_failed(request_id, self._host.failure, duration, init_ms)
        if not self._ended.done():
            seconds = self.launch.timeout_seconds
            outcome = timed_out(request_id, seconds, init_ms, self._memory())
            if self._host.is_needed:
                self._host.runtime_done(invocation, outcome)
            self._end("timeout")
            await self._ended
            return outcome
        if not self._api.taken and not was_new:
            raise EnvironmentGone
        return self._exited(request_id, duration, init_ms)

    async def _settled(
        self, invocation: Invocation, outcome: Outcome, seconds: float, timer: _Timer
    ) -> Outcome:
        """Wait for the extensions, as the invocation's time does."""
        assert self._host and self._ended
        request_id = invocation.request_id
        self._host.runtime_done(invocation, outcome)
        is_in_time = await self._host.settled(seconds - timer.milliseconds / 1000)
        duration, init_ms = timer.milliseconds, outcome.init_ms
        if self._host.failure:
            return self._extension_failed(request_id, self._host.failure, duration, init_ms)
        if not is_in_time:
            self._end("timeout")
            await self._ended
            return timed_out(request_id, int(seconds), init_ms, self._memory())
        outcome = outcome._replace(duration_ms=duration, memory_megabytes=self._memory())
        self._host.report(invocation, outcome, self.launch.memory_megabytes)
        return outcome

    def _extension_failed(
        self, request_id: str, failure: Failure, duration: float, init_ms: float | None
    ) -> Outcome:
        self._end("failure")
        message = f"RequestId: {request_id} Error: {failure.reason}"
        payload = error_payload(failure.error_type, message)
        outcome = Outcome(payload, duration, failure.error_type, "error", init_ms, self._memory())
        return outcome._replace(exit_reason=failure.reason)

    def _told(self, reply: Reply, status: str, duration: float, init_ms: float | None) -> Outcome:
        """The outcome of what the runtime told; an invocation's error is a success of its own."""
        kind, cause, memory = reply.error_type, reply.trace_cause, self._memory()
        return Outcome(reply.payload, duration, kind, status, init_ms, memory, trace_cause=cause)

    def _exited(self, request_id: str, duration: float, init_ms: float | None) -> Outcome:
        assert self._ended
        self._end()
        if self._is_out_of_memory:
            return out_of_memory(request_id, duration, init_ms, self.launch.memory_megabytes)
        outcome = exited(request_id, self._ended.result(), duration, init_ms, self._memory())
        told = self._api.settled
        if told and told.error_type:  # what the client is told; only REPORT has the exit
            kind = outcome.error_type or ""
            return outcome._replace(payload=told.payload, error_type=told.error_type, cause=kind)
        return outcome

    def _memory(self) -> int:
        """The most memory (MB) that the function's process has had, as far as is known."""
        return self._measures.measured() if self._measures else 0

    def _watch(self) -> None:
        """End an environment whose processes have too much memory; else look again later."""
        if self._measures and self._measures.is_over(
            self.launch.memory_megabytes, self.launch.tmp_megabytes
        ):
            self._is_out_of_memory = True
            self._kill()
        else:
            self._watching = self._deadlines.after(_WATCH_EVERY_SECONDS, self._watch)

    def close(self) -> None:
        """End it for good, with all that it started; extensions are told first."""
        self._is_closed = True
        self._end("spindown")
        if self._closing is None or self._closing.done():
            self._let_go()

    def _end(self, reason: str = "failure") -> None:
        """End the process, with all that it started; extensions are told the reason first."""
        self._is_spent = True
        if self._host and self._host.is_needed and self._is_running:
            if self._closing is None:
                self._freeze()
                self._closing = asyncio.create_task(self._shut_down(self._host, reason))
        elif self._closing is None:
            self._kill()

    def _freeze(self) -> None:
        """Stop the runtime where it is; what is beside it goes on."""
        assert self._process
        pid = self._process.pid
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            os.kill(int(children[0]), signal.SIGSTOP)
        except (OSError, IndexError):
            return

    async def _shut_down(self, extensions: Host, reason: str) -> None:
        try:
            await extensions.shutdown(reason, real_time_ms())
        finally:
            self._kill()
            if self._is_closed:
                self._let_go()

    def _kill(self) -> None:
        self._api.drop()
        if self._process:
            self._process.kill()

    def _let_go(self) -> None:
        self._api.close()
        if self._host:
            self._host.close()
        for process in (self._process, self._before):
            if process:
                process.forget()

    async def closed(self) -> None:
        """After `close`: wait until extensions have had their time."""
        if self._closing:
            await asyncio.wait([self._closing])


async def _first(timeout: float, *futures: asyncio.Future[Any]) -> None:
    await asyncio.wait(futures, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)


def real_time_ms() -> int:
    """The machine's time, epoch milliseconds: what a running function sees."""
    return int(time.time() * 1000)
