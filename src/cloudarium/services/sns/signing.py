"""The signatures of messages: an RSA key and its certificate, made once per cloud.

Developer guide, "Verifying the signatures of Amazon SNS messages": named fields in order, each with
a newline after its name and its value, signed with SHA-1 (version 1) or SHA-256 (version 2).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from cloudarium.core.context import Context

_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_COMMON_NAME = "sns.amazonaws.com"
_VALID = timedelta(days=3650)


class Signer:
    """Holds the private key once it has been read."""

    def __init__(self, runtime: object) -> None:
        self.key: rsa.RSAPrivateKey | None = None


def sign(ctx: Context, message: Mapping[str, str], version: str) -> str:
    """Return the signature (base64) of a message's fields."""
    names = _NOTIFICATION if message["Type"] == "Notification" else _CONFIRMATION
    text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
    algorithm = hashes.SHA256() if version == "2" else hashes.SHA1()
    signature = _key(ctx).sign(text.encode(), padding.PKCS1v15(), algorithm)
    return base64.b64encode(signature).decode()


def certificate(ctx: Context) -> str:
    """Return the certificate (PEM) of the key that signs."""
    _key(ctx)
    return str(ctx.db.execute("SELECT certificate FROM signing").fetchone()["certificate"])


def _key(ctx: Context) -> rsa.RSAPrivateKey:
    signer = ctx.state(Signer)
    if signer.key is None:
        row = ctx.db.execute("SELECT private_key FROM signing").fetchone()
        if row is None:
            signer.key = _make(ctx)
        else:
            loaded = serialization.load_pem_private_key(row["private_key"].encode(), None)
            assert isinstance(loaded, rsa.RSAPrivateKey)
            signer.key = loaded
    return signer.key


def _make(ctx: Context) -> rsa.RSAPrivateKey:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _COMMON_NAME)])
    begins = datetime.fromtimestamp(int(ctx.now), UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(ctx.ids.bytes(8), "big") + 1)
        .not_valid_before(begins)
        .not_valid_after(begins + _VALID)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = made.public_bytes(serialization.Encoding.PEM)
    ctx.db.execute(
        "INSERT INTO signing VALUES (?, ?, ?)", (_COMMON_NAME, private.decode(), public.decode())
    )
    return key
