"""Imports of documents that say more than their operations, or less (recorded on AWS)."""

from __future__ import annotations

import json
from typing import Any

from .support import LAMBDA_URI


def test_what_a_document_says_besides_its_operations(client: Any) -> None:
    scheme = {
        "type": "apiKey",
        "name": "X-Token",
        "in": "header",
        "x-amazon-apigateway-authtype": "oauth2",
        "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": LAMBDA_URI},
    }
    parameters = {"integration.request.header.a": "'b'", "integration.request.header.c": True}
    integration = {
        "type": "http",
        "httpMethod": "GET",
        "uri": "http://localhost",
        "requestParameters": parameters,
    }
    document = {
        "openapi": "3.0.1",
        "info": {"title": "pets"},
        "paths": {"/pets": {"get": {"x-amazon-apigateway-integration": integration}}},
        "components": {"securitySchemes": {"unused": scheme}},
    }
    answer = client.import_rest_api(body=json.dumps(document).encode())
    assert answer["warnings"] == [
        "Invalid format for 'requestParameters'. Expected type string for property "
        "'integration.request.header.c' of resource '/pets' and method 'GET' but got 'true'"
    ]
    api = answer["id"]
    assert client.get_models(restApiId=api)["items"] == []
    (authorizer,) = client.get_authorizers(restApiId=api)["items"]
    assert (authorizer["name"], authorizer["authType"]) == ("unused", "oauth2")
    _, pets = client.get_resources(restApiId=api)["items"]
    made = client.get_integration(restApiId=api, resourceId=pets["id"], httpMethod="GET")
    assert made["cacheNamespace"] == pets["id"]
    assert made["requestParameters"] == {"integration.request.header.a": "'b'"}
    assert made["connectionType"] == "INTERNET"


def test_what_an_operation_leaves_out_is_filled_in(client: Any) -> None:
    scheme = {
        "type": "apiKey",
        "name": "X-Token",
        "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
            "type": "token",
            "authorizerUri": LAMBDA_URI,
            "authorizerCredentials": "",
            "identitySource": "",
        },
    }
    mock = {"type": "mock", "httpMethod": "POST", "uri": "http://localhost"}
    operation = {"security": [{"token": []}], "x-amazon-apigateway-integration": mock}
    document = {
        "swagger": "2.0",
        "info": {"title": "pets"},
        "paths": {"/{kind}/{rest+}": {"x-amazon-apigateway-any-method": operation}},
        "securityDefinitions": {"token": scheme},
    }
    body = json.dumps(document).encode()
    api = client.import_rest_api(body=body, failOnWarnings=True)["id"]
    (authorizer,) = client.get_authorizers(restApiId=api)["items"]
    assert authorizer["identitySource"] == "method.request.header.X-Token"
    assert "authorizerCredentials" not in authorizer
    items = client.get_resources(restApiId=api, embed=["methods"])["items"]
    (method,) = [one["resourceMethods"]["ANY"] for one in items if "resourceMethods" in one]
    assert method["authorizerId"] == authorizer["id"]
    assert method["requestParameters"] == {
        "method.request.path.kind": True,
        "method.request.path.rest": True,
    }
    assert not {"httpMethod", "uri", "connectionType"} & set(method["methodIntegration"])
