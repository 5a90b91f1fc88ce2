"""Which IAM action on which ARN each operation needs (Service Authorization Reference)."""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access

_ON_EVERYTHING = ("ListServiceQuotas", "GetServiceQuota", "GetAWSDefaultServiceQuota")


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """The permission that `operation` needs."""
    action = f"servicequotas:{operation}"
    if operation in _ON_EVERYTHING:
        yield Access(action, "*")
    else:
        yield Access(action, ctx.arn(f"{request['ServiceCode']}/{request['QuotaCode']}"))
