"""Untrusted JSON in, typed values out. API Gateway checked the same; this holds without it too."""

import re
from dataclasses import dataclass

from .errors import Invalid

USER = re.compile(r"[a-z][a-z0-9-]{2,31}")
NAME_LENGTH = range(1, 81)
ABOUT_LENGTH = range(501)


@dataclass(frozen=True)
class Introduction:
    """How users present themselves: a name, and a few lines."""

    name: str
    about: str = ""


def user(name: str) -> str:
    """A user's name; raises Invalid."""
    if not USER.fullmatch(name):
        raise Invalid(
            "InvalidUser", "A user is 3 to 32 of a-z, 0-9 and -, beginning with a letter."
        )
    return name


def introduction(body: object) -> Introduction:
    """`{"name": ..., "about": ...}`, about optional; raises Invalid."""
    if not isinstance(body, dict) or "name" not in body:
        raise Invalid("InvalidBody", "The body is an object with a name.")
    if unknown := set(body) - {"name", "about"}:
        raise Invalid("InvalidBody", f"Unknown: {', '.join(sorted(map(repr, unknown)))}.")
    about = body.get("about", "")
    if not _printable(body["name"], NAME_LENGTH):
        raise Invalid("InvalidBody", "name is a string of 1 to 80 printable characters.")
    if not isinstance(about, str) or not _printable(about.replace("\n", " "), ABOUT_LENGTH):
        raise Invalid("InvalidBody", "about is a string of up to 500 characters, in lines.")
    return Introduction(body["name"], about)


def _printable(value: object, length: range) -> bool:
    return isinstance(value, str) and len(value) in length and value.isprintable()
