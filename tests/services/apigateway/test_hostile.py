"""Hostile requests: whatever is sent, the answer is a documented one and the gateway stays well."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.wire.http import Body, HttpRequest

from .support import add_mock, call, deploy, imported, new_api, refused

_TARGETS = st.lists(
    st.sampled_from(
        [
            "/",
            "..",
            ".",
            "%2e",
            "%252e%252e",
            "%2f",
            "%00",
            "%zz",
            "{id}",
            "a",
            "?",
            "&",
            "=",
            "+",
            "é",
            "//",
            "prod",
            "%",
            "#",
            ";",
            "$",
            "\\",
            "*",
            "a.b.c",
        ]
    ),
    max_size=8,
).map("".join)
_TEMPLATE = (
    '{"p": "$util.escapeJavaScript($input.params(\'id\'))", "a": $input.json(\'$.a\'),'
    '"b": "$util.escapeJavaScript($input.body)", "h": "$!input.params().header.x-any"}'
)


@pytest.fixture
def api(client: Any) -> str:
    """An API that shows all of a request."""
    made, root = new_api(client)
    below = client.create_resource(restApiId=made, parentId=root, pathPart="{id+}")["id"]
    for resource in (root, below):
        add_mock(client, made, resource, "ANY", body=_TEMPLATE)
    deploy(client, made)
    return made


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    target=_TARGETS,
    header=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20),
    body=st.binary(max_size=40),
    stage=st.sampled_from(["/prod/", "/prod", "/", "/prod//", "/PROD/"]),
)
def test_any_request_has_an_answer(
    cloud: CloudUnderTest, api: str, target: str, header: str, body: bytes, stage: str
) -> None:
    names = {"x-any": header, "accept": header, "content-type": "application/json"}
    for place, host in (
        (f"/_aws/execute-api/{api}{stage}", "localhost"),
        (stage, f"{api}.execute-api.localhost"),
        ("/", f"x{target[:40]}.execute-api.localhost"),
    ):
        request = HttpRequest(
            "POST",
            place + target,
            {**names, "host": host},
            Body(body),
            list(names.items()),
        )
        status, headers, answered = cloud.send(request)
        assert status in (200, 403), (target, answered)
        assert all("\n" not in value for value in headers.values())
    assert cloud.send(HttpRequest("GET", f"/_aws/execute-api/{api}/prod", {}))[0] == 200


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity", "[" * 5000])
def test_a_body_with_numbers_that_are_none_is_not_valid(
    cloud: CloudUnderTest, client: Any, number: str
) -> None:
    schema = {"type": "object", "properties": {"n": {"multipleOf": 0.1}}}
    operation = {
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "x-amazon-apigateway-request-validator": "all",
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "responses": {"default": {"statusCode": "200"}},
        },
        "responses": {"200": {"description": "ok"}},
    }
    validators = {"all": {"validateRequestBody": True, "validateRequestParameters": False}}
    document = {
        "openapi": "3.0.1",
        "info": {"title": "numbers"},
        "x-amazon-apigateway-request-validators": validators,
        "paths": {"/": {"post": operation}},
    }
    api = imported(client, document)
    deploy(client, api)
    headers = {"Content-Type": "application/json"}
    body = f'{{"n": {number}}}'.encode()
    answer = call(cloud, api, "/prod/", method="POST", headers=headers, body=body)
    assert (answer.status, answer.json) == (400, {"message": "Invalid request body"})
    body = b'{"n": 0.3}'
    assert call(cloud, api, "/prod/", method="POST", headers=headers, body=body).status == 200


@pytest.mark.parametrize("text", ["[" * 5000, '{"a":' * 300 + "1" + "}" * 300])
def test_what_nests_without_an_end_is_refused(client: Any, text: str) -> None:
    api, _ = new_api(client)
    model = {"name": "Deep", "contentType": "application/json", "schema": text}
    assert refused(lambda: client.create_model(restApiId=api, **model))[0] == "BadRequestException"
    body = {"documentationParts": [{"location": {"type": "API"}, "properties": text}]}
    document = json.dumps(body).encode()
    error = refused(lambda: client.import_documentation_parts(restApiId=api, body=document))
    assert error[0] == "BadRequestException"


@pytest.mark.parametrize("value", [{"value": "a"}, {"value": ""}, {}])
def test_the_root_keeps_its_path(client: Any, value: dict[str, str]) -> None:
    api, root = new_api(client)
    patch = [{"op": "replace", "path": "/pathPart", **value}]
    place = {"restApiId": api, "resourceId": root}
    error = refused(lambda: client.update_resource(**place, patchOperations=patch))
    assert error[::2] == ("BadRequestException", "Root resource cannot update its pathPart.")
