"""Which buckets a request for a time range means.

Rounding of start times: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

from __future__ import annotations

import math

from cloudarium.core.context import Context
from cloudarium.services.cloudwatch import limits
from cloudarium.services.cloudwatch.points import Range


def of_times(ctx: Context, start: float, end: float, period: int) -> Range:
    """Return the buckets between two times (epoch seconds), the start rounded down."""
    step = _rounding(ctx.now - start, period)
    first = math.floor(start / step) * step
    return Range(first, math.ceil(end), period)


def _rounding(age: float, period: int) -> int:
    if period < limits.MINUTE:
        return period
    if age < limits.RETENTION[60][0]:
        return 60
    return 300 if age < limits.RETENTION[300][0] else 3600
