"""Imports and exports of HTTP APIs as OpenAPI documents."""

from __future__ import annotations

import copy
import json
from functools import partial
from typing import Any

import pytest
import yaml

from cloudarium.pytest_plugin import CloudUnderTest

from .backend import Backend
from .support import LAMBDA_URI, call, http_api, refused, serve, websocket_api

PROXY = {
    "type": "http_proxy",
    "httpMethod": "GET",
    "uri": "https://example.com/{id}",
    "payloadFormatVersion": "1.0",
    "timeoutInMillis": 1000,
    "requestParameters": {"append:header.x": "$request.path.id"},
    "responseParameters": {"200": {"remove:header.y": "''"}},
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.1",
    "info": {"title": "pets", "version": "7", "description": "all of them"},
    "tags": [{"name": "team", "x-amazon-apigateway-tag-value": "a"}],
    "servers": [{"url": "https://example.com/shop/v1"}],
    "paths": {
        "/pets/{id}": {
            "get": {
                "operationId": "getPet",
                "security": [{"users": ["read"]}],
                "x-amazon-apigateway-integration": PROXY,
            },
            "x-amazon-apigateway-any-method": {
                "security": [{"names": []}],
                "x-amazon-apigateway-integration": {
                    "$ref": "#/components/x-amazon-apigateway-integrations/function"
                },
            },
        },
        "/signed": {
            "post": {
                "x-amazon-apigateway-auth": {"type": "AWS_IAM"},
                "x-amazon-apigateway-integration": PROXY | {"uri": "https://example.com"},
            }
        },
        "/$default": {
            "x-amazon-apigateway-any-method": {
                "isDefaultRoute": True,
                "x-amazon-apigateway-integration": PROXY | {"uri": "https://example.com"},
            }
        },
    },
    "components": {
        "x-amazon-apigateway-integrations": {
            "function": {"type": "aws_proxy", "uri": LAMBDA_URI, "payloadFormatVersion": "2.0"}
        },
        "securitySchemes": {
            "users": {
                "type": "oauth2",
                "flows": {},
                "x-amazon-apigateway-authorizer": {
                    "type": "jwt",
                    "identitySource": "$request.header.Authorization",
                    "jwtConfiguration": {"issuer": "https://issuer.example", "audience": ["pets"]},
                },
            },
            "names": {
                "type": "apiKey",
                "in": "header",
                "name": "Unused",
                "x-amazon-apigateway-authorizer": {
                    "type": "request",
                    "authorizerUri": LAMBDA_URI,
                    "authorizerPayloadFormatVersion": "2.0",
                    "enableSimpleResponses": True,
                    "identitySource": "$request.header.a, $request.querystring.b",
                    "authorizerResultTtlInSeconds": 60,
                },
            },
        },
    },
    "x-amazon-apigateway-cors": {"allowOrigins": ["https://example.com"], "maxAge": 5},
    "x-amazon-apigateway-importexport-version": "1.0",
}


def _routes(client: Any, api: str) -> dict[str, dict[str, Any]]:
    return {one["RouteKey"]: one for one in client.get_routes(ApiId=api)["Items"]}


def test_a_document_is_imported_whole(client: Any) -> None:
    made = client.import_api(Body=json.dumps(DOCUMENT))
    api = made["ApiId"]
    assert (made["Name"], made["Version"], made["Description"]) == ("pets", "7", "all of them")
    assert made["CorsConfiguration"] == {"AllowOrigins": ["https://example.com"], "MaxAge": 5}
    assert made["Tags"] == {"team": "a"}
    found = _routes(client, api)
    assert set(found) == {"GET /pets/{id}", "ANY /pets/{id}", "POST /signed", "$default"}
    authorizers = {one["Name"]: one for one in client.get_authorizers(ApiId=api)["Items"]}
    assert authorizers["names"]["IdentitySource"] == [
        "$request.header.a",
        "$request.querystring.b",
    ]
    get = found["GET /pets/{id}"]
    assert (get["AuthorizationType"], get["AuthorizationScopes"]) == ("JWT", ["read"])
    assert get["OperationName"] == "getPet"
    assert found["ANY /pets/{id}"]["AuthorizationType"] == "CUSTOM"
    assert found["POST /signed"]["AuthorizationType"] == "AWS_IAM"
    target = get["Target"].removeprefix("integrations/")
    integration = client.get_integration(ApiId=api, IntegrationId=target)
    assert integration["IntegrationType"] == "HTTP_PROXY"
    assert integration["TimeoutInMillis"] == 1000
    assert integration["ResponseParameters"] == {"200": {"remove:header.y": "''"}}


@pytest.mark.parametrize(
    ("base", "path"), [("ignore", ""), ("prepend", "/shop/v1"), ("split", "/v1")]
)
def test_a_base_path_is_ignored_prepended_or_split(client: Any, base: str, path: str) -> None:
    api = client.import_api(Body=json.dumps(DOCUMENT), Basepath=base)["ApiId"]
    assert f"GET {path}/pets/{{id}}" in _routes(client, api)


def test_a_document_takes_the_place_of_what_was_there(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    api = http_api(client)
    serve(client, api)
    integration = {"type": "http_proxy", "httpMethod": "ANY", "uri": backend.url}
    document: dict[str, Any] = {
        "openapi": "3.0.1",
        "info": {"title": "dogs", "version": "1"},
        "paths": {"/a": {"get": {"x-amazon-apigateway-integration": integration}}},
    }
    client.reimport_api(ApiId=api, Body=yaml.safe_dump(document))
    assert call(cloud, api, "/a").status == 200
    document["paths"]["/b"] = document["paths"].pop("/a")
    assert client.reimport_api(ApiId=api, Body=json.dumps(document))["Name"] == "dogs"
    assert (call(cloud, api, "/a").status, call(cloud, api, "/b").status) == (404, 200)


def test_documents_that_cannot_be(client: Any) -> None:
    for text in (
        "{",
        "[]",
        '{"swagger": "2.0", "info": {}}',
        "&a [*a]",
        "[" * 50_000,
        "- " * 9_000,
    ):
        code, status, message = refused(partial(client.import_api, Body=text))
        assert (code, status) == ("BadRequestException", 400)
        assert message.startswith("Invalid OpenAPI input.")
    bare = copy.deepcopy(DOCUMENT)
    del bare["paths"]["/signed"]["post"]["x-amazon-apigateway-integration"]
    warned = client.import_api(Body=json.dumps(bare))
    assert warned["Warnings"] == ["No integration is defined for route 'POST /signed'"]
    failed = refused(lambda: client.import_api(Body=json.dumps(bare), FailOnWarnings=True))
    assert failed[2].startswith("Warnings found during import")
    bare["paths"] = {"$default": bare["paths"].popitem()[1]}
    warned = client.reimport_api(ApiId=warned["ApiId"], Body=json.dumps(bare))
    assert warned["Warnings"][0] == (
        "Parse issue: attribute paths. Resource $default should start with /"
    )


def test_an_integration_that_cannot_be_is_left_out_with_a_warning(client: Any) -> None:
    document = copy.deepcopy(DOCUMENT)
    document["paths"] = {"/a": {"get": {"responses": {}, "parameters": []}}}
    document["components"]["schemas"] = {}
    operation = document["paths"]["/a"]["get"]
    for changes, problem in (
        ({"uri": "example.com"}, "Invalid HTTP endpoint specified for URI"),
        ({"payloadFormatVersion": "3"}, "Unsupported PayloadFormatVersion: 3"),
    ):
        operation["x-amazon-apigateway-integration"] = PROXY | changes
        made = client.import_api(Body=json.dumps(document))
        warning = (
            f"Unable to create integration for resource at path 'GET /a': {problem}. Ignoring."
        )
        assert made["Warnings"] == [warning]
        ignored = (("components", "schemas"), ("paths./a.get", "responses"))
        assert made["ImportInfo"] == [
            f"{place}: key [{name}] will be ignored by API Gateway"
            for place, name in (*ignored, ("paths./a.get", "parameters"))
        ]
        (route,) = client.get_routes(ApiId=made["ApiId"])["Items"]
        assert (route["RouteKey"], "Target" in route) == ("GET /a", False)
    count = len(client.get_apis()["Items"])
    failed = refused(lambda: client.import_api(Body=json.dumps(document), FailOnWarnings=True))
    assert failed[2] == f"Warnings found during import:\n\t{warning}"
    assert len(client.get_apis()["Items"]) == count


def test_the_endpoint_stands_with_the_server(cloud: CloudUnderTest, client: Any) -> None:
    settings = {"disableExecuteApiEndpoint": True, "ipAddressType": "dualstack"}
    extension = {"x-amazon-apigateway-endpoint-configuration": settings}
    document = {**DOCUMENT, "servers": [{"url": "https://example.com", **extension}]}
    api = client.import_api(Body=json.dumps(document))
    assert (api["DisableExecuteApiEndpoint"], api["IpAddressType"]) == (True, "dualstack")
    serve(client, api["ApiId"], "dev")
    assert call(cloud, api["ApiId"], "/dev/pets/1").status == 404
    export = {"ApiId": api["ApiId"], "Specification": "OAS30", "OutputType": "JSON"}
    (server,) = json.loads(client.export_api(**export)["body"].read())["servers"]
    assert server.items() >= extension.items()
    plain = client.export_api(**export, IncludeExtensions=False)["body"].read()
    assert b"endpoint-configuration" not in plain
    settings["ipAddressType"] = "ipv5"
    assert refused(lambda: client.import_api(Body=json.dumps(document)))[1] == 400
    assert client.import_api(Body=json.dumps(DOCUMENT | extension))["IpAddressType"] == "ipv4"


@pytest.mark.parametrize("kind", ["JSON", "YAML"])
def test_an_export_imports_as_the_same_api(client: Any, kind: str) -> None:
    api = client.import_api(Body=json.dumps(DOCUMENT))["ApiId"]
    serve(client, api, "dev")
    export = {"ApiId": api, "Specification": "OAS30", "OutputType": kind, "StageName": "dev"}
    text = client.export_api(**export)["body"].read().decode()
    document = yaml.safe_load(text)
    assert document["servers"][0]["variables"]["basePath"]["default"] == "dev"
    assert document["x-amazon-apigateway-importexport-version"] == "1.0"
    again = client.import_api(Body=text)["ApiId"]
    del export["StageName"]
    second = client.export_api(**{**export, "ApiId": again})["body"].read().decode()
    other = yaml.safe_load(second)
    del document["servers"], other["servers"]
    assert other == document
    plain = client.export_api(**export, IncludeExtensions=False)["body"].read().decode()
    assert "x-amazon-apigateway-integration" not in plain


def test_what_is_not_exported(client: Any) -> None:
    chat = websocket_api(client)
    export = {"ApiId": chat, "Specification": "OAS30", "OutputType": "JSON"}
    assert refused(lambda: client.export_api(**export))[1] == 400
    export["ApiId"] = http_api(client)
    assert refused(lambda: client.export_api(**{**export, "OutputType": "XML"}))[1] == 400
    assert refused(lambda: client.export_api(**{**export, "Specification": "OAS20"}))[1] == 400


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("paths",), []),
        (("paths", "/pets/{id}"), "x"),
        (("paths", "/pets/{id}", "get", "security"), {"users": []}),
        (("paths", "/pets/{id}", "get", "security"), ["users"]),
        (("paths", "/signed", "post", "x-amazon-apigateway-integration", "uri"), {"a": 1}),
        (("paths", "/signed", "post", "x-amazon-apigateway-integration", "timeoutInMillis"), "a"),
        (("components", "securitySchemes", "users"), 1),
        (("x-amazon-apigateway-cors", "allowOrigins"), "*"),
        (("servers",), [1]),
    ],
)
def test_what_is_of_the_wrong_kind_is_refused(
    client: Any, place: tuple[str, ...], value: Any
) -> None:
    document = copy.deepcopy(DOCUMENT)
    holder = document
    for name in place[:-1]:
        holder = holder[name]
    holder[place[-1]] = value
    code, status, _ = refused(lambda: client.import_api(Body=json.dumps(document)))
    assert (code, status) == ("BadRequestException", 400)
    assert client.get_apis()["Items"] == []


def test_a_scheme_that_is_not_there_is_told(client: Any) -> None:
    document = copy.deepcopy(DOCUMENT)
    document["paths"]["/pets/{id}"]["get"]["security"] = [{"typo": []}]
    warned = client.import_api(Body=json.dumps(document))
    assert warned["Warnings"] == ["No authorizer is defined for scheme 'typo'"]
