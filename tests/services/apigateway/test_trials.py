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
    lines = [line.partition(" : ")[2] for line in answer["log"].splitlines()[1:]]
    assert lines[1] == "HTTP Method: GET, Resource Path: /7"
    assert lines[2] == "Method request path: {id=7}"
    assert lines[3] == "Method request query string: {q=1}"
    assert lines[4:] == [
        "Method request headers: {X-Own=me}",
        "Method request body before transformations: ",
        'Method response body after transformations: {"id": "7", "color": "red"}',
        "Method response headers: {Content-Type=application/json}",
        "Successfully completed execution",
        "Method completed with status: 200",
    ]


def test_a_path_of_another_resource_has_no_parameters(client: Any) -> None:
    place = _api(client)
    elsewhere = client.test_invoke_method(**place, pathWithQueryString="/7/8")
    assert elsewhere["body"] == '{"id": "", "color": ""}'
    assert "HTTP Method: GET, Resource Path: /7/8\n" in elsewhere["log"]
    unfilled = client.test_invoke_method(**place)
    assert unfilled["body"] == '{"id": "{id}", "color": ""}'


def test_a_trial_tells_what_an_endpoint_is_asked(cloud: CloudUnderTest, client: Any) -> None:
    place = _api(client)
    uri = f"{cloud.endpoint}/_cloudarium/health"
    client.put_integration(**place, type="HTTP_PROXY", integrationHttpMethod="GET", uri=uri)
    answer = client.test_invoke_method(**place, pathWithQueryString="/7", body="b")
    lines = [line.partition(" : ")[2] for line in answer["log"].splitlines()[1:]]
    asked = lines.index(f"Endpoint request URI: {uri}")
    assert lines[asked + 2] == "Endpoint request body after transformations: b"
    assert lines[asked + 3] == f"Sending request to {uri}"
    assert lines[asked + 4].startswith("Received response. Status: 200, Integration latency: ")
    assert lines[asked + 6].startswith("Endpoint response body before transformations: {")
    assert answer["status"] == 200


def test_a_method_that_fails_says_why(client: Any) -> None:
    place = _api(client)
    bad = {"application/json": "no status"}
    client.put_integration(**place, type="MOCK", requestTemplates=bad)
    answer = client.test_invoke_method(**place, pathWithQueryString="/7")
    assert (answer["status"], answer["body"]) == (500, '{"message": "Internal server error"}')
    assert (
        "Execution failed due to configuration error: Unable to parse statusCode. "
        "It should be an integer." in answer["log"]
    )
    assert list(answer["headers"]) == ["x-amzn-ErrorType"]
    elsewhere = {**place, "restApiId": "none"}
    error = refused(lambda: client.test_invoke_method(**elsewhere))
    assert error[2] == "Invalid Resource identifier specified"
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
