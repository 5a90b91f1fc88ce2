"""Temporary credentials. Nothing is stored: the session token itself, sealed, holds them.

The seal is AES-GCM with a key of the cloud's own, kept in this service's database.
"""

from __future__ import annotations

import base64
import binascii
import json
import sqlite3
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cloudarium.core.identity import Principal, PrincipalKind
from cloudarium.core.ids import Ids
from cloudarium.services.iam import identifiers

_NONCE = 12
_KEY = 32


@dataclass(frozen=True)
class Session:
    """Temporary credentials and whom they stand for. `expires_at` is epoch seconds."""

    access_key_id: str
    secret: str
    expires_at: int
    kind: PrincipalKind
    arn: str
    account: str
    id: str
    name: str
    role_arn: str
    policies: tuple[str, ...]
    tags: dict[str, str]

    @classmethod
    def start(cls, ids: Ids, principal: Principal, expires_at: float) -> Session:
        """Return new temporary credentials of `principal`."""
        return cls(
            access_key_id=identifiers.access_key_id(ids, principal.account, temporary=True),
            secret=identifiers.secret(ids),
            expires_at=int(expires_at),
            kind=principal.kind,
            arn=principal.arn,
            account=principal.account,
            id=principal.id,
            name=principal.name,
            role_arn=principal.role_arn,
            policies=principal.session_policies,
            tags=dict(principal.tags),
        )


class Seal:
    """Seals sessions into tokens and opens them."""

    def __init__(self, key: bytes, ids: Ids) -> None:
        self._cipher = AESGCM(key)
        self._ids = ids

    def token(self, session: Session) -> str:
        """Return the session token."""
        plain = json.dumps(asdict(session), separators=(",", ":")).encode()
        nonce = self._ids.bytes(_NONCE)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, plain, None)).decode()

    def open(self, token: str) -> Session | None:
        """Return the session in `token`, or None if this cloud did not make it."""
        try:
            sealed = base64.b64decode(token, validate=True)
            plain = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
        except (binascii.Error, InvalidTag, ValueError):
            return None
        members = json.loads(plain)
        members["policies"] = tuple(members["policies"])
        return Session(**members)


def stored_key(db: sqlite3.Connection) -> bytes | None:
    """Return the cloud's sealing key, or None if there is none yet."""
    row = db.execute("SELECT value FROM secrets WHERE name = 'seal'").fetchone()
    return bytes(row["value"]) if row else None


def make_key(db: sqlite3.Connection, ids: Ids) -> bytes:
    """Make and keep the cloud's sealing key."""
    key = ids.bytes(_KEY)
    db.execute("INSERT INTO secrets VALUES ('seal', ?)", (key,))
    return key
