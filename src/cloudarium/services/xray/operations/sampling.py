"""Sampling rules, and how clients use them."""

from __future__ import annotations

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.xray import errors, limits, rules, tagging, targets


def create_sampling_rule(ctx: Context, request: Request) -> Response:
    """Make a sampling rule."""
    tags = tagging.added({}, request.get("Tags"))
    return {"SamplingRuleRecord": rules.create(ctx, request["SamplingRule"], tags).told()}


def update_sampling_rule(ctx: Context, request: Request) -> Response:
    """Change a sampling rule."""
    wanted = request["SamplingRuleUpdate"]
    rule = rules.find(ctx, wanted.get("RuleName"), wanted.get("RuleARN"))
    return {"SamplingRuleRecord": rules.update(ctx, rule, wanted).told()}


def delete_sampling_rule(ctx: Context, request: Request) -> Response:
    """Remove a sampling rule, and return it."""
    rule = rules.find(ctx, request.get("RuleName"), request.get("RuleARN"))
    rules.delete(ctx, rule)
    return {"SamplingRuleRecord": rule.told()}


def get_sampling_rules(ctx: Context, request: Request) -> Response:
    """List all sampling rules, the default one too."""
    page, token = pages.page(
        rules.listed(ctx), request.get("NextToken"), limits.PAGE, errors.BadToken()
    )
    return {"SamplingRuleRecords": [rule.told() for rule in page], "NextToken": token}


def get_sampling_targets(ctx: Context, request: Request) -> Response:
    """Take a client's figures, and return how much it may sample from now on."""
    known = {rule.name: rule for rule in rules.listed(ctx)}
    documents = request["SamplingStatisticsDocuments"]
    for each in documents:
        if each["RuleName"] in known:
            targets.report(ctx, each)
    boosts = request.get("SamplingBoostStatisticsDocuments") or ()
    return {
        "SamplingTargetDocuments": [
            targets.target(ctx, known[each["RuleName"]], each["ClientID"])
            for each in documents
            if each["RuleName"] in known
        ],
        "LastRuleModification": rules.last_change(ctx),
        "UnprocessedStatistics": _unknown([each["RuleName"] for each in documents], known),
        "UnprocessedBoostStatistics": _unknown([each["RuleName"] for each in boosts], known),
    }


def _unknown(names: list[str], known: dict[str, rules.Rule]) -> list[dict[str, str]]:
    missing = errors.RuleNotFound()
    return [
        {"RuleName": name, "ErrorCode": missing.code, "Message": missing.message}
        for name in names
        if name not in known
    ]


def get_sampling_statistic_summaries(ctx: Context, request: Request) -> Response:
    """Return what clients reported lately, by rule."""
    page, token = pages.page(
        targets.summaries(ctx), request.get("NextToken"), limits.PAGE, errors.BadToken()
    )
    return {"SamplingStatisticSummaries": page, "NextToken": token}
