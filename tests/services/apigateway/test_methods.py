"""Methods, integrations and their responses."""

from __future__ import annotations

from typing import Any

import pytest

from .support import LAMBDA_URI, MOCK, new_api, refused


@pytest.fixture
def place(client: Any) -> dict[str, str]:
    """Where a method of a new API would be."""
    api, root = new_api(client)
    return {"restApiId": api, "resourceId": root, "httpMethod": "POST"}


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in answer.items() if name != "ResponseMetadata"}


def test_a_method_lives(client: Any, place: dict[str, str]) -> None:
    made = client.put_method(**place, authorizationType="NONE")
    expected = {"apiKeyRequired": False, "authorizationType": "NONE", "httpMethod": "POST"}
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert _plain(made) == expected
    assert _plain(client.get_method(**place)) == expected
    error = refused(lambda: client.put_method(**place, authorizationType="NONE"))
    assert error == ("ConflictException", 409, "Method already exists for this resource")
    client.delete_method(**place)
    error = refused(lambda: client.get_method(**place))
    assert error == ("NotFoundException", 404, "Invalid Method identifier specified")


def test_a_method_is_patched(client: Any, place: dict[str, str]) -> None:
    client.put_method(**place, authorizationType="NONE")
    patched = client.update_method(
        **place,
        patchOperations=[
            {"op": "replace", "path": "/authorizationType", "value": "AWS_IAM"},
            {"op": "replace", "path": "/apiKeyRequired", "value": "true"},
            {"op": "replace", "path": "/operationName", "value": "AddPet"},
            {"op": "add", "path": "/requestParameters/method.request.header.x", "value": "true"},
            {"op": "add", "path": "/requestModels/application~1json", "value": "Empty"},
        ],
    )
    assert _plain(patched) == {
        "httpMethod": "POST",
        "authorizationType": "AWS_IAM",
        "apiKeyRequired": True,
        "operationName": "AddPet",
        "requestParameters": {"method.request.header.x": True},
        "requestModels": {"application/json": "Empty"},
    }
    patched = client.update_method(
        **place,
        patchOperations=[
            {"op": "remove", "path": "/requestParameters/method.request.header.x"},
            {"op": "remove", "path": "/requestModels/application~1json"},
        ],
    )
    assert "requestParameters" not in patched
    assert "requestModels" not in patched


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (
            {"op": "replace", "path": "/httpMethod", "value": "GET"},
            "Invalid patch path /httpMethod",
        ),
        (
            {"op": "add", "path": "/requestParameters", "value": "x"},
            "Invalid patch path /requestParameters",
        ),
        (
            {"op": "add", "path": "/requestModels/application/json", "value": "Empty"},
            "Invalid patch path /requestModels/application/json",
        ),
        (
            {"op": "add", "path": "/authorizationType", "value": "AWS_IAM"},
            "Invalid patch operation specified. Must be one of: [replace]",
        ),
        (
            {"op": "replace", "path": "/authorizationType", "value": "CUSTOM"},
            "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or "
            "COGNITO_USER_POOLS requires a valid authorizer.",
        ),
        (
            {"op": "replace", "path": "/requestValidatorId", "value": "nope"},
            "Invalid Request Validator identifier specified",
        ),
    ],
)
def test_bad_method_patches_are_refused(
    client: Any, place: dict[str, str], operation: dict[str, str], message: str
) -> None:
    client.put_method(**place, authorizationType="NONE")
    error = refused(lambda: client.update_method(**place, patchOperations=[operation]))
    assert error == ("BadRequestException", 400, message)


@pytest.mark.parametrize(
    ("method", "message"),
    [
        (
            {"httpMethod": "FETCH"},
            "Invalid HttpMethod specified. Valid options are "
            "GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY",
        ),
        (
            {"authorizationType": "MAGIC"},
            "Invalid authorization type specified. "
            "Valid options are NONE, AWS_IAM, CUSTOM, and COGNITO_USER_POOLS",
        ),
        (
            {"requestModels": {"application/json": "petModel"}},
            "Invalid model identifier specified: petModel",
        ),
        (
            {
                "requestParameters": {
                    "method.request.header.x": True,
                    "method.request.querystring.x": True,
                }
            },
            "Parameter names must be unique across querystring, header and path",
        ),
        (
            {"requestParameters": {"request.header.x": True}},
            "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
            "[Invalid mapping expression parameter specified: request.header.x]",
        ),
    ],
)
def test_bad_methods_are_refused(
    client: Any, place: dict[str, str], method: dict[str, Any], message: str
) -> None:
    params = {**place, "authorizationType": "NONE", **method}
    error = refused(lambda: client.put_method(**params))
    assert error == ("BadRequestException", 400, message)


def test_method_responses_live(client: Any, place: dict[str, str]) -> None:
    client.put_method(**place, authorizationType="NONE")
    made = client.put_method_response(
        **place,
        statusCode="200",
        responseModels={"application/json": "Empty"},
        responseParameters={"method.response.header.x": False},
    )
    assert made["responseModels"] == {"application/json": "Empty"}
    error = refused(lambda: client.put_method_response(**place, statusCode="200"))
    assert error == ("ConflictException", 409, "Response already exists for this resource")
    patched = client.update_method_response(
        **place,
        statusCode="200",
        patchOperations=[
            {"op": "add", "path": "/responseParameters/method.response.header.y", "value": "true"},
            {"op": "remove", "path": "/responseModels/application~1json"},
        ],
    )
    assert patched["responseParameters"] == {
        "method.response.header.x": False,
        "method.response.header.y": True,
    }
    assert "responseModels" not in client.get_method_response(**place, statusCode="200")
    remove = [{"op": "remove", "path": "/responseModels/a~1b"}]
    error = refused(
        lambda: client.update_method_response(**place, statusCode="200", patchOperations=remove)
    )
    assert error == ("NotFoundException", 404, "Content-Type specified was not found")
    client.delete_method_response(**place, statusCode="200")
    error = refused(lambda: client.get_method_response(**place, statusCode="200"))
    assert error == ("NotFoundException", 404, "Invalid Response status code specified")
    assert "methodResponses" not in client.get_method(**place)


def test_an_integration_lives(client: Any, place: dict[str, str]) -> None:
    client.put_method(**place, authorizationType="NONE")
    made = client.put_integration(
        **place, type="AWS_PROXY", integrationHttpMethod="POST", uri=LAMBDA_URI
    )
    assert _plain(made) == {
        "type": "AWS_PROXY",
        "httpMethod": "POST",
        "uri": LAMBDA_URI,
        "passthroughBehavior": "WHEN_NO_MATCH",
        "timeoutInMillis": 29000,
        "cacheNamespace": place["resourceId"],
        "cacheKeyParameters": [],
    }
    patched = client.update_integration(
        **place,
        patchOperations=[
            {"op": "replace", "path": "/timeoutInMillis", "value": "50"},
            {"op": "add", "path": "/requestTemplates/application~1json", "value": "{}"},
            {"op": "replace", "path": "/passthroughBehavior", "value": "NEVER"},
        ],
    )
    assert patched["timeoutInMillis"] == 50
    assert patched["requestTemplates"] == {"application/json": "{}"}
    assert client.get_integration(**place)["passthroughBehavior"] == "NEVER"
    client.delete_integration(**place)
    error = refused(lambda: client.get_integration(**place))
    assert error == ("NotFoundException", 404, "Invalid Integration identifier specified")


@pytest.mark.parametrize(
    ("integration", "message"),
    [
        (
            {"type": "AWS_PROXY", "uri": LAMBDA_URI},
            "Enumeration value for HttpMethod must be non-empty",
        ),
        (
            {"type": "AWS_PROXY", "uri": "nope", "integrationHttpMethod": "POST"},
            "Invalid ARN specified in the request",
        ),
        (
            {
                "type": "AWS_PROXY",
                "uri": "arn:aws:apigateway:us-east-1:sqs:path/1/q",
                "integrationHttpMethod": "POST",
            },
            "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose "
            "stream invocations.",
        ),
        (
            {"type": "MOCK", "timeoutInMillis": 30000},
            "Timeout should be between 50 ms and 29000 ms",
        ),
        (
            {"type": "HTTP", "uri": "example.com", "integrationHttpMethod": "GET"},
            "Invalid HTTP endpoint specified for URI",
        ),
        (
            {"type": "MOCK", "requestTemplates": {"application/json": "#set($a = )"}},
            "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
            "[Unsupported mapping template expression: )]",
        ),
        (
            {"type": "MOCK", "requestParameters": {"integration.x": "'a'"}},
            "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
            "[Invalid mapping expression parameter specified: integration.x]",
        ),
    ],
)
def test_bad_integrations_are_refused(
    client: Any, place: dict[str, str], integration: dict[str, Any], message: str
) -> None:
    client.put_method(**place, authorizationType="NONE")
    error = refused(lambda: client.put_integration(**place, **integration))
    assert error == ("BadRequestException", 400, message)


def test_integration_responses_live(client: Any, place: dict[str, str]) -> None:
    response = {**place, "statusCode": "200"}
    no_method = ("NotFoundException", 404, "Invalid Method identifier specified")
    no_integration = ("NotFoundException", 404, "Invalid Integration identifier specified")
    assert refused(lambda: client.put_integration_response(**response)) == no_method
    assert refused(lambda: client.get_integration_response(**response)) == no_method
    assert refused(lambda: client.delete_integration_response(**response)) == no_integration
    made = client.put_method(**place, authorizationType="none")
    assert made["authorizationType"] == "NONE"
    assert refused(lambda: client.get_integration_response(**response)) == no_integration
    backend = {"uri": "http://a", "integrationHttpMethod": "GET", "connectionType": "INTERNET"}
    mock = client.put_integration(**place, **backend, type="MOCK", requestTemplates=MOCK)
    assert not {"uri", "httpMethod", "connectionType"} & set(mock)
    header = "method.response.header.x"
    error = refused(
        lambda: client.put_integration_response(**response, responseParameters={header: "'1'"})
    )
    assert error[2] == (
        "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
        f"[Invalid mapping expression parameter specified: {header}]"
    )
    client.put_method_response(**response, responseParameters={header: False})
    made = client.put_integration_response(
        **response, selectionPattern="", responseParameters={header: "'1'"}
    )
    assert made["selectionPattern"] == ""
    patch = [{"op": "replace", "path": f"/responseParameters/{header}", "value": "'2'"}]
    client.update_integration_response(**response, patchOperations=patch)
    found = client.get_integration_response(**response)
    assert found["responseParameters"] == {header: "'2'"}
    client.delete_integration_response(**response)
    error = refused(lambda: client.get_integration_response(**response))
    assert error == ("NotFoundException", 404, "Invalid Response status code specified")


def test_resources_show_their_methods(client: Any, place: dict[str, str]) -> None:
    client.put_method(**place, authorizationType="NONE")
    (root,) = client.get_resources(restApiId=place["restApiId"])["items"]
    assert root["resourceMethods"] == {"POST": {}}
    (root,) = client.get_resources(restApiId=place["restApiId"], embed=["methods"])["items"]
    assert root["resourceMethods"]["POST"]["authorizationType"] == "NONE"
