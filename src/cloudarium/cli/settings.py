"""The command's own environment variables, and how it reads amounts of time."""

from __future__ import annotations

import os
import re

KNOWN = {
    "CLOUDARIUM_DIR": "the state folder",
    "CLOUDARIUM_PORT": "the HTTP port",
    "CLOUDARIUM_ROOT_ACCESS_KEY_ID": "the root's access key id, in place of the well-known one",
    "CLOUDARIUM_ROOT_SECRET_ACCESS_KEY": "the root's secret access key",
}
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class SettingsError(Exception):
    """The user asked for something that cannot be; the text says what."""


def check_environment() -> None:
    """Raise SettingsError for a variable that looks like ours but is not."""
    for name in os.environ:
        if name.startswith("CLOUDARIUM_") and name not in KNOWN:
            known = ", ".join(KNOWN)
            raise SettingsError(f"unknown environment variable {name} (known are {known})")


def setting(name: str, default: str) -> str:
    """Return an environment variable; an empty one counts as not set."""
    return os.environ.get(name) or default


def root_key() -> tuple[str, str] | None:
    """Return the root's key id and secret if the user set them, None for the well-known key."""
    key_id = setting("CLOUDARIUM_ROOT_ACCESS_KEY_ID", "")
    secret = setting("CLOUDARIUM_ROOT_SECRET_ACCESS_KEY", "")
    if bool(key_id) != bool(secret):
        raise SettingsError("set both CLOUDARIUM_ROOT_ACCESS_KEY_ID and _SECRET_ACCESS_KEY")
    return (key_id, secret) if key_id else None


def seconds(text: str) -> float:
    """Return the seconds of an amount such as `90`, `30s`, `5m`, `2h`, `1d`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", text)
    if found is None:
        raise SettingsError(f"{text} is not an amount of time such as 30s, 5m, 2h or 1d")
    return float(found[1]) * _UNITS[found[2] or "s"]
