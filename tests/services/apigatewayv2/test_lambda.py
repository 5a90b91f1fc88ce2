"""Functions behind HTTP APIs: what they are given, and what their answers mean."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .functions import Functions, integrate
from .support import add_routes, call, http_api, serve


def test_payload_format_2(cloud: CloudUnderTest, client: Any, functions: Functions) -> None:
    api = http_api(client)
    add_routes(client, api, integrate(client, api, functions.make()), "POST /pets/{id}")
    serve(client, api, "dev", StageVariables={"a": "1"})
    event = call(
        cloud,
        api,
        "/dev/pets/a%20b?x=1&x=2&y=",
        method="POST",
        headers={
            "Cookie": "one=1; two=2",
            "X-Mine": "3",
            "User-Agent": "me",
            "Content-Type": "text/plain",
        },
        body=b"hello",
    ).json
    context = event.pop("requestContext")
    headers = event.pop("headers")
    assert event == {
        "version": "2.0",
        "routeKey": "POST /pets/{id}",
        "rawPath": "/dev/pets/a b",
        "rawQueryString": "x=1&x=2&y=",
        "cookies": ["one=1", "two=2"],
        "queryStringParameters": {"x": "1,2", "y": ""},
        "pathParameters": {"id": "a b"},
        "stageVariables": {"a": "1"},
        "body": "hello",
        "isBase64Encoded": False,
    }
    assert headers["x-mine"] == "3"
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert "cookie" not in headers
    assert headers["content-length"] == "5"
    assert list(headers) == sorted(headers)
    assert context == {
        "accountId": cloud.account,
        "apiId": api,
        "domainName": "127.0.0.1",
        "domainPrefix": api,
        "http": {
            "method": "POST",
            "path": "/dev/pets/a b",
            "protocol": "HTTP/1.1",
            "sourceIp": "127.0.0.1",
            "userAgent": "me",
        },
        "requestId": context["requestId"],
        "routeKey": "POST /pets/{id}",
        "stage": "dev",
        "time": context["time"],
        "timeEpoch": int(cloud.now * 1000),
    }


def test_payload_format_1(cloud: CloudUnderTest, client: Any, functions: Functions) -> None:
    source = """
import json
def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event)}
"""
    api = http_api(client)
    add_routes(client, api, integrate(client, api, functions.make(source), "1.0"), "ANY /{p+}")
    serve(client, api)
    answer = call(cloud, api, "/a/b?x=1&x=2", method="PUT", body=b"\xff", headers={"X-M": "1"})
    event = answer.json
    context, headers = event.pop("requestContext"), event.pop("headers")
    many = event.pop("multiValueHeaders")
    assert event == {
        "version": "1.0",
        "resource": "/{p+}",
        "path": "/a/b",
        "httpMethod": "PUT",
        "queryStringParameters": {"x": "2"},
        "multiValueQueryStringParameters": {"x": ["1", "2"]},
        "pathParameters": {"p": "a/b"},
        "stageVariables": None,
        "body": "/w==",
        "isBase64Encoded": True,
    }
    assert (headers["X-M"], many["X-M"]) == ("1", ["1"])
    assert context["resourcePath"] == "/{p+}"
    assert context["identity"]["sourceIp"] == "127.0.0.1"
    assert answer.headers["content-type"] == "application/json"


def test_answers_are_read_by_their_format(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    source = """
import json
def handler(event, context):
    return json.loads(event["body"])
"""
    function = functions.make(source)
    api = http_api(client)
    add_routes(client, api, integrate(client, api, function, "2.0"), "POST /two")
    add_routes(client, api, integrate(client, api, function, "1.0"), "POST /one")
    serve(client, api)

    def ask(path: str, answer: Any) -> Any:
        headers = {"Content-Type": "application/json"}
        body = json.dumps(answer).encode()
        return call(cloud, api, path, method="POST", headers=headers, body=body)

    inferred = ask("/two", {"pets": 1})
    assert (inferred.status, inferred.json) == (200, {"pets": 1})
    assert inferred.headers["content-type"] == "application/json"
    assert ask("/two", "hello").body == b"hello"
    full = ask("/two", {"statusCode": 201, "cookies": ["a=1", "b=2"], "headers": {"X-A": 1}})
    assert (full.status, full.headers["X-A"]) == (201, "1")
    assert full.headers.get_all("set-cookie") == ["a=1", "b=2"]
    binary = ask("/two", {"statusCode": 200, "isBase64Encoded": True, "body": "AAE="})
    assert binary.body == b"\x00\x01"
    wrong = ask("/two", {"statusCode": "x"})
    assert (wrong.status, wrong.json) == (500, {"message": "Internal Server Error"})
    assert ask("/one", {"pets": 1}).status == 500
    many = ask("/one", {"statusCode": 200, "multiValueHeaders": {"X-A": ["1", "2"]}})
    assert many.headers.get_all("X-A") == ["1", "2"]


def test_a_function_that_fails_or_may_not_be_invoked_is_an_error(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    broken = functions.make("def handler(event, context):\n    raise ValueError('no pets')")
    closed = functions.make(name="closed", allowed="other/*")
    api = http_api(client)
    line = "$context.integrationErrorMessage $context.error.message $context.requestId"
    add_routes(client, api, integrate(client, api, broken), "GET /broken")
    add_routes(client, api, integrate(client, api, closed), "GET /closed")
    cloud.client("logs").create_log_group(logGroupName="access")
    group = f"arn:aws:logs:{cloud.region}:{cloud.account}:log-group:access"
    serve(client, api, AccessLogSettings={"DestinationArn": group, "Format": line})
    for path in ("/broken", "/closed"):
        answer = call(cloud, api, path)
        assert (answer.status, answer.json) == (500, {"message": "Internal Server Error"})
    cloud.settle()
    events = cloud.client("logs").filter_log_events(logGroupName="access")["events"]
    assert [one["message"].rpartition(" ")[0] for one in events] == [
        "The Lambda function returned the following error: no pets. "
        "Check your Lambda function code and try again. Internal Server Error",
        "The IAM role configured on the integration or API Gateway doesn't have permissions to "
        "call the integration. Check the permissions and try again. Internal Server Error",
    ]


def test_the_access_log_tells_the_invocation_by_its_id(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    source = "def handler(event, context):\n    return context.aws_request_id\n"
    api, logs = http_api(client), cloud.client("logs")
    add_routes(client, api, integrate(client, api, functions.make(source)), "GET /")
    logs.create_log_group(logGroupName="access")
    group = f"arn:aws:logs:{cloud.region}:{cloud.account}:log-group:access"
    line = "$context.integration.requestId $context.awsEndpointRequestId $context.requestId"
    serve(client, api, AccessLogSettings={"DestinationArn": group, "Format": line})
    told = call(cloud, api, "/").body.decode()
    cloud.settle()
    (event,) = logs.filter_log_events(logGroupName="access")["events"]
    assert event["message"].split()[:2] == [told, told]


def test_a_permission_may_name_the_route(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    function = functions.make(allowed="*/*/GET/pets/*")
    api = http_api(client)
    integration = integrate(client, api, function)
    add_routes(client, api, integration, "GET /pets/{id}", "GET /dogs")
    serve(client, api)
    assert call(cloud, api, "/pets/1").status == 200
    assert call(cloud, api, "/dogs").status == 500


def test_a_function_that_takes_too_long_is_given_up(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    source = "import time\ndef handler(event, context):\n    time.sleep(1)"
    api = http_api(client)
    integration = integrate(client, api, functions.make(source), TimeoutInMillis=50)
    add_routes(client, api, integration, "GET /")
    serve(client, api)
    answer = call(cloud, api, "/")
    assert (answer.status, answer.json) == (503, {"message": "Service Unavailable"})


def test_a_stage_variable_may_name_the_function(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    function = functions.make()
    api = http_api(client)
    named = function.removesuffix("pets") + "${stageVariables.function}"
    add_routes(client, api, integrate(client, api, named), "$default")
    serve(client, api, StageVariables={"function": "pets"})
    assert call(cloud, api, "/any/thing").json["routeKey"] == "$default"
