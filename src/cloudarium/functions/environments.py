"""Execution environments: a function's processes, used one invocation at a time."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from cloudarium.functions.runtime_api import Invocation, Reply, RuntimeApi
from cloudarium.functions.runtime_connection import Sink
from cloudarium.functions.runtimes import LAYERS, RUNTIME_FOLDER, TASK_ROOT, Launcher, Runtimes
from cloudarium.functions.sandbox import Mount, Process, ProcessSpec, Sandbox

INIT_SECONDS = 10  # "The Init phase is limited to 10 seconds", Lambda's developer guide
_MEASURE_EVERY_SECONDS = 0.25
_RECORD_SEPARATOR = "\x1e"
# 128 + signal, with Go's words for it, which are those that AWS shows.
_SIGNALS = {
    134: "aborted",
    137: "killed",
    139: "segmentation fault",
    142: "alarm clock",
    143: "terminated",
}


class EnvironmentLog(Protocol):
    """Takes what an environment writes, and is told how its initialization ends."""

    def __call__(self, line: str) -> None:
        """A line (event) that the function writes."""

    def init_report(self, phase: str, outcome: Outcome) -> None:
        """The initialization ended as `outcome` says; `phase` is "init" or "invoke"."""


@dataclass(frozen=True)
class Outcome:
    """How an invocation ended.

    error_type: None if the handler answered. status: "success", "error" or "timeout".
    init_ms: of the Init phase, if this invocation's environment was new.
    """

    payload: bytes
    duration_ms: float
    error_type: str | None = None
    status: str = "success"
    init_ms: float | None = None
    memory_megabytes: int = 0


@dataclass(frozen=True)
class Launch:
    """What an environment is started with.

    key: environments with the same key are interchangeable (same version, same configuration).
    function: whose environment it is, for `Pool.retire`.
    environment: its variables, without those that depend on where it runs (LAMBDA_TASK_ROOT, ...).
    expires_at: when its credentials end, by the cloud's clock.
    log: takes what it writes.
    layers: the folder that is its /opt, if it has one.
    stays: whether it is kept warm however long it has nothing to do.
    """

    key: str
    function: str
    runtime: str
    code: Path
    environment: Mapping[str, str]
    memory_megabytes: int
    tmp_megabytes: int
    timeout_seconds: int
    expires_at: float
    log: EnvironmentLog
    layers: Path | None = None
    stays: bool = False


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
    """One process of a function and its Runtime API."""

    def __init__(self, launch: Launch, sandbox: Sandbox, runtimes: Runtimes) -> None:
        self.launch = launch
        self._runtimes = runtimes
        self.retired = False
        self._sandbox = sandbox
        self._api = RuntimeApi()
        self._process: Process | None = None
        self._ended: asyncio.Task[int] | None = None
        self._status_file = ""
        self._memory_used = 0
        self._measured_at = 0.0
        self._init_ms: float | None = None

    @property
    def alive(self) -> bool:
        """Whether it can take another invocation."""
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
        if self._process is not None:
            started()
            return await self._run(invocation, None, sink)
        failure = await self._initialize(invocation.request_id)
        spent_ms = 0.0
        if failure:
            # "If the Init phase fails, ... Lambda retries it at the time of the first invocation".
            await self._reset()
            failure = await self._initialize_again(invocation.request_id)
            spent_ms = self._init_ms or 0.0
        started()
        if failure:
            return failure
        return await self._run(invocation, None if spent_ms else self._init_ms, sink, spent_ms)

    async def prepare(self, request_id: str) -> Outcome | None:
        """Initialize before any invocation; how that failed, None if it did not.

        Raises RuntimeMissing, SandboxError.
        """
        return await self._initialize(request_id) if self._process is None else None

    async def _initialize(self, request_id: str) -> Outcome | None:
        failure = await self._init(request_id, INIT_SECONDS)
        if failure:
            self.launch.log.init_report("init", failure)
        return failure

    async def _initialize_again(self, request_id: str) -> Outcome | None:
        failure = await self._init(request_id, self.launch.timeout_seconds)
        if failure is None:
            return None
        self.launch.log.init_report("invoke", failure)
        duration, memory = self._init_ms or 0.0, failure.memory_megabytes
        kind, status = failure.error_type, failure.status
        return Outcome(failure.payload, duration, kind, status, memory_megabytes=memory)

    async def _reset(self) -> None:
        """Be as new."""
        self.close()
        await self.ended()
        self._api = RuntimeApi()
        self._process = self._ended = None
        self._status_file = ""

    async def _init(self, request_id: str, seconds: float) -> Outcome | None:
        launch = self.launch
        found = await self._runtimes.launcher(launch.runtime, launch.memory_megabytes)
        await self._sandbox.ready(found.python)
        timer = _Timer()
        process = await self._start(found)
        self._ended = asyncio.create_task(process.wait())
        self._ended.add_done_callback(lambda _: self._api.give_up())
        await _first(seconds, self._api.initialized, self._ended)
        process.drain()
        self._init_ms = timer.milliseconds
        if self._api.initialized.done():
            failure = self._api.initialized.result()
            if failure:
                self.close()
                return self._failed(failure, 0.0, self._init_ms)
            return None
        if self._ended.done():
            return self._exited(request_id, self._ended.result(), 0.0, self._init_ms)
        memory = self._memory()
        self.close()
        return _timed_out(request_id, self.launch.timeout_seconds, self._init_ms, memory)

    async def _start(self, found: Launcher) -> Process:
        launch = self.launch
        if found.note:
            launch.log(found.note)
        mounts = [Mount(str(launch.code), TASK_ROOT), *found.mounts]
        if launch.layers:
            mounts.append(Mount(str(launch.layers), LAYERS))
        places = {mount.target: self._sandbox.view(mount) for mount in mounts}
        variables = dict(launch.environment) | {
            "AWS_LAMBDA_RUNTIME_API": await self._api.start(),
            "LAMBDA_TASK_ROOT": places[TASK_ROOT],
            "LAMBDA_RUNTIME_DIR": places.get(RUNTIME_FOLDER, RUNTIME_FOLDER),
        }
        for name, folders in found.search_paths.items():
            variables.setdefault(name, ":".join(_placed(folder, places) for folder in folders))
        spec = ProcessSpec(
            argv=found.argv and tuple(_placed(word, places) for word in found.argv),
            environment=variables,
            folder=places[TASK_ROOT],
            mounts=tuple(mounts),
            memory_megabytes=launch.memory_megabytes + found.allowance_megabytes,
            tmp_megabytes=launch.tmp_megabytes,
            python=found.python,
        )
        channel = await self._api.channel() if found.is_ours else None
        self._process = await self._sandbox.start(spec, self._on_line, channel)
        return self._process

    def _on_line(self, line: bytes) -> None:
        self.launch.log(line.decode(errors="replace").replace(_RECORD_SEPARATOR, "\n"))

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
            invocation = _with_deadline(invocation, seconds * 1000 - spent_ms)
        waiting = self._api.offer(invocation, sink)
        if self._ended.done():
            self._api.give_up()
        timeout = asyncio.get_running_loop().call_later(
            seconds - spent_ms / 1000, self._api.give_up
        )
        reply = await waiting
        timeout.cancel()
        duration = timer.milliseconds
        self._process.drain()
        if reply:
            return self._answered(reply, duration, init_ms)
        if not self._ended.done():
            memory = self._memory()
            self.close()
            await self._ended
            return _timed_out(invocation.request_id, seconds, init_ms, memory)
        if not self._api.taken and init_ms is None and not spent_ms:
            raise EnvironmentGone
        return self._exited(invocation.request_id, self._ended.result(), duration, init_ms)

    def _answered(self, reply: Reply, duration: float, init_ms: float | None) -> Outcome:
        if reply.error_type:
            return self._failed(reply, duration, init_ms)
        return Outcome(reply.payload, duration, init_ms=init_ms, memory_megabytes=self._memory())

    def _failed(self, reply: Reply, duration: float, init_ms: float | None) -> Outcome:
        kind = reply.error_type
        return Outcome(reply.payload, duration, kind, "error", init_ms, self._memory())

    def _exited(
        self, request_id: str, status: int, duration: float, init_ms: float | None
    ) -> Outcome:
        reason = "Runtime exited without providing a reason"
        if status in _SIGNALS:
            reason = f"Runtime exited with error: signal: {_SIGNALS[status]}"
        elif status:
            reason = f"Runtime exited with error: exit status {status}"
        kind = "Runtime.ExitError"
        payload = error_payload(kind, f"RequestId: {request_id} Error: {reason}")
        self.close()
        return Outcome(payload, duration, kind, "error", init_ms, self._memory())

    def _memory(self) -> int:
        """The most memory (resident, MB) that the function's process has had.

        Asked of the kernel at most every so often: it costs as much as a short invocation.
        """
        now = time.monotonic()
        if now - self._measured_at >= _MEASURE_EVERY_SECONDS:
            self._measured_at = now
            self._memory_used = self._measured()
        return self._memory_used

    def _measured(self) -> int:
        assert self._process
        try:
            if not self._status_file:
                pid = self._process.pid
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
                self._status_file = f"/proc/{children[0]}/status" if children else ""
            for line in Path(self._status_file).read_text().splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) // 1024
        except (OSError, ValueError):
            pass
        return self._memory_used

    def close(self) -> None:
        """End the process, with all that it started."""
        self._api.close()
        if self._process:
            self._process.kill()


def _with_deadline(invocation: Invocation, left_ms: float) -> Invocation:
    return Invocation(
        invocation.request_id,
        invocation.payload,
        invocation.function_arn,
        real_time_ms() + int(left_ms),
        invocation.trace_id,
        invocation.client_context,
        invocation.identity,
    )


async def _first(timeout: float, *futures: asyncio.Future[Any]) -> None:
    await asyncio.wait(futures, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)


def error_payload(error_type: str, message: str) -> bytes:
    """The payload of an error that Lambda itself reports."""
    return json.dumps(
        {"errorType": error_type, "errorMessage": message}, separators=(",", ":")
    ).encode()


def _timed_out(request_id: str, seconds: int, init_ms: float | None, memory: int) -> Outcome:
    message = f"RequestId: {request_id} Error: Task timed out after {seconds}.00 seconds"
    kind = "Sandbox.Timedout"
    payload = error_payload(kind, message)
    return Outcome(payload, seconds * 1000.0, kind, "timeout", init_ms, memory)


def _placed(word: str, places: Mapping[str, str]) -> str:
    for target, view in places.items():
        if word == target or word.startswith(f"{target}/"):
            return view + word[len(target) :]
    return word


def real_time_ms() -> int:
    """The machine's time, epoch milliseconds: what a running function sees."""
    return int(time.time() * 1000)
