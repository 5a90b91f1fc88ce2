"""Page tokens of event reads: a direction and a position, in the form AWS's have."""

from __future__ import annotations

import re

from cloudarium.services.logs import errors
from cloudarium.services.logs.events import Position

_TOKEN = re.compile(r"([fb])/(\d{20})(\d{36})/s")


def event_id(position: Position) -> str:
    """Return the 56 digits of an event's id."""
    return f"{position.at:020d}{position.id:036d}"


def forward(position: Position) -> str:
    """Return the token for what comes after `position`."""
    return f"f/{event_id(position)}/s"


def backward(position: Position) -> str:
    """Return the token for what comes before `position`."""
    return f"b/{event_id(position)}/s"


def parse(token: str) -> tuple[bool, Position]:
    """Return whether a token goes forward, and its position. Raises InvalidToken."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise errors.InvalidToken()
    return found[1] == "f", Position(int(found[2]), int(found[3]))
