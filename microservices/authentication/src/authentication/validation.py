"""Untrusted JSON in, typed values out. API Gateway checked the same; this holds without it too."""

import re
from dataclasses import dataclass

from .errors import Invalid

USER = re.compile(r"[a-z][a-z0-9-]{2,31}")
PASSWORD_LENGTH = range(10, 129)
TOKEN_LENGTH = range(1, 513)


@dataclass(frozen=True)
class Credentials:
    """A user name and the password given with it."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials(user={self.user!r}, password=...)"


def credentials(body: object) -> Credentials:
    """`{"user": ..., "password": ...}`; raises Invalid."""
    members = _members(body, {"user", "password"})
    user = _text(members, "user", range(3, 33))
    if not USER.fullmatch(user):
        raise Invalid(
            "InvalidUser", "A user is 3 to 32 of a-z, 0-9 and -, beginning with a letter."
        )
    return Credentials(user, _text(members, "password", PASSWORD_LENGTH))


def token(body: object) -> str:
    """`{"token": ...}`; raises Invalid."""
    return _text(_members(body, {"token"}), "token", TOKEN_LENGTH)


def _members(body: object, names: set[str]) -> dict[str, object]:
    if not isinstance(body, dict) or set(body) != names:
        raise Invalid(
            "InvalidBody", f"The body is an object of exactly: {', '.join(sorted(names))}."
        )
    return body


def _text(members: dict[str, object], name: str, length: range) -> str:
    value = members[name]
    if not isinstance(value, str) or len(value) not in length or not _encodable(value):
        wanted = f"{length.start} to {length.stop - 1}"
        raise Invalid("InvalidBody", f"{name} is a string of {wanted} characters.")
    return value


def _encodable(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
