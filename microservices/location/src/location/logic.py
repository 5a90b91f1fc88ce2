"""The rules: anyone who reaches this service may read; only a user moves that user.

Knows neither HTTP nor DynamoDB: the store, the authentication service and the time come in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from .errors import Forbidden, NotFound, Unauthenticated
from .validation import Position

LONGEST_TOKEN = 512


@dataclass(frozen=True)
class Location:
    """Where a user is, since when (epoch seconds)."""

    user: str
    position: Position
    updated: int


class Store(Protocol):
    """What the logic needs remembered; both raise Unavailable when the table is throttled."""

    def find(self, user: str) -> Location | None:
        """The user's location, if one is known."""

    def save(self, location: Location) -> None:
        """Keep it in place of the last one."""


class Authentication(Protocol):
    """Who vouches for tokens."""

    def user_of(self, token: str, correlation_id: str) -> str | None:
        """Whose token this is, or None if it is not active; raises Unavailable."""


@dataclass(frozen=True)
class Locations:
    """Where users are."""

    store: Store
    authentication: Authentication
    clock: Callable[[], float]

    def find(self, user: str) -> Location:
        """Where the user is; raises NotFound, or Unavailable when the table is throttled."""
        location = self.store.find(user)
        if location is None:
            raise NotFound("LocationUnknown", "This user's location is not known.")
        return location

    def move(self, user: str, position: Position, token: str, correlation_id: str) -> Location:
        """Keep where the user is now: the same move again changes nothing but the time.

        Raises Unauthenticated, Forbidden when the token is another user's, and Unavailable.
        """
        owner = None
        if 0 < len(token) <= LONGEST_TOKEN:
            owner = self.authentication.user_of(token, correlation_id)
        if owner is None:
            raise Unauthenticated("TokenInvalid", "Send an active token of the user's.")
        if owner != user:
            raise Forbidden("NotYours", "Only the user can do this.")
        location = Location(user, position, int(self.clock()))
        self.store.save(location)
        return location
