"""The data plane over real HTTP: addresses, routing, validation, refusals, figures."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.wire.http import HttpRequest

from .support import MOCK, add_mock, call, deploy, measured, new_api


def test_a_mock_answers(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root, body='{"stage": "$context.stage"}')
    deploy(client, api)
    answer = call(cloud, api, "/prod/")
    assert (answer.status, answer.json) == (200, {"stage": "prod"})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["x-amzn-RequestId"]
    assert answer.headers["x-amz-apigw-id"].endswith("=")
    assert "X-Amzn-Trace-Id" not in answer.headers


def test_an_api_has_a_host_of_its_own(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    deploy(client, api)
    port = cloud.endpoint.rpartition(":")[2]
    request = urllib.request.Request(
        f"{cloud.endpoint}/prod/", headers={"Host": f"{api}.execute-api.localhost:{port}"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        assert json.loads(response.read()) == {"ok": True}


def test_no_other_page_answers_on_an_api_s_host(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    deploy(client, api)
    elsewhere, _, _ = cloud.send(HttpRequest("GET", "/_aws/ses", {"host": "localhost"}))
    host = {"host": f"{api}.execute-api.localhost"}
    status, _, body = cloud.send(HttpRequest("GET", "/_aws/ses", host))
    assert (elsewhere, status, json.loads(body)) == (200, 403, {"message": "Forbidden"})


@pytest.mark.parametrize("path", ["/nope", "/nope/x"])
def test_an_unknown_stage_is_forbidden(cloud: CloudUnderTest, client: Any, path: str) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    deploy(client, api)
    for target in (api, "abcdefghij"):
        answer = call(cloud, target, path)
        assert (answer.status, answer.json) == (403, {"message": "Forbidden"})
        assert answer.headers["x-amzn-ErrorType"] == "ForbiddenException"


def test_a_disabled_endpoint_is_forbidden(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client, disableExecuteApiEndpoint=True)
    add_mock(client, api, root)
    deploy(client, api)
    assert call(cloud, api, "/prod").status == 403


def test_the_most_specific_resource_wins(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    pets = client.create_resource(restApiId=api, parentId=root, pathPart="pets")["id"]
    places = {
        "greedy": client.create_resource(restApiId=api, parentId=root, pathPart="{proxy+}")["id"],
        "pets": pets,
        "one": client.create_resource(restApiId=api, parentId=pets, pathPart="{id}")["id"],
        "new": client.create_resource(restApiId=api, parentId=pets, pathPart="new")["id"],
    }
    for name, resource in places.items():
        add_mock(client, api, resource, "ANY" if name == "greedy" else "GET", body=f'"{name}"')
    deploy(client, api)

    def reached(path: str, method: str = "GET") -> Any:
        return call(cloud, api, f"/prod{path}", method=method).json

    assert reached("/pets") == "pets"
    assert reached("/pets/") == "pets"
    assert reached("/pets/7") == "one"
    assert reached("/pets/new") == "new"
    assert reached("/pets/7/toys") == "greedy"
    assert reached("/pets", "DELETE") == "greedy"
    assert reached("/") == {"message": "Missing Authentication Token"}


def test_an_unknown_method_lacks_a_token(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    deploy(client, api)
    answer = call(cloud, api, "/prod", method="POST", body=b"{}")
    assert (answer.status, answer.json) == (403, {"message": "Missing Authentication Token"})
    assert answer.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"


def test_a_body_is_validated_before_anything_else(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    schema = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string", "minLength": 1}},
        "additionalProperties": False,
    }
    client.create_model(
        restApiId=api, name="Pet", contentType="application/json", schema=json.dumps(schema)
    )
    validator = client.create_request_validator(
        restApiId=api, name="body", validateRequestBody=True
    )["id"]
    add_mock(
        client,
        api,
        root,
        "POST",
        requestValidatorId=validator,
        requestModels={"application/json": "Pet"},
    )
    deploy(client, api)

    def post(body: bytes, content_type: str = "application/json") -> tuple[int, Any]:
        headers = {"Content-Type": content_type}
        answer = call(cloud, api, "/prod", method="POST", body=body, headers=headers)
        return answer.status, answer.json

    invalid = (400, {"message": "Invalid request body"})
    assert post(b'{"name": "Rex"}') == (200, {"ok": True})
    assert post(b'{"name": "Rex"}', "application/json; charset=utf-8") == (200, {"ok": True})
    assert post(b'{"name": ""}') == invalid
    assert post(b'{"nome": "Rex"}') == invalid
    assert post(b"[" * 100_000) == invalid
    assert post(b"not json") == invalid
    assert post(b"") == invalid


def test_required_parameters_are_missed(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    validator = client.create_request_validator(
        restApiId=api, name="parameters", validateRequestParameters=True
    )["id"]
    parameters = {
        "method.request.querystring.page": True,
        "method.request.header.X-Tenant": True,
        "method.request.header.optional": False,
    }
    add_mock(client, api, root, requestValidatorId=validator, requestParameters=parameters)
    deploy(client, api)
    answer = call(cloud, api, "/prod?page=")
    message = "Missing required request parameters: [page, X-Tenant]"
    assert (answer.status, answer.json) == (400, {"message": message})
    assert answer.headers["x-amzn-ErrorType"] == "BadRequestException"
    assert call(cloud, api, "/prod?page=1", headers={"x-tenant": "a"}).status == 200


def test_an_api_key_that_is_not_there_is_forbidden(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root, apiKeyRequired=True)
    deploy(client, api)
    answer = call(cloud, api, "/prod", headers={"x-api-key": "guess"})
    assert (answer.status, answer.json) == (403, {"message": "Forbidden"})


def test_a_body_over_the_limit_is_too_large(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root, "POST")
    deploy(client, api)
    answer = call(cloud, api, "/prod", method="POST", body=b"x" * (10 * 1024 * 1024 + 1))
    told = b"HTTP content length exceeded 10485760 bytes."
    assert (answer.status, answer.headers["Content-Type"]) == (413, "text/plain")
    assert answer.body == told


def test_gateway_responses_are_the_apis_own(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    client.put_gateway_response(
        restApiId=api,
        responseType="DEFAULT_4XX",
        responseParameters={
            "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
            "gatewayresponse.header.x-agent": "method.request.header.User-Agent",
        },
        responseTemplates={
            "application/json": '{"error": "$context.error.responseType",'
            ' "text": $context.error.messageString, "path": "$context.path"}'
        },
    )
    client.put_gateway_response(
        restApiId=api, responseType="MISSING_AUTHENTICATION_TOKEN", statusCode="404"
    )
    add_mock(client, api, root, "POST", apiKeyRequired=True)
    deploy(client, api)
    assert call(cloud, api, "/prod/nope").status == 404
    answer = call(cloud, api, "/prod", method="POST", headers={"User-Agent": "me"})
    assert (answer.status, answer.json) == (
        403,
        {"error": "INVALID_API_KEY", "text": "Forbidden", "path": "/prod/"},
    )
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["x-agent"] == "me"


def test_a_mock_maps_parameters_and_statuses(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    client.put_method(**place, authorizationType="NONE")
    template = "{\"statusCode\": $input.params('code')}"
    client.put_integration(**place, type="MOCK", requestTemplates={"application/json": template})
    header = "method.response.header.X-Color"
    for code, pattern in (("200", ""), ("404", "4\\d{2}")):
        client.put_method_response(**place, statusCode=code, responseParameters={header: False})
        client.put_integration_response(
            **place,
            statusCode=code,
            selectionPattern=pattern,
            responseParameters={header: "stageVariables.color"},
            responseTemplates={"application/json": f'{{"code": {code}}}'},
        )
    deploy(client, api)
    patch = [{"op": "replace", "path": "/variables/color", "value": "blue"}]
    client.update_stage(restApiId=api, stageName="prod", patchOperations=patch)
    answer = call(cloud, api, "/prod?code=418")
    assert (answer.status, answer.json) == (404, {"code": 404})
    assert answer.headers["X-Color"] == "blue"
    assert call(cloud, api, "/prod?code=200").status == 200
    answer = call(cloud, api, "/prod?code=none")
    assert (answer.status, answer.json) == (500, {"message": "Internal server error"})


def test_a_mock_reads_its_status_leniently(cloud: CloudUnderTest, client: Any) -> None:
    """The AWS CDK's mocks for CORS say `{ statusCode: 200 }`."""
    api, root = new_api(client)
    place = {"restApiId": api, "resourceId": root, "httpMethod": "POST"}
    add_mock(client, api, root, "POST")
    kinds = {"text/x": "{ statusCode: 200 }", "text/y": '{"statusCode": "200"}', "text/z": "200"}
    client.put_integration(**place, type="MOCK", requestTemplates=kinds)
    client.put_integration_response(**place, statusCode="200")
    deploy(client, api)
    answers = [
        call(cloud, api, "/prod", method="POST", headers={"Content-Type": kind}).status
        for kind in kinds
    ]
    assert answers == [200, 500, 500]


def test_a_payload_without_template_may_be_refused(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root, "POST")
    place = {"restApiId": api, "resourceId": root, "httpMethod": "POST"}
    client.put_integration(**place, type="MOCK", requestTemplates=MOCK, passthroughBehavior="NEVER")
    client.put_integration_response(**place, statusCode="200")
    deploy(client, api)
    headers = {"Content-Type": "text/plain"}
    answer = call(cloud, api, "/prod", method="POST", headers=headers, body=b"x")
    assert (answer.status, answer.json) == (415, {"message": "Unsupported Media Type"})
    assert (
        call(
            cloud,
            api,
            "/prod",
            method="POST",
            body=b"",
            headers={"Content-Type": "application/json"},
        ).status
        == 200
    )


def test_requests_are_counted(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    deploy(client, api)
    patch = [{"op": "replace", "path": "/*/*/metrics/enabled", "value": "true"}]
    client.update_stage(restApiId=api, stageName="prod", patchOperations=patch)
    call(cloud, api, "/prod")
    call(cloud, api, "/prod/nope")
    by_api = {"ApiName": "pets"}
    by_stage = {**by_api, "Stage": "prod"}
    by_method = {**by_stage, "Method": "GET", "Resource": "/"}
    for dimensions in (by_api, by_stage):
        assert measured(cloud, "Count", dimensions) == 2
        assert measured(cloud, "4XXError", dimensions) == 1
        assert measured(cloud, "5XXError", dimensions) == 0
        assert measured(cloud, "Latency", dimensions) is not None
    assert measured(cloud, "Count", by_method) == 1
    assert measured(cloud, "IntegrationLatency", by_stage) is None


def test_an_access_log_line_is_written(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    deploy(client, api)
    group = f"arn:aws:logs:{cloud.region}:{cloud.account}:log-group:access"
    line = "$context.httpMethod $context.resourcePath $context.status $context.identity.user "
    line += "$context.requestId"
    client.update_stage(
        restApiId=api,
        stageName="prod",
        patchOperations=[
            {"op": "replace", "path": "/accessLogSettings/destinationArn", "value": group},
            {"op": "replace", "path": "/accessLogSettings/format", "value": line},
        ],
    )
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName="access")
    answer = call(cloud, api, "/prod")
    cloud.settle()
    events = logs.filter_log_events(logGroupName="access")["events"]
    request_id = answer.headers["x-amzn-RequestId"]
    assert [one["message"] for one in events] == [f"GET / 200 - {request_id}"]


def test_a_method_is_throttled_and_recovers(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    add_mock(client, api, root, "POST")
    deploy(client, api)
    client.update_stage(
        restApiId=api,
        stageName="prod",
        patchOperations=[
            {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "1"},
            {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "2"},
        ],
    )
    assert [call(cloud, api, "/prod").status for _ in range(3)] == [200, 200, 429]
    answer = call(cloud, api, "/prod")
    assert answer.json == {"message": "Too Many Requests"}
    assert answer.headers["x-amzn-ErrorType"] == "TooManyRequestsException"
    assert (
        call(
            cloud,
            api,
            "/prod",
            method="POST",
            headers={"Content-Type": "application/json"},
            body=b"{}",
        ).status
        == 200
    )
    cloud.advance(1)
    assert [call(cloud, api, "/prod").status for _ in range(2)] == [200, 429]


@pytest.mark.parametrize(
    "path",
    [
        "//",
        "/%",
        "/%zz",
        "/%00",
        "/..%2f..%2fetc",
        "/../../x",
        "/a//b/",
        "/%F0%28",
        "/" + "x" * 5000,
    ],
)
def test_strange_paths_reach_the_resource_they_name(
    cloud: CloudUnderTest, client: Any, path: str
) -> None:
    api, root = new_api(client)
    greedy = client.create_resource(restApiId=api, parentId=root, pathPart="{proxy+}")["id"]
    for resource in (root, greedy):
        add_mock(client, api, resource, body='"$context.path"')
    deploy(client, api)
    answer = cloud.send(
        HttpRequest("GET", f"/_aws/execute-api/{api}/prod{path}", {"host": "localhost"})
    )
    assert (answer[0], json.loads(answer[2])) == (200, f"/prod{path}")


def test_a_head_request_has_no_body(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root, "ANY")
    deploy(client, api)
    answer = call(cloud, api, "/prod", method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
