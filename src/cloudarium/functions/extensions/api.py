"""The Extensions API (version 2020-01-01) of one execution environment.

Paths, headers and answers as in AWS's page "Using the Lambda Extensions API to create extensions".
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from cloudarium.functions.extensions.telemetry import Telemetry
from cloudarium.functions.runtime_api import Invocation
from cloudarium.functions.runtime_connection import Connection

BASE, TELEMETRY, OWN = "/2020-01-01/extension/", "/2022-07-01/telemetry", "/rapid/extensions/"
MOST = 10  # "You can register up to 10 extensions for a function"
_EVENTS = ("INVOKE", "SHUTDOWN")
_ACCEPTED = b'{"status":"OK"}\n'
_NAME, _IDENTIFIER = "lambda-extension-name", "lambda-extension-identifier"
_KIND = "lambda-extension-function-error-type"


class Refused(Exception):
    """A request that gets an error: its type and message; the status is 403."""


@dataclass
class Extension:
    """A registered extension. `waiting`: its connection, while it asks for the next event."""

    name: str
    identifier: str
    events: tuple[str, ...]
    waiting: Connection | None = None
    is_ready: bool = False
    pending: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_idle(self) -> bool:
        """Whether it has nothing to do."""
        return self.waiting is not None and not self.pending


@dataclass(frozen=True)
class Failure:
    """What an extension failed with: a Lambda error's type and the reason."""

    error_type: str
    reason: str


class Extensions:
    """The extensions of an environment, from their registration to their end.

    external: the names of those in /opt/extensions. about: what Register answers. secret: what
    identifiers are made of. ready: called with each extension's name and events.
    """

    def __init__(
        self,
        external: Iterable[str],
        about: dict[str, str],
        secret: str,
        ready: Callable[[str, tuple[str, ...]], None],
        telemetry: Telemetry,
    ) -> None:
        self.telemetry = telemetry
        self.failed: asyncio.Future[Failure] = asyncio.get_running_loop().create_future()
        self._external = set(external)
        self._ended: set[str] = set()
        self._about = about
        self._secret = secret
        self._tell_ready = ready
        self._known: dict[str, Extension] = {}
        self._launcher: Connection | None = None
        self._changed = asyncio.Event()
        self._is_closed = False

    def handle(self, connection: Connection, method: str, path: str) -> None:
        """Answer one request of an extension or of the launcher."""
        try:
            if path.startswith(OWN):
                self._launch(connection, path.removeprefix(OWN))
            elif path == TELEMETRY:
                self._subscribe(connection)
            elif (method, path) == ("POST", f"{BASE}register"):
                self._register(connection)
            elif (method, path) == ("GET", f"{BASE}event/next"):
                self._next(connection)
            elif method == "POST" and path in (f"{BASE}init/error", f"{BASE}exit/error"):
                self._report(connection)
            else:
                connection.answer(404, _error("InvalidAction", "There is no such API."))
        except Refused as refusal:
            connection.answer(403, _error(*refusal.args))

    def _launch(self, connection: Connection, what: str) -> None:
        """Of the launcher: it waits for the registrations, or an extension has ended."""
        if what == "registered":
            self._launcher = connection
            self._release()
            return
        end = json.loads(connection.body)
        self._ended.add(end["name"])
        kind = "Extension.Crash" if end["launched"] else "Extension.LaunchError"
        if not self._is_closed:
            self._fail(Failure(kind, end["reason"]))
        self._note()
        connection.answer(202, _ACCEPTED)

    def _release(self) -> None:
        names = {each.name for each in self._known.values()}
        if self._launcher and self._external <= names:
            self._launcher.answer(200, _ACCEPTED)
            self._launcher.flush()
            self._launcher = None

    def _register(self, connection: Connection) -> None:
        name = connection.headers.get(_NAME)
        if not name:
            raise Refused("Extension.InvalidExtensionName", "Empty extension name")
        if any(each.name == name for each in self._known.values()):
            raise Refused("Extension.InvalidExtensionState", f"{name} is registered already")
        if len(self._known) == MOST:
            raise Refused("Extension.TooManyExtensions", f"Extension limit ({MOST}) reached")
        events = tuple(_object(connection).get("events") or ())
        for event in events:
            allowed = _EVENTS if name in self._external else _EVENTS[:1]
            if event not in allowed:
                raise Refused("Extension.InvalidEventType", f"{event}: invalid event type")
        digest = hashlib.sha256(f"{self._secret} {name}".encode()).digest()
        identifier = str(uuid.UUID(bytes=digest[:16], version=4))
        self._known[identifier] = Extension(name, identifier, events)
        headers = {"Lambda-Extension-Identifier": identifier}
        connection.answer(200, json.dumps(self._about).encode(), headers)
        self._release()

    def _of(self, connection: Connection) -> Extension:
        identifier = connection.headers.get(_IDENTIFIER)
        if identifier is None:
            text = "Missing Lambda-Extension-Identifier header"
            raise Refused("Extension.MissingExtensionIdentifier", text)
        if identifier not in self._known:
            text = f"Unknown extension {identifier}"
            raise Refused("Extension.UnknownExtensionIdentifier", text)
        return self._known[identifier]

    def _next(self, connection: Connection) -> None:
        extension = self._of(connection)
        extension.waiting = connection
        if not extension.is_ready:
            extension.is_ready = True
            self._tell_ready(extension.name, extension.events)
        self._hand_over(extension)
        self._note()

    def _hand_over(self, extension: Extension) -> None:
        if extension.waiting and extension.pending:
            event = extension.pending.pop(0)
            digest = hashlib.sha256(f"{self._secret} {event}".encode()).digest()
            identifier = str(uuid.UUID(bytes=digest[:16], version=4))
            headers = {"Lambda-Extension-Event-Identifier": identifier}
            extension.waiting.answer(200, json.dumps(event).encode(), headers)
            extension.waiting.flush()
            extension.waiting = None

    def _report(self, connection: Connection) -> None:
        self._of(connection)
        kind = connection.headers.get(_KIND)
        if not kind:
            text = f"Missing {_KIND.title()} header"
            raise Refused("Extension.MissingHeader", text)
        self._fail(Failure(kind, str(_object(connection).get("errorMessage", ""))))
        connection.answer(202, _ACCEPTED)

    def _subscribe(self, connection: Connection) -> None:
        extension = self._of(connection)
        refusal = self.telemetry.subscribe(extension.name, _object(connection))
        if refusal:
            connection.answer(400, _error("ValidationError", refusal))
        else:
            connection.answer(200, b'"OK"')

    def _fail(self, failure: Failure) -> None:
        if not self.failed.done():
            self.failed.set_result(failure)
        self._note()

    def _note(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _until(self, done: Callable[[], bool]) -> None:
        while not done() and not self.failed.done():
            await self._changed.wait()

    @property
    def are_there(self) -> bool:
        """Whether any has registered."""
        return bool(self._known)

    async def ready(self) -> None:
        """Return once every registered extension has asked for its first event, or one failed."""
        await self._until(lambda: all(each.is_ready for each in self._known.values()))

    def invoke(self, invocation: Invocation) -> None:
        """Tell the extensions that want to know it of an invocation."""
        event = {
            "eventType": "INVOKE",
            "deadlineMs": invocation.deadline_ms,
            "requestId": invocation.request_id,
            "invokedFunctionArn": invocation.function_arn,
            "tracing": {"type": "X-Amzn-Trace-Id", "value": invocation.trace_id},
        }
        self._tell("INVOKE", event)

    def _tell(self, kind: str, event: dict[str, Any]) -> None:
        for extension in self._known.values():
            if kind in extension.events:
                extension.pending.append(event)
                self._hand_over(extension)

    async def settled(self) -> None:
        """Return once every extension has asked for its next event, or one failed."""
        await self._until(lambda: all(each.is_idle for each in self._known.values()))

    async def shutdown(self, reason: str, deadline_ms: int) -> None:
        """Tell them of the end, and return once those that were told have ended.

        `reason` is spindown, timeout or failure.
        """
        self._is_closed = True
        await self.telemetry.flush()
        self._tell(
            "SHUTDOWN",
            {"eventType": "SHUTDOWN", "shutdownReason": reason, "deadlineMs": deadline_ms},
        )
        told = {each.name for each in self._known.values() if "SHUTDOWN" in each.events}
        while not told & self._external <= self._ended:
            await self._changed.wait()


def _object(connection: Connection) -> dict[str, Any]:
    try:
        found = json.loads(connection.body or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refused("InvalidRequestFormat", "The body must be a JSON object.")
    return found


def _error(error_type: str, message: str) -> bytes:
    return json.dumps({"errorMessage": message, "errorType": error_type}).encode()
