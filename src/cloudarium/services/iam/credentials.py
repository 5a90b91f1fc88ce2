"""What users prove themselves with: access keys, SSH public keys, service-specific credentials."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import sqlite3
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
    load_ssh_public_key,
)

from cloudarium.core.context import Context
from cloudarium.services.iam import identifiers
from cloudarium.services.iam.entities import Entity
from cloudarium.services.iam.errors import (
    DuplicateSshKey,
    InvalidPublicKey,
    MustDeleteAccessKeys,
    MustDeleteCredentials,
    NoSuchAccessKey,
    NoSuchServiceCredential,
    NoSuchSshKey,
    QuotaExceeded,
    UnrecognizedEncoding,
)
from cloudarium.services.iam.limits import (
    ACCESS_KEYS_PER_USER,
    SERVICE_CREDENTIALS_PER_USER,
    SSH_KEYS_PER_USER,
)

_PASSWORD_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(frozen=True)
class AccessKey:
    """A user's access key. Times are epoch seconds."""

    id: str
    user_id: str
    secret: str
    status: str
    created_at: float
    last_used_at: float | None
    last_used_service: str | None
    last_used_region: str | None


@dataclass(frozen=True)
class SshKey:
    """A user's SSH public key: `body` is the OpenSSH text, `fingerprint` MD5 in hexadecimal."""

    id: str
    user_id: str
    body: str
    fingerprint: str
    status: str
    created_at: float


@dataclass(frozen=True)
class ServiceCredential:
    """A user's name and password for one service (CodeCommit's git over HTTP)."""

    id: str
    user_id: str
    service: str
    service_user_name: str
    salt: bytes
    password_hash: bytes
    status: str
    created_at: float

    def accepts(self, password: str) -> bool:
        """Tell whether `password` is this credential's."""
        return hmac.compare_digest(_hashed(password, self.salt), self.password_hash)


def _hashed(password: str, salt: bytes) -> bytes:
    # The password is 44 random characters of ours, so that a fast hash is enough.
    return hashlib.sha256(salt + password.encode()).digest()


def access_key(db: sqlite3.Connection, key_id: str) -> AccessKey | None:
    """Return the access key with this id, or None."""
    row = db.execute("SELECT * FROM access_keys WHERE id = ?", (key_id,)).fetchone()
    return AccessKey(**dict(row)) if row else None


def access_keys(ctx: Context, user: Entity) -> list[AccessKey]:
    """Return the access keys of `user`, by id."""
    rows = ctx.db.execute("SELECT * FROM access_keys WHERE user_id = ? ORDER BY id", (user.id,))
    return [AccessKey(**dict(row)) for row in rows]


def access_key_of(ctx: Context, user: Entity, key_id: str) -> AccessKey:
    """Return this access key of `user`. Raises NoSuchEntity."""
    key = access_key(ctx.db, key_id)
    if key is None or key.user_id != user.id:
        raise NoSuchAccessKey(id=key_id)
    return key


def create_access_key(ctx: Context, user: Entity) -> AccessKey:
    """Make an access key. Raises LimitExceeded."""
    if len(access_keys(ctx, user)) >= ACCESS_KEYS_PER_USER:
        raise QuotaExceeded(quota="AccessKeysPerUser", limit=ACCESS_KEYS_PER_USER)
    key_id = identifiers.access_key_id(ctx.ids, ctx.account)
    ctx.db.execute(
        "INSERT INTO access_keys (id, user_id, secret, status, created_at)"
        " VALUES (?, ?, ?, 'Active', ?)",
        (key_id, user.id, identifiers.secret(ctx.ids), ctx.now),
    )
    return access_key_of(ctx, user, key_id)


def set_access_key_status(ctx: Context, key: AccessKey, status: str) -> None:
    """Activate or deactivate `key`."""
    ctx.db.execute("UPDATE access_keys SET status = ? WHERE id = ?", (status, key.id))


def remove_access_key(ctx: Context, key: AccessKey) -> None:
    """Delete `key`."""
    ctx.db.execute("DELETE FROM access_keys WHERE id = ?", (key.id,))


def ssh_key(db: sqlite3.Connection, key_id: str) -> SshKey | None:
    """Return the SSH public key with this id, or None."""
    row = db.execute("SELECT * FROM ssh_keys WHERE id = ?", (key_id,)).fetchone()
    return SshKey(**dict(row)) if row else None


def ssh_keys(ctx: Context, user: Entity) -> list[SshKey]:
    """Return the SSH public keys of `user`, by id."""
    rows = ctx.db.execute("SELECT * FROM ssh_keys WHERE user_id = ? ORDER BY id", (user.id,))
    return [SshKey(**dict(row)) for row in rows]


def ssh_key_of(ctx: Context, user: Entity, key_id: str) -> SshKey:
    """Return this SSH public key of `user`. Raises NoSuchEntity."""
    key = ssh_key(ctx.db, key_id)
    if key is None or key.user_id != user.id:
        raise NoSuchSshKey(id=key_id)
    return key


def upload_ssh_key(ctx: Context, user: Entity, body: str) -> SshKey:
    """Keep an RSA public key (OpenSSH or PEM). Raises InvalidPublicKey, LimitExceeded, ..."""
    text = _openssh(body.strip())
    fingerprint = _fingerprint(text)
    present = ssh_keys(ctx, user)
    if any(key.fingerprint == fingerprint for key in present):
        raise DuplicateSshKey()
    if len(present) >= SSH_KEYS_PER_USER:
        raise QuotaExceeded(quota="SSHPublicKeysPerUser", limit=SSH_KEYS_PER_USER)
    key_id = identifiers.unique_id(ctx.ids, "ssh_key")
    ctx.db.execute(
        "INSERT INTO ssh_keys VALUES (?, ?, ?, ?, 'Active', ?)",
        (key_id, user.id, text, fingerprint, ctx.now),
    )
    return ssh_key_of(ctx, user, key_id)


def pem(key: SshKey) -> str:
    """Return the public key in PEM form."""
    public = load_ssh_public_key(key.body.encode())
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _openssh(body: str) -> str:
    """Return the key as OpenSSH text with its comment. IAM takes RSA keys only."""
    encoded = body.encode("utf-8", "replace")
    try:
        if body.startswith("-----BEGIN"):
            public = load_pem_public_key(encoded)
            text = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
        elif body.startswith(("ssh-", "ecdsa-", "sk-")) and "\n" not in body:
            public = load_ssh_public_key(encoded)
            text = body
        else:
            raise UnrecognizedEncoding()
    except (ValueError, binascii.Error, UnsupportedAlgorithm) as error:
        raise InvalidPublicKey() from error
    if not isinstance(public, RSAPublicKey) or public.key_size < 2048:
        raise InvalidPublicKey()
    return text


def _fingerprint(openssh: str) -> str:
    digest = hashlib.md5(base64.b64decode(openssh.split()[1]), usedforsecurity=False).hexdigest()
    return ":".join(digest[at : at + 2] for at in range(0, 32, 2))


def set_ssh_key_status(ctx: Context, key: SshKey, status: str) -> None:
    """Activate or deactivate `key`."""
    ctx.db.execute("UPDATE ssh_keys SET status = ? WHERE id = ?", (status, key.id))


def remove_ssh_key(ctx: Context, key: SshKey) -> None:
    """Delete `key`."""
    ctx.db.execute("DELETE FROM ssh_keys WHERE id = ?", (key.id,))


def service_credential_named(db: sqlite3.Connection, user_name: str) -> ServiceCredential | None:
    """Return the credential with this generated user name, or None."""
    row = db.execute(
        "SELECT * FROM service_credentials WHERE service_user_name = ?", (user_name,)
    ).fetchone()
    return ServiceCredential(**dict(row)) if row else None


def service_credentials(ctx: Context, user: Entity) -> list[ServiceCredential]:
    """Return the service-specific credentials of `user`, by id."""
    rows = ctx.db.execute(
        "SELECT * FROM service_credentials WHERE user_id = ? ORDER BY id", (user.id,)
    )
    return [ServiceCredential(**dict(row)) for row in rows]


def service_credential_of(ctx: Context, user: Entity, identifier: str) -> ServiceCredential:
    """Return this service-specific credential of `user`. Raises NoSuchEntity."""
    for credential in service_credentials(ctx, user):
        if credential.id == identifier:
            return credential
    raise NoSuchServiceCredential(id=identifier)


def create_service_credential(
    ctx: Context, user: Entity, service: str
) -> tuple[ServiceCredential, str]:
    """Make a credential for `service`; the second value is its password. Raises LimitExceeded."""
    present = [each for each in service_credentials(ctx, user) if each.service == service]
    if len(present) >= SERVICE_CREDENTIALS_PER_USER:
        limit = SERVICE_CREDENTIALS_PER_USER
        raise QuotaExceeded(quota="ServiceSpecificCredentialsPerUser", limit=limit)
    name, number = f"{user.name}-at-{ctx.account}", 0
    while service_credential_named(ctx.db, name):
        number += 1
        name = f"{user.name}+{number}-at-{ctx.account}"
    identifier = identifiers.unique_id(ctx.ids, "service_credential")
    ctx.db.execute(
        "INSERT INTO service_credentials VALUES (?, ?, ?, ?, x'', x'', 'Active', ?)",
        (identifier, user.id, service, name, ctx.now),
    )
    password = reset_password(ctx, identifier)
    return service_credential_of(ctx, user, identifier), password


def reset_password(ctx: Context, identifier: str) -> str:
    """Give a service-specific credential a new password, and return it."""
    password = ctx.ids.token(43, _PASSWORD_ALPHABET) + "="
    salt = ctx.ids.bytes(16)
    ctx.db.execute(
        "UPDATE service_credentials SET salt = ?, password_hash = ? WHERE id = ?",
        (salt, _hashed(password, salt), identifier),
    )
    return password


def set_service_credential_status(ctx: Context, credential: ServiceCredential, status: str) -> None:
    """Activate or deactivate `credential`."""
    ctx.db.execute(
        "UPDATE service_credentials SET status = ? WHERE id = ?", (status, credential.id)
    )


def remove_service_credential(ctx: Context, credential: ServiceCredential) -> None:
    """Delete `credential`."""
    ctx.db.execute("DELETE FROM service_credentials WHERE id = ?", (credential.id,))


def check_unused(ctx: Context, user: Entity) -> None:
    """Raise DeleteConflict while `user` has credentials."""
    if access_keys(ctx, user):
        raise MustDeleteAccessKeys()
    if ssh_keys(ctx, user) or service_credentials(ctx, user):
        raise MustDeleteCredentials()
