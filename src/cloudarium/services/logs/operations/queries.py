"""Logs Insights: start, results, stop, list."""

from __future__ import annotations

import orjson

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.logs import errors, insights, insights_queries, limits, log_groups
from cloudarium.services.logs.insights.lexer import MalformedQuery
from cloudarium.services.logs.log_groups import LogGroup


def start_query(ctx: Context, request: Request) -> Response:
    """Run a query; its results can be had at once."""
    if request.get("queryLanguage", "CWLI") != "CWLI":
        raise errors.NotSupported(parameter=f"queryLanguage {request['queryLanguage']}")
    groups = _groups(ctx, request)
    if request["endTime"] < request["startTime"]:
        raise errors.InvalidTimeRange()
    text = request["queryString"]
    try:
        query = insights.parse(text)
    except MalformedQuery as error:
        raise errors.MalformedQuery(reason=error) from None
    since, until = _milliseconds(request["startTime"]), _milliseconds(request["endTime"])
    limit = request.get("limit", limits.MAX_QUERY_RESULTS)
    return {"queryId": insights_queries.start(ctx, text, query, groups, since, until, limit)}


def _groups(ctx: Context, request: Request) -> list[LogGroup]:
    given = [
        request[key] if isinstance(request[key], list) else [request[key]]
        for key in ("logGroupName", "logGroupNames", "logGroupIdentifiers")
        if request.get(key)
    ]
    if len(given) != 1:
        raise errors.QueryGroups()
    return [log_groups.find(ctx, log_groups.name_of(each)) for each in given[0]]


def _milliseconds(time: int) -> int:
    """Return a time in ms; it may come in seconds, as the API documents, or in ms, as many do."""
    return time if time > 10**11 else time * 1000


def get_query_results(ctx: Context, request: Request) -> Response:
    """Return a query's results."""
    row = insights_queries.find(ctx, request["queryId"])
    if row is None:
        raise errors.QueryNotFound(id=request["queryId"])
    return {
        "queryLanguage": "CWLI",
        "results": [
            [{"field": name, "value": value} for name, value in result]
            for result in orjson.loads(row["results"])
        ],
        "statistics": orjson.loads(row["statistics"]),
        "status": "Complete",
    }


def stop_query(ctx: Context, request: Request) -> Response:
    """Refuse: a query has always ended already."""
    if insights_queries.find(ctx, request["queryId"]) is None:
        raise errors.QueryNotFound(id=request["queryId"])
    raise errors.QueryEnded(id=request["queryId"])


def describe_queries(ctx: Context, request: Request) -> Response:
    """List the queries of the last week, newest first."""
    if request.get("status", "Complete") != "Complete":
        return {"queries": []}
    rows = insights_queries.listed(ctx, request.get("logGroupName"))
    token = request.get("nextToken", "0")
    if not token.isdecimal():
        raise errors.InvalidToken()
    end = int(token) + request.get("maxResults", 1000)
    return {
        "queries": [
            {
                "queryLanguage": "CWLI",
                "queryId": row["id"],
                "queryString": row["text"],
                "status": "Complete",
                "createTime": row["created_at"],
                "logGroupName": row["log_group"],
            }
            for row in rows[int(token) : end]
        ],
        "nextToken": str(end) if end < len(rows) else None,
    }
