"""A request as it is read, and what its head says."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from cloudarium.wire.http import HttpRequest


@dataclass(slots=True)
class Message:
    """A request to answer, or one that is refused with `refusal` as the status."""

    request: HttpRequest
    keep_alive: bool = False
    version: str = "1.1"
    refusal: int = 0
    is_offer: bool = False


class Refused(Exception):
    """A message that breaks a rule or limit; `status` is the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def origin_form(target: str, headers: dict[str, str]) -> str:
    """Return a target's path and query; of an absolute one the host counts (RFC 9112, 3.2.2)."""
    if target.startswith("/") or "://" not in target:
        return target
    parts = urlsplit(target)
    headers["host"] = parts.netloc
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
