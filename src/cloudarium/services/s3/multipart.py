"""Multipart uploads and their parts, until they become an object or are aborted."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from itertools import pairwise
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.s3 import blobs, checksums, errors, limits
from cloudarium.services.s3.buckets import Bucket
from cloudarium.services.s3.objects import Description, Segment


@dataclass(frozen=True)
class Upload:
    """An upload: `initiator` is who began it (ARN), `description` what the object will have."""

    upload_id: str
    bucket: str
    key: str
    initiated_at: float
    initiator: str
    description: Description

    @property
    def algorithm(self) -> str:
        """The checksum algorithm asked for, or an empty string."""
        return self.description.checksum.get("algorithm", "")

    @property
    def checksum_type(self) -> str:
        """FULL_OBJECT or COMPOSITE, or an empty string."""
        return self.description.checksum.get("type", "")


@dataclass(frozen=True)
class Part:
    """An uploaded part; `etag` is bare, `checksum` base64 or empty."""

    number: int
    modified_at: float
    size: int
    etag: str
    digest: str
    checksum: str


def begin(ctx: Context, bucket: Bucket, key: str, description: Description) -> Upload:
    """Begin an upload."""
    upload_id = ctx.ids.hex(64)
    ctx.db.execute(
        "INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?)",
        (upload_id, bucket.name, key, ctx.now, ctx.principal.arn, json.dumps(asdict(description))),
    )
    return find(ctx, bucket, key, upload_id)


def find(ctx: Context, bucket: Bucket, key: str, upload_id: str) -> Upload:
    """Return the upload `upload_id` of this bucket and key. Raises NoSuchUpload."""
    row = ctx.db.execute(
        "SELECT * FROM uploads WHERE upload_id = ? AND bucket = ? AND key = ?",
        (upload_id, bucket.name, key),
    ).fetchone()
    if row is None:
        raise errors.NoSuchUpload(members={"UploadId": upload_id})
    return _from_row(row)


def lookup(ctx: Context, upload_id: str) -> Upload | None:
    """Return the upload `upload_id`, or None."""
    row = ctx.db.execute("SELECT * FROM uploads WHERE upload_id = ?", (upload_id,)).fetchone()
    return _from_row(row) if row else None


def walk(ctx: Context, bucket: Bucket, start: str) -> Iterator[Upload]:
    """Return the bucket's uploads from key `start` on, by key and by when they began."""
    rows = ctx.db.execute(
        "SELECT * FROM uploads WHERE bucket = ? AND key >= ? ORDER BY key, initiated_at, upload_id",
        (bucket.name, start),
    )
    return (_from_row(row) for row in rows)


def completed(upload: Upload, checksum_: Mapping[str, str]) -> Description:
    """Return what the finished object has: what was said at the beginning, and its checksum."""
    return replace(upload.description, checksum=checksum_)


def _from_row(row: sqlite3.Row) -> Upload:
    description = Description(**json.loads(row["attributes"]))
    columns = ("upload_id", "bucket", "key", "initiated_at", "initiator")
    fields = {name: row[name] for name in columns}
    return Upload(**fields, description=description)


def put_part(ctx: Context, upload: Upload, part: Part) -> None:
    """Store a part, in place of an earlier one of the same number."""
    old = ctx.db.execute(
        "SELECT digest FROM parts WHERE upload_id = ? AND number = ?",
        (upload.upload_id, part.number),
    ).fetchall()
    blobs.release(ctx, (row["digest"] for row in old))
    ctx.db.execute(
        "INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?, ?, ?)",
        (upload.upload_id, *astuple(part)),
    )


def parts(ctx: Context, upload: Upload, after: int = 0, limit: int = -1) -> list[Part]:
    """Return the parts with numbers above `after`, in order, at most `limit` of them (-1: all)."""
    rows = ctx.db.execute(
        "SELECT number, modified_at, size, etag, digest, checksum FROM parts"
        " WHERE upload_id = ? AND number > ? ORDER BY number LIMIT ?",
        (upload.upload_id, after, limit),
    )
    return [Part(*row) for row in rows]


def end(ctx: Context, upload: Upload) -> None:
    """Forget an upload with its parts; blobs that became part of an object stay."""
    blobs.release(ctx, (part.digest for part in parts(ctx, upload)))
    ctx.db.execute("DELETE FROM uploads WHERE upload_id = ?", (upload.upload_id,))


def chosen(
    upload: Upload, available: Iterable[Part], wanted: Sequence[Mapping[str, Any]]
) -> list[Part]:
    """Return the parts a CompleteMultipartUpload names.

    Raises MalformedXML (none named), InvalidPartOrder, InvalidPart and EntityTooSmall.
    """
    if not wanted or any("PartNumber" not in part for part in wanted):
        raise errors.MalformedXML()
    numbers = [part["PartNumber"] for part in wanted]
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise errors.InvalidPartOrder(members={"UploadId": upload.upload_id})
    by_number = {part.number: part for part in available}
    result = [_checked(upload, by_number.get(part["PartNumber"]), part) for part in wanted]
    for part in result[:-1]:
        if part.size < limits.PART_BYTES:
            members = {
                "ProposedSize": str(part.size),
                "MinSizeAllowed": str(limits.PART_BYTES),
                "PartNumber": str(part.number),
                "ETag": part.etag,
            }
            raise errors.EntityTooSmall(members=members)
    return result


def _checked(upload: Upload, part: Part | None, wanted: Mapping[str, Any]) -> Part:
    etag = str(wanted.get("ETag", "")).strip('"')
    sent = checksums.given(wanted)
    if part is None or part.etag != etag or (sent and part.checksum and sent[1] != part.checksum):
        members = {
            "UploadId": upload.upload_id,
            "PartNumber": str(wanted["PartNumber"]),
            "ETag": etag,
        }
        raise errors.InvalidPart(members=members)
    return part


def etag(chosen_parts: Sequence[Part]) -> str:
    """Return the MD5 of the parts' MD5s and their number: `9a0364b9e99bb480dd25e1f0284c8555-2`."""
    digests = b"".join(bytes.fromhex(part.etag) for part in chosen_parts)
    return f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(chosen_parts)}"


def checksum(upload: Upload, chosen_parts: Sequence[Part]) -> dict[str, str]:
    """Return the object's checksum (algorithm, value, type), or {} when a part has none."""
    if not upload.algorithm or not all(part.checksum for part in chosen_parts):
        return {}
    combine = (
        checksums.full_object
        if upload.checksum_type == checksums.FULL_OBJECT
        else checksums.composite
    )
    values = [checksums.PartChecksum(part.checksum, part.size) for part in chosen_parts]
    return {
        "algorithm": upload.algorithm,
        "value": combine(upload.algorithm, values),
        "type": upload.checksum_type,
    }


def segments(chosen_parts: Iterable[Part]) -> list[Segment]:
    """Return the parts as an object's segments."""
    return [Segment(p.number, p.size, p.digest, p.checksum) for p in chosen_parts]
