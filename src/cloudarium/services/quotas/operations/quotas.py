"""Quotas: read, list, change."""

from __future__ import annotations

from cloudarium.contracts.quotas import QuotaChanged
from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.quotas import catalogue, errors

_PAGE_ITEMS = 100  # MaxResults' default in the API reference


def get_service_quota(ctx: Context, request: Request) -> Response:
    """GetServiceQuota: the value that applies to this account and region."""
    quota = catalogue.find(request["ServiceCode"], request["QuotaCode"])
    return {"Quota": quota.described(ctx, catalogue.value(ctx, quota))}


def get_aws_default_service_quota(ctx: Context, request: Request) -> Response:
    """GetAWSDefaultServiceQuota: the value of an account that never changed it."""
    quota = catalogue.find(request["ServiceCode"], request["QuotaCode"])
    return {"Quota": quota.described(ctx, quota.default)}


def list_service_quotas(ctx: Context, request: Request) -> Response:
    """ListServiceQuotas of one service."""
    found = [
        quota.described(ctx, catalogue.value(ctx, quota))
        for quota in catalogue.QUOTAS
        if quota.service_code == request["ServiceCode"]
        and request.get("QuotaCode") in (None, quota.code)
    ]
    size = request.get("MaxResults") or _PAGE_ITEMS
    shown, token = pages.page(found, request.get("NextToken"), size, errors.BadToken())
    return {"Quotas": shown, "NextToken": token}


def request_service_quota_increase(ctx: Context, request: Request) -> Response:
    """RequestServiceQuotaIncrease: approved at once, also when it asks for less."""
    quota = catalogue.find(request["ServiceCode"], request["QuotaCode"])
    wanted = request["DesiredValue"]
    if wanted != int(wanted):
        raise errors.BadValue()
    catalogue.change(ctx, quota, wanted)
    ctx.emit(QuotaChanged(quota.service_code, quota.code, wanted))
    told = quota.described(ctx, wanted)
    for name in ("Value", "Adjustable", "QuotaAppliedAtLevel"):
        del told[name]
    return {
        "RequestedQuota": {
            **told,
            "Id": ctx.ids.hex(40),
            "DesiredValue": wanted,
            "Status": "APPROVED",
            "Created": ctx.now,
            "LastUpdated": ctx.now,
            "Requester": f'{{"accountId":"{ctx.account}","callerArn":"{ctx.principal.arn}"}}',
        }
    }
