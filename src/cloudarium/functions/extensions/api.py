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
_FEATURES, _KIND = "lambda-extension-accept-feature", "Lambda-Extension-Function-Error-Type"
# States of those that have said that they fail, and the states before.
_FAILED = {"InitError": ("Registered",), "ExitError": ("Registered", "Ready")}


class Refused(Exception):
    """A request that gets an error: its type and message; the status is 403."""


@dataclass
class Extension:
    """A registered extension. `waiting`: its connection, while it asks for the next event.

    state: "Registered", "Ready" once it has asked, "InitError" or "ExitError" once it has said so.
    """

    name: str
    events: tuple[str, ...]
    waiting: Connection | None = None
    state: str = "Registered"
    pending: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether it has asked for its first event."""
        return self.state == "Ready"

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

    external: the names of those in /opt/extensions. about: what Register answers; accountId only
    those who ask for it. secret: what identifiers are made of. changed: called with each
    extension's name, events, state and type of error ("" for none).
    """

    def __init__(
        self,
        external: Iterable[str],
        about: dict[str, str],
        secret: str,
        changed: Callable[[str, tuple[str, ...], str, str], None],
        telemetry: Telemetry,
    ) -> None:
        self.telemetry = telemetry
        self.failed: asyncio.Future[Failure] = asyncio.get_running_loop().create_future()
        self._external = set(external)
        self._ended: set[str] = set()
        self._unlaunched: set[str] = set()
        self._about = about
        self._secret = secret
        self._tell_changed = changed
        self._known: dict[str, Extension] = {}
        self._launcher: Connection | None = None
        self._changed = asyncio.Event()
        self._reported = ""
        self._is_open, self._is_closed = True, False

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
            elif (method, path) == ("POST", f"{BASE}init/error"):
                self._report(connection, "InitError")
            elif (method, path) == ("POST", f"{BASE}exit/error"):
                self._report(connection, "ExitError")
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
        if not end["launched"]:
            is_forbidden = end["reason"].endswith("permission denied")
            detail = "PermissionDenied" if is_forbidden else "UnknownError"
            self._unlaunched.add(end["name"])
            self._tell_changed(end["name"], (), "LaunchError", detail)
        kind = "Extension.Crash" if end["launched"] else "Extension.LaunchError"
        if not self._is_closed and not self.failed.done():
            self.failed.set_result(Failure(self._reported or kind, end["reason"]))
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
        events = _events(connection, is_external=name in self._external)
        self._check_new(name)
        digest = hashlib.sha256(f"{self._secret} {name}".encode()).digest()
        identifier = str(uuid.UUID(bytes=digest[:16], version=4))
        self._known[identifier] = Extension(name, events)
        headers = {"Lambda-Extension-Identifier": identifier}
        features = connection.headers.get(_FEATURES, "").split(",")
        is_asked = "accountId" in (each.strip() for each in features)
        about = {key: value for key, value in self._about.items() if key != "accountId" or is_asked}
        connection.answer(200, json.dumps(about).encode(), headers)
        self._release()

    def _check_new(self, name: str) -> None:
        """Refuse one that is known, or an internal one that comes too late."""
        known = next((each for each in self._known.values() if each.name == name), None)
        if known and name in self._external:
            raise _not_allowed(known, "Registered")
        if not self._is_open and name not in self._external:
            text = "Extension registration closed already"
            raise Refused("Extension.RegistrationClosed", text)
        if known:
            text = "Extension with this name already registered"
            raise Refused("Extension.InvalidExtensionState", text)
        if len(self._known) == MOST:
            raise Refused("Extension.TooManyExtensions", f"Extension limit ({MOST}) reached")

    def _of(self, connection: Connection) -> Extension:
        identifier = connection.headers.get(_IDENTIFIER)
        if identifier is None:
            text = "Missing Lambda-Extension-Identifier header"
            raise Refused("Extension.MissingExtensionIdentifier", text)
        try:
            identifier = str(uuid.UUID(identifier))
        except ValueError:
            text = "Invalid Lambda-Extension-Identifier"
            raise Refused("Extension.InvalidExtensionIdentifier", text) from None
        if identifier not in self._known:
            text = "Unknown Lambda-Extension-Identifier"
            raise Refused("Extension.UnknownExtensionIdentifier", text)
        return self._known[identifier]

    def _next(self, connection: Connection) -> None:
        extension = self._of(connection)
        if extension.state in _FAILED:
            raise _not_allowed(extension, "Ready")
        extension.waiting = connection
        if not extension.is_ready:
            extension.state = "Ready"
            self._tell_changed(extension.name, extension.events, "Ready", "")
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

    def _report(self, connection: Connection, state: str) -> None:
        """An extension says that it fails, and is to exit: only that ends the environment."""
        extension = self._of(connection)
        kind = connection.headers.get(_KIND.lower())
        if not kind:
            raise Refused("Extension.MissingHeader", f"{_KIND} not found")
        if extension.state not in (state, *_FAILED[state]):
            raise _not_allowed(extension, state)
        if extension.state != state and self._is_open:
            self._tell_changed(extension.name, extension.events, state, kind)
        extension.state = state
        self._reported = self._reported or f"Extension.{state}"
        connection.answer(202, _ACCEPTED)

    def _subscribe(self, connection: Connection) -> None:
        extension = self._of(connection)
        if not self._is_open:
            text = "Telemetry API subscription is closed already"
            raise Refused("Telemetry.SubscriptionClosed", text)
        refusal = self.telemetry.subscribe(extension.name, _object(connection))
        if refusal:
            connection.answer(400, _error("ValidationError", refusal))
        else:
            connection.answer(200, b'"OK"')

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

    def initialized(self) -> None:
        """The initialization is over: nobody new is let in, and who is not ready is told of."""
        self._is_open = False
        known = {each.name for each in self._known.values()}
        for name in sorted(self._external - known - self._unlaunched):
            self._tell_changed(name, (), "Started", "")
        for each in self._known.values():
            if each.state == "Registered":
                self._tell_changed(each.name, each.events, each.state, "")
        self.telemetry.initialized()

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


def _events(connection: Connection, *, is_external: bool) -> tuple[str, ...]:
    """Those that a registration asks for."""
    body = _object(connection)
    if body.get("configurationKeys"):
        text = "configurationKeys are deprecated; use environment variables instead"
        raise Refused("InvalidRequestFormat", text)
    events = body.get("events") or []
    if not isinstance(events, list):
        raise Refused("InvalidRequestFormat", "events must be a list.")
    for event in events:
        if event not in _EVENTS:
            raise Refused("Extension.InvalidEventType", f"{event}: ErrorInvalidEventType")
        if event == "SHUTDOWN" and not is_external:
            text = f"{event}: ShutdownEventNotSupportedForInternalExtension"
            raise Refused("Extension.InvalidEventType", text)
    return tuple(events)


def _not_allowed(extension: Extension, wanted: str) -> Refused:
    text = (
        f"State transition from {extension.state} to {wanted} failed for extension"
        f" {extension.name}. Error: State transition is not allowed"
    )
    return Refused("Extension.InvalidExtensionState", text)


def _object(connection: Connection) -> dict[str, Any]:
    try:
        found = json.loads(connection.body or b"{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused("InvalidRequestFormat", "The body must be a JSON object.")
    return found


def _error(error_type: str, message: str) -> bytes:
    return json.dumps({"errorMessage": message, "errorType": error_type}).encode()
