"""Test invocations, and what execution logs tell."""

from __future__ import annotations

from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .support import MOCK, add_mock, call, deploy, new_api, refused


def _api(client: Any) -> dict[str, str]:
    api, root = new_api(client)
    pets = client.create_resource(restApiId=api, parentId=root, pathPart="{id}")["id"]
    body = '{"id": "$input.params(\'id\')", "color": "$stageVariables.color"}'
    add_mock(client, api, pets, body=body)
    return {"restApiId": api, "resourceId": pets, "httpMethod": "GET"}


def test_a_method_is_tried(client: Any) -> None:
    place = _api(client)
    answer = client.test_invoke_method(
        **place,
        pathWithQueryString="/7?q=1",
        headers={"X-Own": "me"},
        stageVariables={"color": "red"},
    )
    assert (answer["status"], answer["body"]) == (200, '{"id": "7", "color": "red"}')
    assert answer["headers"]["Content-Type"] == "application/json"
    assert answer["multiValueHeaders"]["X-Amzn-Trace-Id"][0].startswith("Root=1-")
    lines = [line.partition(" : ")[2] for line in answer["log"].splitlines()[1:]]
    assert lines[1] == "HTTP Method: GET, Resource Path: /7"
    assert lines[2] == "Method request path: {id=7}"
    assert lines[3] == "Method request query string: {q=1}"
    assert 'Endpoint request body after transformations: {"statusCode": 200}' in lines
    assert lines[-2:] == ["Successfully completed execution", "Method completed with status: 200"]


def test_a_method_that_fails_says_why(client: Any) -> None:
    place = _api(client)
    bad = {"application/json": "no status"}
    client.put_integration(**place, type="MOCK", requestTemplates=bad)
    answer = client.test_invoke_method(**place, pathWithQueryString="/7")
    assert (answer["status"], answer["body"]) == (500, '{"message":"Internal server error"}')
    assert (
        "Execution failed due to configuration error: Unable to parse statusCode. "
        "It should be an integer." in answer["log"]
    )
    error = refused(lambda: client.test_invoke_method(**place, pathWithQueryString="/7/8"))
    assert error[:2] == ("BadRequestException", 400)
    client.delete_integration(**place)
    assert refused(lambda: client.test_invoke_method(**place))[1] == 404


def test_an_informed_log_tells_all(cloud: CloudUnderTest, client: Any) -> None:
    place = _api(client)
    client.update_integration(
        **place,
        patchOperations=[
            {
                "op": "replace",
                "path": "/requestTemplates/application~1json",
                "value": MOCK["application/json"],
            }
        ],
    )
    api = place["restApiId"]
    deploy(client, api)
    patches = [{"op": "replace", "path": "/*/*/logging/loglevel", "value": "INFO"}]
    client.update_stage(restApiId=api, stageName="prod", patchOperations=patches)
    call(cloud, api, "/prod/7")
    patches = [{"op": "replace", "path": "/*/*/logging/dataTrace", "value": "true"}]
    client.update_stage(restApiId=api, stageName="prod", patchOperations=patches)
    call(cloud, api, "/prod/8")
    cloud.settle()
    group = f"API-Gateway-Execution-Logs_{api}/prod"
    events = cloud.client("logs").filter_log_events(logGroupName=group)["events"]
    lines = [event["message"].partition(") ")[2] for event in events]
    assert lines.count("Successfully completed execution") == 2
    assert "Method request path: {id=7}" in lines
    told = [line for line in lines if line.startswith("Method response body")]
    assert told == ['Method response body after transformations: {"id": "8", "color": ""}']
