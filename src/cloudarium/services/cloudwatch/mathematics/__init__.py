"""Metric math: expressions over time series, pure logic.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

from cloudarium.services.cloudwatch.mathematics.functions import FUNCTIONS, Scope
from cloudarium.services.cloudwatch.mathematics.parser import Expression, parse
from cloudarium.services.cloudwatch.mathematics.values import MathError, Series, Value

__all__ = ["FUNCTIONS", "Expression", "MathError", "Scope", "Series", "Value", "parse"]
