"""Untrusted JSON in, typed values out. API Gateway checked the same; this holds without it too."""

import re
from dataclasses import dataclass

from .errors import Invalid

USER = re.compile(r"[a-z][a-z0-9-]{2,31}")
PLACE_LENGTH = range(1, 101)


@dataclass(frozen=True)
class Position:
    """Degrees north and east, and perhaps the place's name."""

    latitude: float
    longitude: float
    place: str | None = None


def user(name: str) -> str:
    """A user's name; raises Invalid."""
    if not USER.fullmatch(name):
        raise Invalid(
            "InvalidUser", "A user is 3 to 32 of a-z, 0-9 and -, beginning with a letter."
        )
    return name


def position(body: object) -> Position:
    """`{"latitude": ..., "longitude": ..., "place": ...}`, place optional; raises Invalid."""
    if not isinstance(body, dict) or not {"latitude", "longitude"} <= set(body):
        raise Invalid("InvalidBody", "The body is an object with latitude and longitude.")
    if unknown := set(body) - {"latitude", "longitude", "place"}:
        raise Invalid("InvalidBody", f"Unknown: {', '.join(sorted(map(repr, unknown)))}.")
    return Position(
        latitude=_degrees(body, "latitude", 90),
        longitude=_degrees(body, "longitude", 180),
        place=_place(body["place"]) if "place" in body else None,
    )


def _degrees(body: dict[str, object], name: str, limit: int) -> float:
    value = body[name]
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not -limit <= value <= limit
    ):
        raise Invalid("InvalidBody", f"{name} is a number from -{limit} to {limit}.")
    return float(value)


def _place(value: object) -> str:
    if isinstance(value, str) and len(value) in PLACE_LENGTH and value.isprintable():
        return value
    raise Invalid("InvalidBody", "place is a string of 1 to 100 printable characters.")
