"""Lambda authorizers: made, asked, believed for as long as they say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .functions import Functions
from .support import LAMBDA_URI, add_mock, call, deploy, imported, new_api, refused

_TOKEN = """
import json

def handler(event, context):
    token = event["authorizationToken"]
    if token == "unknown":
        raise Exception("Unauthorized")
    if token == "broken":
        raise ValueError("broken")
    if token == "silent":
        return {}
    statements = {
        "allow": [{"Effect": "Allow", "Action": "execute-api:Invoke",
                   "Resource": event["methodArn"]}],
        "deny": [{"Effect": "Deny", "Action": "*", "Resource": "*"}],
        "elsewhere": [{"Effect": "Allow", "Action": "execute-api:Invoke",
                       "Resource": event["methodArn"] + "x"}],
        "nowhere": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": []}],
    }[token]
    return {"principalId": "ann",
            "policyDocument": {"Version": "2012-10-17", "Statement": statements},
            "context": {"level": 7, "admin": True, "request": context.aws_request_id}}
"""
_REQUEST = """
def handler(event, context):
    effect = "Allow" if event["queryStringParameters"]["who"] == "ann" else "Deny"
    assert event["type"] == "REQUEST" and event["requestContext"]["apiId"]
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": event["methodArn"]}
    headers = {name.lower(): value for name, value in event["headers"].items()}
    return {"principalId": headers["x-id"],
            "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
"""


class Guarded:
    """An API whose `GET /` an authorizer guards."""

    def __init__(self, functions: Functions, source: str, **authorizer: Any) -> None:
        self.cloud, client = functions.cloud, functions.client
        arn = functions.make(source)
        uri = LAMBDA_URI.replace("arn:aws:lambda:us-east-1:000000000000:function:pets", arn)
        self.api, root = new_api(client)
        functions.allow(self.api, "authorizers/*")
        self.id = client.create_authorizer(
            restApiId=self.api, name="guard", authorizerUri=uri, **authorizer
        )["id"]
        body = '{"who": "$context.authorizer.principalId", "level": "$context.authorizer.level",'
        body += ' "admin": "$context.authorizer.admin", "at": "$context.authorizer.request"}'
        method = {"authorizationType": "CUSTOM", "authorizerId": self.id}
        add_mock(client, self.api, root, body=body, **method)
        deploy(client, self.api)

    def get(self, path: str = "/prod", **headers: str) -> tuple[int, Any]:
        """Call the API."""
        answer = call(self.cloud, self.api, path, headers=headers)
        return answer.status, answer.json


def test_a_token_authorizer_decides(functions: Functions) -> None:
    guarded = Guarded(
        functions,
        _TOKEN,
        type="TOKEN",
        identitySource="method.request.header.X-Token",
        identityValidationExpression="[a-z]+",
    )
    status, seen = guarded.get(**{"X-Token": "allow"})
    assert (status, seen["who"], seen["level"], seen["admin"]) == (200, "ann", "7", "true")
    unauthorized = (401, {"message": "Unauthorized"})
    assert guarded.get() == unauthorized
    assert guarded.get(**{"X-Token": "NOT LOWER"}) == unauthorized
    assert guarded.get(**{"X-Token": "unknown"}) == unauthorized
    message = "User is not authorized to access this resource"
    for token in ("elsewhere", "nowhere"):
        assert guarded.get(**{"X-Token": token}) == (403, {"Message": message})
    explicit = {"Message": f"{message} with an explicit deny in an identity-based policy"}
    assert guarded.get(**{"X-Token": "deny"}) == (403, explicit)
    for token in ("broken", "silent"):
        assert guarded.get(**{"X-Token": token}) == (500, {"message": None})


def test_a_verdict_is_kept_for_its_time(cloud: CloudUnderTest, functions: Functions) -> None:
    guarded = Guarded(
        functions,
        _TOKEN,
        type="TOKEN",
        identitySource="method.request.header.X-Token",
        authorizerResultTtlInSeconds=60,
    )

    def asked() -> str:
        return str(guarded.get(**{"X-Token": "allow"})[1]["at"])

    first = asked()
    assert asked() == first
    cloud.advance(60)
    assert asked() != first


def test_an_access_log_tells_how_long_a_function_took(
    cloud: CloudUnderTest, functions: Functions
) -> None:
    source = "method.request.header.X-Token"
    guarded = Guarded(functions, _TOKEN, type="TOKEN", identitySource=source)
    names = ("status", "latency", "integrationStatus", "integrationLatency", "request", "requestId")
    line = "|".join(["$context.requestId", *(f"$context.authorizer.{one}" for one in names)])
    group = f"arn:aws:logs:{cloud.region}:{cloud.account}:log-group:access"
    cloud.client("logs").create_log_group(logGroupName="access")
    settings = {"destinationArn": group, "format": line}
    patches = [
        {"op": "replace", "path": f"/accessLogSettings/{name}", "value": value}
        for name, value in settings.items()
    ]
    place = {"restApiId": guarded.api, "stageName": "prod"}
    functions.client.update_stage(**place, patchOperations=patches)
    for _ in range(2):
        guarded.get(**{"X-Token": "allow"})
    cloud.settle()
    events = cloud.client("logs").filter_log_events(logGroupName="access")["events"]
    asked, kept = (one["message"].split("|")[1:] for one in events)
    assert (asked[0], asked[2]) == ("200", "200")
    assert int(asked[1]) >= int(asked[3])
    assert asked[4] == asked[5]
    assert (kept[0], kept[2:]) == ("200", ["-", "-", asked[4], "-"])


def test_a_request_authorizer_decides(functions: Functions) -> None:
    source = "method.request.header.X-Id, method.request.querystring.who"
    guarded = Guarded(functions, _REQUEST, type="REQUEST", identitySource=source)
    assert guarded.get("/prod?who=ann", **{"x-id": "1"})[1]["who"] == "1"
    assert guarded.get("/prod?who=bob", **{"x-id": "1"})[0] == 403
    assert guarded.get("/prod?who=ann") == (401, {"message": "Unauthorized"})


def test_an_authorizer_lives(client: Any) -> None:
    api, root = new_api(client)
    made = client.create_authorizer(
        restApiId=api,
        name="guard",
        type="TOKEN",
        authorizerUri=LAMBDA_URI,
        identitySource="method.request.header.Authorization",
    )
    assert (made["authType"], "authorizerResultTtlInSeconds" in made) == ("custom", False)
    place = {"restApiId": api, "authorizerId": made["id"]}
    patch = [{"op": "replace", "path": "/authorizerResultTtlInSeconds", "value": "5"}]
    client.update_authorizer(**place, patchOperations=patch)
    assert client.get_authorizer(**place)["authorizerResultTtlInSeconds"] == 5
    assert len(client.get_authorizers(restApiId=api)["items"]) == 1
    add_mock(client, api, root, authorizationType="CUSTOM", authorizerId=made["id"])
    assert refused(lambda: client.delete_authorizer(**place))[0] == "ConflictException"
    client.delete_method(restApiId=api, resourceId=root, httpMethod="GET")
    client.delete_authorizer(**place)
    error = refused(lambda: client.get_authorizer(**place))
    assert error == ("NotFoundException", 404, "Invalid Authorizer identifier specified")


@pytest.mark.parametrize(
    ("authorizer", "message"),
    [
        (
            {"type": "COGNITO_USER_POOLS", "providerARNs": ["arn:aws:cognito-idp:x"]},
            "Invalid provider ARN specified: arn:aws:cognito-idp:x",
        ),
        (
            {"type": "COGNITO_USER_POOLS"},
            "ProviderARNs cannot be empty",
        ),
        (
            {"type": "TOKEN"},
            "Invalid Authorizer URI: null. Authorizer URI should be a valid API Gateway ARN that "
            "represents a Lambda function invocation.",
        ),
        (
            {"type": "TOKEN", "authorizerUri": LAMBDA_URI},
            "IdentitySource cannot be empty",
        ),
        (
            {
                "type": "TOKEN",
                "authorizerUri": LAMBDA_URI,
                "identitySource": "method.request.header.A",
                "authorizerResultTtlInSeconds": 3601,
            },
            "Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 "
            "seconds.",
        ),
    ],
)
def test_bad_authorizers_are_refused(client: Any, authorizer: dict[str, Any], message: str) -> None:
    api, _ = new_api(client)
    error = refused(lambda: client.create_authorizer(restApiId=api, name="a", **authorizer))
    assert error == ("BadRequestException", 400, message)


def test_an_authorizer_needs_its_api(client: Any) -> None:
    token = {"type": "TOKEN", "authorizerUri": LAMBDA_URI, "name": "a"}
    error = refused(lambda: client.create_authorizer(restApiId="none", **token))
    assert error[:2] == ("ConflictException", 409)
    assert error[2].startswith("Unable to complete operation due to concurrent modification.")


def test_a_document_brings_its_authorizer(client: Any) -> None:
    scheme = {
        "type": "apiKey",
        "name": "X-Token",
        "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": LAMBDA_URI},
    }
    document = {
        "openapi": "3.0.1",
        "info": {"title": "guarded"},
        "paths": {"/": {"get": {"security": [{"guard": []}]}}},
        "components": {"securitySchemes": {"guard": scheme}},
    }
    api = imported(client, json.loads(json.dumps(document)))
    (authorizer,) = client.get_authorizers(restApiId=api)["items"]
    assert authorizer["name"] == "guard"
    assert authorizer["identitySource"] == "method.request.header.X-Token"
    root = client.get_rest_api(restApiId=api)["rootResourceId"]
    method = client.get_method(restApiId=api, resourceId=root, httpMethod="GET")
    assert (method["authorizationType"], method["authorizerId"]) == ("CUSTOM", authorizer["id"])


def test_the_resource_policy_takes_part(functions: Functions) -> None:
    source = "method.request.header.X-Token"
    guarded = Guarded(functions, _TOKEN, type="TOKEN", identitySource=source)
    statement = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}

    def under(effect: str) -> tuple[int, Any]:
        policy = json.dumps(
            {"Version": "2012-10-17", "Statement": [{**statement, "Effect": effect}]}
        )
        patch = [{"op": "replace", "path": "/policy", "value": policy}]
        functions.client.update_rest_api(restApiId=guarded.api, patchOperations=patch)
        deploy(functions.client, guarded.api)
        return guarded.get(**{"X-Token": "elsewhere"})

    assert guarded.get(**{"X-Token": "elsewhere"})[0] == 403
    assert under("Allow")[0] == 200
    status, answer = under("Deny")
    assert (status, "with an explicit deny" in answer["Message"]) == (403, True)
    assert guarded.get(**{"X-Token": "allow"})[0] == 403


def test_an_authorizer_is_tried(functions: Functions) -> None:
    source = "method.request.header.X-Token"
    guarded = Guarded(functions, _TOKEN, type="TOKEN", identitySource=source)
    place = {"restApiId": guarded.api, "authorizerId": guarded.id}

    def tried(token: str) -> dict[str, Any]:
        answer: dict[str, Any] = functions.client.test_invoke_authorizer(
            **place, headers={"X-Token": token}
        )
        return answer

    allowed = tried("allow")
    assert (allowed["clientStatus"], allowed["principalId"]) == (0, "ann")
    (statement,) = json.loads(allowed["policy"])["Statement"]
    assert statement["Resource"].endswith(f"{guarded.api}/ESTestInvoke-stage/GET/")
    assert "Successfully completed authorizer execution" in allowed["log"]
    assert tried("unknown")["clientStatus"] == 401
    assert tried("")["clientStatus"] == 401
    assert tried("broken")["clientStatus"] == 500
    error = refused(
        lambda: functions.client.test_invoke_authorizer(restApiId=guarded.api, authorizerId="none")
    )
    assert error == ("NotFoundException", 404, "Invalid Authorizer identifier specified")
