"""Tracing: the header, Lambda's segments, and the daemon that functions send theirs to."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

ACTIVE = {"Mode": "Active"}
_XRAY = {"Effect": "Allow", "Action": "xray:PutTraceSegments", "Resource": "*"}
_LOGS = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
_HEADER = "import os\ndef handler(event, c):\n    return os.environ['_X_AMZN_TRACE_ID']\n"
_SENDS = """
import json, os, socket, time
def handler(event, context):
    fields = dict(part.split("=") for part in os.environ["_X_AMZN_TRACE_ID"].split(";"))
    now = time.time()
    segment = {"id": "%016x" % 7, "name": "## handler", "type": "subsegment",
               "trace_id": fields["Root"], "parent_id": fields["Parent"],
               "start_time": now, "end_time": now, "annotations": {"cart": 3}}
    address = (os.environ["_AWS_XRAY_DAEMON_ADDRESS"], int(os.environ["_AWS_XRAY_DAEMON_PORT"]))
    assert os.environ["AWS_XRAY_DAEMON_ADDRESS"] == "%s:%d" % address
    message = '{"format": "json", "version": 1}\\n' + json.dumps(segment)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.sendto(message.encode(), address)
        daemon.sendto(b'{"format": "xml", "version": 1}\\n' + json.dumps(segment).encode(), address)
        daemon.sendto(b"nonsense", address)
    return fields["Root"]
"""
_TELLS = """
import http.client, json, os
base = "/2018-06-01/runtime/invocation/"
frame = {"path": "shop.rb", "line": 7, "label": "buy"}
exception = {"type": "NoCart", "message": "none", "stack": [frame], "extra": 1}
cause = {"working_directory": "/var/task", "paths": ["shop.rb"], "exceptions": [exception]}
headers = {"Lambda-Runtime-Function-XRay-Error-Cause": json.dumps(cause)}
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", base + "next")
    answer = api.getresponse()
    answer.read()
    path = base + answer.headers["Lambda-Runtime-Aws-Request-Id"] + "/error"
    api.request("POST", path, '{"errorType": "Function.NoCart"}', headers)
    api.getresponse().read()
"""


class Tracing:
    """Traced functions and their traces."""

    def __init__(self, functions: Any) -> None:
        self.functions, self.cloud = functions, functions.cloud
        self.xray = self.cloud.client("xray")
        self.role = functions.make_role("traced", [_LOGS, _XRAY])

    def make(self, source: str, **options: Any) -> None:
        """Create a function with active tracing."""
        self.functions.make(source, **{"TracingConfig": ACTIVE, "Role": self.role, **options})

    def ids(self) -> list[str]:
        """The ids of all traces, the latest first."""
        self.cloud.settle()
        now = self.cloud.now
        answer = self.xray.get_trace_summaries(StartTime=now - 3600, EndTime=now + 60)
        return [each["Id"] for each in answer["TraceSummaries"]]

    def documents(self, trace_id: str | None = None) -> dict[str, Any]:
        """A trace's documents (the only trace's) by origin."""
        if trace_id is None:
            (trace_id,) = self.ids()
        (trace,) = self.xray.batch_get_traces(TraceIds=[trace_id])["Traces"]
        found = [json.loads(each["Document"]) for each in trace["Segments"]]
        return {each["origin"]: each for each in found}


@pytest.fixture
def tracing(functions: Any) -> Tracing:
    """Traced functions."""
    return Tracing(functions)


def _fields(header: str) -> dict[str, str]:
    return dict(part.split("=") for part in header.split(";"))


def test_a_traced_invocation_has_two_segments(tracing: Tracing) -> None:
    tracing.make(_HEADER)
    answer, header = tracing.functions.invoke()
    fields = _fields(header)
    assert tracing.ids() == [fields["Root"]]
    found = tracing.documents()
    service, function = found["AWS::Lambda"], found["AWS::Lambda::Function"]
    arn = "arn:aws:lambda:us-east-1:000000000000:function:hello"
    assert (service["name"], service["resource_arn"]) == ("hello", arn)
    assert service["http"] == {"response": {"status": 200}}
    assert service["aws"]["request_id"] == answer["ResponseMetadata"]["RequestId"]
    assert "parent_id" not in service
    assert function["parent_id"] == service["id"]
    assert function["aws"] == {
        "account_id": "000000000000",
        "function_arn": arn,
        "cloudwatch_logs": [{"log_group": "/aws/lambda/hello"}],
        "resource_names": ["hello"],
    }
    parts = {each["name"]: each for each in function["subsegments"]}
    assert list(parts) == ["Initialization", "Invocation", "Overhead"]
    assert fields["Parent"] == parts["Invocation"]["id"]
    assert fields["Sampled"] == "1"
    assert parts["Initialization"]["end_time"] == function["start_time"]
    assert "fault" not in function


def test_the_log_tells_of_the_trace(tracing: Tracing) -> None:
    tracing.make(_HEADER)
    fields = _fields(tracing.functions.call())
    report = tracing.functions.log()[-1]
    trace, segment = fields["Root"], fields["Parent"]
    end = f"\t\nXRAY TraceId: {trace}\tSegmentId: {segment}\tSampled: true\t\n"
    assert report.startswith("REPORT ") and report.endswith(end)
    logs, now = tracing.cloud.client("logs"), int(tracing.cloud.now)
    query = logs.start_query(
        logGroupName="/aws/lambda/hello",
        startTime=now - 60,
        endTime=now + 60,
        queryString='filter @type = "REPORT" | display @xrayTraceId, @xraySegmentId',
    )
    tracing.cloud.settle()
    (found,) = logs.get_query_results(queryId=query["queryId"])["results"]
    assert [each["value"] for each in found[:2]] == [trace, segment]


def test_a_log_in_json_tells_of_the_trace(tracing: Tracing) -> None:
    config = {"LogFormat": "JSON", "SystemLogLevel": "DEBUG"}
    tracing.make(_HEADER, LoggingConfig=config)
    root = _fields(tracing.functions.call())["Root"]
    told = [json.loads(line) for line in tracing.functions.log()]
    records = {each["type"]: each["record"] for each in told}
    found = tracing.documents()
    parent, span = found["AWS::Lambda"]["id"], found["AWS::Lambda::Function"]["id"]
    header = f"Root={root};Parent={parent};Sampled=1"
    for kind in ("platform.start", "platform.runtimeDone", "platform.report"):
        expected = {"spanId": span, "type": "X-Amzn-Trace-Id", "value": header}
        assert records[kind]["tracing"] == expected


def test_a_warm_one_has_no_initialization(tracing: Tracing) -> None:
    tracing.make(_HEADER)
    tracing.functions.call()
    tracing.cloud.advance(1)
    root = _fields(tracing.functions.call())["Root"]
    tracing.cloud.settle()
    parts = tracing.documents(root)["AWS::Lambda::Function"]["subsegments"]
    assert [each["name"] for each in parts] == ["Invocation", "Overhead"]


def test_an_initialization_that_is_tried_again_is_part_of_the_invocation(
    tracing: Tracing,
) -> None:
    again = "import os\nif not os.path.exists('/tmp/x'):\n    os.mkdir('/tmp/x')\n    exit(1)\n"
    tracing.make(again + _HEADER)
    fields = _fields(tracing.functions.call())
    function = tracing.documents()["AWS::Lambda::Function"]
    init, invocation, _ = function["subsegments"]
    assert (init["name"], init["start_time"]) == ("Initialization", function["start_time"])
    assert init["end_time"] == invocation["start_time"] < invocation["end_time"]
    assert fields["Parent"] == invocation["id"]


def test_an_initialization_that_fails_again_is_all_of_it(tracing: Tracing) -> None:
    tracing.make("raise ValueError('no')\n")
    assert tracing.functions.call()["errorMessage"] == "no"
    function = tracing.documents()["AWS::Lambda::Function"]
    (init,) = function["subsegments"]
    assert (init["name"], function["fault"]) == ("Initialization", True)
    assert init["end_time"] == function["end_time"]


def test_one_a_second_is_traced_and_five_percent_of_the_others(tracing: Tracing) -> None:
    tracing.make(_HEADER)
    sampled = [_fields(tracing.functions.call())["Sampled"] for _ in range(60)]
    assert sampled[0] == "1"
    assert 0 < sampled.count("1") < 15
    assert len(tracing.ids()) == sampled.count("1")
    tracing.cloud.advance(1)
    assert _fields(tracing.functions.call())["Sampled"] == "1"


def test_without_active_tracing_nothing_is_sent(tracing: Tracing) -> None:
    tracing.make(_HEADER, TracingConfig={"Mode": "PassThrough"})
    fields = _fields(tracing.functions.call())
    assert fields["Sampled"] == "0"
    assert len(fields["Parent"]) == 16
    assert tracing.ids() == []


_ROOT = f"1-5f84c7a1-{'0' * 24}"


@pytest.mark.parametrize(
    ("mode", "header", "seen"),
    [
        ("Active", "Root={root};Parent=00000000000000aa;Sampled=1", "1"),
        ("Active", "Root={root};Parent=00000000000000aa;Sampled=0", "0"),
        ("PassThrough", "Root={root};Parent=00000000000000aa;Sampled=1", "1"),
        ("Active", "Sampled=1;Root={root}", "1"),
        ("Active", "Root={root}", "1"),
        ("Active", "Root={root};Sampled=?", "1"),
        ("PassThrough", "Root={root}", "0"),
    ],
)
def test_what_was_decided_upstream_holds(
    tracing: Tracing, mode: str, header: str, seen: str
) -> None:
    tracing.make(_HEADER, TracingConfig={"Mode": mode})
    root = f"1-{int(tracing.cloud.now):08x}-{'a' * 24}"
    client, given = tracing.functions.client, header.format(root=root)

    def add(params: dict[str, Any], **_: Any) -> None:
        params["headers"]["X-Amzn-Trace-Id"] = given

    client.meta.events.register("before-call.lambda.Invoke", add)
    fields = _fields(tracing.functions.call())
    assert (fields["Root"], fields["Sampled"]) == (root, seen)
    is_traced = mode == "Active" and seen == "1"
    assert tracing.ids() == ([root] if is_traced else [])
    if is_traced:
        parent = tracing.documents()["AWS::Lambda"].get("parent_id")
        assert parent == ("00000000000000aa" if "Parent" in header else None)
    elif "Parent" in header:
        assert fields["Parent"] == "00000000000000aa"


def test_what_is_no_header_is_no_trace(tracing: Tracing) -> None:
    tracing.make(_HEADER)
    client = tracing.functions.client

    def add(params: dict[str, Any], **_: Any) -> None:
        params["headers"]["X-Amzn-Trace-Id"] = "Root=evil;Parent=x;Sampled=1"

    client.meta.events.register("before-call.lambda.Invoke", add)
    assert _fields(tracing.functions.call())["Root"].startswith("1-")


def test_what_a_function_sends_to_the_daemon_stands_in_its_invocation(tracing: Tracing) -> None:
    tracing.make(_SENDS)
    root = tracing.functions.call()
    assert tracing.ids() == [root]
    function = tracing.documents()["AWS::Lambda::Function"]
    (invocation,) = [each for each in function["subsegments"] if each["name"] == "Invocation"]
    assert [each["name"] for each in invocation["subsegments"]] == ["## handler"]
    now = tracing.cloud.now
    found = tracing.xray.get_trace_summaries(
        StartTime=now - 60, EndTime=now + 60, FilterExpression="annotation.cart = 3"
    )
    assert [each["Id"] for each in found["TraceSummaries"]] == [root]


def test_every_region_has_a_daemon_of_its_own(tracing: Tracing) -> None:
    tracing.make(_SENDS)
    tracing.functions.call()
    there = tracing.cloud.client("lambda", region="eu-west-1")
    package = tracing.functions.zip(_SENDS)
    options = {"FunctionName": "hello", "Runtime": "python3.11", "Handler": "app.handler"}
    there.create_function(
        **options, Role=tracing.role, Code={"ZipFile": package}, TracingConfig=ACTIVE
    )
    root = json.loads(there.invoke(FunctionName="hello")["Payload"].read())
    tracing.cloud.settle()
    assert root not in tracing.ids()
    xray = tracing.cloud.client("xray", region="eu-west-1")
    (trace,) = xray.batch_get_traces(TraceIds=[root])["Traces"]
    assert any("## handler" in each["Document"] for each in trace["Segments"])


def test_a_role_without_the_right_is_refused_and_heard_nowhere(tracing: Tracing) -> None:
    silent = tracing.functions.make_role("silent", [_LOGS])
    with pytest.raises(ClientError) as caught:
        tracing.make(_SENDS, Role=silent)
    error = caught.value.response["Error"]
    assert error["Code"] == "InvalidParameterValueException"
    assert error["Message"] == (
        "The provided execution role does not have permissions to call PutTraceSegments on XRAY"
    )
    tracing.make(_SENDS, Role=silent, TracingConfig={"Mode": "PassThrough"})
    tracing.functions.call()
    assert tracing.ids() == []
    update = tracing.functions.client.update_function_configuration
    with pytest.raises(ClientError) as caught:
        update(FunctionName="hello", TracingConfig=ACTIVE)
    assert caught.value.response["Error"]["Code"] == "InvalidParameterValueException"
    update(FunctionName="hello", TracingConfig=ACTIVE, Role=tracing.role)
    tracing.cloud.call("iam", "DeleteRolePolicy", {"RoleName": "traced", "PolicyName": "inline"})
    tracing.functions.call()
    assert tracing.ids() == []


def test_a_failure_has_its_cause(tracing: Tracing) -> None:
    tracing.make("def handler(event, context):\n    raise KeyError('cart')\n")
    tracing.functions.call()
    found = tracing.documents()
    assert found["AWS::Lambda"]["fault"] is True
    function = found["AWS::Lambda::Function"]
    assert function["fault"] is True
    (exception,) = function["cause"]["exceptions"]
    assert (exception["type"], exception["message"]) == ("KeyError", "'cart'")
    (frame,) = exception["stack"]
    assert (frame["line"], frame["label"]) == (2, "handler")
    assert frame["path"].endswith("app.py")


def test_a_runtime_may_tell_the_cause(tracing: Tracing) -> None:
    package, entry = io.BytesIO(), zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    with zipfile.ZipFile(package, "w") as files:
        files.writestr(entry, f"#!{sys.executable}\n{_TELLS}")
    tracing.make("", Runtime="provided.al2023", Code={"ZipFile": package.getvalue()})
    assert tracing.functions.call()["errorType"] == "Function.NoCart"
    function = tracing.documents()["AWS::Lambda::Function"]
    (exception,) = function["cause"].pop("exceptions")
    assert function["cause"] == {"working_directory": "/var/task", "paths": ["shop.rb"]}
    assert (exception["type"], exception["message"]) == ("NoCart", "none")
    assert exception["stack"] == [{"path": "shop.rb", "line": 7, "label": "buy"}]
    assert "extra" not in exception and len(exception["id"]) == 16


def test_a_throttled_invocation_is_told(tracing: Tracing) -> None:
    tracing.make(_HEADER)
    client = tracing.functions.client
    client.put_function_concurrency(FunctionName="hello", ReservedConcurrentExecutions=0)
    with pytest.raises(ClientError):
        client.invoke(FunctionName="hello")
    found = tracing.documents()
    assert list(found) == ["AWS::Lambda"]
    assert found["AWS::Lambda"]["http"] == {"response": {"status": 429}}
    assert found["AWS::Lambda"]["throttle"] is True


def test_an_asynchronous_invocation_tells_its_attempts_in_one_trace(tracing: Tracing) -> None:
    tracing.make("def handler(event, context):\n    raise KeyError('cart')\n")
    tracing.functions.client.invoke(FunctionName="hello", InvocationType="Event")
    tracing.cloud.advance(200)
    (root,) = tracing.ids()
    (trace,) = tracing.xray.batch_get_traces(TraceIds=[root])["Traces"]
    documents = [json.loads(each["Document"]) for each in trace["Segments"]]
    (service,) = [each for each in documents if each["origin"] == "AWS::Lambda"]
    assert service["http"] == {"response": {"status": 202}}
    parts = {each["name"]: each for each in service["subsegments"]}
    assert sorted(parts) == ["Attempt #1", "Attempt #2", "Attempt #3", "Dwell Time"]
    parents = {each["parent_id"] for each in documents if each["origin"] == "AWS::Lambda::Function"}
    assert parents == {parts[f"Attempt #{number}"]["id"] for number in (1, 2, 3)}
    assert parts["Attempt #1"]["fault"] is True


def test_a_trace_goes_on_in_the_functions_that_a_function_calls(tracing: Tracing) -> None:
    invoke = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}
    role = tracing.functions.make_role("calling", [_LOGS, _XRAY, invoke])
    tracing.make(_HEADER)
    source = (
        "import boto3, os\n"
        "def handler(event, context):\n"
        "    answer = boto3.client('lambda').invoke(FunctionName='hello')\n"
        "    return [os.environ['_X_AMZN_TRACE_ID'], answer['Payload'].read().decode()]\n"
    )
    tracing.make(source, FunctionName="caller", Role=role, Timeout=30)
    outer, inner = tracing.functions.call(FunctionName="caller")
    assert _fields(json.loads(inner))["Root"] == _fields(outer)["Root"]
    assert len(tracing.ids()) == 1
    now = tracing.cloud.now
    graph = tracing.xray.get_service_graph(StartTime=now - 60, EndTime=now + 60)["Services"]
    names = {(each["Name"], each["Type"]) for each in graph}
    kinds = ("AWS::Lambda", "AWS::Lambda::Function")
    assert names >= {(name, kind) for name in ("hello", "caller") for kind in kinds}
    functions = {each["ReferenceId"]: each for each in graph}
    (caller,) = [each for each in graph if (each["Name"], each["Type"]) == ("caller", kinds[1])]
    called = [functions[edge["ReferenceId"]] for edge in caller["Edges"]]
    assert [(each["Name"], each["Type"]) for each in called] == [("hello", "AWS::Lambda")]
