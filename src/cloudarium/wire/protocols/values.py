"""Scalars as the protocols write them: timestamps, numbers, blobs."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from cloudarium.core.errors import SerializationException

Time = float | int | datetime
# The years 1 to 9999.
_FIRST, _LAST = -62135596800.0, 253402300799.999
_LIMITS = {"integer": 1 << 31, "long": 1 << 63}


def epoch(value: Time) -> float:
    """Return epoch seconds."""
    return value.timestamp() if isinstance(value, datetime) else float(value)


def unix(value: Time) -> float | int:
    """Return epoch seconds with at most milliseconds, whole numbers as int (as AWS's JSON has)."""
    seconds = round(epoch(value), 3)
    return int(seconds) if seconds == int(seconds) else seconds


def iso8601(value: Time) -> str:
    """Return `2026-01-31T12:00:00.000Z`, or without the fraction when there is none."""
    moment = datetime.fromtimestamp(round(epoch(value), 3), UTC)
    if moment.microsecond:
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc822(value: Time) -> str:
    """Return `Sat, 31 Jan 2026 12:00:00 GMT`."""
    return format_datetime(datetime.fromtimestamp(int(epoch(value)), UTC), usegmt=True)


def timestamp_text(value: Time, form: str) -> str:
    """Return the timestamp in the model's format `form`."""
    if form == "iso8601":
        return iso8601(value)
    if form == "rfc822":
        return rfc822(value)
    return str(unix(value))


def parse_timestamp(text: Any) -> float:
    """Return epoch seconds from a number, ISO 8601 or RFC 822. Raises SerializationException."""
    seconds = _seconds(text)
    if not _FIRST <= seconds <= _LAST:
        raise SerializationException(message=f"Invalid timestamp: {text}")
    return seconds


def _seconds(text: Any) -> float:
    if isinstance(text, bool):
        raise SerializationException(message="TRUE_VALUE can not be converted to a Date")
    if isinstance(text, int | float):
        return float(text)
    if not isinstance(text, str):
        raise SerializationException(message="A timestamp must be a number or text")
    try:
        return float(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            raise SerializationException(message=f"Invalid timestamp: {text}") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def decode_blob(text: str) -> bytes:
    """Return the bytes behind base64. Raises SerializationException."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise SerializationException(message="Invalid base64 in a blob") from None


def encode_blob(value: bytes | str) -> str:
    """Return base64 text."""
    data = value.encode() if isinstance(value, str) else value
    return base64.b64encode(data).decode()


def parse_text(text: str, kind: str) -> Any:
    """Return a scalar of the model's type `kind` from its text. Raises SerializationException."""
    try:
        if kind in _LIMITS:
            return bounded(int(text), kind)
        if kind in ("float", "double"):
            return float(text)
    except ValueError:
        raise SerializationException(message=f"{text} is not a number") from None
    if kind == "boolean":
        if text.lower() not in ("true", "false"):
            raise SerializationException(message=f"{text} is not a boolean")
        return text.lower() == "true"
    return text


def bounded(value: int, kind: str) -> int:
    """Return an `integer` or `long` that fits its 32 or 64 bits. Raises SerializationException."""
    limit = _LIMITS[kind]
    if not -limit <= value < limit:
        raise SerializationException(message=f"{value} is out of range")
    return value


def text_of(value: Any, kind: str) -> str:
    """Return the text of a scalar of the model's type `kind`."""
    if kind == "boolean":
        return "true" if value else "false"
    if kind in ("float", "double") and value == int(value):
        return f"{float(value)}"
    return str(value)
