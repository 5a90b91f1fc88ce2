"""UpdateContributorInsights, DescribeContributorInsights and ListContributorInsights.

What is set is read back; no rules are evaluated.
"""

from typing import Any

from cloudarium.core.context import Context, Request, Response

from .. import insights_errors, tables
from ..tables import Table

_PAGE = 100
_MODE = "ACCESSED_AND_THROTTLED_KEYS"


def update_contributor_insights(ctx: Context, request: Request) -> Response:
    """Turns the contributor insights of a table or index on or off, if they are not so."""
    table = tables.settable(ctx, request["TableName"])
    name = _index(table, request)
    if table.status == "CREATING":
        raise insights_errors.NotActive(kind="Table")
    if name and table.indexes[name].status == "CREATING":
        raise insights_errors.NotActive(kind="Index")
    enables = request["ContributorInsightsAction"] == "ENABLE"
    present = table.insights.get(name, {"enabled": False, "mode": _MODE})
    mode = request.get("ContributorInsightsMode") or (_MODE if enables else present["mode"])
    if (enables, mode) == (present["enabled"], present["mode"]):
        return _summary(table, name)
    begun = present.get("begun", ctx.now) if present["enabled"] else ctx.now
    table.insights[name] = {"enabled": enables, "at": ctx.now, "begun": begun, "mode": mode}
    tables.save(ctx, table)
    shown = _summary(table, name)
    return {**shown, "ContributorInsightsStatus": "ENABLING" if enables else "DISABLING"}


def describe_contributor_insights(ctx: Context, request: Request) -> Response:
    """Tells whether the contributor insights of a table or index are on."""
    table = tables.settable(ctx, request["TableName"])
    name = _index(table, request)
    shown = _summary(table, name)
    found = table.insights.get(name)
    if found is None:
        return shown
    shown["LastUpdateDateTime"] = found["at"]
    if found["enabled"]:
        shown["ContributorInsightsRuleList"] = _rules(table, name, found)
    return shown


def _rules(table: Table, name: str, insights: dict[str, Any]) -> list[str]:
    """The rules of a table or index, named after it and when its insights were turned on."""
    keyed = table.indexes[name] if name else table
    kinds = ["PKC", "SKC", "PKT", "SKT"] if keyed.ranges else ["PKC", "PKT"]
    if insights["mode"] != _MODE:
        kinds = [kind for kind in kinds if kind[2] == "T"]
    target = f"{table.name}-{name}" if name else table.name
    label = f"{target}-{int(insights.get('begun', insights['at']) * 1000)}"
    return [f"DynamoDBContributorInsights-{kind}-{label}" for kind in kinds]


def list_contributor_insights(ctx: Context, request: Request) -> Response:
    """Lists the tables and indexes whose contributor insights are on."""
    names = [tables.described(ctx, request["TableName"]).name] if "TableName" in request else None
    found = [
        _summary(table, name)
        for table in tables.every(ctx)
        if names is None or table.name in names
        for name in sorted(table.insights)
        if table.insights[name]["enabled"]
    ]
    start = int(request["NextToken"]) if request.get("NextToken", "").isdigit() else 0
    end = start + (request.get("MaxResults") or _PAGE)
    return {
        "ContributorInsightsSummaries": found[start:end],
        "NextToken": str(end) if len(found) > end else None,
    }


def _index(table: Table, request: Request) -> str:
    name: str = request.get("IndexName", "")
    index = table.indexes.get(name)
    if name and (index is None or not index.is_global or index.allocating):
        raise insights_errors.IndexNotFound(name=name, table=table.name)
    return name


def _summary(table: Table, name: str) -> dict[str, Any]:
    found = table.insights.get(name)
    enabled = found is not None and found["enabled"]
    return {
        "TableName": table.name,
        "IndexName": name or None,
        "ContributorInsightsStatus": "ENABLED" if enabled else "DISABLED",
        "ContributorInsightsMode": found["mode"] if found else None,
    }
