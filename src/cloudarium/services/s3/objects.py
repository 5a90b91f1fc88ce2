"""Objects, their versions and the segments their bytes lie in."""

from __future__ import annotations

import json
import sqlite3
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.s3 import blobs, errors
from cloudarium.services.s3.buckets import Bucket

NULL_VERSION = "null"
_VERSION_ALPHABET = string.ascii_letters + string.digits + "._"
_VERSION_LENGTH = 32


@dataclass(frozen=True)
class Segment:
    """A run of an object's bytes: the blob `digest` of `size` bytes.

    `number` is the part's number, `checksum` the part's own (base64), empty if it has none.
    """

    number: int
    size: int
    digest: str
    checksum: str = ""


@dataclass(frozen=True)
class Description:
    """What a writer says about an object.

    `headers` are the stored system headers by member name (ContentType, CacheControl, ...);
    `checksum` has algorithm, value and type, or nothing.
    """

    storage_class: str = "STANDARD"
    headers: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    checksum: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ObjectVersion:
    """One version of an object, or a delete marker. Times are epoch seconds, `etag` is bare."""

    sequence: int
    key: str
    version_id: str
    is_latest: bool
    delete_marker: bool
    modified_at: float
    superseded_at: float | None
    size: int
    etag: str
    description: Description

    @property
    def quoted_etag(self) -> str:
        """The ETag as answers carry it."""
        return f'"{self.etag}"'


def from_row(row: sqlite3.Row) -> ObjectVersion:
    """Return a row of `objects` as a value."""
    return ObjectVersion(
        sequence=row["sequence"],
        key=row["key"],
        version_id=row["version_id"],
        is_latest=bool(row["is_latest"]),
        delete_marker=bool(row["delete_marker"]),
        modified_at=row["modified_at"],
        superseded_at=row["superseded_at"],
        size=row["size"],
        etag=row["etag"],
        description=Description(
            row["storage_class"],
            *(json.loads(row[name]) for name in ("headers", "metadata", "tags", "checksum")),
        ),
    )


def current(ctx: Context, bucket: Bucket, key: str) -> ObjectVersion | None:
    """Return the latest version of `key` if there is one and it is not a delete marker."""
    row = ctx.db.execute(
        "SELECT * FROM objects WHERE bucket = ? AND key = ? AND is_latest AND NOT delete_marker",
        (bucket.name, key),
    ).fetchone()
    return from_row(row) if row else None


def current_etag(ctx: Context, bucket: Bucket, key: str) -> str | None:
    """Return the bare ETag of what a reader of `key` gets, or None."""
    found = current(ctx, bucket, key)
    return found.etag if found else None


def version(ctx: Context, bucket: Bucket, key: str, version_id: str) -> ObjectVersion | None:
    """Return the version of `key` called `version_id`.

    Raises InvalidArgument for an impossible id.
    """
    if version_id != NULL_VERSION and len(version_id) != _VERSION_LENGTH:
        raise errors.InvalidArgument(
            members={"ArgumentName": "versionId", "ArgumentValue": version_id},
            message="Invalid version id specified",
        )
    row = ctx.db.execute(
        "SELECT * FROM objects WHERE bucket = ? AND key = ? AND version_id = ?",
        (bucket.name, key, version_id),
    ).fetchone()
    return from_row(row) if row else None


def versions(ctx: Context, bucket: Bucket, key: str) -> list[ObjectVersion]:
    """Return all versions and delete markers of `key`, the newest first."""
    rows = ctx.db.execute(
        "SELECT * FROM objects WHERE bucket = ? AND key = ? ORDER BY sequence DESC",
        (bucket.name, key),
    )
    return [from_row(row) for row in rows]


def find(ctx: Context, bucket: Bucket, key: str, version_id: str | None) -> ObjectVersion:
    """Return the version a reader means.

    Raises NoSuchKey or NoSuchVersion, and MethodNotAllowed for a delete marker named by its id.
    """
    if version_id is None:
        found = current(ctx, bucket, key)
        if found is None:
            raise errors.NoSuchKey(members={"Key": key, **_marker_headers(ctx, bucket, key)})
        return found
    found = version(ctx, bucket, key, version_id)
    if found is None:
        raise errors.NoSuchVersion(members={"Key": key, "VersionId": version_id})
    if found.delete_marker:
        members = {"Method": "GET", "ResourceType": "DeleteMarker", "x-amz-delete-marker": "true"}
        raise errors.MethodNotAllowed(members=members)
    return found


def _marker_headers(ctx: Context, bucket: Bucket, key: str) -> dict[str, str]:
    """Return what tells a missing object from one hidden behind a delete marker."""
    hiding = versions(ctx, bucket, key)[:1]
    return {
        name: text
        for marker in hiding
        for name, text in (
            ("x-amz-delete-marker", "true"),
            ("x-amz-version-id", marker.version_id),
        )
    }


def put(
    ctx: Context,
    bucket: Bucket,
    key: str,
    etag: str,
    segments: Iterable[Segment],
    description: Description,
) -> ObjectVersion:
    """Write an object as the bucket's versioning has it."""
    segments = list(segments)
    made = _insert(ctx, bucket, key, etag, sum(s.size for s in segments), description)
    ctx.db.executemany(
        "INSERT INTO segments VALUES (?, ?, ?, ?, ?)",
        [(made.sequence, s.number, s.size, s.digest, s.checksum) for s in segments],
    )
    return made


def put_delete_marker(ctx: Context, bucket: Bucket, key: str) -> ObjectVersion:
    """Hide a key of a versioned bucket behind a delete marker."""
    return _insert(ctx, bucket, key, "", 0, Description(storage_class=""), delete_marker=True)


def _insert(
    ctx: Context,
    bucket: Bucket,
    key: str,
    etag: str,
    size: int,
    description: Description,
    delete_marker: bool = False,
) -> ObjectVersion:
    version_id = NULL_VERSION
    if bucket.versioning == "Enabled":
        version_id = ctx.ids.token(_VERSION_LENGTH, _VERSION_ALPHABET)
    else:
        replaced = version(ctx, bucket, key, NULL_VERSION)
        if replaced is not None:
            remove(ctx, bucket, replaced)
    ctx.db.execute(
        "UPDATE objects SET is_latest = 0, superseded_at = ?"
        " WHERE bucket = ? AND key = ? AND is_latest",
        (ctx.now, bucket.name, key),
    )
    identity = (bucket.name, key, version_id, delete_marker)
    texts = (description.headers, description.metadata, description.tags, description.checksum)
    row = ctx.db.execute(
        "INSERT INTO objects (bucket, key, version_id, is_latest, delete_marker, modified_at,"
        " size, etag, storage_class, headers, metadata, tags, checksum)"
        " VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
        (*identity, ctx.now, size, etag, description.storage_class, *map(json.dumps, texts)),
    ).fetchone()
    return from_row(row)


def remove(ctx: Context, bucket: Bucket, gone: ObjectVersion) -> None:
    """Delete one version for good; the newest of the others becomes the latest."""
    blobs.release(ctx, (segment.digest for segment in segments(ctx, gone)))
    ctx.db.execute("DELETE FROM objects WHERE sequence = ?", (gone.sequence,))
    if gone.is_latest:
        ctx.db.execute(
            "UPDATE objects SET is_latest = 1, superseded_at = NULL WHERE sequence ="
            " (SELECT MAX(sequence) FROM objects WHERE bucket = ? AND key = ?)",
            (bucket.name, gone.key),
        )


def segments(ctx: Context, of: ObjectVersion) -> list[Segment]:
    """Return the object's segments in order."""
    rows = ctx.db.execute(
        "SELECT number, size, digest, checksum FROM segments WHERE sequence = ? ORDER BY number",
        (of.sequence,),
    )
    return [Segment(*row) for row in rows]


def set_tags(ctx: Context, of: ObjectVersion, tags: Mapping[str, str]) -> None:
    """Replace the tags of a version."""
    ctx.db.execute(
        "UPDATE objects SET tags = ? WHERE sequence = ?", (json.dumps(tags), of.sequence)
    )
