"""Logs Insights: StartQuery and its results."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

LINES = [
    {"route": "a", "ms": 10, "user": {"name": "ann"}, "status": 200},
    {"route": "a", "ms": 30, "status": 500},
    {"route": "b", "ms": 20, "status": 200},
]
REPORT = (
    "REPORT RequestId: 01234567-89ab-cdef-0123-456789abcdef\tDuration: 12.50 ms\t"
    "Billed Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB"
)


@pytest.fixture
def logs(cloud: CloudUnderTest) -> Any:
    client = cloud.client("logs")
    client.create_log_group(logGroupName="g")
    client.create_log_stream(logGroupName="g", logStreamName="s")
    now = int(cloud.now) * 1000
    messages = [*map(json.dumps, LINES), REPORT, "GET /x took 5 ms"]
    client.put_log_events(
        logGroupName="g",
        logStreamName="s",
        logEvents=[{"timestamp": now + n, "message": each} for n, each in enumerate(messages)],
    )
    return client


def _start(cloud: CloudUnderTest, logs: Any, query: str) -> str:
    answer = logs.start_query(
        logGroupName="g",
        startTime=int(cloud.now) - 60,
        endTime=int(cloud.now) + 60,
        queryString=query,
    )
    return str(answer["queryId"])


def _rows(cloud: CloudUnderTest, logs: Any, query: str) -> list[dict[str, str]]:
    answer = logs.get_query_results(queryId=_start(cloud, logs, query))
    assert answer["status"] == "Complete"
    rows = [{each["field"]: each["value"] for each in row} for row in answer["results"]]
    return [{key: value for key, value in row.items() if key != "@ptr"} for row in rows]


def test_json_in_a_line_of_lambda(cloud: CloudUnderTest, logs: Any) -> None:
    line = '2026-11-30T18:00:00.000Z\tid\tINFO\t{"cart": {"items": 3}}\n'
    event = {"timestamp": int(cloud.now) * 1000, "message": line}
    logs.put_log_events(logGroupName="g", logStreamName="s", logEvents=[event])
    found = _rows(cloud, logs, "filter cart.items = 3 | display cart.items")
    assert found == [{"cart.items": "3"}]


def test_queries(cloud: CloudUnderTest, logs: Any) -> None:
    for query, expected in {
        "fields route, ms | filter status = 500": [{"route": "a", "ms": "30"}],
        "fields ms * 2 as twice | filter ms >= 20 | sort ms asc": [
            {"twice": "40"},
            {"twice": "60"},
        ],
        "filter user.name like /^a/ | display user.name": [{"user.name": "ann"}],
        'fields @message | filter @message like "took"': [{"@message": "GET /x took 5 ms"}],
        'filter route in ["b", "c"] and not (ms < 5) | display ms': [{"ms": "20"}],
        "stats count(*), avg(ms) as mean by route | filter mean > 0 | sort route": [
            {"route": "a", "count(*)": "2", "mean": "20"},
            {"route": "b", "count(*)": "1", "mean": "20"},
        ],
        "filter ispresent(ms) | stats sum(ms) as total, max(ms), pct(ms, 50) as p": [
            {"total": "60", "max(ms)": "30", "p": "20"}
        ],
        'filter @type = "REPORT" | stats max(@duration / 5) as d, max(@memorySize/1000/2) as m': [
            {"d": "2.5", "m": "64000"}
        ],
        'parse @message "GET * took * ms" as path, took | filter took > 1 | display path, took': [
            {"path": "/x", "took": "5"}
        ],
        "parse @message /took (?<took>\\d+)/ | filter ispresent(took) | display took": [
            {"took": "5"}
        ],
        "fields route | filter ispresent(route) | dedup route | sort route | limit 1": [
            {"route": "a"}
        ],
        "stats count_distinct(route) as routes": [{"routes": "2"}],
        "fields toupper(route) as r | filter ms = 20 # the one": [{"r": "B"}],
    }.items():
        assert _rows(cloud, logs, query) == expected, query


def test_times_and_default_order(cloud: CloudUnderTest, logs: Any) -> None:
    rows = _rows(cloud, logs, "fields @timestamp, @logStream, @log | limit 2")
    assert rows[0]["@timestamp"] > rows[1]["@timestamp"]
    assert rows[0]["@timestamp"].endswith(".004")
    assert (rows[0]["@logStream"], rows[0]["@log"]) == ("s", f"{cloud.account}:g")
    (row,) = _rows(cloud, logs, "stats count(*) by bin(1h) as hour")
    assert row["hour"].endswith(":00:00.000")
    answer = logs.get_query_results(queryId=_start(cloud, logs, "filter status = 500"))
    assert answer["statistics"]["recordsScanned"] == 5
    assert answer["statistics"]["recordsMatched"] == 1


@pytest.mark.parametrize(
    "query",
    [
        "",
        "nonsense",
        "fields",
        "filter a =",
        "stats ms",
        "limit x",
        "parse @message 5",
        "filter f(x)",
        "fields strlen()",
        "stats pct(a, b)",
        "filter " + "(" * 900 + "a = 1" + ")" * 900,
        "filter " + "not " * 2000 + "a = 1",
        "fields " + "-" * 5000 + "1",
        "fields " + "abs(" * 900 + "1" + ")" * 900,
        "fields " + "+".join("a" * 2000),
    ],
)
def test_a_malformed_query_is_refused(cloud: CloudUnderTest, logs: Any, query: str) -> None:
    with pytest.raises(ClientError) as caught:
        _start(cloud, logs, query)
    assert caught.value.response["Error"]["Code"] == "MalformedQueryException"


def test_queries_are_listed_and_have_ended(cloud: CloudUnderTest, logs: Any) -> None:
    identifier = _start(cloud, logs, "fields ms")
    (found,) = logs.describe_queries(logGroupName="g")["queries"]
    assert (found["queryId"], found["status"]) == (identifier, "Complete")
    with pytest.raises(ClientError, match="has ended"):
        logs.stop_query(queryId=identifier)
    for call in (logs.stop_query, logs.get_query_results):
        with pytest.raises(ClientError) as caught:
            call(queryId="none")
        assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
