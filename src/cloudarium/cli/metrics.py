"""`cloudarium metrics`: which metrics there are, and their figures."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from cloudarium.cli import place
from cloudarium.cli.settings import seconds


def run(options: argparse.Namespace) -> int:
    """List metrics, or print the figures of one by name."""
    cloud = place.required(options.dir)
    cloudwatch = place.client(cloud, "cloudwatch")
    wanted = {"Namespace": options.namespace} if options.namespace else {}
    if options.name:
        wanted["MetricName"] = options.name
    pages = cloudwatch.get_paginator("list_metrics").paginate(**wanted)
    end = place.control(cloud, "time")["now"]
    for metric in (metric for page in pages for metric in page["Metrics"]):
        dimensions = ", ".join(f"{d['Name']}={d['Value']}" for d in metric.get("Dimensions", []))
        print(f"{metric['Namespace']} {metric['MetricName']} ({dimensions})")
        if options.name:
            _figures(cloudwatch, metric, end - seconds(options.since), end)
    return 0


def _figures(cloudwatch: Any, metric: dict[str, Any], start: float, end: float) -> None:
    points = cloudwatch.get_metric_statistics(
        **metric,
        StartTime=datetime.fromtimestamp(start, UTC),
        EndTime=datetime.fromtimestamp(end + 60, UTC),
        Period=60,
        Statistics=["Sum", "Average", "Maximum", "SampleCount"],
    )["Datapoints"]
    for point in sorted(points, key=lambda each: each["Timestamp"]):
        print(
            f"  {point['Timestamp']:%H:%M} sum {point['Sum']:g} average {point['Average']:g} "
            f"maximum {point['Maximum']:g} of {point['SampleCount']:g}"
        )
