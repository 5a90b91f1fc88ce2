"""Traced stages: segments, sampling, and the header on its way to functions and endpoints."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .functions import Functions
from .support import call, deploy, new_api

_SOURCE = (
    "import json, os\n"
    "def handler(event, context):\n"
    "    seen = [os.environ['_X_AMZN_TRACE_ID'], event['headers']['X-Amzn-Trace-Id']]\n"
    "    return {'statusCode': int(event['path'][1:] or 200), 'body': json.dumps(seen)}\n"
)


class Traced:
    """A function with active tracing behind a traced stage."""

    def __init__(self, cloud: CloudUnderTest, client: Any, functions: Functions) -> None:
        self.cloud, self.client = cloud, client
        self.xray = cloud.client("xray")
        allowed = {"Effect": "Allow", "Action": "xray:*", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        params = {"RoleName": "fn", "PolicyName": "xray", "PolicyDocument": policy}
        cloud.call("iam", "PutRolePolicy", params)
        self.arn = functions.make(_SOURCE, TracingConfig={"Mode": "Active"})
        self.api = functions.serve(self.arn)
        self.turn("true")

    def turn(self, value: str) -> None:
        """Turn tracing on or off."""
        patch = [{"op": "replace", "path": "/tracingEnabled", "value": value}]
        self.client.update_stage(restApiId=self.api, stageName="prod", patchOperations=patch)

    def get(self, path: str = "/", **options: Any) -> Any:
        """Ask the API."""
        return call(self.cloud, self.api, f"/prod{path}", **options)

    def traces(self) -> list[list[dict[str, Any]]]:
        """The documents of every trace."""
        self.cloud.settle()
        now = self.cloud.now
        found = self.xray.get_trace_summaries(StartTime=now - 3600, EndTime=now + 60)
        ids = [each["Id"] for each in found["TraceSummaries"]]
        if not ids:
            return []
        return [
            [json.loads(each["Document"]) for each in trace["Segments"]]
            for trace in self.xray.batch_get_traces(TraceIds=ids)["Traces"]
        ]


@pytest.fixture
def traced(cloud: CloudUnderTest, client: Any, functions: Functions) -> Traced:
    """A traced API."""
    return Traced(cloud, client, functions)


def _fields(header: str) -> dict[str, str]:
    return dict(part.split("=") for part in header.split(";"))


def test_a_request_is_traced_from_the_stage_into_the_function(traced: Traced) -> None:
    answer = traced.get()
    header, passed = answer.json
    root = _fields(header)["Root"]
    assert passed == f"Root={root}"
    assert answer.headers["X-Amzn-Trace-Id"] == f"Root={root};Sampled=1"
    (documents,) = traced.traces()
    found = {each["origin"]: each for each in documents}
    assert set(found) == {"AWS::ApiGateway::Stage", "AWS::Lambda", "AWS::Lambda::Function"}
    stage = found["AWS::ApiGateway::Stage"]
    assert stage["name"] == "pets/prod"
    assert "parent_id" not in stage
    assert stage["http"]["response"]["status"] == 200
    assert stage["http"]["request"]["url"].endswith("/prod/")
    assert stage["http"]["request"]["method"] == "GET"
    assert stage["annotations"] == {"aws:api_id": traced.api, "aws:api_stage": "prod"}
    assert stage["resource_arn"] == (
        f"arn:aws:apigateway:us-east-1::/restapis/{traced.api}/stages/prod"
    )
    assert stage["aws"]["xray"] == {"sampling_rule_name": "Default"}
    gateway = stage["aws"]["api_gateway"]
    request_id = answer.headers["x-amzn-RequestId"]
    assert gateway == {
        "account_id": "000000000000",
        "rest_api_id": traced.api,
        "stage": "prod",
        "request_id": request_id,
    }
    assert stage["metadata"]["default"]["request_id"] == request_id
    (called,) = stage["subsegments"]
    assert (called["name"], called["namespace"]) == ("Lambda", "aws")
    assert called["aws"]["function_name"] == "pets"
    assert called["http"]["request"]["url"].endswith(f"/{traced.arn}/invocations")
    assert called["http"]["response"]["status"] == 200
    assert "in_progress" not in called
    assert found["AWS::Lambda"]["parent_id"] == called["id"]


def test_the_service_map_leads_from_the_client_to_the_function(traced: Traced) -> None:
    traced.get()
    traced.cloud.settle()
    now = traced.cloud.now
    services = traced.xray.get_service_graph(StartTime=now - 60, EndTime=now + 60)["Services"]
    by_id = {each["ReferenceId"]: each for each in services}
    (node,) = [each for each in services if each["Type"] == "client"]
    way = []
    while node["Edges"]:
        node = by_id[node["Edges"][0]["ReferenceId"]]
        way.append(node["Type"])
    assert way == ["AWS::ApiGateway::Stage", "AWS::Lambda", "AWS::Lambda::Function"]


@pytest.mark.parametrize(
    ("status", "flags"), [(404, {"error"}), (429, {"error", "throttle"}), (503, {"fault"})]
)
def test_an_answer_s_status_is_the_segment_s(traced: Traced, status: int, flags: set[str]) -> None:
    traced.get(f"/{status}")
    (documents,) = traced.traces()
    (stage,) = [each for each in documents if each["origin"] == "AWS::ApiGateway::Stage"]
    assert stage["http"]["response"]["status"] == status
    assert {"error", "throttle", "fault"} & stage.keys() == flags


def test_a_rule_decides_how_many_are_traced(traced: Traced) -> None:
    rule = {
        **dict.fromkeys(("ResourceARN", "ServiceName", "Host"), "*"),
        "RuleName": "none",
        "ServiceType": "AWS::APIGateway::Stage",
        "HTTPMethod": "G?T",
        "URLPath": "/prod/20*",
        "Priority": 1,
        "FixedRate": 0.0,
        "ReservoirSize": 2,
        "Version": 1,
    }
    traced.xray.create_sampling_rule(SamplingRule=rule)
    sampled = [_fields(traced.get("/200").json[0])["Sampled"] for _ in range(4)]
    assert sampled == ["1", "1", "0", "0"]
    assert len(traced.traces()) == 2
    assert _fields(traced.get("/").json[0])["Sampled"] == "1"  # the default rule's first
    traced.xray.update_sampling_rule(
        SamplingRuleUpdate={"RuleName": "none", "ReservoirSize": 0, "FixedRate": 1.0}
    )
    traced.cloud.advance(10)
    assert _fields(traced.get("/200").json[0])["Sampled"] == "1"
    (trace,) = [
        each
        for documents in traced.traces()
        for each in documents
        if each["origin"] == "AWS::ApiGateway::Stage" and each["start_time"] == traced.cloud.now
    ][:1]
    assert trace["aws"]["xray"] == {"sampling_rule_name": "none"}


def test_what_the_caller_decided_holds(traced: Traced) -> None:
    root = f"1-{int(traced.cloud.now):08x}-{'a' * 24}"
    given = f"Root={root};Parent=00000000000000aa;Sampled=1"
    traced.get(headers={"X-Amzn-Trace-Id": given.replace("Sampled=1", "Sampled=0")})
    assert traced.traces() == []
    header, passed = traced.get(headers={"X-Amzn-Trace-Id": given}).json
    assert (_fields(header)["Root"], passed) == (root, given)
    (documents,) = traced.traces()
    (stage,) = [each for each in documents if each["origin"] == "AWS::ApiGateway::Stage"]
    assert stage["parent_id"] == "00000000000000aa"
    assert "xray" not in stage["aws"]


def test_a_stage_without_tracing_only_passes_the_header_on(traced: Traced) -> None:
    traced.turn("false")
    header, passed = traced.get().json
    assert passed == f"Root={_fields(header)['Root']}"
    (documents,) = traced.traces()  # the function's own
    assert {each["origin"] for each in documents} == {"AWS::Lambda", "AWS::Lambda::Function"}


def test_an_endpoint_gets_the_header_and_is_in_the_trace(
    cloud: CloudUnderTest, client: Any, traced: Traced
) -> None:
    api, root = new_api(client)
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    client.put_method(**place, authorizationType="NONE")
    uri = f"{cloud.endpoint}/_aws/execute-api/{traced.api}/prod/"
    client.put_integration(**place, type="HTTP_PROXY", integrationHttpMethod="GET", uri=uri)
    deploy(client, api)
    patch = [{"op": "replace", "path": "/tracingEnabled", "value": "true"}]
    client.update_stage(restApiId=api, stageName="prod", patchOperations=patch)
    call(cloud, api, "/prod/")
    (documents,) = traced.traces()
    stages = {
        each["annotations"]["aws:api_id"]: each
        for each in documents
        if each["origin"] == "AWS::ApiGateway::Stage"
    }
    (called,) = stages[api]["subsegments"]
    assert (called["name"], called["namespace"]) == ("127.0.0.1", "remote")
    assert stages[traced.api]["parent_id"] == called["id"]
