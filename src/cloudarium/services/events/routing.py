"""From an event to the deliveries it causes: every enabled rule of its bus that matches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cloudarium.contracts.events import AwsEvent
from cloudarium.core.context import Context
from cloudarium.core.patterns import Matches, compile_kept
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.events import archives, buses, rules
from cloudarium.services.events.rules import Rule

Event = dict[str, Any]
_REMEMBERED = 1024
_TIME_DIGITS = len("2026-01-01T00:00:00Z")


class Patterns:
    """Rules' patterns, compiled once and kept by their text."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._compiled: dict[str, Matches] = {}

    def match(self, pattern: str, event: Event) -> bool:
        """Tell whether `event` matches `pattern`."""
        matches = self._compiled.get(pattern)
        if matches is None:
            if len(self._compiled) >= _REMEMBERED:
                self._compiled.clear()
            matches = self._compiled[pattern] = compile_kept(pattern)
        return matches(event)


def on_aws_event(ctx: Context, fact: AwsEvent) -> None:
    """Put a service's event on the default bus."""
    event = envelope(
        ctx, fact.source, fact.detail_type, fact.detail, fact.resources, ctx.now, ctx.ids.uuid()
    )
    route(ctx, buses.DEFAULT, event)


def envelope(
    ctx: Context,
    source: str,
    detail_type: str,
    detail: dict[str, Any],
    resources: list[str],
    time: float,
    identifier: str,
) -> Event:
    """Return an event as rules see it and targets are sent it."""
    return {
        "version": "0",
        "id": identifier,
        "detail-type": detail_type,
        "source": source,
        "account": ctx.account,
        "time": datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": ctx.region,
        "resources": resources,
        "detail": detail,
    }


def route(ctx: Context, bus: str, event: Event, only: frozenset[str] = frozenset()) -> None:
    """Schedule the delivery of an event to all targets of the rules it matches, and archive it.

    With `only`, ARNs of rules, the others are passed over.
    """
    known = ctx.state(Patterns)
    if archives.REPLAY_NAME not in event:
        _archive(ctx, bus, event, known)
    for rule in rules.of_bus(ctx, bus):
        if only and rule.arn not in only:
            continue
        if rule.enabled and rule.pattern and known.match(rule.pattern, event):
            ctx.telemetry.metric("AWS/Events", "MatchedEvents", 1, "Count", {"RuleName": rule.name})
            trigger(ctx, rule, event)


def _archive(ctx: Context, bus: str, event: Event, known: Patterns) -> None:
    for archive in archives.listed(ctx, bus=bus):
        if not archive.pattern or known.match(archive.pattern, event):
            time = event["time"].zfill(_TIME_DIGITS)  # years before 1000 are written shorter
            archives.keep(ctx, archive, event, datetime.fromisoformat(time).timestamp())


def trigger(ctx: Context, rule: Rule, event: Event) -> None:
    """Schedule the delivery of an event to a rule's targets."""
    ctx.telemetry.metric("AWS/Events", "TriggeredRules", 1, "Count", {"RuleName": rule.name})
    for target in rules.targets(ctx, rule):
        ctx.schedule(
            "deliver",
            {
                "bus": rule.bus,
                "rule": rule.name,
                "target": target["Id"],
                "event": event,
                "attempt": 0,
                "since": ctx.now,
                "delivery": ctx.ids.uuid(),
            },
        )
