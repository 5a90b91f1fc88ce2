"""Imports of documents that say more than their operations, or less (recorded on AWS)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .support import LAMBDA_URI, deploy, refused

_ENDPOINT = "x-amazon-apigateway-endpoint-configuration"


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


def _of_endpoint(version: str, **endpoint: Any) -> bytes:
    """Return a document with settings of the endpoint, where its version has them."""
    mock = {"type": "mock", "requestTemplates": {"application/json": "{}"}}
    anyone = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}
    document = {
        "info": {"title": "pets"},
        "x-amazon-apigateway-policy": {"Version": "2012-10-17", "Statement": [anyone]},
        "paths": {"/": {"get": {"x-amazon-apigateway-integration": mock}}},
        "x-amazon-apigateway-minimum-compression-size": 0,
        "x-amazon-apigateway-api-key-source": "AUTHORIZER",
    }
    if version == "swagger":
        return json.dumps({**document, "swagger": "2.0", _ENDPOINT: endpoint}).encode()
    servers = [{"url": "/", _ENDPOINT: endpoint}]
    return json.dumps({**document, "openapi": "3.0.1", "servers": servers}).encode()


@pytest.mark.parametrize("version", ["swagger", "oas30"])
def test_endpoints_are_described(client: Any, version: str) -> None:
    body = _of_endpoint(version, disableExecuteApiEndpoint=True, vpcEndpointIds=["vpce-1"])
    error = ("BadRequestException", 400, "VPCEndpoints can only be specified with PRIVATE apis.")
    assert refused(lambda: client.import_rest_api(body=body)) == error
    private = {"endpointConfigurationTypes": "PRIVATE"}
    made = client.import_rest_api(body=body, parameters=private)
    api = made["id"]
    assert made["disableExecuteApiEndpoint"] is True
    assert made["endpointConfiguration"]["vpcEndpointIds"] == ["vpce-1"]
    assert (made["minimumCompressionSize"], made["apiKeySource"]) == (0, "AUTHORIZER")
    deploy(client, api)
    place = {"restApiId": api, "stageName": "prod", "exportType": version}
    told = client.get_export(**place, parameters={"extensions": "apigateway"})["body"].read()
    put = client.put_rest_api(
        restApiId=api, body=_of_endpoint(version, disableExecuteApiEndpoint=False)
    )
    assert put["disableExecuteApiEndpoint"] is False
    assert put["endpointConfiguration"]["vpcEndpointIds"] == ["vpce-1"]
    again = client.import_rest_api(body=told, parameters=private)
    names = ("disableExecuteApiEndpoint", "endpointConfiguration", "minimumCompressionSize")
    assert [again[name] for name in names] == [made[name] for name in names]
    assert again["apiKeySource"] == "AUTHORIZER"


def test_parameters_of_imports(client: Any) -> None:
    part = {"location": {"type": "API"}, "properties": {"description": "all"}}
    body = json.dumps(
        {
            "openapi": "3.0.1",
            "info": {"title": "pets"},
            "paths": {},
            "x-amazon-apigateway-documentation": {"version": "1", "documentationParts": [part]},
        }
    ).encode()
    api = client.import_rest_api(body=body, parameters={"ignore": "documentation"})["id"]
    assert client.get_documentation_parts(restApiId=api)["items"] == []
    client.put_rest_api(restApiId=api, body=body)
    assert len(client.get_documentation_parts(restApiId=api)["items"]) == 1


def test_models_that_cannot_be_are_told_of(client: Any) -> None:
    body = {"in": "body", "name": "q", "schema": {"$ref": "#/definitions/SearchQuery"}}
    document: dict[str, Any] = {
        "swagger": "2.0",
        "info": {"title": "searches"},
        "paths": {"/search": {"post": {"parameters": [body]}}},
        "definitions": {"SearchQuery": {"properties": {"q": {"type": "string", "example": "a"}}}},
    }

    def message() -> str:
        return refused(lambda: client.import_rest_api(body=json.dumps(document).encode()))[2]

    invalid = "Invalid model specified: Validation Result: warnings : [], errors : "
    missing = (
        "\tUnable to put method 'POST' on resource at path '/search': Invalid model identifier "
        "specified: null\nAdditionally, these warnings were found:\n"
        "\tReference to model 'SearchQuery' not found. Ignoring."
    )
    assert message() == (
        f"Errors found during import:\n\tUnable to create model for 'SearchQuery': {invalid}"
        f'[Invalid model schema specified. Unsupported keyword(s): ["example"]]\n{missing}'
    )
    document["definitions"] = {}
    assert message() == f"Errors found during import:\n{missing}"
    del document["paths"]["/search"]["post"]["parameters"]
    document["definitions"] = {"a_b": {}, "Far": {"$ref": "https://example.com/far.json"}}
    assert message() == (
        "Errors found during import:\n\tUnable to create model for 'a_b': Model name must be "
        f"alphanumeric: a_b\n\tUnable to create model for 'Far': {invalid}[Model reference must "
        "be in canonical form]"
    )
    answers = {"200": {"description": "", "schema": {"$ref": "#/definitions/Gone"}}}
    document["paths"]["/search"]["post"]["responses"] = answers
    document["definitions"] = {}
    made = client.import_rest_api(body=json.dumps(document).encode())
    assert made["warnings"] == ["Reference to model 'Gone' not found. Ignoring."]


def test_openapi_3_schemas_lose_what_is_not_known(client: Any) -> None:
    told = {"type": "string", "example": "a", "nullable": True, "x-own": 1}
    pet = {"required": ["name"], "properties": {"name": told}, "discriminator": {}}
    document = {
        "openapi": "3.0.1",
        "info": {"title": "pets"},
        "paths": {},
        "components": {"schemas": {"Pet": {"allOf": [pet], "xml": {"name": "pet"}}}},
    }
    api = client.import_rest_api(body=json.dumps(document).encode(), failOnWarnings=True)["id"]
    (model,) = client.get_models(restApiId=api)["items"]
    name = {"type": "string", "x-own": 1}
    assert json.loads(model["schema"]) == {
        "allOf": [{"required": ["name"], "properties": {"name": name}}]
    }


def test_what_is_wrong_with_operations(client: Any) -> None:
    mapped = {"method.response.header.X": "integration.response.header.x"}
    responses = {"default": {"statusCode": "200", "responseParameters": mapped}}
    mock: dict[str, Any] = {"type": "mock", "responses": responses}
    name = {"in": "query", "name": "page[size]", "schema": {}}
    paged = {"parameters": [name]}
    operations = {"get": {"x-amazon-apigateway-integration": mock}, "put": paged}
    document = {"openapi": "3.0.1", "info": {"title": "x"}, "paths": {"/x": operations}}

    def message() -> str:
        return refused(lambda: client.import_rest_api(body=json.dumps(document).encode()))[2]

    invalid = "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
    assert message() == (
        "Errors found during import:\n"
        "\tUnable to put integration response on 'GET' for resource at path '/x': "
        f"{invalid}[Invalid mapping expression parameter specified: method.response.header.X]\n"
        f"\tUnable to put method 'PUT' on resource at path '/x': {invalid}"
        "[Parameter name should match the following regular expression: ^[a-zA-Z0-9:._$-]+$]"
    )
    mock["uri"] = {"Fn::Sub": "arn"}
    assert message() == (
        "Unable to parse API definition because of a malformed integration at path /x."
    )


def test_a_security_scheme_that_is_not_defined_is_passed_over(client: Any) -> None:
    document = {
        "openapi": "3.0.1",
        "info": {"title": "pets", "version": "1"},
        "paths": {
            "/": {
                "get": {
                    "security": [{"NONE": []}],
                    "x-amazon-apigateway-integration": {"type": "mock"},
                }
            }
        },
    }
    made = client.import_rest_api(body=json.dumps(document).encode(), failOnWarnings=True)
    assert "warnings" not in made
    root = client.get_resources(restApiId=made["id"], embed=["methods"])["items"][0]
    assert root["resourceMethods"]["GET"]["authorizationType"] == "NONE"
