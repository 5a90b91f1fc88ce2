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

Event = dict[str, Any]
T = TypeVar("T")


@dataclass
class Subscription:
    """An extension's wish for telemetry, and what is gathered for it."""

    name: str
    types: tuple[str, ...]
    place: SplitResult
    buffering: dict[str, int]
    events: list[Event] = field(default_factory=list)
    size: int = 0
    timer: asyncio.TimerHandle | None = None


def _member(body: Event, name: str, kind: type[T]) -> T:
    """Return a member of a subscription, or an empty one if it is not of its kind."""
    found = body.get(name)
    return found if isinstance(found, kind) else kind()


class Telemetry:
    """Takes an environment's events and posts them to those who have subscribed.

    address: where the environment listens. subscribed: called with each subscriber's name and
    types. Events of the initialization are kept for those who subscribe during it.
    """

    def __init__(self, address: str, subscribed: Callable[[str, tuple[str, ...]], None]) -> None:
        self._address = address
        self._tell_subscribed = subscribed
        self._subscriptions: dict[str, Subscription] = {}
        self._early: list[Event] | None = []
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
        made = self._subscriptions[name] = Subscription(name, types, place, buffering)
        for event in self._early or ():
            self._take(made, event)
        self._tell_subscribed(name, types)
        return ""

    def publish(self, kind: str, record: object) -> None:
        """An event of this type happens now, by the machine's clock, which functions see."""
        moment = datetime.fromtimestamp(time.time(), UTC)
        stamp = moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        event = {"time": stamp, "type": kind, "record": record}
        if self._early is not None:
            self._early.append(event)
        for subscription in self._subscriptions.values():
            self._take(subscription, event)

    def initialized(self) -> None:
        """Who subscribes from now on hears of later events only."""
        self._early = None

    def _take(self, subscription: Subscription, event: Event) -> None:
        if event["type"].partition(".")[0] not in subscription.types:
            return
        subscription.events.append(event)
        subscription.size += len(json.dumps(event))
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
        if subscription.events:
            body = json.dumps(subscription.events).encode()
            subscription.events, subscription.size = [], 0
            task = asyncio.create_task(self._post(subscription.place, body))
            self._posts.add(task)
            task.add_done_callback(self._posts.discard)

    async def _post(self, place: SplitResult, body: bytes) -> None:
        """Post a batch; a listener that is not there yet is waited for a little."""
        head = (
            f"POST {place.path or '/'} HTTP/1.1\r\nHost: {place.netloc}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        for _ in range(_TRIES):
            try:
                reader, writer = await asyncio.open_connection(self._address, place.port or 80)
                writer.write(head.encode() + body)
                await reader.read()
                writer.close()
            except OSError:
                await asyncio.sleep(_PAUSE)
            else:
                return

    async def flush(self) -> None:
        """Post what is gathered, now."""
        for subscription in self._subscriptions.values():
            self._flush(subscription)
        if self._posts:
            await asyncio.wait(self._posts, timeout=_PAUSE)
