"""Buckets and the parts of their configuration."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.s3 import errors

_NAME = re.compile(r"(?=.{3,63}$)[a-z0-9](?:[a-z0-9-]|\.(?=[a-z0-9]))*[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")

BLOCK_ALL = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
OWNER_ENFORCED = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
# Customer-provided keys are blocked in new buckets since April 2026 (user guide, "Blocking or
# unblocking SSE-C for a general purpose bucket").
BLOCKED_ENCRYPTION = {"EncryptionType": ["SSE-C"]}
ENCRYPTION = {
    "Rules": [
        {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
            "BucketKeyEnabled": False,
            "BlockedEncryptionTypes": BLOCKED_ENCRYPTION,
        }
    ]
}


@dataclass(frozen=True)
class Bucket:
    """A bucket. `versioning` is "" (never enabled), "Enabled" or "Suspended"."""

    name: str
    account: str
    region: str
    created_at: float
    versioning: str

    @property
    def arn(self) -> str:
        """The bucket's ARN, which has neither account nor region."""
        return f"arn:aws:s3:::{self.name}"

    @property
    def owner(self) -> dict[str, str]:
        """The Owner element of listings: the account's canonical user id."""
        return {"ID": canonical_id(self.account)}


def canonical_id(account: str) -> str:
    """Return the canonical user id of an account: 64 hexadecimal digits, the same for ever."""
    return account.rjust(64, "0")


def check_name(name: str) -> None:
    """Raise InvalidBucketName unless `name` follows the user guide's "Bucket naming rules"."""
    if (
        not _NAME.fullmatch(name)
        or _ADDRESS.fullmatch(name)
        or name.startswith(_RESERVED_PREFIXES)
        or name.endswith(_RESERVED_SUFFIXES)
    ):
        raise errors.InvalidBucketName(members={"BucketName": name})


def lookup(ctx: Context, name: str) -> Bucket | None:
    """Return the bucket called `name`, or None."""
    row = ctx.db.execute(
        "SELECT b.*, c.document AS versioning FROM buckets b LEFT JOIN configurations c"
        " ON c.bucket = b.name AND c.kind = 'versioning' WHERE b.name = ?",
        (name,),
    ).fetchone()
    if row is None:
        return None
    versioning = json.loads(row["versioning"]) if row["versioning"] else ""
    return Bucket(row["name"], row["account"], row["region"], row["created_at"], versioning)


def find(ctx: Context, name: str) -> Bucket:
    """Return the bucket called `name`. Raises NoSuchBucket."""
    bucket = lookup(ctx, name)
    if bucket is None:
        raise errors.NoSuchBucket(members={"BucketName": name})
    return bucket


def create(ctx: Context, name: str, region: str) -> Bucket:
    """Make a bucket of this account in a region, with the defaults AWS gives a new one."""
    ctx.db.execute("INSERT INTO buckets VALUES (?, ?, ?, ?)", (name, ctx.account, region, ctx.now))
    configure(ctx, name, "public_access_block", BLOCK_ALL)
    configure(ctx, name, "ownership", OWNER_ENFORCED)
    configure(ctx, name, "encryption", ENCRYPTION)
    return find(ctx, name)


def delete(ctx: Context, bucket: Bucket) -> None:
    """Remove an empty bucket with its configuration. Raises BucketNotEmpty."""
    row = ctx.db.execute(
        "SELECT MAX(is_latest AND NOT delete_marker) FROM objects WHERE bucket = ?", (bucket.name,)
    ).fetchone()
    if row[0] is not None:
        versions = "" if row[0] else ". You must delete all versions in the bucket."
        raise errors.BucketNotEmpty(members={"BucketName": bucket.name}, versions=versions)
    for table, column in (("configurations", "bucket"), ("buckets", "name")):
        ctx.db.execute(f"DELETE FROM {table} WHERE {column} = ?", (bucket.name,))


def owned(ctx: Context, prefix: str, after: str, limit: int) -> list[Bucket]:
    """Return at most `limit` of this account's buckets after `after` that start with `prefix`."""
    rows = ctx.db.execute(
        "SELECT name FROM buckets WHERE account = ? AND name > ? AND substr(name, 1, ?) = ?"
        " ORDER BY name LIMIT ?",
        (ctx.account, after, len(prefix), prefix, limit),
    )
    return [find(ctx, row["name"]) for row in rows.fetchall()]


def configure(ctx: Context, name: str, kind: str, document: Any) -> None:
    """Set one part of a bucket's configuration; None removes it."""
    if document is None:
        ctx.db.execute("DELETE FROM configurations WHERE bucket = ? AND kind = ?", (name, kind))
        return
    ctx.db.execute(
        "INSERT OR REPLACE INTO configurations VALUES (?, ?, ?)", (name, kind, json.dumps(document))
    )


def configuration(ctx: Context, name: str, kind: str) -> Any:
    """Return one part of a bucket's configuration, or None."""
    row = ctx.db.execute(
        "SELECT document FROM configurations WHERE bucket = ? AND kind = ?", (name, kind)
    ).fetchone()
    return json.loads(row["document"]) if row else None
