"""The one source of randomness."""

from __future__ import annotations

import random
import string

UPPER_ALPHANUMERIC = string.ascii_uppercase + string.digits
LOWER_ALPHANUMERIC = string.ascii_lowercase + string.digits

# A version 4 UUID is random but for its version and variant (RFC 9562, section 5.4).
_NOT_FIXED = ~(0xF << 76 | 0x3 << 62)
_VERSION_4 = 0x4 << 76 | 0x2 << 62


class Ids:
    """Random identifiers: from the system's generator, or repeatable when given a `seed`."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.SystemRandom() if seed is None else random.Random(seed)

    def uuid(self) -> str:
        """Return a random UUID (version 4) in its usual form."""
        digits = f"{self._random.getrandbits(128) & _NOT_FIXED | _VERSION_4:032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def bytes(self, count: int) -> bytes:
        """Return `count` random bytes."""
        return self._random.getrandbits(count * 8).to_bytes(count, "big")

    def hex(self, count: int) -> str:
        """Return `count` random lower-case hexadecimal digits."""
        return f"{self._random.getrandbits(count * 4):0{count}x}"

    def token(self, count: int, alphabet: str = UPPER_ALPHANUMERIC) -> str:
        """Return `count` random characters of `alphabet`."""
        return "".join(self._random.choices(alphabet, k=count))

    def fraction(self) -> float:
        """Return a random number from 0 up to, not including, 1 (jitter, weighted choices)."""
        return self._random.random()
