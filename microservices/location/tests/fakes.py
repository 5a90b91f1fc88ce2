"""The store and the authentication service in memory, and API Gateway's events."""

import json
from dataclasses import dataclass, field
from typing import Any

from location.errors import Refused
from location.logic import Location, Locations

NOW = 1_800_000_000


@dataclass
class MemoryStore:
    """`logic.Store` in a dict; refuses everything with `refusing`, if that is set."""

    locations: dict[str, Location] = field(default_factory=dict)
    refusing: Refused | None = None

    def find(self, user: str) -> Location | None:
        """The user's location."""
        if self.refusing:
            raise self.refusing
        return self.locations.get(user)

    def save(self, location: Location) -> None:
        """Keep it."""
        if self.refusing:
            raise self.refusing
        self.locations[location.user] = location


@dataclass
class FakeAuthentication:
    """`logic.Authentication` that knows the tokens in `tokens`."""

    tokens: dict[str, str] = field(default_factory=lambda: {"t-ada": "ada", "t-bob": "bob"})
    asked: list[str] = field(default_factory=list)
    refusing: Refused | None = None

    def user_of(self, token: str, correlation_id: str) -> str | None:
        """Whose it is."""
        self.asked.append(correlation_id)
        if self.refusing:
            raise self.refusing
        return self.tokens.get(token)


@dataclass
class World:
    """The service over the fakes."""

    store: MemoryStore = field(default_factory=MemoryStore)
    authentication: FakeAuthentication = field(default_factory=FakeAuthentication)

    @property
    def locations(self) -> Locations:
        """The logic."""
        return Locations(self.store, self.authentication, lambda: NOW)


def event(
    route: str, user: str = "ada", body: object = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    """An event as API Gateway's proxy integration sends it."""
    method, resource = route.split(" ")
    return {
        "httpMethod": method,
        "resource": resource,
        "path": resource.replace("{user}", user),
        "headers": headers,
        "pathParameters": {"user": user},
        "body": body if isinstance(body, str) or body is None else json.dumps(body),
        "isBase64Encoded": False,
        "requestContext": {"requestId": "11111111-2222-3333-4444-555555555555"},
    }
