"""Code signing configurations: rows of `code_signing_configs`."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.lambda_ import errors, function_settings
from cloudarium.services.lambda_.functions import stamp
from cloudarium.services.lambda_.names import Reference


@dataclass(frozen=True)
class CodeSigningConfig:
    """A configuration. `publishers` are ARNs of signing profiles' versions.

    policy: Warn or Enforce. modified: epoch seconds.
    """

    account: str
    region: str
    id: str
    description: str
    publishers: list[str]
    policy: str
    modified: float

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:aws:lambda:{self.region}:{self.account}:code-signing-config:{self.id}"

    def described(self) -> dict[str, Any]:
        """As the API shows it."""
        return {
            "CodeSigningConfigId": self.id,
            "CodeSigningConfigArn": self.arn,
            "Description": self.description or None,
            "AllowedPublishers": {"SigningProfileVersionArns": self.publishers},
            "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": self.policy},
            "LastModified": stamp(self.modified),
        }


def get(ctx: Context, arn: str) -> CodeSigningConfig | None:
    """This account's and region's configuration with this ARN, if it exists."""
    row = ctx.db.execute(
        "SELECT * FROM code_signing_configs WHERE account = ? AND region = ? AND id = ?",
        (ctx.account, ctx.region, arn.rpartition(":")[2]),
    ).fetchone()
    found = _config(row) if row else None
    return found if found and found.arn == arn else None


def find(ctx: Context, arn: str) -> CodeSigningConfig:
    """The same; raises ResourceNotFoundException."""
    config = get(ctx, arn)
    if config is None:
        raise errors.code_signing_not_found(arn)
    return config


def listed(ctx: Context) -> list[CodeSigningConfig]:
    """All of this account and region, by id."""
    rows = ctx.db.execute(
        "SELECT * FROM code_signing_configs WHERE account = ? AND region = ? ORDER BY id",
        (ctx.account, ctx.region),
    )
    return [_config(row) for row in rows]


def put(ctx: Context, config: CodeSigningConfig) -> None:
    """Store a configuration, new or changed."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO code_signing_configs VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            config.account,
            config.region,
            config.id,
            config.description,
            json.dumps(config.publishers),
            config.policy,
            config.modified,
        ),
    )


def delete(ctx: Context, config: CodeSigningConfig) -> None:
    """Remove a configuration; raises ResourceConflictException if a function has it."""
    if functions_of(ctx, config.arn):
        raise errors.code_signing_in_use(config.arn)
    tag(ctx, config, {})
    ctx.db.execute(
        "DELETE FROM code_signing_configs WHERE account = ? AND region = ? AND id = ?",
        (config.account, config.region, config.id),
    )


def tags_of(ctx: Context, config: CodeSigningConfig) -> dict[str, str]:
    """A configuration's tags."""
    row = ctx.db.execute(
        "SELECT tags FROM code_signing_tags WHERE arn = ?", (config.arn,)
    ).fetchone()
    tags: dict[str, str] = json.loads(row["tags"]) if row else {}
    return tags


def tag(ctx: Context, config: CodeSigningConfig, tags: dict[str, str]) -> None:
    """Store a configuration's tags."""
    if tags:
        ctx.db.execute(
            "INSERT OR REPLACE INTO code_signing_tags VALUES (?, ?)", (config.arn, json.dumps(tags))
        )
    else:
        ctx.db.execute("DELETE FROM code_signing_tags WHERE arn = ?", (config.arn,))


def check(ctx: Context, arn: str) -> None:
    """Raise CodeSigningConfigNotFoundException if a function cannot be given a configuration."""
    if arn.split(":")[4] != ctx.account:
        raise errors.invalid(errors.CODE_SIGNING_ELSEWHERE.format(arn=arn))
    if get(ctx, arn) is None:
        raise errors.no_code_signing(arn)


def attach(ctx: Context, name: Reference, arn: str) -> dict[str, Any]:
    """Give a function a configuration; raises CodeSigningConfigNotFoundException."""
    check(ctx, arn)
    value = {"CodeSigningConfigArn": arn}
    return function_settings.put(ctx, name, function_settings.CODE_SIGNING, value)


def functions_of(ctx: Context, arn: str) -> list[Reference]:
    """The functions that have a configuration."""
    value = {"CodeSigningConfigArn": arn}
    return function_settings.having(ctx, function_settings.CODE_SIGNING, value)


def _config(row: sqlite3.Row) -> CodeSigningConfig:
    return CodeSigningConfig(**{**dict(row), "publishers": json.loads(row["publishers"])})
