"""Replays of archives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.events import archives, buses, errors, limits, replays
from cloudarium.services.events.replays import Replay

# Seconds in which a replay can be cancelled, however short it is; AWS takes longer.
_BEFORE_IT_BEGINS = 1.0
_FILTERS = ("NamePrefix", "EventSourceArn", "State")


def start_replay(ctx: Context, request: Request) -> Response:
    """Send events of an archive over its bus once more, perhaps to some rules only."""
    name, source = request["ReplayName"], request["EventSourceArn"].rpartition("/")[2]
    destination = request["Destination"]
    bus = buses.find(ctx, buses.name_of(destination["Arn"])).name
    archive = archives.lookup(ctx, source)
    if archive is None:
        raise errors.NoArchiveToReplay(name=source)
    if archive.bus != bus:
        raise errors.CrossBusReplay()
    since, until = float(request["EventStartTime"]), float(request["EventEndTime"])
    if since >= until:
        raise errors.ReplayTimes()
    if replays.lookup(ctx, name):
        raise errors.ReplayExists(name=name)
    replay = Replay(
        account=ctx.account,
        region=ctx.region,
        name=name,
        archive=archive.name,
        bus=bus,
        description=request.get("Description"),
        filters=list(destination.get("FilterArns") or []),
        since=since,
        until=until,
        state="STARTING",
        started_at=ctx.now,
    )
    replays.put(ctx, replay)
    ctx.schedule("replay", {"name": name, "after": 0}, at=ctx.now + _BEFORE_IT_BEGINS)
    return {"ReplayArn": replay.arn, "State": replay.state, "ReplayStartTime": ctx.now}


def _listed(ctx: Context, replay: Replay) -> dict[str, Any]:
    return {
        "ReplayName": replay.name,
        "EventSourceArn": ctx.arn(f"archive/{replay.archive}"),
        "State": replay.state,
        "EventStartTime": replay.since,
        "EventEndTime": replay.until,
        "EventLastReplayedTime": replay.last_replayed,
        "ReplayStartTime": replay.started_at,
        "ReplayEndTime": replay.ended_at,
    }


def describe_replay(ctx: Context, request: Request) -> Response:
    """Describe a replay and how far it is."""
    replay = replays.find(ctx, request["ReplayName"])
    destination = {"Arn": ctx.arn(f"event-bus/{replay.bus}"), "FilterArns": replay.filters}
    return {
        **_listed(ctx, replay),
        "ReplayArn": replay.arn,
        "Description": replay.description,
        "Destination": destination,
    }


def list_replays(ctx: Context, request: Request) -> Response:
    """List replays by name."""
    if sum(name in request for name in _FILTERS) > 1:
        raise errors.OneFilter(operation="ListReplays")
    found = [
        shown
        for replay in replays.listed(ctx, request.get("NamePrefix", ""))
        if (shown := _listed(ctx, replay))
        and request.get("State", shown["State"]) == shown["State"]
        and request.get("EventSourceArn", shown["EventSourceArn"]) == shown["EventSourceArn"]
    ]
    size = request.get("Limit", limits.MAX_LISTED)
    listed, token = pages.page(found, request.get("NextToken"), size, errors.InvalidNextToken())
    return {"Replays": listed, "NextToken": token}


def cancel_replay(ctx: Context, request: Request) -> Response:
    """Stop a replay that has not ended."""
    replay = replays.find(ctx, request["ReplayName"])
    if replay.state not in ("STARTING", "RUNNING"):
        raise errors.ReplayEnded(name=replay.name)
    replays.put(ctx, replace(replay, state="CANCELLING"))
    return {"ReplayArn": replay.arn, "State": "CANCELLING"}
