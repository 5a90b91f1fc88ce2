"""Exports: what was imported comes out again."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from .support import deploy, imported, refused
from .test_imports import OPENAPI


def _exported(client: Any, api: str, kind: str, **more: Any) -> Any:
    answer = client.get_export(restApiId=api, stageName="prod", exportType=kind, **more)
    assert answer["contentType"] == "application/octet-stream"
    assert answer["contentDisposition"].startswith(f'attachment; filename="{kind}_')
    return answer["body"].read()


def test_openapi_3_comes_out_as_it_went_in(client: Any) -> None:
    api = imported(client, OPENAPI)
    deploy(client, api)
    everything = {"extensions": "apigateway"}
    document = json.loads(_exported(client, api, "oas30", parameters=everything))
    assert document["info"] == OPENAPI["info"]
    assert document["servers"][0]["variables"] == {"basePath": {"default": "prod"}}
    assert set(document["paths"]) == set(OPENAPI["paths"])
    post = document["paths"]["/pets"]["post"]
    assert post["operationId"] == "AddPet"
    assert post["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Pet"
    }
    assert post["x-amazon-apigateway-request-validator"] == "all"
    schemas = document["components"]["schemas"]
    assert schemas["Pet"] == OPENAPI["components"]["schemas"]["Pet"]

    again = imported(client, document)
    deploy(client, again)
    second = json.loads(_exported(client, again, "oas30", parameters=everything))
    assert {**second, "servers": None} == {**document, "servers": None}


def test_swagger_2_and_yaml(client: Any) -> None:
    api = imported(client, OPENAPI)
    deploy(client, api)
    document = yaml.safe_load(_exported(client, api, "swagger", accepts="application/yaml"))
    assert document["basePath"] == "/prod"
    post = document["paths"]["/pets"]["post"]
    assert post["consumes"] == ["application/json"]
    assert post["parameters"][-1]["schema"] == {"$ref": "#/definitions/Pet"}
    assert "x-amazon-apigateway-integration" not in post
    assert document["securityDefinitions"]["sigv4"]["x-amazon-apigateway-authtype"] == "awsSigv4"
    integrations = {"extensions": "integrations"}
    document = json.loads(_exported(client, api, "swagger", parameters=integrations))
    integration = document["paths"]["/pets"]["post"]["x-amazon-apigateway-integration"]
    assert integration["type"] == "mock"
    assert integration["responses"]["default"]["statusCode"] == "200"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"exportType": "raml"}, "No API exporter for type 'raml'"),
        (
            {"exportType": "oas30", "accepts": "text/plain"},
            "Invalid media type specified: text/plain. "
            "Must be one of: [application/json, application/yaml]",
        ),
    ],
)
def test_bad_exports_are_refused(client: Any, given: dict[str, Any], message: str) -> None:
    api = imported(client, OPENAPI)
    deploy(client, api)
    error = refused(lambda: client.get_export(restApiId=api, stageName="prod", **given))
    assert error == ("BadRequestException", 400, message)


def test_what_there_is_not_is_written_as_aws_does(client: Any) -> None:
    integration = {
        "type": "http",
        "httpMethod": "GET",
        "uri": "http://localhost",
        "responses": {"default": {"statusCode": "200"}},
    }
    operation = {
        "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
        "responses": {"200": {"description": "fine"}},
        "x-amazon-apigateway-integration": integration,
    }
    info = {"title": "pets", "version": "1.0.0"}
    paths = {"/": {"get": operation}}
    api = imported(client, {"openapi": "3.0.1", "info": info, "paths": paths})
    deploy(client, api)
    everything = {"extensions": "integrations"}
    answer = client.get_export(
        restApiId=api, stageName="prod", exportType="oas30", parameters=everything
    )
    assert answer["contentDisposition"] == 'attachment; filename="oas30_1.0.0.json"'
    document = json.loads(answer["body"].read())
    written = document["paths"]["/"]["get"]
    assert written["responses"] == {"200": {"description": "200 response", "content": {}}}
    assert written["parameters"] == [{"name": "q", "in": "query", "schema": {"type": "string"}}]
    assert "connectionType" not in written["x-amazon-apigateway-integration"]
    assert document["components"] == {}


def test_swagger_says_what_is_consumed_and_produced(client: Any) -> None:
    api = imported(client, OPENAPI)
    root = client.get_rest_api(restApiId=api)["rootResourceId"]
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET", "statusCode": "200"}
    method = {name: place[name] for name in ("restApiId", "resourceId", "httpMethod")}
    client.put_method(**method, authorizationType="NONE")
    templates = {"application/json": '{"statusCode": 200}'}
    client.put_integration(**method, type="MOCK", requestTemplates=templates)
    client.put_method_response(**place)
    client.put_integration_response(**place, responseTemplates={"text/html": "<p>"})
    deploy(client, api)
    document = json.loads(_exported(client, api, "swagger"))
    written = document["paths"]["/"]["get"]
    assert (written["consumes"], written["produces"]) == (["application/json"], ["text/html"])


def test_json_is_written_as_aws_writes_it(client: Any) -> None:
    pet = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "x": {}}}
    document = {**OPENAPI, "components": {"schemas": {"Pet": pet}}}
    api = imported(client, document)
    assert client.get_model(restApiId=api, modelName="Pet")["schema"] == (
        '{\n  "type" : "object",\n  "required" : [ "id" ],\n  "properties" : {\n'
        '    "id" : {\n      "type" : "string"\n    },\n    "x" : { }\n  }\n}'
    )
    deploy(client, api)
    text = _exported(client, api, "oas30").decode()
    assert text.startswith('{\n  "openapi" : "3.0.1",\n  "info" : {\n    "title" : ')
    assert '"servers" : [ {\n    "url" : ' in text
