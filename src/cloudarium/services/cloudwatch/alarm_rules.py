"""What PutMetricAlarm accepts.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html; refusals
as measured in September 2026 (`badmintoncryer/cdk-preflight`, rules/cloudwatch).
"""

from __future__ import annotations

import re

import orjson

from cloudarium.core import arn as arns
from cloudarium.core.context import Request
from cloudarium.services.cloudwatch import errors, limits, queries, statistics
from cloudarium.services.cloudwatch.alarms import metric_stat

_REQUIRED = ("EvaluationPeriods", "ComparisonOperator")
_UNSUPPORTED = (
    "ThresholdMetricId",
    "EvaluationWindow",
    "WarmUpConfiguration",
    "EvaluationCriteria",
    "EvaluationInterval",
    "ActionConfiguration",
)
_COMPARISONS = (
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
)
_RANGES = (
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
)
_ACTED_ON = ("sns", "lambda", "autoscaling")
_OTHER_VENDORS = ("ec2", "automate", "ssm", "ssm-incidents", "swf", "aiops")
_SEARCH = re.compile(r"\bSEARCH\s*\(")
_TREATMENTS = ("breaching", "notBreaching", "ignore", "missing")
_OF_ONE_METRIC = (
    *("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Period"),
    "Unit",
)
ACTIONS = ("OKActions", "AlarmActions", "InsufficientDataActions")


def check(request: Request) -> None:
    """Raise what is wrong with an alarm."""
    _check_count(request.get("Metrics", []))
    for name in _UNSUPPORTED:
        if name in request:
            raise errors.NotSupported(name=name)
    for name in _REQUIRED:
        if name not in request:
            raise errors.MissingParameter(name=name)
    if request["ComparisonOperator"] in _RANGES:
        raise errors.NoThresholdMetric()
    if request["ComparisonOperator"] not in _COMPARISONS:
        raise errors.NotSupported(name=f"ComparisonOperator {request['ComparisonOperator']}")
    if "Threshold" not in request:
        raise errors.NoThreshold()
    if request.get("TreatMissingData", "missing") not in _TREATMENTS:
        raise errors.InvalidValue(value=request["TreatMissingData"], name="TreatMissingData")
    if request.get("DatapointsToAlarm", 1) > request["EvaluationPeriods"]:
        reason = "DatapointsToAlarm must be less than or equal to EvaluationPeriods."
        raise errors.Invalid(reason=reason)
    check_actions(request)
    if "Metrics" in request:
        _check_queries(request)
    else:
        _check_metric(request)


def check_actions(request: Request) -> None:
    """Raise unless every action is an SNS topic, a Lambda function or a scaling policy."""
    for name in ACTIONS:
        for action in request.get(name, []):
            parsed = arns.parse(action)
            if parsed is None:
                raise errors.InvalidArn(arn=action)
            if parsed.service in _OTHER_VENDORS:
                raise errors.UnsupportedAction(arn=action)
            if parsed.service not in _ACTED_ON:
                raise errors.UnsupportedVendor(service=parsed.service)


def _check_count(asked: list[Request]) -> None:
    """Raise for too many queries: that comes before all else."""
    metrics = sum("MetricStat" in query for query in asked)
    for kind, count in (("expressions", len(asked) - metrics), ("metrics", metrics)):
        if count > limits.ALARM_QUERIES:
            raise errors.TooManyQueries(kind=kind, limit=limits.ALARM_QUERIES)


def _check_metric(request: Request) -> None:
    for name in ("MetricName", "Namespace", "Period"):
        if name not in request:
            raise errors.MissingParameter(name=name)
    if "Statistic" in request and "ExtendedStatistic" in request:
        raise errors.MutuallyExclusive(one="Statistic", other="ExtendedStatistic")
    statistic = metric_stat({"Statistic": "", "ExtendedStatistic": "", **request})["Stat"]
    if not statistic:
        raise errors.MissingParameter(name="Statistic")
    if statistics.parse(statistic) is None or (
        "ExtendedStatistic" in request and statistic in statistics.BASIC
    ):
        raise errors.ValueNotSupported(value=statistic, name="ExtendedStatistic")
    if "EvaluateLowSampleCountPercentile" in request and not statistic.startswith("p"):
        raise errors.NoPercentile(statistic=statistic)
    _check_period(request["Period"], request["EvaluationPeriods"])


def _check_period(period: int, periods: int) -> None:
    if period not in limits.ALARM_PERIODS and period % limits.MINUTE:
        raise errors.Invalid(reason="Period must be 10, 20, 30 or a multiple of 60.")
    # "no longer than one day, unless the period is one hour or greater: then seven days"
    span, limit, which = "a day", limits.DAY, ""
    if period >= limits.HOUR:
        span, limit, which = "a week", 7 * limits.DAY, " for alarms using period >= 3600"
    if period * periods > limit:
        raise errors.PeriodTooLong(span=span, limit=limit, which=which)


def _check_queries(request: Request) -> None:
    for name in _OF_ONE_METRIC:
        if request.get(name):
            raise errors.MutuallyExclusive(one="Metrics", other=name)
    for query in request["Metrics"]:
        if _SEARCH.search(query.get("Expression", "")):
            raise errors.SearchNotSupported()
        if "MetricStat" not in query:
            continue
        if "Expression" in query:
            raise errors.MutuallyExclusive(one="MetricDataQuery Expression", other="MetricStat")
        if statistics.parse(query["MetricStat"]["Stat"]) is None:
            raise errors.Invalid(reason="Invalid metrics list")
        _check_period(query["MetricStat"]["Period"], request["EvaluationPeriods"])
    asked = queries.checked(request["Metrics"])
    if sum(query.get("ReturnData", True) for query in asked) != 1:
        raise errors.Invalid(reason="Exactly one element of the metrics list should return data.")
    for query in asked:
        if "MetricStat" not in query:
            _check_period(query.get("Period", 60), request["EvaluationPeriods"])


def check_state_data(text: str) -> None:
    """Raise unless `StateReasonData` is JSON."""
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        raise errors.InvalidStateData() from None
