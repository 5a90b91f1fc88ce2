"""The store in memory, and API Gateway's events."""

import json
from dataclasses import dataclass, field
from typing import Any

from authentication.logic import Accounts, Session
from authentication.passwords import Cost

CHEAP = Cost(n=2, r=1, p=1)
NOW = 1_800_000_000


@dataclass
class MemoryStore:
    """`logic.Store` in dicts."""

    users: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    tries: dict[tuple[str, int], int] = field(default_factory=dict)

    def add_user(self, user: str, password: str) -> bool:
        """False if the user is there already."""
        return self.users.setdefault(user, password) is password

    def password_of(self, user: str) -> str | None:
        """The stored hash."""
        return self.users.get(user)

    def add_session(self, digest: str, session: Session) -> None:
        """Keep it."""
        self.sessions[digest] = session

    def session(self, digest: str) -> Session | None:
        """Find it, expired or not."""
        return self.sessions.get(digest)

    def remove_session(self, digest: str) -> None:
        """Forget it."""
        self.sessions.pop(digest, None)

    def count_attempt(self, user: str, window: int, limit: int, expires: int) -> bool:
        """Count up to the limit."""
        tries = self.tries.get((user, window), 0)
        self.tries[user, window] = min(tries + 1, limit)
        return tries < limit

    def forget_attempts(self, user: str, window: int) -> None:
        """Count from zero again."""
        self.tries.pop((user, window), None)


@dataclass
class Clock:
    """A clock that is moved by hand."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass
class World:
    """The service over the fakes."""

    store: MemoryStore = field(default_factory=MemoryStore)
    clock: Clock = field(default_factory=Clock)

    @property
    def accounts(self) -> Accounts:
        """The logic, with hashing made cheap."""
        return Accounts(self.store, self.clock, token_seconds=3600, login_limit=3, cost=CHEAP)


def event(route: str, body: object = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """An event as API Gateway's proxy integration sends it."""
    method, resource = route.split(" ")
    return {
        "httpMethod": method,
        "resource": resource,
        "path": resource,
        "headers": headers,
        "pathParameters": None,
        "body": body if isinstance(body, str) or body is None else json.dumps(body),
        "isBase64Encoded": False,
        "requestContext": {"requestId": "11111111-2222-3333-4444-555555555555"},
    }
