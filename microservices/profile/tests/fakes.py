"""The store and the other services in memory, and API Gateway's events."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from profiles.errors import Refused
from profiles.logic import Location, Profile, Profiles

NOW = 1_800_000_000


@dataclass
class MemoryStore:
    """`logic.Store` in a dict."""

    profiles: dict[str, Profile] = field(default_factory=dict)

    def find(self, user: str) -> Profile | None:
        """The user's profile."""
        return self.profiles.get(user)

    def save(self, profile: Profile) -> None:
        """Keep it."""
        self.profiles[profile.user] = profile


@dataclass
class FakeAuthentication:
    """`logic.Authentication` that knows the tokens in `tokens`."""

    tokens: dict[str, str] = field(default_factory=lambda: {"t-ada": "ada", "t-bob": "bob"})
    refusing: Refused | None = None

    def user_of(self, token: str, correlation_id: str) -> str | None:
        """Whose it is."""
        if self.refusing:
            raise self.refusing
        return self.tokens.get(token)


@dataclass
class FakeLocations:
    """`logic.Locations` that knows the locations in `known`."""

    known: dict[str, Location] = field(default_factory=dict)

    def ask(self, user: str, correlation_id: str) -> Callable[[], Location | None]:
        """Answers at once."""
        return lambda: self.known.get(user)


@dataclass
class World:
    """The service over the fakes."""

    store: MemoryStore = field(default_factory=MemoryStore)
    authentication: FakeAuthentication = field(default_factory=FakeAuthentication)
    locations: FakeLocations = field(default_factory=FakeLocations)

    @property
    def profiles(self) -> Profiles:
        """The logic."""
        return Profiles(self.store, self.authentication, self.locations, lambda: NOW)


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
