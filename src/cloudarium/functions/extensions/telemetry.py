"""The Telemetry API (version 2022-07-01): what an environment does, told to its extensions.

Subscriptions, buffering and events as in AWS's pages "Accessing real-time telemetry data for
extensions using the Telemetry API" and "Lambda Telemetry API Event schema reference".
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

_TYPES = ("platform", "function", "extension")
_SCHEMAS = ("2022-07-01", "2022-12-13", "2025-01-29")
# name -> (default, least, most), "Buffering configuration".
_BUFFERING = {
    "maxBytes": (262_144, 262_144, 1_048_576),
    "maxItems": (10_000, 1_000, 10_000),
    "timeoutMs": (1_000, 25, 30_000),
}
_HOSTS = ("sandbox.localdomain", "sandbox.local", "sandbox")
_TRIES, _PAUSE = 10, 0.1
_MOST_POSTS = 8  # batches on their way to an extension; who is that slow misses the next
_EARLY_SIZE = 1 << 20  # letters of the initialization's lines that are kept
# In the words of the runtime interface emulator's source, telemetry's subscriber.
_DROPPED = (
    "Some logs were dropped because the downstream consumer is slower than the logs production rate"
)

Event = dict[str, Any]
T = TypeVar("T")


@dataclass
class Subscription:
    """An extension's wish for telemetry, and what is gathered for it, in JSON."""

    name: str
    types: tuple[str, ...]
    place: SplitResult
    buffering: dict[str, int]
    schema: str
    events: list[str] = field(default_factory=list)
    size: int = 0
    timer: asyncio.TimerHandle | None = None
    posts: int = 0
    lost_bytes: int = 0
    lost_records: int = 0

    @property
    def takes_objects(self) -> bool:
        """Whether lines in JSON come as objects: with older schemas they are "always strings"."""
        return self.schema >= "2022-12-13"

    def take_lost(self) -> list[str]:
        """Return the event that tells what was not sent, if anything, and forget it."""
        if not self.lost_records or "platform" not in self.types:
            return []
        record = {
            "droppedBytes": self.lost_bytes,
            "droppedRecords": self.lost_records,
            "reason": _DROPPED,
        }
        self.lost_bytes = self.lost_records = 0
        return [json.dumps(_event("platform.logsDropped", record))]


def _event(kind: str, record: object) -> Event:
    moment = datetime.fromtimestamp(time.time(), UTC)
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return {"time": stamp, "type": kind, "record": record}


def _written(event: Event, *, is_line_an_object: bool) -> str:
    """The event in JSON; a line that is an object itself may stand in it as it is."""
    record = event["record"]
    if is_line_an_object and isinstance(record, str) and _is_object(record):
        return json.dumps({**event, "record": None}).removesuffix("null}") + record + "}"
    return json.dumps(event)


def _is_object(line: str) -> bool:
    if not line.startswith("{"):
        return False
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _member(body: Event, name: str, kind: type[T]) -> T:
    """Return a member of a subscription, or an empty one if it is not of its kind."""
    found = body.get(name)
    return found if isinstance(found, kind) else kind()


class Telemetry:
    """Takes an environment's events and posts them to those who have subscribed.

    address: where the environment listens. subscribed: called with each subscriber's name and
    types. is_json: whether the function logs in JSON. Events of the initialization are kept for
    those who subscribe during it.
    """

    def __init__(
        self,
        address: str,
        subscribed: Callable[[str, tuple[str, ...]], None],
        *,
        is_json: bool = False,
    ) -> None:
        self._address = address
        self._is_json = is_json
        self._tell_subscribed = subscribed
        self._subscriptions: dict[str, Subscription] = {}
        self._early: list[Event] | None = []
        self._early_size = 0
        self._posts: set[asyncio.Task[None]] = set()

    def subscribe(self, name: str, body: Event) -> str:
        """Subscribe an extension as `body` asks; why it cannot be, "" if it can."""
        destination, given = _member(body, "destination", dict), _member(body, "buffering", dict)
        types = tuple(_member(body, "types", list))
        try:
            place = urlsplit(str(destination.get("URI", "")))
            is_near = place.hostname in _HOSTS and place.port != 0
        except ValueError:
            is_near = False
        if body.get("schemaVersion") not in _SCHEMAS:
            return "Invalid schemaVersion."
        if not types or any(one not in _TYPES for one in types):
            return f"types must be some of {', '.join(_TYPES)}."
        if destination.get("protocol") != "HTTP" or not is_near:
            return "The destination must be HTTP at sandbox.localdomain."
        buffering = {}
        for key, (default, least, most) in _BUFFERING.items():
            value = given.get(key, default)
            if not isinstance(value, int) or not least <= value <= most:
                return f"buffering.{key} must be between {least} and {most}."
            buffering[key] = value
        made = self._subscriptions[name] = Subscription(
            name, types, place, buffering, body["schemaVersion"]
        )
        for event in self._early or ():
            self._take(made, event)
        self._tell_subscribed(name, types)
        return ""

    def publish(self, kind: str, record: object) -> None:
        """An event of this type happens now, by the machine's clock, which functions see."""
        event = _event(kind, record)
        if self._early is not None and self._early_size < _EARLY_SIZE:
            self._early.append(event)
            self._early_size += len(str(record))
        for subscription in self._subscriptions.values():
            self._take(subscription, event)

    def initialized(self) -> None:
        """Who subscribes from now on hears of later events only."""
        self._early = None

    def _take(self, subscription: Subscription, event: Event) -> None:
        if event["type"].partition(".")[0] not in subscription.types:
            return
        is_object = self._is_json and subscription.takes_objects
        text = _written(event, is_line_an_object=is_object)
        subscription.events.append(text)
        subscription.size += len(text)
        limits = subscription.buffering
        if (
            len(subscription.events) >= limits["maxItems"]
            or subscription.size >= limits["maxBytes"]
        ):
            self._flush(subscription)
        elif subscription.timer is None:
            loop = asyncio.get_running_loop()
            seconds = limits["timeoutMs"] / 1000
            subscription.timer = loop.call_later(seconds, self._flush, subscription)

    def _flush(self, subscription: Subscription) -> None:
        if subscription.timer:
            subscription.timer.cancel()
            subscription.timer = None
        events, size = subscription.events, subscription.size
        subscription.events, subscription.size = [], 0
        if not events:
            return
        if subscription.posts >= _MOST_POSTS:
            subscription.lost_bytes += size
            subscription.lost_records += len(events)
            return
        events += subscription.take_lost()
        subscription.posts += 1
        task = asyncio.create_task(self._post(subscription, f"[{','.join(events)}]".encode()))
        self._posts.add(task)
        task.add_done_callback(self._posts.discard)

    async def _post(self, subscription: Subscription, body: bytes) -> None:
        """Post a batch; a listener that is not there yet is waited for a little."""
        place = subscription.place
        head = (
            f"POST {place.path or '/'} HTTP/1.1\r\nHost: {place.netloc}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        for _ in range(_TRIES):
            try:
                await self._send(place.port or 80, head.encode() + body)
                break
            except OSError:
                await asyncio.sleep(_PAUSE)
        subscription.posts -= 1

    async def _send(self, port: int, request: bytes) -> None:
        reader, writer = await asyncio.open_connection(self._address, port)
        try:
            writer.write(request)
            await reader.read(1)  # of an answer that says nothing
        finally:
            writer.close()

    def close(self) -> None:
        """Wait for nobody any more."""
        for post in self._posts:
            post.cancel()

    async def flush(self) -> None:
        """Post what is gathered, now."""
        for subscription in self._subscriptions.values():
            self._flush(subscription)
        if self._posts:
            await asyncio.wait(self._posts, timeout=_PAUSE)
