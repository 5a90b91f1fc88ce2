"""The quotas that can be changed, and their values in each account and region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.quotas import errors


@dataclass(frozen=True)
class Quota:
    """A quota as AWS has it. `default`: its value until it is changed."""

    service_code: str
    service_name: str
    code: str
    name: str
    default: float

    def described(self, ctx: Context, value: float) -> dict[str, Any]:
        """As ServiceQuota, with this value."""
        arn = f"arn:aws:servicequotas:{ctx.region}:{ctx.account}:{self.service_code}/{self.code}"
        return {
            "ServiceCode": self.service_code,
            "ServiceName": self.service_name,
            "QuotaArn": arn,
            "QuotaCode": self.code,
            "QuotaName": self.name,
            "Value": value,
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
            "QuotaAppliedAtLevel": "ACCOUNT",
        }


# Lambda's developer guide, "Lambda quotas": 1,000 concurrent executions.
# API Gateway's developer guide, "Amazon API Gateway quotas": 10,000 requests a second, bursts of
# 5,000.
QUOTAS = (
    Quota("lambda", "AWS Lambda", "L-B99A9384", "Concurrent executions", 1000.0),
    Quota("apigateway", "Amazon API Gateway", "L-8A5B8E43", "Throttle rate", 10000.0),
    Quota("apigateway", "Amazon API Gateway", "L-CDF5615A", "Throttle burst rate", 5000.0),
)


def find(service_code: str, code: str) -> Quota:
    """The quota; raises NoSuchResourceException."""
    for quota in QUOTAS:
        if (quota.service_code, quota.code) == (service_code, code):
            return quota
    raise errors.NoSuchQuota()


def value(ctx: Context, quota: Quota) -> float:
    """The quota's value in the caller's account and region."""
    row = ctx.db.execute(
        "SELECT value FROM quotas WHERE account = ? AND region = ? AND service_code = ?"
        " AND quota_code = ?",
        (ctx.account, ctx.region, quota.service_code, quota.code),
    ).fetchone()
    return float(row["value"]) if row else quota.default


def change(ctx: Context, quota: Quota, wanted: float) -> None:
    """Give the quota another value there."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO quotas VALUES (?, ?, ?, ?, ?)",
        (ctx.account, ctx.region, quota.service_code, quota.code, wanted),
    )
