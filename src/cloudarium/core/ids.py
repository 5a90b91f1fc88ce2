"""The one source of randomness."""

from __future__ import annotations

import random
import string

UPPER_ALPHANUMERIC = string.ascii_uppercase + string.digits
LOWER_ALPHANUMERIC = string.ascii_lowercase + string.digits

_POOL = 64
_DIGITS = 2048
_VARIANT = {digit: "89ab"[int(digit, 16) % 4] for digit in string.hexdigits}


class Ids:
    """Random identifiers: from the system's generator, or repeatable when given a `seed`."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.SystemRandom() if seed is None else random.Random(seed)
        self._pool: list[str] = []
        self._digits, self._used = "", _DIGITS

    def uuid(self) -> str:
        """Return a random UUID (version 4) in its usual form."""
        if not self._pool:
            digits = self._drawn(32 * _POOL)
            self._pool = [_uuid(digits[at : at + 32]) for at in range(0, len(digits), 32)]
        return self._pool.pop()

    def bytes(self, count: int) -> bytes:
        """Return `count` random bytes."""
        return bytes.fromhex(self.hex(2 * count))

    def hex(self, count: int) -> str:
        """Return `count` random lower-case hexadecimal digits."""
        if count > _DIGITS:
            return self._drawn(count)
        if self._used + count > _DIGITS:
            self._digits, self._used = self._drawn(_DIGITS), 0
        start = self._used
        self._used = start + count
        return self._digits[start : self._used]

    def _drawn(self, count: int) -> str:
        return f"{self._random.getrandbits(count * 4):0{count}x}"

    def token(self, count: int, alphabet: str = UPPER_ALPHANUMERIC) -> str:
        """Return `count` random characters of `alphabet`."""
        return "".join(self._random.choices(alphabet, k=count))

    def fraction(self) -> float:
        """Return a random number from 0 up to, not including, 1 (jitter, weighted choices)."""
        return self._random.random()


def _uuid(digits: str) -> str:
    # A version 4 UUID is random but for its version and variant (RFC 9562, section 5.4).
    variant = _VARIANT[digits[16]]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
