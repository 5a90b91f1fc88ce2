"""Passwords at rest: scrypt, with its parameters stored beside the hash.

The cost is one of OWASP's recommended settings (Password Storage Cheat Sheet): N=2^14, r=8, p=5,
16 MiB of memory for every guess. Raising it later leaves the hashes already stored verifiable.
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass

SALT_BYTES = 16
HASH_BYTES = 32
MAX_MEMORY = 256 * 1024 * 1024


@dataclass(frozen=True)
class Cost:
    """scrypt's parameters: memory is 128 * n * r bytes, work is proportional to n * r * p."""

    n: int
    r: int
    p: int


RECOMMENDED = Cost(n=2**14, r=8, p=5)


def hashed(password: str, cost: Cost = RECOMMENDED) -> str:
    """`scrypt$n$r$p$salt$hash`, with a fresh salt."""
    salt = secrets.token_bytes(SALT_BYTES)
    return _stored(cost, salt, _scrypt(password, cost, salt))


def matches(password: str, stored: str) -> bool:
    """Whether the password is the stored one; takes the same time for right and wrong."""
    _, n, r, p, salt, expected = stored.split("$")
    actual = _scrypt(password, Cost(int(n), int(r), int(p)), b64decode(salt))
    return hmac.compare_digest(actual, b64decode(expected))


def decoy(cost: Cost = RECOMMENDED) -> str:
    """A hash no password has, to do an unknown user's work with."""
    return _stored(cost, bytes(SALT_BYTES), bytes(HASH_BYTES))


def _stored(cost: Cost, salt: bytes, digest: bytes) -> str:
    encoded = (b64encode(salt).decode(), b64encode(digest).decode())
    return "$".join(("scrypt", str(cost.n), str(cost.r), str(cost.p), *encoded))


def _scrypt(password: str, cost: Cost, salt: bytes) -> bytes:
    return hashlib.scrypt(
        password.encode(),
        salt=salt,
        n=cost.n,
        r=cost.r,
        p=cost.p,
        dklen=HASH_BYTES,
        maxmem=MAX_MEMORY,
    )
