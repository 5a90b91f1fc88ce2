"""Scaling policies: put, describe, delete."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.autoscaling import alarms, errors, limits, policies, targets
from cloudarium.services.autoscaling.policies import Policy
from cloudarium.services.autoscaling.targets import Key, Target

_TRACKING = "TargetTrackingScaling"
# "Target utilization percentage [...] between 20 and 90"; "between 0.1 and 0.9" for Lambda.
_VALUES = {"dynamodb": (20.0, 90.0), "lambda": (0.1, 0.9)}


def put_scaling_policy(ctx: Context, request: Request) -> Response:
    """Make or change a target tracking policy and its alarms."""
    target = targets.find(ctx, Key.of(request))
    known = policies.lookup(ctx, target.key, request["PolicyName"])
    kind = request.get("PolicyType", _TRACKING)
    if kind != _TRACKING:
        raise errors.PolicyTypeUnsupported(type=kind, namespace=target.key.namespace)
    configuration = request.get("TargetTrackingScalingPolicyConfiguration")
    if configuration is None:
        raise errors.ConfigurationNeeded()
    _check(target, configuration)
    names = alarms.named(ctx, target.key.resource, configuration)
    if known is not None:
        kept = {what: known.alarms.get(what, name) for what, name in names.items()}
        gone = [name for name in known.alarms.values() if name not in kept.values()]
        alarms.schedule_delete(ctx, known, gone)
        policy = replace(known, configuration=configuration, alarms=kept)
    else:
        where = (ctx.account, ctx.region, target.key, request["PolicyName"])
        policy = Policy(*where, ctx.ids.uuid(), configuration, names, ctx.now)
    policies.put(ctx, policy)
    alarms.schedule_put(ctx, policy)
    return {"PolicyARN": policy.arn, "Alarms": policy.shown_alarms}


def describe_scaling_policies(ctx: Context, request: Request) -> Response:
    """Describe a service namespace's policies."""
    names = request.get("PolicyNames")
    found = [
        policy
        for policy in policies.listed(ctx, request["ServiceNamespace"])
        if (not names or policy.name in names)
        and request.get("ResourceId") in (None, policy.key.resource)
        and request.get("ScalableDimension") in (None, policy.key.dimension)
    ]
    size = request.get("MaxResults", limits.POLICY_PAGE)
    page, token = pages.page(found, request.get("NextToken"), size, errors.InvalidNextToken())
    return {"ScalingPolicies": [_shown(policy) for policy in page], "NextToken": token}


def delete_scaling_policy(ctx: Context, request: Request) -> Response:
    """Remove a policy and its alarms."""
    policy = policies.find(ctx, Key.of(request), request["PolicyName"])
    policies.delete(ctx, policy)
    alarms.schedule_delete(ctx, policy, list(policy.alarms.values()))
    return {}


def _check(target: Target, configuration: dict[str, Any]) -> None:
    predefined: dict[str, Any] = configuration.get("PredefinedMetricSpecification", {})
    custom: dict[str, Any] = configuration.get("CustomizedMetricSpecification", {})
    if bool(predefined) == bool(custom):
        raise errors.OneMetric()
    dimension = target.key.dimension
    if custom:
        if "Metrics" in custom or not {"MetricName", "Namespace", "Statistic"} <= custom.keys():
            raise errors.MetricUnsupported(metric="This customized metric", dimension=dimension)
        if configuration["TargetValue"] <= 0:
            raise errors.NoTargetValue()
        return
    if predefined["PredefinedMetricType"] != target.kind.metric or "ResourceLabel" in predefined:
        metric = predefined["PredefinedMetricType"]
        raise errors.MetricUnsupported(metric=metric, dimension=dimension)
    least, most = _VALUES[target.key.namespace]
    if not least <= configuration["TargetValue"] <= most:
        raise errors.TargetValue(least=least, most=most)


def _shown(policy: Policy) -> Response:
    return {
        "PolicyARN": policy.arn,
        "PolicyName": policy.name,
        **policy.key.shown,
        "PolicyType": _TRACKING,
        "TargetTrackingScalingPolicyConfiguration": policy.configuration,
        "Alarms": policy.shown_alarms,
        "CreationTime": policy.created_at,
    }
