"""Answers in pages: a token says where the next one begins.

Either by position, for what is at hand as a whole, or by the key of the last item shown.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from cloudarium.core.errors import AwsError

T = TypeVar("T")
_MOST_DIGITS = 18
_MARK = "1"


def page(
    items: Sequence[T], token: str | None, size: int, invalid: AwsError
) -> tuple[list[T], str | None]:
    """Return one page of `items` and the token of the next, if there is one.

    Raises `invalid` for a token that is no position.
    """
    begin = position(token, invalid)
    end = begin + size
    return list(items[begin:end]), str(end) if end < len(items) else None


def position(token: str | None, invalid: AwsError) -> int:
    """Return the position `token` stands for, 0 for None. Raises `invalid`."""
    if token is None:
        return 0
    if not (token.isascii() and token.isdigit() and len(token) <= _MOST_DIGITS):
        raise invalid
    return int(token)


def token_of(key: str) -> str:
    """Return the token of the page behind the item with `key`."""
    return base64.urlsafe_b64encode(f"{_MARK}{key}".encode()).decode()


def key_of(token: str, invalid: AwsError) -> str:
    """Return the key `token` was made of. Raises `invalid` for a token not made here."""
    try:
        text = base64.urlsafe_b64decode(token.encode()).decode()
    except (binascii.Error, UnicodeError):
        raise invalid from None
    if not text.startswith(_MARK):
        raise invalid
    return text[len(_MARK) :]
