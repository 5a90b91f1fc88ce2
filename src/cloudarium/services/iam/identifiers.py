"""Unique ids and access key ids.

Source: "IAM identifiers", IAM User Guide (the prefixes). An access key id's characters after the
prefix hold the account, as AWS's do, so that GetAccessKeyInfo needs no look-up.
"""

from __future__ import annotations

import base64
import binascii
import string

from cloudarium.core.ids import Ids

_BASE32 = string.ascii_uppercase + "234567"
_SECRET = string.ascii_letters + string.digits + "+/"
_PREFIXES = {
    "user": "AIDA",
    "group": "AGPA",
    "role": "AROA",
    "instance_profile": "AIPA",
    "policy": "ANPA",
    "ssh_key": "APKA",
    "service_credential": "ACCA",
}
_HIGH_BIT = 1 << 47
_ACCOUNT_BITS = (1 << 40) - 1


def unique_id(ids: Ids, kind: str) -> str:
    """Return a new unique id (21 characters) of a `user`, `group`, `role`, `policy`, ..."""
    return _PREFIXES[kind] + ids.token(17, _BASE32)


def access_key_id(ids: Ids, account: str, temporary: bool = False) -> str:
    """Return a new access key id (20 characters) of `account`."""
    head = _HIGH_BIT | int(account) << 7 | ids.bytes(1)[0] & 0x7F
    body = base64.b32encode(head.to_bytes(6, "big") + ids.bytes(4)).decode()
    return ("ASIA" if temporary else "AKIA") + body


def account_of(key_id: str) -> str | None:
    """Return the account an access key id belongs to, or None if it holds none."""
    if key_id[:4] not in ("AKIA", "ASIA") or len(key_id) != 20:
        return None
    try:
        head = int.from_bytes(base64.b32decode(key_id[4:])[:6], "big")
    except binascii.Error:
        return None
    account = head >> 7 & _ACCOUNT_BITS
    return f"{account:012d}" if account < 10**12 else None


def secret(ids: Ids) -> str:
    """Return a new secret access key: 40 characters."""
    return ids.token(40, _SECRET)
