"""The location service, as its contract describes it: called with the function's own signature.

A location is an extra: within a second it is there or the profile goes without it.
"""

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from . import telemetry
from .logic import Location

TIMEOUT_SECONDS = 1.0
LONGEST_ANSWER = 10_000


@dataclass(frozen=True)
class SignedLocations:
    """`logic.Locations` over the service's HTTP API at `url`."""

    url: str
    region: str
    credentials: Credentials
    timeout: float = TIMEOUT_SECONDS
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=4))

    def ask(self, user: str, correlation_id: str) -> Callable[[], Location | None]:
        """Ask now, and wait for the answer in the call returned: at most a second in all.

        A socket's timeout bounds one wait, not their sum; a thread's answer can be left behind.
        """
        deadline = time.monotonic() + self.timeout
        url = f"{self.url}/locations/{user}"
        pending = self.pool.submit(self._get, url, self._headers(url, correlation_id))

        def answer() -> Location | None:
            try:
                return pending.result(max(0.0, deadline - time.monotonic()))
            except (
                OSError,
                http.client.HTTPException,
                ValueError,
                LookupError,
                TypeError,
            ) as error:
                telemetry.warn("LocationUnavailable", type(error).__name__, correlation_id)
                return None

        return answer

    def _headers(self, url: str, correlation_id: str) -> dict[str, str]:
        request = AWSRequest("GET", url, headers={"X-Correlation-Id": correlation_id})
        SigV4Auth(self.credentials, "execute-api", self.region).add_auth(request)
        return dict(request.headers.items())

    def _get(self, url: str, headers: Mapping[str, str]) -> Location | None:
        request = urllib.request.Request(url, headers=dict(headers))
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                return _location(json.loads(answer.read(LONGEST_ANSWER)))
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise


def _location(value: Any) -> Location:
    latitude, longitude = float(value["latitude"]), float(value["longitude"])
    place = value.get("place")
    return Location(latitude, longitude, None if place is None else str(place))
