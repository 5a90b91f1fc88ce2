"""`cloudarium logs`: what functions and builds have written."""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from cloudarium.cli import place
from cloudarium.cli.settings import SettingsError, seconds

_PAUSE = 1.0
_PREFIXES = ("/aws/lambda/", "/aws/codebuild/", "")


def run(options: argparse.Namespace) -> int:
    """Print a group's lines in order; without a name, the groups there are."""
    cloud = place.required(options.dir)
    logs = place.client(cloud, "logs")
    if options.name is None:
        for group in groups(logs):
            print(group)
        return 0
    group = _group(logs, options.name)
    now = place.control(cloud, "time")["now"]
    start = int((now - seconds(options.since)) * 1000)
    seen: set[str] = set()
    while True:
        start = show(logs, group, start, options.filter, seen)
        if not options.follow:
            return 0
        time.sleep(_PAUSE)


def groups(logs: Any) -> list[str]:
    """Return the names of all log groups."""
    pages = logs.get_paginator("describe_log_groups").paginate()
    return [group["logGroupName"] for page in pages for group in page["logGroups"]]


def _group(logs: Any, name: str) -> str:
    """Return the group meant: by its name, a function's or project's, or a part only it has."""
    known = groups(logs)
    for prefix in _PREFIXES:
        if f"{prefix}{name}" in known:
            return f"{prefix}{name}"
    found = [group for group in known if name in group]
    if len(found) == 1:
        return found[0]
    raise SettingsError(f"there is no log group of {name}; there are: {', '.join(known) or '-'}")


def show(logs: Any, group: str, start: int, pattern: str, seen: set[str]) -> int:
    """Print the events since `start` that were not printed yet; return the newest one's time."""
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, startTime=start, filterPattern=pattern
    )
    newest = start
    try:
        for event in (event for page in pages for event in page["events"]):
            if event["eventId"] in seen:
                continue
            seen.add(event["eventId"])
            newest = max(newest, event["timestamp"])
            moment = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
            print(f"{moment:%H:%M:%S.%f} {event['message'].rstrip()}", flush=True)
    except ClientError as error:
        raise SettingsError(error.response["Error"]["Message"]) from None
    return newest
