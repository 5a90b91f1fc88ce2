"""Client certificates: made, found, shown to endpoints.

Source: Developer Guide, "Generate and configure an SSL certificate for backend authentication in
API Gateway": RSA of 2048 bits, self-signed, for 365 days; its name as recorded (localstack #8698).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from cloudarium.core.context import Context
from cloudarium.gateway import siblings
from cloudarium.services.apigateway import errors, holdings

Document = dict[str, Any]

# The member of a certificate's document that is never shown.
KEY = "key"
_DAYS = 365


def find(ctx: Context, certificate_id: str) -> Document:
    """Return the certificate, or raise ClientCertificateNotFound."""
    found = holdings.get(ctx, holdings.CLIENT_CERTIFICATE, certificate_id)
    if found is None:
        raise errors.ClientCertificateNotFound()
    return found


def check(ctx: Context, certificate_id: str | None) -> None:
    """Raise ClientCertificateInvalid for what a stage may not show."""
    if certificate_id and holdings.get(ctx, holdings.CLIENT_CERTIFICATE, certificate_id) is None:
        raise errors.ClientCertificateInvalid()


def user(ctx: Context, certificate_id: str) -> str | None:
    """Return the stage of a REST or WebSocket API that shows a certificate, if there is one."""
    row = ctx.db.execute(
        "SELECT api_id, name FROM stages WHERE document ->> '$.clientCertificateId' = ?",
        (certificate_id,),
    ).fetchone()
    if row is not None:
        return f"{row['api_id']}:{row['name']}"
    return cast(str | None, siblings.run(ctx, siblings.V2, "stages:showing", certificate_id))


def identity(ctx: Context, certificate_id: str) -> str:
    """Return a certificate and its key, in PEM."""
    certificate = find(ctx, certificate_id)
    return f"{certificate['pemEncodedCertificate']}{certificate[KEY]}"


def generate(ctx: Context) -> Document:
    """Return a new certificate in PEM, when it was made and expires, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name.from_rfc4514_string("CN=ApiGateway,L=Seattle,C=US")
    made = datetime.fromtimestamp(int(ctx.now), UTC)
    expires = made + timedelta(days=_DAYS)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int(ctx.ids.hex(30), 16) + 1)
        .not_valid_before(made)
        .not_valid_after(expires)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "pemEncodedCertificate": certificate.public_bytes(serialization.Encoding.PEM).decode(),
        "createdDate": int(made.timestamp()),
        "expirationDate": int(expires.timestamp()),
        KEY: private.decode(),
    }
