"""NextToken: where a listing goes on, opaque to the caller."""

from __future__ import annotations

import base64
import binascii

from cloudarium.services.sns import errors


def token(position: str) -> str:
    """The token that goes on behind `position`."""
    return base64.urlsafe_b64encode(position.encode()).decode()


def position(token_: str | None) -> str:
    """What a token goes on behind, "" at the beginning; raises InvalidParameter."""
    try:
        return base64.urlsafe_b64decode((token_ or "").encode()).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise errors.InvalidParameter(reason="NextToken") from None
