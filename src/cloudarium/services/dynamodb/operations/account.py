"""DescribeLimits and DescribeEndpoints."""

from cloudarium.core.context import Context, Request, Response

from .. import limits

_CACHE_MINUTES = 1440


def describe_limits(ctx: Context, request: Request) -> Response:
    """AWS's default capacity quotas of an account."""
    return {
        "AccountMaxReadCapacityUnits": limits.ACCOUNT_CAPACITY,
        "AccountMaxWriteCapacityUnits": limits.ACCOUNT_CAPACITY,
        "TableMaxReadCapacityUnits": limits.TABLE_CAPACITY,
        "TableMaxWriteCapacityUnits": limits.TABLE_CAPACITY,
    }


async def describe_endpoints(ctx: Context, request: Request) -> Response:
    """Where DynamoDB answers: this cloud's own address."""
    address = (await ctx.endpoint()).removeprefix("http://")
    return {"Endpoints": [{"Address": address, "CachePeriodInMinutes": _CACHE_MINUTES}]}
