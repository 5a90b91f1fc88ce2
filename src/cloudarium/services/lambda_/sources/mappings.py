"""Event source mappings: rows of `mappings`."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.identity import Principal, service_principal
from cloudarium.services.lambda_ import errors, invocations
from cloudarium.services.lambda_.names import Reference

NOTHING_YET = "No records processed"


@dataclass(frozen=True)
class Mapping:
    """A mapping. `configuration` has the members that the API shows and this class has not.

    result: LastProcessingResult. modified: epoch seconds.
    """

    uuid: str
    reference: Reference
    source_arn: str
    configuration: dict[str, Any]
    enabled: bool
    modified: float
    tags: dict[str, str] = field(default_factory=dict)
    result: str = NOTHING_YET

    @property
    def arn(self) -> str:
        """The mapping's own ARN."""
        place = f"{self.reference.region}:{self.reference.account}"
        return f"arn:aws:lambda:{place}:event-source-mapping:{self.uuid}"

    @property
    def is_queue(self) -> bool:
        """Whether its source is an SQS queue; else it is a DynamoDB stream."""
        return self.source_arn.split(":")[2] == "sqs"

    @property
    def batch_size(self) -> int:
        """The most records of one invocation."""
        return int(self.configuration["BatchSize"])

    @property
    def window(self) -> int:
        """How many seconds to gather records for a batch."""
        return int(self.configuration["MaximumBatchingWindowInSeconds"])

    @property
    def tumbling(self) -> int:
        """The length of its tumbling windows in seconds, 0 for none."""
        return int(self.configuration.get("TumblingWindowInSeconds", 0))

    @property
    def reports_failures(self) -> bool:
        """Whether the function answers which records failed."""
        return "ReportBatchItemFailures" in self.configuration["FunctionResponseTypes"]

    @property
    def counts_events(self) -> bool:
        """Whether it has EventCount metrics."""
        config = self.configuration.get("MetricsConfig") or {}
        return "EventCount" in config.get("Metrics", ())

    def described(self, state: str = "") -> dict[str, Any]:
        """As EventSourceMappingConfiguration; `state` is that of a change under way."""
        shown = {
            **self.configuration,
            "UUID": self.uuid,
            "EventSourceArn": self.source_arn,
            "EventSourceMappingArn": self.arn,
            "FunctionArn": self.reference.arn,
            "LastModified": self.modified,
            "State": state or ("Enabled" if self.enabled else "Disabled"),
            "StateTransitionReason": "USER_INITIATED" if self.is_queue else "User action",
        }
        if not self.is_queue:
            shown["LastProcessingResult"] = self.result
        return shown


def get(ctx: Context, uuid: str) -> Mapping | None:
    """The mapping, if it exists (in whatever account)."""
    row = ctx.db.execute("SELECT * FROM mappings WHERE uuid = ?", (uuid,)).fetchone()
    return _mapping(row) if row else None


def find(ctx: Context, uuid: str) -> Mapping:
    """This account's and region's mapping. Raises ResourceNotFoundException."""
    mapping = get(ctx, uuid)
    if mapping is None or (mapping.reference.account, mapping.reference.region) != (
        ctx.account,
        ctx.region,
    ):
        raise errors.mapping_not_found()
    return mapping


def listed(ctx: Context, source_arn: str | None, function: Reference | None) -> list[Mapping]:
    """This account's and region's mappings by UUID, of one source, one function or all."""
    rows = ctx.db.execute(
        "SELECT * FROM mappings WHERE account = ? AND region = ? ORDER BY uuid",
        (ctx.account, ctx.region),
    )
    return [
        mapping
        for mapping in map(_mapping, rows)
        if source_arn in (None, mapping.source_arn) and function in (None, mapping.reference)
    ]


def of_source(ctx: Context, source_arn: str) -> list[Mapping]:
    """Every account's enabled mappings of a source."""
    rows = ctx.db.execute("SELECT * FROM mappings WHERE source_arn = ? AND enabled", (source_arn,))
    return [_mapping(row) for row in rows]


def put(ctx: Context, mapping: Mapping) -> None:
    """Store a mapping, new or changed."""
    reference = mapping.reference
    ctx.db.execute(
        "INSERT INTO mappings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
        " name = excluded.name, qualifier = excluded.qualifier, tags = excluded.tags,"
        " configuration = excluded.configuration, enabled = excluded.enabled,"
        " modified = excluded.modified, result = excluded.result",
        (
            mapping.uuid,
            reference.account,
            reference.region,
            reference.name,
            reference.qualifier,
            mapping.source_arn,
            json.dumps(mapping.configuration),
            json.dumps(mapping.tags),
            mapping.enabled,
            mapping.modified,
            mapping.result,
        ),
    )


def note(ctx: Context, mapping: Mapping, result: str) -> None:
    """Remember what the last poll came to."""
    ctx.db.execute(
        "UPDATE mappings SET result = ? WHERE uuid = ? AND result <> ?",
        (result, mapping.uuid, result),
    )


def delete(ctx: Context, mapping: Mapping) -> None:
    """Remove a mapping with all that it has read."""
    for table in ("windows", "batches", "shards"):
        ctx.db.execute(f"DELETE FROM {table} WHERE mapping = ?", (mapping.uuid,))
    ctx.db.execute("DELETE FROM mappings WHERE uuid = ?", (mapping.uuid,))


def owner(ctx: Context, mapping: Mapping) -> Context:
    """A context of the mapping's account and region, whose jobs its polls are."""
    account, region = mapping.reference.account, mapping.reference.region
    principal = service_principal(ctx.runtime.service.principal, account)
    return ctx.runtime.context(account, region, principal)


async def poller(ctx: Context, reference: Reference) -> Principal:
    """The execution role's session that polls go as. Raises AwsError."""
    with ctx.transaction():
        version = invocations.resolve(ctx, reference).version
    return await ctx.assume_role(version.configuration["Role"], reference.session_name)


def _mapping(row: sqlite3.Row) -> Mapping:
    return Mapping(
        row["uuid"],
        Reference(row["account"], row["region"], row["name"], row["qualifier"]),
        row["source_arn"],
        json.loads(row["configuration"]),
        bool(row["enabled"]),
        row["modified"],
        json.loads(row["tags"]),
        row["result"],
    )
