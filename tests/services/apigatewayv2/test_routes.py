"""Routes, integrations, authorizers and models."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .support import FUNCTION, LAMBDA_URI, add_proxy, http_api, plain, refused, websocket_api


def test_a_route_has_awss_defaults(client: Any) -> None:
    api = http_api(client)
    made = plain(client.create_route(ApiId=api, RouteKey="GET /pets/{id}"))
    assert made == {
        "ApiKeyRequired": False,
        "AuthorizationType": "NONE",
        "RouteId": made["RouteId"],
        "RouteKey": "GET /pets/{id}",
    }
    assert plain(client.get_route(ApiId=api, RouteId=made["RouteId"])) == made
    changed = client.update_route(ApiId=api, RouteId=made["RouteId"], RouteKey="ANY /{p+}")
    assert changed["RouteKey"] == "ANY /{p+}"
    client.delete_route(ApiId=api, RouteId=made["RouteId"])
    assert client.get_routes(ApiId=api)["Items"] == []
    missing = refused(lambda: client.get_route(ApiId=api, RouteId="abc"))
    assert missing == ("NotFoundException", 404, "Invalid Route identifier specified abc")


@pytest.mark.parametrize("key", ["pets", "GET pets", "LIST /pets", "GET /{a+}/b", "GET /a{b}"])
def test_a_key_that_is_none_is_refused(client: Any, key: str) -> None:
    api = http_api(client)
    code, status, message = refused(lambda: client.create_route(ApiId=api, RouteKey=key))
    assert (code, status) == ("BadRequestException", 400)
    assert message.startswith("The provided route key is not formatted properly for HTTP protocol")


def test_an_empty_key_is_none(client: Any) -> None:
    for api in (http_api(client), websocket_api(client)):
        code, status, _ = refused(lambda: client.create_route(ApiId=api, RouteKey=""))  # noqa: B023
        assert (code, status) == ("BadRequestException", 400)


def test_a_key_is_there_once_and_a_target_exists(client: Any) -> None:
    api = http_api(client)
    client.create_route(ApiId=api, RouteKey="GET /")
    again = refused(lambda: client.create_route(ApiId=api, RouteKey="GET /"))
    assert again[0] == "ConflictException"
    to = {"Target": "integrations/x"}
    nowhere = refused(lambda: client.create_route(ApiId=api, RouteKey="GET /a", **to))
    assert nowhere[2] == "Unable to find Integration for target 'integrations/x'"


def test_what_belongs_to_websocket_apis_is_refused_for_http(client: Any) -> None:
    api = http_api(client)
    wanted: dict[str, Any] = {"ApiId": api, "RouteKey": "GET /", "ApiKeyRequired": True}
    assert refused(lambda: client.create_route(**wanted))[2] == (
        "ApiKeyRequired is not currently supported for HTTP APIs."
    )
    assert refused(lambda: client.create_model(ApiId=api, Name="M", Schema="{}"))[1] == 400


def test_a_function_needs_a_payload_version(client: Any) -> None:
    api = http_api(client)
    params = {"ApiId": api, "IntegrationType": "AWS_PROXY", "IntegrationUri": FUNCTION}
    assert refused(lambda: client.create_integration(**params))[2] == (
        "PayloadFormatVersion is a required parameter for integration"
    )
    made = plain(client.create_integration(**params, PayloadFormatVersion="2.0"))
    assert made == {
        "ConnectionType": "INTERNET",
        "IntegrationId": made["IntegrationId"],
        "IntegrationMethod": "POST",
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": FUNCTION,
        "PayloadFormatVersion": "2.0",
        "TimeoutInMillis": 30000,
    }


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"IntegrationType": "MOCK"},
            "Currently, an API with a protocol type of HTTP may only be associated with proxy "
            "integrations (AWS_PROXY, HTTP_PROXY)",
        ),
        (
            {"IntegrationType": "HTTP_PROXY", "IntegrationUri": "https://a.example"},
            "HttpMethod parameter method must be specified for integrationType HTTPPROXY",
        ),
        (
            {"IntegrationType": "AWS_PROXY", "IntegrationSubtype": "Kinesis-PutRecord"},
            "Operation: Kinesis-PutRecord is not supported.",
        ),
        (
            {
                "IntegrationType": "AWS_PROXY",
                "IntegrationSubtype": "EventBridge-PutEvents",
                "RequestParameters": {"Detail": "x"},
            },
            "Operation: EventBridge-PutEvents requires enabling passthrough, or defining all of "
            "the following parameters in the parameter mapping: [Detail, DetailType, Source]",
        ),
        (
            {
                "IntegrationType": "HTTP_PROXY",
                "IntegrationMethod": "GET",
                "IntegrationUri": "https://a.example",
                "RequestParameters": {"append:header.authorization": "x"},
            },
            "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
            "[Invalid Request Actioned Parameter destination specified: "
            "append:header.authorization]",
        ),
        (
            {
                "IntegrationType": "HTTP_PROXY",
                "IntegrationMethod": "GET",
                "IntegrationUri": "https://a.example",
                "RequestParameters": {"append:header.a": "$request.body..name"},
            },
            "Invalid mapping expression specified: $request.body..name",
        ),
        (
            {"IntegrationType": "HTTP_PROXY", "ConnectionType": "VPC_LINK"},
            "ConnectionId must be set to vpcLinkId for ConnectionType VPC_LINK",
        ),
        (
            {
                "IntegrationType": "HTTP_PROXY",
                "IntegrationMethod": "GET",
                "ConnectionType": "VPC_LINK",
                "ConnectionId": "abc",
                "IntegrationUri": "https://a.example",
            },
            "For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid "
            "Cloud Map service ARN.",
        ),
    ],
)
def test_integrations_that_cannot_be(client: Any, params: dict[str, Any], message: str) -> None:
    api = http_api(client)
    found = refused(lambda: client.create_integration(ApiId=api, **params))
    assert found == ("BadRequestException", 400, message)


def test_an_integration_in_use_stays(client: Any) -> None:
    api = http_api(client)
    integration = add_proxy(client, api, "https://example.com", "GET /")
    place = {"ApiId": api, "IntegrationId": integration}
    added = client.update_integration(**place, RequestParameters={"append:header.x": "1"})
    assert added["RequestParameters"] == {"append:header.x": "1"}
    gone = client.update_integration(**place, RequestParameters={"append:header.x": ""})
    assert "RequestParameters" not in gone
    assert plain(client.get_integration(**place)) == plain(gone)
    assert refused(lambda: client.delete_integration(**place))[0] == "ConflictException"
    route = client.get_routes(ApiId=api)["Items"][0]["RouteId"]
    client.delete_route(ApiId=api, RouteId=route)
    client.delete_integration(**place)
    assert client.get_integrations(ApiId=api)["Items"] == []


def test_authorizers(client: Any) -> None:
    api = http_api(client)
    jwt = {
        "ApiId": api,
        "AuthorizerType": "JWT",
        "IdentitySource": ["$request.header.Authorization"],
        "Name": "users",
    }
    assert refused(lambda: client.create_authorizer(**jwt))[1] == 400
    settings = {"Issuer": "https://issuer.example", "Audience": ["pets"]}
    made = plain(client.create_authorizer(**jwt, JwtConfiguration=settings))
    place = {"ApiId": api, "AuthorizerId": made["AuthorizerId"]}
    assert made == {
        "AuthorizerId": made["AuthorizerId"],
        "AuthorizerType": "JWT",
        "IdentitySource": ["$request.header.Authorization"],
        "JwtConfiguration": settings,
        "Name": "users",
    }
    again = refused(lambda: client.create_authorizer(**jwt, JwtConfiguration=settings))
    assert again == (
        "BadRequestException",
        400,
        "Authorizer name must be unique. Authorizer users already exists in this RestApi.",
    )
    none = refused(
        lambda: client.create_route(ApiId=api, RouteKey="GET /", AuthorizationType="JWT")
    )
    assert none[2].startswith("Invalid authorizer ID specified.")
    route = client.create_route(
        ApiId=api,
        RouteKey="GET /",
        AuthorizationType="JWT",
        AuthorizerId=made["AuthorizerId"],
        AuthorizationScopes=["read"],
    )
    assert refused(lambda: client.delete_authorizer(**place))[0] == "ConflictException"
    client.delete_route(ApiId=api, RouteId=route["RouteId"])
    assert client.update_authorizer(**place, Name="others")["Name"] == "others"
    assert client.get_authorizer(**place)["Name"] == "others"
    assert len(client.get_authorizers(ApiId=api)["Items"]) == 1
    client.delete_authorizer(**place)
    assert client.get_authorizers(ApiId=api)["Items"] == []


def test_a_lambda_authorizer_names_a_function_and_a_version(client: Any) -> None:
    api = http_api(client)
    params = {"ApiId": api, "AuthorizerType": "REQUEST", "Name": "a", "IdentitySource": []}
    assert refused(lambda: client.create_authorizer(**params))[2] == (
        "AuthorizerUri is a required field in an Authorizer"
    )
    params["AuthorizerUri"] = LAMBDA_URI
    assert refused(lambda: client.create_authorizer(**params))[2] == (
        "AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer"
    )
    made = client.create_authorizer(**params, AuthorizerPayloadFormatVersion="2.0")
    assert made["EnableSimpleResponses"] is False
    assert made["AuthorizerResultTtlInSeconds"] == 0


def test_a_model_has_a_sample(client: Any) -> None:
    api = websocket_api(client)
    text = {"type": "object", "properties": {"text": {"type": "string"}}}
    url = f"https://apigateway.amazonaws.com/restapis/{api}/models/Text"
    chat = {"type": "object", "properties": {"all": {"type": "array", "items": {"$ref": url}}}}
    sample = {}
    for name, schema in (("Text", text), ("Chat", chat)):
        made = client.create_model(ApiId=api, Name=name, Schema=json.dumps(schema))
        place = {"ApiId": api, "ModelId": made["ModelId"]}
        sample[name] = client.get_model_template(**place)["Value"]
    assert sample["Text"] == '#set($inputRoot = $input.path(\'$\'))\n{\n  "text" : "foo"\n}'
    assert "#foreach($elem in $inputRoot.all)" in sample["Chat"]
    assert '"text" : "foo"' in sample["Chat"]
    missing = refused(lambda: client.get_model_template(ApiId=api, ModelId="none"))
    assert missing[0] == "NotFoundException"


def test_what_chooses_responses_and_templates_is_kept_as_on_aws(client: Any) -> None:
    api = websocket_api(client)
    http = {"IntegrationUri": "http://example.com", "IntegrationMethod": "GET"}
    for kind, more, expected in (
        ("MOCK", {}, "${integration.response.statuscode}"),
        ("HTTP", http, "${integration.response.statuscode}"),
        ("HTTP_PROXY", http, None),
        ("AWS", {"IntegrationUri": LAMBDA_URI}, "${integration.response.body.errorMessage}"),
        ("AWS_PROXY", {"IntegrationUri": LAMBDA_URI}, None),
    ):
        made = client.create_integration(
            ApiId=api, IntegrationType=kind, RequestTemplates={"application/json": ""}, **more
        )
        assert made.get("IntegrationResponseSelectionExpression") == expected
        assert made["RequestTemplates"] == {"application/json": ""}
        place = {"ApiId": api, "IntegrationId": made["IntegrationId"]}
        updated = client.update_integration(**place, Description="d")
        assert updated.get("IntegrationResponseSelectionExpression") == expected
        assert updated["RequestTemplates"] == {"application/json": ""}


def test_models_and_responses_of_websocket_apis(client: Any) -> None:
    api = websocket_api(client)
    model = plain(client.create_model(ApiId=api, Name="Chat", Schema='{"type": "object"}'))
    place = {"ApiId": api, "ModelId": model["ModelId"]}
    assert model["ContentType"] == "application/json"
    assert client.update_model(**place, Description="d")["Description"] == "d"
    assert client.get_model(**place)["Name"] == "Chat"
    assert len(client.get_models(ApiId=api)["Items"]) == 1
    client.delete_model(**place)
    integration = client.create_integration(
        ApiId=api, IntegrationType="MOCK", PayloadFormatVersion=""
    )
    assert integration["PayloadFormatVersion"] == "1.0"
    assert integration["IntegrationResponseSelectionExpression"] == (
        "${integration.response.statuscode}"
    )
    at = {"ApiId": api, "IntegrationId": integration["IntegrationId"]}
    made = client.create_integration_response(**at, IntegrationResponseKey="$default")
    at_response = {**at, "IntegrationResponseId": made["IntegrationResponseId"]}
    again = refused(
        lambda: client.create_integration_response(**at, IntegrationResponseKey="$default")
    )
    assert again[0] == "ConflictException"
    client.update_integration_response(**at_response, IntegrationResponseKey="/400/")
    found = client.get_integration_response(**at_response)
    assert found["IntegrationResponseKey"] == "/400/"
    assert len(client.get_integration_responses(**at)["Items"]) == 1
    client.delete_integration_response(**at_response)
    assert client.get_integration_responses(**at)["Items"] == []


def test_route_responses_and_request_parameters(client: Any) -> None:
    api = websocket_api(client)
    route = client.create_route(
        ApiId=api,
        RouteKey="send",
        RouteResponseSelectionExpression="$default",
        RequestParameters={"route.request.querystring.a": {"Required": True}},
    )
    at = {"ApiId": api, "RouteId": route["RouteId"]}
    client.delete_route_request_parameter(**at, RequestParameterKey="route.request.querystring.a")
    assert "RequestParameters" not in client.get_route(**at)
    made = client.create_route_response(**at, RouteResponseKey="$default")
    at_response = {**at, "RouteResponseId": made["RouteResponseId"]}
    wrong = refused(lambda: client.update_route_response(**at_response, RouteResponseKey="x"))
    assert wrong[1] == 400
    client.update_route_response(**at_response, ModelSelectionExpression="$default")
    assert client.get_route_response(**at_response)["ModelSelectionExpression"] == "$default"
    assert len(client.get_route_responses(**at)["Items"]) == 1
    client.delete_route_response(**at_response)
    assert client.create_route(ApiId=api, RouteKey="b", ApiKeyRequired=True)["ApiKeyRequired"]
    only = refused(
        lambda: client.create_route(ApiId=api, RouteKey="a", AuthorizationType="AWS_IAM")
    )
    assert only[2] == "Currently, authorization is restricted to the $connect route only"
