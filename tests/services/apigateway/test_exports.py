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
