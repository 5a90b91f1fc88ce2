"""An environment's extensions as the environment sees them: started, asked, told, ended."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cloudarium.functions import platform_events
from cloudarium.functions.extensions.api import Extensions, Failure
from cloudarium.functions.extensions.telemetry import Telemetry
from cloudarium.functions.outcomes import Outcome
from cloudarium.functions.processes import Mount
from cloudarium.functions.runtime_api import Invocation
from cloudarium.functions.runtimes import LAYERS
from cloudarium.functions.sandbox import Sandbox

if TYPE_CHECKING:
    from cloudarium.functions.launch import Launch

_NAMES = ("sandbox.localdomain", "sandbox.local", "sandbox")
_SHUTDOWN_SECONDS = 2.0  # "2,000 ms – A function with one or more registered external extensions"
MARK = b"\x1d"  # what a line of an extension begins with


class Log(Protocol):
    """Takes what is told of extensions."""

    def event(self, kind: str, record: dict[str, Any], text: str) -> None:
        """Something the platform tells, as an event and as a line of text."""


def files(layers: Path | None) -> list[str]:
    """The external extensions among a function's layers, as paths that functions see.

    Links are extensions too, and are not followed: here they would lead to the machine's files.
    """
    folder = layers / "extensions" if layers else None
    if folder is None or folder.is_symlink() or not folder.is_dir():
        return []
    entries = os.scandir(folder)
    found = sorted(each.name for each in entries if not each.is_dir(follow_symlinks=False))
    return [f"{LAYERS}/extensions/{name}" for name in found]


class Host:
    """The extensions of one environment.

    paths: of the external ones. port: of the Runtime API, which makes the environment's address.
    phase: of the lifecycle, in which it is initialized.
    """

    def __init__(self, paths: list[str], launch: Launch, port: int, phase: str = "init") -> None:
        environment = launch.environment
        self._log = launch.log
        self._paths = paths
        self._kind = environment.get("AWS_LAMBDA_INITIALIZATION_TYPE", "")
        self._function = launch.function
        self._version = environment.get("AWS_LAMBDA_FUNCTION_VERSION", "")
        self._address = f"127.1.{port >> 8}.{port & 255}" if paths else "127.0.0.1"
        is_json = environment.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"
        self._telemetry = Telemetry(self._address, self._subscribed, is_json=is_json)
        about = {
            "functionName": environment.get("AWS_LAMBDA_FUNCTION_NAME", ""),
            "functionVersion": self._version,
            "handler": environment.get("_HANDLER", ""),
            "accountId": launch.account,
        }
        names = [Path(path).name for path in paths]
        secret = environment.get("AWS_LAMBDA_LOG_STREAM_NAME", "")
        self.extensions = Extensions(names, about, secret, self._changed, self._telemetry)
        self.publish("platform.initStart", platform_events.init_start(launch, phase))

    def mounts(self, sandbox: Sandbox) -> list[Mount]:
        """What makes the environment's address known by its names."""
        if not self._paths:
            return []
        known, own = Path("/etc/hosts"), sandbox.folder / f"hosts-{self._address}"
        text = known.read_text() if known.exists() else "127.0.0.1 localhost\n"
        own.write_text(f"{self._address} {' '.join(_NAMES)}\n{text}")
        return [Mount(str(own), str(known))]

    @property
    def is_needed(self) -> bool:
        """Whether there is any extension."""
        return self.extensions.are_there

    @property
    def failure(self) -> Failure | None:
        """What an extension has failed with, if one has."""
        return self.extensions.failed.result() if self.extensions.failed.done() else None

    def _changed(self, name: str, events: tuple[str, ...], state: str, error_type: str) -> None:
        record = {"name": name, "state": state, "events": list(events)}
        text = f"EXTENSION\tName: {name}\tState: {state}\tEvents: [{', '.join(events)}]"
        if error_type:
            record["errorType"] = error_type
            text += f"\tError Type: {error_type}"
        self._log.event("platform.extension", record, text)
        self.publish("platform.extension", record)

    def _subscribed(self, name: str, types: tuple[str, ...]) -> None:
        record = {"name": name, "state": "Subscribed", "types": list(types)}
        shown = ", ".join(each.title() for each in types)
        text = f"TELEMETRY\tName: {name}\tState: Subscribed\tTypes: [{shown}]"
        self._log.event("platform.telemetrySubscription", record, text)
        self.publish("platform.telemetrySubscription", record)

    async def initialized(self, seconds: float) -> bool:
        """Wait until all are ready; False if that takes more than `seconds`."""
        is_in_time = await _within(seconds, self.extensions.ready())
        self.extensions.initialized()
        return is_in_time

    async def settled(self, seconds: float) -> bool:
        """Wait until all have done with the invocation; False if that takes longer."""
        return await _within(seconds, self.extensions.settled())

    def publish(self, kind: str, record: object) -> None:
        """Tell those who have subscribed to telemetry."""
        self._telemetry.publish(kind, record)

    def close(self) -> None:
        """The environment is gone."""
        self._telemetry.close()

    def init_report(self, phase: str, outcome: Outcome) -> None:
        """The initialization has ended."""
        done = platform_events.init_runtime_done(self._kind, phase, outcome)
        self.publish("platform.initRuntimeDone", done)
        report = platform_events.init_report(self._kind, phase, outcome)
        self.publish("platform.initReport", report)

    def invoke(self, invocation: Invocation) -> None:
        """Tell of an invocation."""
        start = platform_events.start(invocation, self._function, self._version)
        self.publish("platform.start", start)
        self.extensions.invoke(invocation)

    def runtime_done(self, invocation: Invocation, outcome: Outcome) -> None:
        """The runtime has served an invocation."""
        done = platform_events.runtime_done(invocation, outcome)
        self.publish("platform.runtimeDone", done)

    def report(self, invocation: Invocation, outcome: Outcome, memory_size: int) -> None:
        """The invocation has ended."""
        report = platform_events.report(invocation, outcome, memory_size)
        self.publish("platform.report", report)

    async def shutdown(self, reason: str, now_ms: int) -> None:
        """Tell of the end ("spindown", "timeout", "failure") and give two seconds for it."""
        deadline_ms = now_ms + int(_SHUTDOWN_SECONDS * 1000)
        await _within(_SHUTDOWN_SECONDS, self.extensions.shutdown(reason, deadline_ms))


async def _within(seconds: float, work: Any) -> bool:
    try:
        async with asyncio.timeout(max(seconds, 0)):
            await work
    except TimeoutError:
        return False
    return True
