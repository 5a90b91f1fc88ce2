"""The rules: anyone reads a profile, its user writes it, a missing location hides nobody.

Knows neither HTTP nor DynamoDB: the store, the other services and the time come in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from .errors import Forbidden, NotFound, Unauthenticated
from .validation import Introduction

LONGEST_TOKEN = 512


@dataclass(frozen=True)
class Profile:
    """What a user tells, since when (epoch seconds)."""

    user: str
    introduction: Introduction
    updated: int


@dataclass(frozen=True)
class Location:
    """Degrees north and east, and perhaps the place's name."""

    latitude: float
    longitude: float
    place: str | None = None


class Store(Protocol):
    """What the logic needs remembered."""

    def find(self, user: str) -> Profile | None:
        """The user's profile, if there is one."""

    def save(self, profile: Profile) -> None:
        """Keep it in place of the last one."""


class Authentication(Protocol):
    """Who vouches for tokens."""

    def user_of(self, token: str, correlation_id: str) -> str | None:
        """Whose token this is, or None if it is not active; raises Unavailable."""


class Locations(Protocol):
    """Who knows where users are."""

    def ask(self, user: str, correlation_id: str) -> Callable[[], Location | None]:
        """Begin asking; the call returned waits for the answer, None if there is none in time."""


@dataclass(frozen=True)
class Profiles:
    """Users as they present themselves."""

    store: Store
    authentication: Authentication
    locations: Locations
    clock: Callable[[], float]

    def find(self, user: str, correlation_id: str) -> tuple[Profile, Location | None]:
        """The profile, and where its user is if that can be told; raises NotFound.

        Location answers while the table is read.
        """
        location = self.locations.ask(user, correlation_id)
        profile = self.store.find(user)
        if profile is None:
            raise NotFound("ProfileUnknown", "This user has no profile.")
        return profile, location()

    def write(
        self, user: str, introduction: Introduction, token: str, correlation_id: str
    ) -> Profile:
        """Keep the user's profile: the same again changes nothing but the time.

        Raises Unauthenticated, Forbidden when the token is another user's, and Unavailable.
        """
        owner = None
        if 0 < len(token) <= LONGEST_TOKEN:
            owner = self.authentication.user_of(token, correlation_id)
        if owner is None:
            raise Unauthenticated("TokenInvalid", "Send an active token of the user's.")
        if owner != user:
            raise Forbidden("NotYours", "Only the user can do this.")
        profile = Profile(user, introduction, int(self.clock()))
        self.store.save(profile)
        return profile
