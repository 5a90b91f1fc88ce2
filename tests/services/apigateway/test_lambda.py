"""Lambda behind an API: the event, the answer, and what goes wrong."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .functions import Functions
from .support import call, deploy

_ECHO = """
import json

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event)}
"""
_SCRIPTED = """
import base64, json

def handler(event, context):
    return json.loads(event["body"])
"""


def test_a_function_sees_the_whole_request(cloud: CloudUnderTest, functions: Functions) -> None:
    api = functions.serve(functions.make(_ECHO))
    answer = call(
        cloud,
        api,
        "/prod/a%2Bb/c?x=1&x=2&y=a+b%26",
        method="POST",
        headers={
            "Content-Type": "text/plain",
            "X-Forwarded-For": "1.2.3.4",
            "X-Forwarded-Proto": "gopher",
            "CloudFront-Viewer-Country": "XX",
            "X-Amzn-Trace-Id": "forged",
            "tEsT": "case",
        },
        body="grüß".encode(),
    )
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    event = answer.json
    assert event["resource"] == "/{proxy+}"
    assert event["path"] == "/a%2Bb/c"
    assert event["httpMethod"] == "POST"
    assert event["pathParameters"] == {"proxy": "a%2Bb/c"}
    assert event["queryStringParameters"] == {"x": "2", "y": "a b&"}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"], "y": ["a b&"]}
    assert event["stageVariables"] is None
    assert (event["body"], event["isBase64Encoded"]) == ("grüß", False)
    headers = {name.lower(): value for name, value in event["headers"].items()}
    assert headers["content-type"] == "text/plain"
    assert headers["x-forwarded-for"] == "1.2.3.4, 127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"
    assert headers["x-amzn-trace-id"].startswith("Root=1-")
    assert "cloudfront-viewer-country" not in headers
    assert "content-length" not in headers
    assert event["multiValueHeaders"]["Content-Type"] == ["text/plain"]


def test_slashes_before_stage_and_path_do_not_count(
    cloud: CloudUnderTest, functions: Functions
) -> None:
    api = functions.serve(functions.make(_ECHO))
    for path, told, whole in (
        ("//prod/a", "/a", "/prod/a"),
        ("/prod//a", "/a", "/prod//a"),
        ("/prod/a//b/", "/a//b/", "/prod/a//b/"),
    ):
        event = call(cloud, api, path, headers={"aUThorization": "x"}).json
        assert (event["path"], event["requestContext"]["path"]) == (told, whole)
        assert event["pathParameters"] == {"proxy": told.strip("/")}
        assert event["headers"]["Authorization"] == "x"


def test_the_request_context_says_who_and_where(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    api = functions.serve(functions.make(_ECHO))
    answer = call(cloud, api, "/prod/", headers={"User-Agent": "me"})
    context = answer.json["requestContext"]
    stage = client.get_stage(restApiId=api, stageName="prod")
    identity = context.pop("identity")
    assert context == {
        "accountId": cloud.account,
        "apiId": api,
        "deploymentId": stage["deploymentId"],
        "domainName": "127.0.0.1",
        "domainPrefix": api,
        "extendedRequestId": answer.headers["x-amz-apigw-id"],
        "httpMethod": "GET",
        "path": "/prod/",
        "protocol": "HTTP/1.1",
        "requestId": answer.headers["x-amzn-RequestId"],
        "requestTime": context["requestTime"],
        "requestTimeEpoch": int(cloud.now * 1000),
        "resourceId": client.get_rest_api(restApiId=api)["rootResourceId"],
        "resourcePath": "/",
        "stage": "prod",
    }
    assert (identity["sourceIp"], identity["userAgent"]) == ("127.0.0.1", "me")
    assert identity["userArn"] is None
    assert answer.json["body"] is None
    assert answer.json["pathParameters"] is None


def test_binary_bodies_travel_in_base64(cloud: CloudUnderTest, functions: Functions) -> None:
    source = """
def handler(event, context):
    assert event["isBase64Encoded"]
    return {"statusCode": 200, "body": event["body"], "isBase64Encoded": True,
            "headers": {"Content-Type": "image/png"}}
"""
    api = functions.serve(functions.make(source), binary=["image/*"])
    data = bytes(range(256))
    headers = {"Content-Type": "image/png", "Accept": "image/png"}
    answer = call(cloud, api, "/prod/", method="POST", headers=headers, body=data)
    assert (answer.status, answer.body) == (200, data)
    text = call(
        cloud, api, "/prod/", method="POST", headers={**headers, "Accept": "a/b"}, body=data
    )
    assert text.body == base64.b64encode(data)


@pytest.fixture
def answers(cloud: CloudUnderTest, functions: Functions) -> Callable[[Any], Any]:
    """Calls an API whose function answers what it is sent."""
    api = functions.serve(functions.make(_SCRIPTED))

    def ask(value: Any) -> Any:
        return call(cloud, api, "/prod/", method="POST", body=json.dumps(value).encode())

    return ask


def test_answers_are_read_as_api_gateway_reads_them(answers: Callable[[Any], Any]) -> None:
    full = answers(
        {
            "statusCode": "201",
            "headers": {"X-One": "1", "Content-Type": "text/html", "Server": "mine"},
            "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]},
            "body": "<p>",
        }
    )
    assert (full.status, full.body) == (201, b"<p>")
    assert full.headers["Content-Type"] == "text/html"
    assert full.headers["X-One"] == "1"
    assert full.headers["x-amzn-Remapped-Server"] == "mine"
    assert full.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    for nothing in ({}, {"statusCode": 200}, {"headers": {"a": "b"}}):
        answer = answers(nothing)
        assert (answer.status, answer.body) == (200, b"")
    for wrong in (
        {"statusCode": 200, "extra": 1},
        {"statusCode": "x"},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "headers": ["a"]},
        {"statusCode": 200, "headers": {"a": "b\r\nSet-Cookie: c"}},
        "text",
        None,
        [1],
    ):
        answer = answers(wrong)
        assert (answer.status, answer.json) == (502, {"message": "Internal server error"})
        assert answer.headers["x-amzn-ErrorType"] == "InternalServerErrorException"


def test_a_failing_function_is_a_bad_gateway(cloud: CloudUnderTest, functions: Functions) -> None:
    api = functions.serve(functions.make("def handler(event, context):\n    raise ValueError(1)"))
    answer = call(cloud, api, "/prod/")
    assert (answer.status, answer.json) == (502, {"message": "Internal server error"})


def test_a_slow_function_times_out(cloud: CloudUnderTest, functions: Functions) -> None:
    source = "import time\ndef handler(event, context):\n    time.sleep(2)"
    api = functions.serve(functions.make(source), timeoutInMillis=100)
    answer = call(cloud, api, "/prod/")
    assert (answer.status, answer.json) == (504, {"message": "Endpoint request timed out"})


def test_a_function_must_let_the_api_in(cloud: CloudUnderTest, functions: Functions) -> None:
    arn = functions.make(_ECHO)
    closed = functions.serve(arn, allowed=False)
    answer = call(cloud, closed, "/prod/")
    assert (answer.status, answer.json) == (500, {"message": "Internal server error"})
    functions.allow(closed, "prod/*/")
    assert call(cloud, closed, "/prod/").status == 200
    assert call(cloud, closed, "/prod/elsewhere").status == 500


def test_a_function_that_is_not_there(cloud: CloudUnderTest, functions: Functions) -> None:
    gone = f"arn:aws:lambda:{cloud.region}:{cloud.account}:function:gone"
    api = functions.serve(gone, allowed=False)
    answer = call(cloud, api, "/prod/")
    assert (answer.status, answer.json) == (500, {"message": "Internal server error"})


def test_the_execution_log_says_why(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    api = functions.serve(functions.make(_ECHO), allowed=False)
    call(cloud, api, "/prod/")
    patch = [{"op": "replace", "path": "/*/*/logging/loglevel", "value": "ERROR"}]
    client.update_stage(restApiId=api, stageName="prod", patchOperations=patch)
    answer = call(cloud, api, "/prod/")
    cloud.settle()
    logs = cloud.client("logs")
    events = logs.filter_log_events(logGroupName=f"API-Gateway-Execution-Logs_{api}/prod")["events"]
    request = answer.headers["x-amzn-RequestId"]
    assert [one["message"] for one in events] == [
        f"({request}) Execution failed due to configuration error: "
        "Invalid permissions on Lambda function",
        f"({request}) Method completed with status: 500",
    ]


def test_a_stage_variable_names_the_function(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    arn = functions.make(_ECHO)
    api = functions.serve(arn.replace("pets", "${stageVariables.fn}"))
    assert call(cloud, api, "/prod/").status == 500
    patch = [{"op": "replace", "path": "/variables/fn", "value": "pets"}]
    client.update_stage(restApiId=api, stageName="prod", patchOperations=patch)
    assert call(cloud, api, "/prod/").json["stageVariables"] == {"fn": "pets"}


def test_a_mapped_function_gets_the_template_and_selects_the_response(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    source = """
def handler(event, context):
    if event["id"] == "0":
        raise KeyError("no such pet")
    return {"got": event}
"""
    template = {"application/json": '{"id": "$input.params(\'id\')"}'}
    api = functions.serve(functions.make(source), type="AWS", requestTemplates=template)
    root = client.get_rest_api(restApiId=api)["rootResourceId"]
    place = {"restApiId": api, "resourceId": root, "httpMethod": "ANY"}
    for code, pattern in (("200", ""), ("404", ".*no such pet.*")):
        client.put_method_response(**place, statusCode=code)
        client.put_integration_response(**place, statusCode=code, selectionPattern=pattern)
    deploy(client, api)
    answer = call(cloud, api, "/prod/?id=7")
    assert (answer.status, answer.json) == (200, {"got": {"id": "7"}})
    answer = call(cloud, api, "/prod/?id=0")
    assert (answer.status, answer.json["errorType"]) == (404, "KeyError")
