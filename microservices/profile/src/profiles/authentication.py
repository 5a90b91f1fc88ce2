"""The authentication service, as its contract describes it."""

import http.client
import json
import urllib.request
from dataclasses import dataclass

from .errors import Unavailable

TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True)
class Authentication:
    """`logic.Authentication` over the service's HTTP API at `url`."""

    url: str

    def user_of(self, token: str, correlation_id: str) -> str | None:
        """Whose token this is, or None if it is not active; raises Unavailable."""
        request = urllib.request.Request(
            f"{self.url}/introspections",
            data=json.dumps({"token": token}).encode(),
            headers={"Content-Type": "application/json", "X-Correlation-Id": correlation_id},
            method="POST",
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
                known = json.load(answer)
        except (OSError, http.client.HTTPException, ValueError):
            raise Unavailable(
                "AuthenticationUnavailable", "The token cannot be checked now.", retry_after=2
            ) from None
        return str(known["user"]) if known["active"] else None
