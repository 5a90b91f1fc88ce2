"""What access logs and gateway responses can tell of a request: `$context`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

from .functions import Functions
from .support import add_mock, call, deploy, new_api


def _logged(cloud: CloudUnderTest, client: Any, api: str, names: list[str]) -> list[list[str]]:
    """Return what the access log says, once it has been set up, of the calls in between."""
    group = f"arn:aws:logs:{cloud.region}:{cloud.account}:log-group:access"
    line = "|".join(f"$context.{name}" for name in [*names, "requestId"])
    patches = [
        {"op": "replace", "path": "/accessLogSettings/destinationArn", "value": group},
        {"op": "replace", "path": "/accessLogSettings/format", "value": line},
    ]
    client.update_stage(restApiId=api, stageName="prod", patchOperations=patches)
    call(cloud, api, "/prod")
    cloud.settle()
    events = cloud.client("logs").filter_log_events(logGroupName="access")["events"]
    return [one["message"].split("|")[:-1] for one in events]


def test_a_mock_has_no_integration_to_tell_of(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root)
    deploy(client, api)
    cloud.client("logs").create_log_group(logGroupName="access")
    names = ["integration.status", "integrationLatency", "error.message", "authorizer.status"]
    assert _logged(cloud, client, api, names) == [["-", "-", "-", "-"]]


def test_a_function_and_its_status_are_told(functions: Functions) -> None:
    cloud, client = functions.cloud, functions.client
    api = functions.serve(functions.make("def handler(*_):\n    return {'statusCode': 201}\n"))
    cloud.client("logs").create_log_group(logGroupName="access")
    names = ["status", "integration.status", "integration.integrationStatus", "integrationStatus"]
    assert _logged(cloud, client, api, names) == [["201", "201", "200", "200"]]


def test_the_invocation_is_told_by_its_id(functions: Functions) -> None:
    cloud, client = functions.cloud, functions.client
    source = "def handler(event, context):\n    return {'body': context.aws_request_id}\n"
    api = functions.serve(functions.make(source))
    cloud.client("logs").create_log_group(logGroupName="access")
    names = ["integration.requestId", "awsEndpointRequestId", "awsEndpointRequestId2"]
    _logged(cloud, client, api, names)
    told = call(cloud, api, "/prod").body.decode()
    cloud.settle()
    events = cloud.client("logs").filter_log_events(logGroupName="access")["events"]
    assert events[-1]["message"].split("|")[:-1] == [told, told, "-"]


def test_a_failure_is_told(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root, authorizationType="AWS_IAM")
    deploy(client, api)
    cloud.client("logs").create_log_group(logGroupName="access")
    names = ["error.message", "error.responseType", "authenticate.status", "authorize.status"]
    assert _logged(cloud, client, api, names) == [
        ["Missing Authentication Token", "MISSING_AUTHENTICATION_TOKEN", "403", "200"]
    ]


def test_an_unreachable_endpoint_is_told(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    client.put_method(**place, authorizationType="NONE")
    proxied = {"type": "HTTP_PROXY", "integrationHttpMethod": "GET", "uri": "http://127.0.0.1:1/"}
    client.put_integration(**place, **proxied)
    deploy(client, api)
    cloud.client("logs").create_log_group(logGroupName="access")
    names = ["status", "integrationErrorMessage", "integration.error", "integration.status"]
    reason = "Network error communicating with endpoint"
    assert _logged(cloud, client, api, names) == [["504", reason, reason, "-"]]


_SCHEMA = {
    "type": "object",
    "required": ["name", "age"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 2, "maxLength": 4, "pattern": "^[a-z]+$"},
        "age": {"type": "integer", "minimum": 1, "maximum": 9},
        "kind": {"enum": ["cat", "dog"]},
        "tags": {"type": "array", "minItems": 1, "maxItems": 2},
    },
}


@pytest.fixture
def validated(client: Any) -> str:
    """An API whose `POST /` wants a pet, and says what is wrong with one."""
    api, root = new_api(client)
    client.create_model(
        restApiId=api, name="Pet", contentType="application/json", schema=json.dumps(_SCHEMA)
    )
    validator = client.create_request_validator(
        restApiId=api, name="body", validateRequestBody=True
    )["id"]
    models = {"application/json": "Pet"}
    add_mock(client, api, root, "POST", requestModels=models, requestValidatorId=validator)
    template = "$context.error.validationErrorString"
    client.put_gateway_response(
        restApiId=api,
        responseType="BAD_REQUEST_BODY",
        responseTemplates={"application/json": template},
    )
    deploy(client, api)
    return api


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("{", "Invalid request body"),
        ("{}", '[object has missing required properties (["age","name"])]'),
        (
            '{"name": "tom", "age": "3"}',
            "[instance type (string) does not match any allowed primitive type "
            '(allowed: ["integer"])]',
        ),
        (
            '{"name": "tom", "age": 0}',
            "[numeric instance is lower than the required minimum (minimum: 1, found: 0)]",
        ),
        (
            '{"name": "tom", "age": 10}',
            "[numeric instance is greater than the required maximum (maximum: 9, found: 10)]",
        ),
        (
            '{"name": "t", "age": 3}',
            '[string "t" is too short (length: 1, required minimum: 2)]',
        ),
        (
            '{"name": "tommy", "age": 3}',
            '[string "tommy" is too long (length: 5, maximum allowed: 4)]',
        ),
        (
            '{"name": "TOM", "age": 3}',
            '[ECMA 262 regex "^[a-z]+$" does not match input string "TOM"]',
        ),
        (
            '{"name": "tom", "age": 3, "kind": "cow"}',
            '[instance value ("cow") not found in enum (possible values: ["cat","dog"])]',
        ),
        (
            '{"name": "tom", "age": 3, "tags": []}',
            "[array is too short: must have at least 1 elements but instance has 0 elements]",
        ),
        (
            '{"name": "tom", "age": 3, "own": 1}',
            '[object instance has properties which are not allowed by the schema: ["own"]]',
        ),
    ],
)
def test_it_is_told_what_is_wrong_with_a_body(
    cloud: CloudUnderTest, validated: str, body: str, problem: str
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = call(cloud, validated, "/prod", method="POST", headers=headers, body=body.encode())
    assert (answer.status, answer.body.decode()) == (400, problem)


_HARD = {
    "type": "object",
    "additionalProperties": False,
    "patternProperties": {"^x-": {"type": "integer"}},
    "properties": {
        "set": {"type": "array", "uniqueItems": True},
        "slow": {"pattern": "(x|x\\w)+\\d$"},
    },
}


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        ({"x-one": 1}, 200, ""),
        ({"x-one": "1", "y": 1}, 400, '(allowed: ["integer"])'),
        ({"y": 1, "x-one": 1}, 400, 'are not allowed by the schema: ["y"]'),
        ({"set": [{"a": number} for number in range(20_000)]}, 200, ""),
        ({"set": [True, 1, "1", [1], 1.5]}, 200, ""),
        ({"set": [{"a": 1, "b": 2}, {"b": 2.0, "a": 1}]}, 400, "must not contain duplicate"),
        ({"slow": "xx1"}, 200, ""),
        ({"slow": "x" * 60}, 400, "does not match input string"),
    ],
)
def test_no_body_keeps_a_schema_busy(
    cloud: CloudUnderTest, client: Any, validated: str, body: Any, status: int, problem: str
) -> None:
    change = {"op": "replace", "path": "/schema", "value": json.dumps(_HARD)}
    client.update_model(restApiId=validated, modelName="Pet", patchOperations=[change])
    deploy(client, validated)
    headers = {"Content-Type": "application/json"}
    sent = json.dumps(body).encode()
    answer = call(cloud, validated, "/prod", method="POST", headers=headers, body=sent)
    assert answer.status == status, answer.body
    assert problem in answer.body.decode()


def test_references_to_references_have_an_end(
    cloud: CloudUnderTest, client: Any, validated: str
) -> None:
    twice = {
        f"d{number}": {"allOf": [{"$ref": f"#/definitions/d{number + 1}"}] * 2}
        for number in range(40)
    }
    schema = {"definitions": {**twice, "d40": {}}, "allOf": [{"$ref": "#/definitions/d0"}]}
    change = {"op": "replace", "path": "/schema", "value": json.dumps(schema)}
    client.update_model(restApiId=validated, modelName="Pet", patchOperations=[change])
    deploy(client, validated)
    headers = {"Content-Type": "application/json"}
    answer = call(cloud, validated, "/prod", method="POST", headers=headers, body=b"{}")
    assert (answer.status, answer.body) == (400, b"Invalid request body")


def test_a_schema_that_is_nested_too_deeply_is_refused(client: Any, validated: str) -> None:
    deep = '{"not":' * 900 + "{}" + "}" * 900
    change = {"op": "replace", "path": "/schema", "value": deep}
    with pytest.raises(ClientError, match="BadRequestException"):
        client.update_model(restApiId=validated, modelName="Pet", patchOperations=[change])
