"""boto3 clients of the cloud, and waiting for what takes its time."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from cloudarium.cli import place

T = TypeVar("T")


class Clients:
    """The root's boto3 clients of one cloud, made once each."""

    def __init__(self, cloud: place.Running) -> None:
        self.cloud = cloud
        self._client = cache(lambda service: place.client(cloud, service))

    def __call__(self, service: str) -> Any:
        """Return the client of a service."""
        return self._client(service)


class TookTooLong(Exception):
    """What was waited for did not come; the text says what."""


def until(what: str, look: Callable[[], T | None], patience: float = 90.0) -> T:
    """Return what `look` finds, looking again until it finds something.

    Raises TookTooLong after `patience` seconds.
    """
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise TookTooLong(f"{what} took longer than {patience:.0f} s")
