"""Requests to deployed APIs and a function's URL, with something wrong in them."""

from __future__ import annotations

import json
import logging
import random
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest
from tests.services.apigateway.functions import Functions

from .sending import status

_SOURCE = (
    "import json\ndef handler(event, context):\n"
    "    return {'statusCode': 200, 'body': json.dumps(event)[:5000]}\n"
)
_TEMPLATE = """{"body": $input.json("$"), "q": "$util.urlEncode($input.params('q'))",
"all": "$util.base64Encode($input.body)", "text": "$util.escapeJavaScript($input.path('$.x.y[0]'))",
"number": "$input.path('$.n').intValue() $input.path('$.n').compareTo(1)",
"deep": "$input.path('$..y')",
"part": "$input.path('$.x').substring(0, 1).length() $input.path('$.x').getBytes()",
#foreach($key in $input.path('$.x').keySet())"$key": 1, #end #set($v = $input.path('$.n') * 2 + 1)
"v": $v}"""
_MODEL = {
    "type": "object",
    "required": ["x"],
    "properties": {
        "x": {"type": ["object", "string", "array"], "maxLength": 5, "pattern": "^a+$"},
        "n": {"type": "number", "multipleOf": 0.1},
    },
}
_PARTS = [
    *["%00", "%2e%2e/", "../", "//", "?", "&a=", "%ff", "%", "x" * 300, ";", ":", "@", "%25"],
    *["%2F", "+", "[]", "?q=%zz&q=a", "&q=%c3%a9", "$", "{", "'", '"', "\\"],
]
_BODIES = [
    *[b"", b"{}", b'{"x": {"y": [1]}}', b'{"x": "aaa", "n": 0.3}', b"[1,2", b"null", b'"s"'],
    *[b"1e999", b"\xff\xfe", b'{"x":' * 500, b'{"n": 1e400, "x": "a"}', b"x" * 70_000],
    *[b'{"x": "\\ud800"}', b'{"x": "\\u0000", "n": -0}', b'{"$ref": "#"}', b"{}-"],
    *[b'{"n": -1e999, "x": ["\\udc00", 1e400]}', b'{"n": NaN, "x": {"\\ud800": 1}}'],
    *[b'{"n": 123456789012345678901234567890, "x": "\\ud83d\\ude00"}', b'{"n": 1e308, "x": "a"}'],
    *[b'{"x": ' + b"[" * 900 + b"]" * 900 + b"}", b'{"x": "' + b"a" * 30 + b'!"}'],
]
_NAMES = [
    *["Content-Type", "Accept", "Accept-Encoding", "Content-Encoding", "Authorization", "h"],
    *["x-api-key", "Cookie", "Origin", "Access-Control-Request-Method", "X-Forwarded-For", "Host"],
    *["X-Amzn-Trace-Id", "X-Amz-Date", "Cache-Control", "Range", "Upgrade", "Expect"],
]
_VALUES = [
    *["", "x", "a" * 2000, "application/json", "application/json; charset=\xe9", "text/plain"],
    *["image/png", "gzip", "br", "gzip;q=0", "*;q=x", "Bearer a.b.c", "Root=1;x", "a=b; c; =d"],
    *["AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=h, Signature=z", "https://a.test"],
    *["max-age=0", "websocket", "\xff", "a,b,,c", ";;", "multipart/form-data; boundary="],
]
_METHODS = ["GET", "POST", "POST", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"]


def _method(kind: str, **integration: Any) -> dict[str, Any]:
    parts = {"type": kind, "httpMethod": "POST", **integration}
    return {"responses": {"200": {"description": ""}}, "x-amazon-apigateway-integration": parts}


def _answers(template: str) -> dict[str, Any]:
    templates = {"application/json": template}
    return {"responses": {"default": {"statusCode": "200", "responseTemplates": templates}}}


def _document(uri: str) -> dict[str, Any]:
    """A path for each kind of way through a REST API."""
    ok = {"requestTemplates": {"application/json": '{"statusCode": 200}'}}
    mapped = dict.fromkeys(("application/json", "text/plain"), _TEMPLATE)
    validated = {
        **_method("mock", **ok, **_answers(_TEMPLATE)),
        "requestBody": {"content": {"application/json": {"schema": _MODEL}}},
        "parameters": [{"name": "q", "in": "query", "required": True}],
        "x-amazon-apigateway-request-validator": "all",
    }
    signed = {
        **_method("mock", **ok, **_answers("")),
        "x-amazon-apigateway-auth": {"type": "AWS_IAM"},
    }
    answered = _answers('$input.path("$.body")')
    return {
        "openapi": "3.0.1",
        "info": {"title": "hostile", "version": "1"},
        "x-amazon-apigateway-request-validators": {
            "all": {"validateRequestBody": True, "validateRequestParameters": True}
        },
        "x-amazon-apigateway-binary-media-types": ["image/*"],
        "x-amazon-apigateway-minimum-compression-size": 10,
        "paths": {
            "/proxy/{id}": {"x-amazon-apigateway-any-method": _method("aws_proxy", uri=uri)},
            "/mapped": {"post": _method("aws", uri=uri, requestTemplates=mapped, **answered)},
            "/validated": {"post": validated},
            "/signed": {"get": signed},
            "/{all+}": {"get": _method("aws_proxy", uri=uri)},
        },
    }


def _url(functions: Functions) -> str:
    """The path of the function's URL."""
    client = functions.functions
    for action, more in (
        ("InvokeFunctionUrl", {"FunctionUrlAuthType": "NONE"}),
        ("InvokeFunction", {}),
    ):
        client.add_permission(
            FunctionName="pets",
            StatementId=action,
            Action=f"lambda:{action}",
            Principal="*",
            **more,
        )
    cors = {"AllowOrigins": ["https://a.test"], "AllowMethods": ["GET"], "AllowHeaders": ["x"]}
    made = client.create_function_url_config(FunctionName="pets", AuthType="NONE", Cors=cors)
    return f"/_aws/lambda-url/{made['FunctionUrl'].split('//')[1].partition('.')[0]}/x"


def _addresses(cloud: CloudUnderTest) -> list[str]:
    """Deploy a REST API, an HTTP API and a function's URL; return paths of all their ways."""
    rest, v2 = cloud.client("apigateway"), cloud.client("apigatewayv2")
    functions = Functions(cloud, rest)
    arn = functions.make(_SOURCE)
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    api = rest.import_rest_api(body=json.dumps(_document(uri)).encode())["id"]
    rest.create_deployment(restApiId=api, stageName="s")
    cors = {"AllowOrigins": ["*"], "AllowMethods": ["*"], "AllowHeaders": ["*"]}
    http_api = v2.create_api(Name="h", ProtocolType="HTTP", CorsConfiguration=cors)["ApiId"]
    for version, key in (("2.0", "ANY /a/{x}"), ("1.0", "GET /b/{all+}"), ("2.0", "$default")):
        made = v2.create_integration(
            ApiId=http_api,
            IntegrationType="AWS_PROXY",
            IntegrationUri=arn,
            PayloadFormatVersion=version,
        )
        target = f"integrations/{made['IntegrationId']}"
        v2.create_route(ApiId=http_api, RouteKey=key, Target=target)
    v2.create_stage(ApiId=http_api, StageName="$default", AutoDeploy=True)
    functions.allow("any")
    ways = ("proxy/1", "mapped", "validated?q=1", "signed", "any/thing")
    paths = [f"{api}/s/{way}" for way in ways] + [
        f"{http_api}/{way}" for way in ("a/1", "b/c", "z")
    ]
    return [*(f"/_aws/execute-api/{path}" for path in paths), _url(functions)]


def _status(place: str, addresses: list[str], chance: random.Random) -> int:
    path = chance.choice(addresses)
    for _ in range(chance.choice((0, 0, 1, 2))):
        at = chance.randrange(1, len(path) + 1)
        path = path[:at] + chance.choice(_PARTS) + path[at:]
    headers = {chance.choice(_NAMES): chance.choice(_VALUES) for _ in range(chance.randrange(4))}
    return status(place, chance.choice(_METHODS), path, chance.choice(_BODIES), headers)


def test_no_request_to_an_api_ends_in_an_error_of_ours(
    cloud: CloudUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    chance, addresses = random.Random(1), _addresses(cloud)
    place = cloud.endpoint.removeprefix("http://")
    statuses = [_status(place, addresses, chance) for _ in range(400)]
    assert {200, 400, 403, 404} <= set(statuses)
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []
