"""Requests as they are: nothing is added to them, and no redirect is followed."""

from __future__ import annotations

import http.client
from collections.abc import Mapping


def status(place: str, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a request to a host and port; the status it is answered with."""
    client = http.client.HTTPConnection(place, timeout=60)
    try:
        client.request(method, path, body, dict(headers))
        answer = client.getresponse()
        answer.read()
        return answer.status
    finally:
        client.close()
