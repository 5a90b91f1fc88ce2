"""Logs Insights' query language: pure logic over records.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

from __future__ import annotations

from cloudarium.services.logs.insights.commands import Query, parse
from cloudarium.services.logs.insights.records import Record, record

__all__ = ["Query", "Record", "parse", "record"]
