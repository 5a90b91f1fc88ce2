"""Functions and their versions: all the SQL about them."""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.services.lambda_ import errors
from cloudarium.services.lambda_.configuration import published as published_configuration
from cloudarium.services.lambda_.names import LATEST, Reference

Configuration = dict[str, Any]
# Everything that a function has.
_TABLES = (
    "functions",
    "versions",
    "unpublished",
    "aliases",
    "statements",
    "policy_heads",
    "event_invoke_configs",
    "urls",
    "function_settings",
    "provisioned",
)
_COLUMNS = "version, configuration, digest, code_size, revision_id, modified"


@dataclass(frozen=True)
class Function:
    """What all versions of a function share. `reserved` is its reserved concurrency, if any."""

    reference: Reference
    last_version: int = 0
    reserved: int | None = None
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Version:
    """`$LATEST` or a published version: its configuration as the API shows it, and its code.

    digest: the SHA-256 of the deployment package, hexadecimal; its name in the blob store.
    modified: epoch seconds.
    """

    reference: Reference
    version: str
    configuration: Configuration
    digest: str
    code_size: int
    revision_id: str
    modified: float

    @property
    def code_sha256(self) -> str:
        """The digest as the API shows it."""
        return base64.b64encode(bytes.fromhex(self.digest)).decode()

    @cached_property
    def arn(self) -> str:
        """The version's own ARN."""
        return self.reference.qualified(self.version).arn

    @cached_property
    def content(self) -> str:
        """A digest of its code and configuration: all that its environments depend on."""
        text = json.dumps([self.digest, self.configuration], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def runtime_version(self) -> tuple[str, str]:
        """The runtime's version and its ARN, as INIT_START tells them.

        AWS numbers its releases of a runtime for an architecture; here there is one of each.
        """
        runtime = self.configuration["Runtime"]
        name = runtime.rstrip(".0123456789x")
        number = runtime.removeprefix(name).removesuffix(".x")
        if name == "provided.al":
            name, number = "provided", f"al{number}"
        built = f"{runtime} {self.configuration['Architectures']}"
        digest = hashlib.sha256(built.encode()).hexdigest()
        arn = f"arn:aws:lambda:{self.reference.region}::runtime:{digest}"
        return f"{name}:{number}.v1", arn

    def listed(self, arn: str = "") -> dict[str, Any]:
        """The version as lists show it."""
        shown = self.described(arn)
        del shown["RuntimeVersionConfig"]
        return shown

    def described(self, arn: str = "", **state: str) -> dict[str, Any]:
        """The version as FunctionConfiguration. `arn` is how it was asked for."""
        return {
            "FunctionName": self.reference.name,
            "FunctionArn": arn or self.arn,
            **self.configuration,
            "CodeSize": self.code_size,
            "CodeSha256": self.code_sha256,
            "LastModified": stamp(self.modified),
            "Version": self.version,
            "RuntimeVersionConfig": {"RuntimeVersionArn": self.runtime_version[1]},
            "RevisionId": self.revision_id,
            **state,
        }


def stamp(at: float) -> str:
    """A time (epoch seconds) as LastModified shows it."""
    moment = datetime.fromtimestamp(at, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}+0000"


def settled() -> dict[str, str]:
    """The state of a function that nothing is being done to."""
    return {"State": "Active", "LastUpdateStatus": "Successful"}


def find(ctx: Context, reference: Reference) -> Function:
    """The function; raises ResourceNotFoundException."""
    function = get(ctx, reference)
    if function is None:
        raise errors.function_not_found(reference.arn)
    return function


def get(ctx: Context, reference: Reference) -> Function | None:
    """The function, if it exists."""
    row = ctx.db.execute(
        "SELECT * FROM functions WHERE account = ? AND region = ? AND name = ?", _key(reference)
    ).fetchone()
    if row is None:
        return None
    tags = orjson.loads(row["tags"])
    plain = reference.qualified("")
    return Function(plain, row["last_version"], row["reserved_concurrency"], tags)


def lookup_version(ctx: Context, reference: Reference, version: str) -> Version | None:
    """A version, if it exists."""
    row = ctx.db.execute(
        f"SELECT {_COLUMNS} FROM versions"
        " WHERE account = ? AND region = ? AND name = ? AND version = ?",
        (*_key(reference), version),
    ).fetchone()
    return _version(reference, row) if row else None


def find_version(ctx: Context, reference: Reference, version: str = LATEST) -> Version:
    """A version; raises ResourceNotFoundException."""
    found = lookup_version(ctx, reference, version)
    if found is None:
        shown = (
            reference.function_arn if version == LATEST else f"{reference.function_arn}:{version}"
        )
        raise errors.function_not_found(reference.arn if reference.qualifier else shown)
    return found


def versions(ctx: Context, reference: Reference) -> list[Version]:
    """All versions: $LATEST, then the published ones in order."""
    rows = ctx.db.execute(
        f"SELECT {_COLUMNS} FROM versions WHERE account = ? AND region = ? AND name = ?"
        " ORDER BY version <> '$LATEST', CAST(version AS INTEGER)",
        _key(reference),
    )
    return [_version(reference, row) for row in rows]


def names(ctx: Context, after: str, limit: int) -> list[str]:
    """The names of the region's functions, sorted, those after `after`."""
    rows = ctx.db.execute(
        "SELECT name FROM functions WHERE account = ? AND region = ? AND name > ?"
        " ORDER BY name LIMIT ?",
        (ctx.account, ctx.region, after, limit),
    )
    return [row["name"] for row in rows]


def create(ctx: Context, function: Function, latest: Version) -> None:
    """Add a function; raises ResourceConflictException if its name is taken."""
    if get(ctx, function.reference):
        raise errors.function_exists(function.reference.name)
    ctx.db.execute(
        "INSERT INTO functions (account, region, name, tags) VALUES (?, ?, ?, ?)",
        (*_key(function.reference), json.dumps(function.tags)),
    )
    put_version(ctx, latest)


def update(ctx: Context, function: Function) -> None:
    """Store what all versions share."""
    ctx.db.execute(
        "UPDATE functions SET last_version = ?, reserved_concurrency = ?, tags = ?"
        " WHERE account = ? AND region = ? AND name = ?",
        (
            function.last_version,
            function.reserved,
            json.dumps(function.tags),
            *_key(function.reference),
        ),
    )


def put_version(ctx: Context, version: Version) -> None:
    """Store a version, new or changed."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *_key(version.reference),
            version.version,
            json.dumps(version.configuration),
            version.digest,
            version.code_size,
            version.revision_id,
            version.modified,
        ),
    )


def changed(ctx: Context, version: Version, **changes: Any) -> Version:
    """The version with changes, a new revision."""
    return replace(version, **changes, revision_id=ctx.ids.uuid(), modified=ctx.now)


def put_update(ctx: Context, latest: Version) -> None:
    """Store $LATEST with new code or another configuration, which it may also have had before."""
    put_version(ctx, latest)
    ctx.db.execute("INSERT OR IGNORE INTO unpublished VALUES (?, ?, ?)", _key(latest.reference))


def renew(ctx: Context, version: Version) -> None:
    """Store that a version has changed otherwise: its state, its resource policy, the tags.

    Each of these gives it a new RevisionId, as recorded from AWS.
    """
    put_version(ctx, replace(version, revision_id=ctx.ids.uuid()))


def publish(ctx: Context, reference: Reference, description: str | None) -> Version:
    """Publish $LATEST, which makes it another revision; the last version if nothing changed."""
    function, latest = find(ctx, reference), find_version(ctx, reference)
    published = versions(ctx, reference)[1:]
    if published and not _is_updated(ctx, reference) and _same(published[-1], latest):
        return published[-1]
    number = function.last_version + 1
    configuration = published_configuration(latest.configuration)
    if description is not None:
        configuration["Description"] = description
    version = replace(
        latest,
        reference=function.reference,
        version=str(number),
        configuration=configuration,
        revision_id=ctx.ids.uuid(),
        modified=ctx.now,
    )
    put_version(ctx, version)
    renew(ctx, latest)
    update(ctx, replace(function, last_version=number))
    ctx.db.execute(
        "DELETE FROM unpublished WHERE account = ? AND region = ? AND name = ?", _key(reference)
    )
    return version


def _is_updated(ctx: Context, reference: Reference) -> bool:
    """Tell whether $LATEST was updated since its last version was published.

    AWS does not look at what an update changes: the same code publishes another version
    (https://github.com/getmoto/moto/pull/8379), another description too (LocalStack's
    test_version_lifecycle, recorded from AWS).
    """
    found = ctx.db.execute(
        "SELECT 1 FROM unpublished WHERE account = ? AND region = ? AND name = ?", _key(reference)
    )
    return found.fetchone() is not None


def _same(published: Version, latest: Version) -> bool:
    # "Lambda doesn't publish a version if the function's configuration and code haven't changed".
    ignored = {"Description": ""}
    return published.digest == latest.digest and (
        published.configuration | ignored == published_configuration(latest.configuration) | ignored
    )


def delete(ctx: Context, reference: Reference) -> None:
    """Delete a function and all that belongs to it."""
    for table in _TABLES:
        ctx.db.execute(
            f"DELETE FROM {table} WHERE account = ? AND region = ? AND name = ?", _key(reference)
        )


def delete_version(ctx: Context, reference: Reference) -> None:
    """Delete the published version that the reference's qualifier names."""
    ctx.db.execute(
        "DELETE FROM versions WHERE account = ? AND region = ? AND name = ? AND version = ?",
        (*_key(reference), reference.qualifier),
    )


def is_code_used(ctx: Context, digest: str) -> bool:
    """Whether any version of any function, or of a layer, has this archive."""
    row = ctx.db.execute(
        "SELECT 1 FROM versions WHERE digest = ? UNION SELECT 1 FROM layers WHERE digest = ?",
        (digest, digest),
    ).fetchone()
    return row is not None


def usage(ctx: Context) -> tuple[int, int]:
    """The region's number of functions and bytes of code, layers' versions included."""
    key = (ctx.account, ctx.region)
    return tuple(
        ctx.db.execute(
            "SELECT (SELECT count(*) FROM functions WHERE account = ?1 AND region = ?2),"
            " (SELECT coalesce(sum(code_size), 0) FROM versions"
            "   WHERE account = ?1 AND region = ?2)"
            " + (SELECT coalesce(sum(code_size), 0) FROM layers"
            "   WHERE account = ?1 AND region = ?2 AND NOT deleted)",
            key,
        ).fetchone()
    )


def _key(reference: Reference) -> tuple[str, str, str]:
    return reference.account, reference.region, reference.name


def _version(reference: Reference, row: sqlite3.Row) -> Version:
    return Version(
        reference.qualified(""),
        row["version"],
        orjson.loads(row["configuration"]),
        row["digest"],
        row["code_size"],
        row["revision_id"],
        row["modified"],
    )
