"""The rules: who may register, what a login proves, how long a token lives.

Knows neither HTTP nor DynamoDB. Time and the store come in; a token is returned once and kept only
as its SHA-256 (it is 256 random bits, so a plain hash of it can be neither guessed nor reversed).
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from . import passwords
from .errors import Conflict, TooManyRequests, Unauthenticated
from .validation import Credentials

TOKEN_BYTES = 32
WINDOW_SECONDS = 300


@dataclass(frozen=True)
class Session:
    """Whose session it is and when it ends (epoch seconds)."""

    user: str
    expires: int


class Store(Protocol):
    """What the logic needs remembered."""

    def add_user(self, user: str, password: str) -> bool:
        """Keep a new user and the hash of the password; False if the user is there already."""

    def password_of(self, user: str) -> str | None:
        """The stored hash, or None for an unknown user."""

    def add_session(self, digest: str, session: Session) -> None:
        """Keep a session under the hash of its token."""

    def session(self, digest: str) -> Session | None:
        """The session; an expired one may still be there."""

    def remove_session(self, digest: str) -> None:
        """Forget a session, if it is there."""

    def count_attempt(self, user: str, window: int, limit: int, expires: int) -> bool:
        """Count a login attempt in a window of time; False once `limit` is used up."""

    def forget_attempts(self, user: str, window: int) -> None:
        """Start counting from zero again."""


@dataclass(frozen=True)
class Accounts:
    """Users and their sessions."""

    store: Store
    clock: Callable[[], float]
    token_seconds: int = 3600
    login_limit: int = 10
    cost: passwords.Cost = passwords.RECOMMENDED

    def register(self, new: Credentials) -> None:
        """Make a user; raises Conflict if the name is taken."""
        if not self.store.add_user(new.user, passwords.hashed(new.password, self.cost)):
            raise Conflict("UserExists", "There is a user of this name already.")

    def log_in(self, given: Credentials) -> tuple[str, Session]:
        """A fresh token and its session.

        Raises Unauthenticated, alike and after the same work for an unknown user and a wrong
        password, and TooManyRequests when the user's attempts in this window are used up.
        """
        now = int(self.clock())
        window = now // WINDOW_SECONDS
        self._count_attempt(given.user, window, now)
        stored = self.store.password_of(given.user)
        if not passwords.matches(given.password, stored or passwords.decoy(self.cost)):
            raise Unauthenticated("InvalidCredentials", "The user or the password is wrong.")
        self.store.forget_attempts(given.user, window)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        session = Session(given.user, now + self.token_seconds)
        self.store.add_session(_digest(token), session)
        return token, session

    def introspect(self, token: str) -> Session | None:
        """The token's session while it is alive, else None.

        The time is compared here because DynamoDB deletes expired items late.
        """
        session = self.store.session(_digest(token))
        return session if session and session.expires > self.clock() else None

    def log_out(self, token: str) -> None:
        """End the token's session; a token that has none is left as it is."""
        self.store.remove_session(_digest(token))

    def _count_attempt(self, user: str, window: int, now: int) -> None:
        end = (window + 1) * WINDOW_SECONDS
        if not self.store.count_attempt(user, window, self.login_limit, end):
            raise TooManyRequests("TooManyAttempts", "Too many attempts to log in.", end - now)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
