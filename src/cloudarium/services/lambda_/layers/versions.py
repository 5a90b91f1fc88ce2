"""Layer versions: rows of `layers`."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.lambda_ import errors, limits

_ARN = re.compile(r"arn:[^:]+:lambda:([^:]+):(\d{12}):layer:([A-Za-z0-9_-]+)(?::(\d+))?$")


@dataclass(frozen=True)
class LayerVersion:
    """A layer version. digest: the SHA-256 of its archive, hexadecimal. created: epoch seconds.

    statements: of its policy, who else may use it.
    """

    account: str
    region: str
    name: str
    version: int
    description: str
    digest: str
    code_size: int
    runtimes: list[str] | None
    architectures: list[str] | None
    license: str
    revision_id: str
    created: float
    statements: list[dict[str, Any]] = field(default_factory=list)
    deleted: bool = False

    @property
    def layer_arn(self) -> str:
        """The layer's ARN, without the version."""
        return f"arn:aws:lambda:{self.region}:{self.account}:layer:{self.name}"

    @property
    def arn(self) -> str:
        """The version's ARN."""
        return f"{self.layer_arn}:{self.version}"

    @property
    def policy(self) -> dict[str, Any] | None:
        """Its policy document, if it has one."""
        if not self.statements:
            return None
        return {"Version": "2012-10-17", "Id": "default", "Statement": self.statements}

    def listed(self) -> dict[str, Any]:
        """As LayerVersionsListItem."""
        created = datetime.fromtimestamp(self.created, UTC)
        return {
            "LayerVersionArn": self.arn,
            "Version": self.version,
            "Description": self.description,
            "CreatedDate": created.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000",
            "CompatibleArchitectures": self.architectures,
            "CompatibleRuntimes": self.runtimes,
            "LicenseInfo": self.license or None,
        }

    def described(self, location: str) -> dict[str, Any]:
        """As GetLayerVersionResponse; `location` is a URL of its archive."""
        content = {
            "Location": location,
            "CodeSha256": base64.b64encode(bytes.fromhex(self.digest)).decode(),
            "CodeSize": self.code_size,
        }
        return {**self.listed(), "LayerArn": self.layer_arn, "Content": content}


def named(ctx: Context, text: str) -> tuple[str, str, str]:
    """(account, region, name) of a LayerName, which may be an ARN."""
    match = _ARN.match(text)
    return (match[2], match[1], match[3]) if match else (ctx.account, ctx.region, text)


def add(ctx: Context, layer: LayerVersion) -> None:
    """Store a new version."""
    ctx.db.execute(
        "INSERT INTO layers (account, region, name, version, description, digest, code_size,"
        " runtimes, architectures, license, revision_id, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *_key(layer),
            layer.description,
            layer.digest,
            layer.code_size,
            json.dumps(layer.runtimes),
            json.dumps(layer.architectures),
            layer.license,
            layer.revision_id,
            layer.created,
        ),
    )


def next_version(ctx: Context, name: str) -> int:
    """The number of the next version; those of deleted ones are not used again."""
    row = ctx.db.execute(
        "SELECT max(version) AS last FROM layers WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return int(row["last"] or 0) + 1


def find(ctx: Context, name: str, version: int) -> LayerVersion:
    """The version that is not deleted; `name` may be an ARN.

    Raises ResourceNotFoundException, InvalidParameterValueException.
    """
    check_number(version)
    layer = _get(ctx, (*named(ctx, name), version))
    if layer is None or layer.deleted:
        raise errors.policy_not_found()
    return layer


def check_number(version: int) -> None:
    """Refuse what cannot be the number of a version: InvalidParameterValueException."""
    if version < 1:
        raise errors.invalid(errors.LAYER_VERSION)


def by_arn(ctx: Context, arn: str) -> LayerVersion | None:
    """The version of an ARN, also a deleted one."""
    match = _ARN.match(arn)
    if match is None:
        return None
    return _get(ctx, (match[2], match[1], match[3], int(match[4] or 0)))


def of_policy(ctx: Context, name: str, version: int) -> LayerVersion:
    """The version that is not deleted, whose policy is asked for: it says what is not there.

    Raises ResourceNotFoundException.
    """
    account, region, plain = key = named(ctx, name)
    layer = _get(ctx, (*key, version))
    if layer is None or layer.deleted:
        arn = f"arn:aws:lambda:{region}:{account}:layer:{plain}:{version}"
        raise errors.layer_version_not_found(arn)
    return layer


def _get(ctx: Context, key: tuple[str, str, str, int]) -> LayerVersion | None:
    row = ctx.db.execute(
        "SELECT * FROM layers WHERE account = ? AND region = ? AND name = ? AND version = ?", key
    ).fetchone()
    return _layer(row) if row else None


def listed(ctx: Context, name: str | None = None) -> list[LayerVersion]:
    """Versions that are not deleted, of one layer or this region's, by name, newest first."""
    account, region, only = named(ctx, name) if name else (ctx.account, ctx.region, None)
    rows = ctx.db.execute(
        "SELECT * FROM layers WHERE account = ? AND region = ? AND NOT deleted"
        " ORDER BY name, version DESC",
        (account, region),
    )
    return [layer for layer in map(_layer, rows) if only in (None, layer.name)]


def set_policy(ctx: Context, layer: LayerVersion, statements: list[dict[str, Any]]) -> str:
    """Store the policy's statements; its new revision."""
    revision = ctx.ids.uuid()
    ctx.db.execute(
        "UPDATE layers SET statements = ?, revision_id = ? WHERE account = ? AND region = ?"
        " AND name = ? AND version = ?",
        (json.dumps(statements), revision, *_key(layer)),
    )
    return revision


def delete(ctx: Context, layer: LayerVersion) -> None:
    """Delete a version: no function can be given it any more."""
    ctx.db.execute(
        "UPDATE layers SET deleted = 1 WHERE account = ? AND region = ? AND name = ?"
        " AND version = ?",
        _key(layer),
    )


def chosen(ctx: Context, arns: list[str]) -> list[dict[str, Any]]:
    """A function's Layers for these ARNs. Raises InvalidParameterValueException."""
    if len(arns) > limits.LAYERS:
        raise errors.invalid(errors.TOO_MANY_LAYERS.format(limit=limits.LAYERS))
    found: dict[str, LayerVersion] = {}
    for arn in arns:
        if arn.split(":")[3] not in (ctx.region, ""):
            raise errors.invalid(errors.LAYER_ELSEWHERE.format(region=ctx.region))
        layer = by_arn(ctx, arn)
        if layer is None or layer.deleted:
            raise errors.invalid(errors.NO_LAYER.format(arn=arn))
        if layer.layer_arn in found:
            text = errors.LAYER_TWICE.format(first=found[layer.layer_arn].arn, second=arn)
            raise errors.invalid(text)
        found[layer.layer_arn] = layer
    return [{"Arn": layer.arn, "CodeSize": layer.code_size} for layer in found.values()]


def _key(layer: LayerVersion) -> tuple[str, str, str, int]:
    return layer.account, layer.region, layer.name, layer.version


def _layer(row: sqlite3.Row) -> LayerVersion:
    fields = dict(row)
    for name in ("runtimes", "architectures", "statements"):
        fields[name] = json.loads(fields[name])
    return LayerVersion(**{**fields, "deleted": bool(row["deleted"])})
