"""Imports of OpenAPI and Swagger documents."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from cloudarium.pytest_plugin import CloudUnderTest

from .support import LAMBDA_URI, call, deploy, imported, refused

_MOCK = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": {
        "default": {
            "statusCode": "200",
            "responseTemplates": {"application/json": '{"made": true}'},
        }
    },
}

OPENAPI: dict[str, Any] = {
    "openapi": "3.0.1",
    "info": {"title": "pets", "version": "2.1", "description": "All about pets"},
    "servers": [
        {"url": "https://example.com/{basePath}", "variables": {"basePath": {"default": "/v1"}}}
    ],
    "x-amazon-apigateway-binary-media-types": ["image/png"],
    "x-amazon-apigateway-api-key-source": "HEADER",
    "x-amazon-apigateway-request-validators": {
        "all": {"validateRequestBody": True, "validateRequestParameters": True},
        "none": {"validateRequestBody": False, "validateRequestParameters": False},
    },
    "x-amazon-apigateway-request-validator": "all",
    "x-amazon-apigateway-gateway-responses": {
        "BAD_REQUEST_BODY": {
            "statusCode": 422,
            "responseTemplates": {"application/json": '{"why": "$context.error.message"}'},
        }
    },
    "paths": {
        "/pets": {
            "parameters": [{"name": "trace", "in": "header", "schema": {"type": "string"}}],
            "post": {
                "operationId": "AddPet",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}
                    }
                },
                "responses": {
                    "200": {
                        "description": "made",
                        "headers": {"X-Id": {"schema": {"type": "string"}}},
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}
                        },
                    }
                },
                "x-amazon-apigateway-integration": _MOCK,
            },
            "get": {
                "x-amazon-apigateway-request-validator": "none",
                "x-amazon-apigateway-auth": {"type": "AWS_IAM"},
                "parameters": [
                    {"name": "page", "in": "query", "required": True, "schema": {}},
                ],
                "responses": {},
                "x-amazon-apigateway-integration": {
                    "type": "aws_proxy",
                    "httpMethod": "POST",
                    "uri": LAMBDA_URI,
                    "passthroughBehavior": "when_no_match",
                },
            },
        },
        "/pets/{id}": {
            "x-amazon-apigateway-any-method": {
                "security": [{"sigv4": []}, {"api_key": []}],
                "x-amazon-apigateway-integration": _MOCK,
            }
        },
    },
    "components": {
        "schemas": {
            "Kind": {"type": "string", "enum": ["dog", "cat"]},
            "Pet": {
                "type": "object",
                "required": ["kind"],
                "properties": {"kind": {"$ref": "#/components/schemas/Kind"}},
            },
        },
        "securitySchemes": {
            "sigv4": {
                "type": "apiKey",
                "name": "Authorization",
                "in": "header",
                "x-amazon-apigateway-authtype": "awsSigv4",
            },
            "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
        },
    },
}


def _methods(client: Any, api: str) -> dict[str, Any]:
    items = client.get_resources(restApiId=api, embed=["methods"])["items"]
    return {one["path"]: one.get("resourceMethods", {}) for one in items}


def test_openapi_3_makes_an_api(cloud: CloudUnderTest, client: Any) -> None:
    api = imported(client, OPENAPI)
    settings = client.get_rest_api(restApiId=api)
    assert (settings["name"], settings["version"]) == ("pets", "2.1")
    assert settings["description"] == "All about pets"
    assert settings["binaryMediaTypes"] == ["image/png"]

    methods = _methods(client, api)
    assert list(methods) == ["/", "/pets", "/pets/{id}"]
    post = methods["/pets"]["POST"]
    assert post["operationName"] == "AddPet"
    assert post["requestModels"] == {"application/json": "Pet"}
    assert post["requestParameters"] == {"method.request.header.trace": False}
    assert post["methodResponses"]["200"]["responseParameters"] == {
        "method.response.header.X-Id": False
    }
    get = methods["/pets"]["GET"]
    assert get["authorizationType"] == "AWS_IAM"
    assert get["requestParameters"]["method.request.querystring.page"] is True
    assert get["methodIntegration"]["type"] == "AWS_PROXY"
    assert get["methodIntegration"]["httpMethod"] == "POST"
    every = methods["/pets/{id}"]["ANY"]
    assert (every["authorizationType"], every["apiKeyRequired"]) == ("AWS_IAM", True)

    names = [one["name"] for one in client.get_models(restApiId=api)["items"]]
    assert names == ["Kind", "Pet"]
    pet = json.loads(client.get_model(restApiId=api, modelName="Pet")["schema"])
    reference = f"https://apigateway.amazonaws.com/restapis/{api}/models/Kind"
    assert pet["properties"]["kind"] == {"$ref": reference}


def test_an_imported_api_validates(cloud: CloudUnderTest, client: Any) -> None:
    api = imported(client, OPENAPI)
    deploy(client, api)

    def post(body: bytes) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"}
        answer = call(cloud, api, "/prod/pets", method="POST", body=body, headers=headers)
        return answer.status, answer.json

    assert post(b'{"kind": "dog"}') == (200, {"made": True})
    assert post(b'{"kind": "cow"}') == (422, {"why": "Invalid request body"})


def test_swagger_2_makes_an_api(client: Any) -> None:
    document = {
        "swagger": "2.0",
        "info": {"title": "pets"},
        "basePath": "/base/path",
        "consumes": ["application/json"],
        "paths": {
            "/pets": {
                "post": {
                    "parameters": [
                        {"in": "body", "name": "Pet", "schema": {"$ref": "#/definitions/Pet"}},
                        {"in": "query", "name": "dry", "type": "boolean"},
                    ],
                    "responses": {"200": {"schema": {"type": "object"}}},
                    "x-amazon-apigateway-integration": _MOCK,
                }
            }
        },
        "definitions": {"Pet": {"type": "object"}},
    }
    api = imported(client, document)
    post = _methods(client, api)["/pets"]["POST"]
    assert post["requestModels"] == {"application/json": "Pet"}
    assert post["requestParameters"] == {"method.request.querystring.dry": False}
    (model,) = post["methodResponses"]["200"]["responseModels"].values()
    assert model.startswith("MODEL")

    prepended = imported(client, document, parameters={"basepath": "prepend"})
    assert "/base/path/pets" in _methods(client, prepended)
    split = imported(client, document, parameters={"basepath": "split"})
    assert "/path/pets" in _methods(client, split)


def test_yaml_is_read_and_the_endpoint_type_set(client: Any) -> None:
    answer = client.import_rest_api(
        body=yaml.safe_dump(OPENAPI).encode(),
        parameters={"endpointConfigurationTypes": "REGIONAL"},
    )
    assert answer["endpointConfiguration"]["types"] == ["REGIONAL"]


def test_cors_is_answered_by_a_mock(cloud: CloudUnderTest, client: Any) -> None:
    headers = {"Access-Control-Allow-Origin": "'*'", "Access-Control-Allow-Methods": "'GET,POST'"}
    document = {
        "swagger": "2.0",
        "info": {"title": "cors"},
        "paths": {
            "/": {
                "options": {
                    "responses": {
                        "200": {"headers": {name: {"type": "string"} for name in headers}}
                    },
                    "x-amazon-apigateway-integration": {
                        "type": "mock",
                        "requestTemplates": {"application/json": '{\n  "statusCode" : 200\n}\n'},
                        "responses": {
                            "default": {
                                "statusCode": "200",
                                "responseParameters": {
                                    f"method.response.header.{name}": value
                                    for name, value in headers.items()
                                },
                                "responseTemplates": {"application/json": "{}\n"},
                            }
                        },
                    },
                }
            }
        },
    }
    api = imported(client, document)
    deploy(client, api)
    answer = call(cloud, api, "/prod/", method="OPTIONS", headers={"Origin": "http://x"})
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET,POST"


def test_put_merges_or_overwrites(client: Any) -> None:
    api = imported(client, OPENAPI)
    ids = {one["path"]: one["id"] for one in client.get_resources(restApiId=api)["items"]}
    smaller = {
        "openapi": "3.0.1",
        "info": {"title": "fewer"},
        "paths": {"/pets": {"patch": {"x-amazon-apigateway-integration": _MOCK}}},
    }
    body = json.dumps(smaller).encode()
    client.put_rest_api(restApiId=api, mode="merge", body=body)
    assert set(_methods(client, api)["/pets"]) == {"GET", "POST", "PATCH"}

    client.put_rest_api(restApiId=api, mode="overwrite", body=body)
    assert {path: set(one) for path, one in _methods(client, api).items()} == {
        "/": set(),
        "/pets": {"PATCH"},
    }
    after = {one["path"]: one["id"] for one in client.get_resources(restApiId=api)["items"]}
    assert after == {"/": ids["/"], "/pets": ids["/pets"]}
    assert client.get_rest_api(restApiId=api)["name"] == "fewer"
    assert client.get_request_validators(restApiId=api)["items"] == []


def test_overwriting_drops_settings_a_document_does_not_say(client: Any) -> None:
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    settings: dict[str, Any] = {
        "apiKeySource": "AUTHORIZER",
        "endpointConfiguration": {"types": ["PRIVATE"], "vpcEndpointIds": ["vpce-1"]},
        "policy": json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
        "minimumCompressionSize": 9,
    }
    api = client.create_rest_api(name="full", tags={"a": "b"}, **settings)["id"]
    body = json.dumps({"openapi": "3.0.1", "info": {"title": "bare"}, "paths": {}}).encode()
    merged = client.put_rest_api(restApiId=api, mode="merge", body=body)
    assert merged["apiKeySource"] == "AUTHORIZER"
    assert merged["endpointConfiguration"]["vpcEndpointIds"] == ["vpce-1"]
    assert {"policy", "minimumCompressionSize"} <= set(merged)
    put = client.put_rest_api(restApiId=api, mode="overwrite", body=body)
    assert (put["apiKeySource"], put["tags"]) == ("HEADER", {"a": "b"})
    assert put["endpointConfiguration"]["types"] == ["PRIVATE"]
    assert "vpcEndpointIds" not in put["endpointConfiguration"]
    assert not {"policy", "minimumCompressionSize"} & set(put)


LAUGHS = b"a: &a [x, x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (name, name, b", ".join([b"*%c" % before] * 10))
    for before, name in zip(b"abcdefg", b"bcdefgh", strict=True)
)
DOCUMENTS = [b"[1, 2]", b"{", b'{"info": {}}', b"\xff\xfe", LAUGHS, b"[" * 50_000, b"- " * 50_000]


@pytest.mark.parametrize("body", DOCUMENTS)
def test_what_is_no_document_is_refused(client: Any, body: bytes) -> None:
    error = refused(lambda: client.import_rest_api(body=body))
    assert error == (
        "BadRequestException",
        400,
        "Invalid OpenAPI input. Unable to build importer with provided input.",
    )


def test_a_bad_document_changes_nothing(client: Any) -> None:
    document = {
        "openapi": "3.0.1",
        "info": {"title": "bad"},
        "paths": {
            "/x": {
                "get": {
                    "x-amazon-apigateway-integration": {
                        "type": "aws_proxy",
                        "httpMethod": "POST",
                        "uri": "nope",
                    }
                }
            }
        },
    }
    error = refused(lambda: client.import_rest_api(body=json.dumps(document).encode()))
    assert error == (
        "BadRequestException",
        400,
        "Errors found during import:\n\tUnable to put integration on 'GET' for resource at "
        "path '/x': Invalid ARN specified in the request",
    )
    assert client.get_rest_apis()["items"] == []


def test_warnings_are_told_or_refused(client: Any) -> None:
    text = {"content": {"text/plain": {"schema": {"type": "string"}}}}
    operation = {"security": [{"users": []}], "responses": {"500": text, "default": text}}
    document = {
        "openapi": "3.0.1",
        "info": {"title": "warned"},
        "servers": [{"url": "https://a.example.com"}, {"url": "https://b.example.com"}],
        "paths": {"/x": {"get": operation, "put": {"security": [{"token": []}]}}},
        "components": {
            "securitySchemes": {
                "users": {"type": "oauth2"},
                "token": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authtype": "custom",
                },
            }
        },
    }
    body = json.dumps(document).encode()
    made = client.import_rest_api(body=body)
    assert made["warnings"] == [
        "More than one server provided. Ignoring all but the first for defining endpoint "
        "configuration",
        "Unable to create authorizer from security definition: 'token'. Extension "
        "x-amazon-apigateway-authorizer is required. Any methods with security: 'token' will not "
        "be created. If this security definition is not a custom authorizer, remove the "
        "x-amazon-apigateway-authtype extension and it will be ignored.",
        "Unsupported security definition type 'oauth2' for 'users'. Ignoring.",
        "Unsupported model type 'StringSchema' in 500 response to method 'GET /x'. Ignoring.",
        "API Gateway does not support Swagger's 'default' method response (found on 'GET /x')",
    ]
    assert list(_methods(client, made["id"])["/x"]) == ["GET"]
    error = refused(lambda: client.import_rest_api(body=body, failOnWarnings=True))
    assert error[2] == "Warnings found during import:\n\t" + "\n\t".join(made["warnings"])
    assert len(client.get_rest_apis()["items"]) == 1


def _places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children: list[tuple[Any, Any]] = []
    if isinstance(node, dict):
        children = list(node.items())
    elif isinstance(node, list):
        children = list(enumerate(node))
    return [path] * bool(path) + [
        place for key, child in children for place in _places(child, (*path, key))
    ]


def test_whatever_is_wrong_in_a_document_is_refused_or_taken(client: Any) -> None:
    answers = set()
    for place in _places(OPENAPI)[::4]:
        for wrong in (None, 5, [1], {"a": 1}):
            document = json.loads(json.dumps(OPENAPI))
            at = document
            for key in place[:-1]:
                at = at[key]
            at[place[-1]] = wrong
            try:
                client.import_rest_api(body=json.dumps(document).encode())
                answers.add("taken")
            except client.exceptions.BadRequestException:
                answers.add("refused")
    assert answers == {"taken", "refused"}
