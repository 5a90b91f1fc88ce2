"""Models, request validators, gateway responses."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import new_api, refused

_SCHEMA = json.dumps({"type": "object", "required": ["name"]})
_TEMPLATES = {"application/json": '{"message":$context.error.messageString}'}


def test_every_api_has_two_models(client: Any) -> None:
    api, _ = new_api(client)
    empty, error = client.get_models(restApiId=api)["items"]
    assert (empty["name"], error["name"]) == ("Empty", "Error")
    assert empty["description"] == "This is a default empty schema model"
    assert '#",\n  "title" : "Empty Schema",\n  "type" : "object"\n}' in empty["schema"]
    assert json.loads(error["schema"])["properties"] == {"message": {"type": "string"}}


def test_a_model_lives(client: Any) -> None:
    api, _ = new_api(client)
    made = client.create_model(
        restApiId=api, name="Pet", contentType="application/json", schema=_SCHEMA
    )
    assert made["schema"] == _SCHEMA
    patch = [{"op": "replace", "path": "/description", "value": "a pet"}]
    client.update_model(restApiId=api, modelName="Pet", patchOperations=patch)
    assert client.get_model(restApiId=api, modelName="Pet")["description"] == "a pet"
    client.delete_model(restApiId=api, modelName="Pet")
    error = refused(lambda: client.get_model(restApiId=api, modelName="Pet"))
    assert error == ("NotFoundException", 404, "Invalid model name specified: Pet")


def test_models_refer_to_each_other(client: Any) -> None:
    api, _ = new_api(client)
    kind = {"restApiId": api, "contentType": "application/json"}
    client.create_model(**kind, name="Pet", schema=_SCHEMA)
    reference = f"https://apigateway.amazonaws.com/restapis/{api}/models/Pet"
    pets = json.dumps({"type": "array", "items": {"$ref": reference}})
    client.create_model(**kind, name="Pets", schema=pets)
    flat = client.get_model(restApiId=api, modelName="Pets", flatten=True)["schema"]
    assert json.loads(flat)["items"] == {"$ref": "#/definitions/Pet"}
    assert json.loads(flat)["definitions"]["Pet"] == json.loads(_SCHEMA)
    error = refused(lambda: client.delete_model(restApiId=api, modelName="Pet"))
    assert error[0] == "ConflictException"


@pytest.mark.parametrize(
    ("name", "schema", "code", "message"),
    [
        ("Empty", _SCHEMA, "ConflictException", "Model name already exists for this REST API"),
        ("", _SCHEMA, "BadRequestException", "Model name must be non-empty"),
        (
            "Pet",
            "",
            "BadRequestException",
            "Model schema must have at least 1 property or array items defined",
        ),
        (
            "Pet",
            '{"type": "thing"}',
            "BadRequestException",
            "Invalid model specified: Validation Result: warnings : [], errors : "
            "[Invalid model schema specified]",
        ),
        (
            "Pet",
            '{"$id": "a", "properties": {"b": {"items": [{"examples": []}]}}}',
            "BadRequestException",
            "Invalid model specified: Validation Result: warnings : [], errors : "
            '[Invalid model schema specified. Unsupported keyword(s): ["$id","examples"]]',
        ),
    ],
)
def test_bad_models_are_refused(
    client: Any, name: str, schema: str, code: str, message: str
) -> None:
    api, _ = new_api(client)
    error = refused(
        lambda: client.create_model(
            restApiId=api, name=name, contentType="application/json", schema=schema
        )
    )
    assert error[::2] == (code, message)


def test_a_model_in_use_stays(client: Any) -> None:
    api, root = new_api(client)
    client.put_method(
        restApiId=api,
        resourceId=root,
        httpMethod="ANY",
        authorizationType="NONE",
        requestModels={"application/json": "Empty"},
    )
    error = refused(lambda: client.delete_model(restApiId=api, modelName="Empty"))
    assert error[2] == "Cannot delete model 'Empty', is referenced in method request: //ANY"


def test_model_patches_are_refused(client: Any) -> None:
    api, _ = new_api(client)

    def update(op: str, path: str) -> None:
        patch = [{"op": op, "path": path, "value": "x"}]
        client.update_model(restApiId=api, modelName="Empty", patchOperations=patch)

    assert refused(lambda: update("replace", "/name"))[2] == (
        "Invalid patch path  '/name' specified for op 'replace'. "
        "Must be one of: [/description, /schema]"
    )
    assert refused(lambda: update("add", "/wrong"))[2] == (
        "Invalid patch path  '/wrong' specified for op 'add'. Please choose supported operations"
    )


def test_a_request_validator_lives(client: Any) -> None:
    api, root = new_api(client)
    made = client.create_request_validator(restApiId=api, name="all", validateRequestBody=True)
    place = {"restApiId": api, "requestValidatorId": made["id"]}
    assert made["validateRequestParameters"] is False
    patch = [{"op": "replace", "path": "/validateRequestParameters", "value": "true"}]
    client.update_request_validator(**place, patchOperations=patch)
    assert client.get_request_validator(**place)["validateRequestParameters"] is True
    assert len(client.get_request_validators(restApiId=api)["items"]) == 1
    method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE", requestValidatorId=made["id"])
    assert refused(lambda: client.delete_request_validator(**place))[0] == "ConflictException"
    client.delete_method(**method)
    client.delete_request_validator(**place)
    error = refused(lambda: client.get_request_validator(**place))
    assert error == ("NotFoundException", 404, "Invalid Request Validator identifier specified")
    error = refused(lambda: client.create_request_validator(restApiId="nope", name="x"))
    assert error == ("BadRequestException", 400, "Invalid REST API identifier specified")


def test_gateway_responses_have_defaults(cloud: CloudUnderTest, client: Any) -> None:
    api, _ = new_api(client)
    found = client.get_gateway_response(restApiId=api, responseType="MISSING_AUTHENTICATION_TOKEN")
    del found["ResponseMetadata"]
    assert found == {
        "responseType": "MISSING_AUTHENTICATION_TOKEN",
        "statusCode": "403",
        "responseParameters": {},
        "responseTemplates": _TEMPLATES,
        "defaultResponse": True,
    }
    items = client.get_gateway_responses(restApiId=api)["items"]
    assert [one["responseType"] for one in items] == sorted(one["responseType"] for one in items)
    assert len(items) == 21
    assert "statusCode" not in next(one for one in items if one["responseType"] == "DEFAULT_4XX")


def test_a_gateway_response_is_defined_patched_and_taken_back(client: Any) -> None:
    api, _ = new_api(client)
    place = {"restApiId": api, "responseType": "DEFAULT_5XX"}
    made = client.put_gateway_response(**place, statusCode="599")
    assert made["defaultResponse"] is False
    assert made["responseTemplates"] == _TEMPLATES
    failure = client.get_gateway_response(restApiId=api, responseType="INTEGRATION_FAILURE")
    assert (failure["statusCode"], failure["defaultResponse"]) == ("599", True)
    header = "/responseParameters/gatewayresponse.header.x"
    patched = client.update_gateway_response(
        **place, patchOperations=[{"op": "add", "path": header, "value": "'1'"}]
    )
    assert patched["responseParameters"] == {"gatewayresponse.header.x": "'1'"}
    for patch, message in (
        ({"op": "add", "path": "/statusCode", "value": "404"}, "Invalid patch path /statusCode"),
        (
            {"op": "replace", "path": header, "value": ""},
            "Invalid null or empty value in responseParameters",
        ),
        ({"op": "remove", "path": header + "y"}, "Invalid parameter name specified"),
    ):
        error = refused(partial(client.update_gateway_response, **place, patchOperations=[patch]))
        assert error[2] == message
    client.delete_gateway_response(**place)
    error = refused(lambda: client.delete_gateway_response(**place))
    assert error == ("NotFoundException", 404, "Gateway response type not defined on api")


def test_what_is_given_empty_stays_empty(client: Any) -> None:
    api, root = new_api(client)
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    client.put_method(**place, authorizationType="NONE")
    declared = client.put_method_response(
        **place, statusCode="200", responseModels={}, responseParameters={}
    )
    assert (declared["responseModels"], declared["responseParameters"]) == ({}, {})
    proxied = {"type": "HTTP", "integrationHttpMethod": "GET", "uri": "http://localhost"}
    assert client.put_integration(**place, **proxied)["connectionType"] == "INTERNET"
    mapped = client.put_integration_response(
        **place, statusCode="200", responseTemplates={"application/json": ""}
    )
    assert mapped["responseTemplates"] == {"application/json": None}
    error = refused(
        lambda: client.put_integration_response(
            **place, statusCode="200", responseTemplates={"123": "x"}
        )
    )
    assert error[2] == (
        "Validation Result: warnings : [], errors : [Invalid content type specified: 123]"
    )


@pytest.mark.parametrize(
    ("op", "path", "value", "message"),
    [
        (
            "replace",
            "types/0",
            "wrong",
            "Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE",
        ),
        (
            "copy",
            "types/0",
            "EDGE",
            "Invalid patch operation specified. Must be 'add'|'remove'|'replace'",
        ),
        (
            "replace",
            "ipAddressType",
            "wrong",
            "ipAddressType must be either ipv4 or dualstack.",
        ),
    ],
)
def test_endpoints_are_of_known_kinds(
    client: Any, op: str, path: str, value: str, message: str
) -> None:
    api, _ = new_api(client)
    patch = {"op": op, "path": f"/endpointConfiguration/{path}", "value": value}
    error = refused(lambda: client.update_rest_api(restApiId=api, patchOperations=[patch]))
    assert error == ("BadRequestException", 400, message)


def test_tags_are_told_where_one_is_read(client: Any) -> None:
    plan, key = client.create_usage_plan(name="p"), client.create_api_key(name="k")
    assert ("tags" in plan, "tags" in key) == (False, False)
    assert client.get_usage_plan(usagePlanId=plan["id"])["tags"] == {}
    assert client.get_api_key(apiKey=key["id"])["tags"] == {}
    patch = [{"op": "replace", "path": "/name", "value": "q"}]
    assert client.update_usage_plan(usagePlanId=plan["id"], patchOperations=patch)["tags"] == {}
    assert "tags" not in client.get_usage_plans()["items"][0]
