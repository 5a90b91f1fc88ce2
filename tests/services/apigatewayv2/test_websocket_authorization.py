"""Who may connect to WebSocket APIs, and who may reach their connections."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from websockets.exceptions import InvalidStatus

from cloudarium.pytest_plugin import CloudUnderTest

from .functions import Functions, uri
from .sockets import add_mock, opened
from .support import call, serve, websocket_api


def test_a_backend_must_be_allowed(cloud: CloudUnderTest, client: Any) -> None:
    api = websocket_api(client)
    add_mock(client, api, "id", "$context.connectionId")
    serve(client, api, "dev")
    answer = call(cloud, api, "/dev/@connections/abc", method="POST", body=b"x")
    assert answer.status == 403
    iam = cloud.client("iam")
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=f"{cloud.endpoint}/_aws/execute-api/{api}/dev",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        region_name="us-east-1",
    )
    with pytest.raises(ann.exceptions.ForbiddenException) as refused:
        ann.get_connection(ConnectionId="abc")
    assert "execute-api:ManageConnections" in str(refused.value)


def test_a_function_decides_who_connects(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    source = """
def handler(event, context):
    name = event["queryStringParameters"]["name"]
    effect = "Allow" if name == "ann" else "Deny"
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": event["methodArn"]}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {"principalId": name, "policyDocument": policy, "context": {"n": 1}}
"""
    api = websocket_api(client)
    authorizer = client.create_authorizer(
        ApiId=api,
        AuthorizerType="REQUEST",
        AuthorizerUri=uri(functions.make(source, "names")),
        IdentitySource=["route.request.querystring.name"],
        Name="names",
    )["AuthorizerId"]
    client.create_route(
        ApiId=api, RouteKey="$connect", AuthorizationType="CUSTOM", AuthorizerId=authorizer
    )
    add_mock(client, api, "who", "$context.authorizer.principalId $context.authorizer.n")
    serve(client, api, "dev")
    with opened(cloud, api, "?name=ann") as socket:
        socket.send('{"action": "who"}')
        assert socket.recv(20) == "ann 1"
    for query, status in (("", 401), ("?name=eve", 403)):
        with pytest.raises(InvalidStatus) as refused, opened(cloud, api, query):
            pass
        assert refused.value.response.status_code == status


def test_a_signed_handshake_is_authorized(cloud: CloudUnderTest, client: Any) -> None:
    api = websocket_api(client)
    client.create_route(ApiId=api, RouteKey="$connect", AuthorizationType="AWS_IAM")
    add_mock(client, api, "$default", "ok")
    serve(client, api, "dev")
    with pytest.raises(InvalidStatus) as refused, opened(cloud, api):
        pass
    assert refused.value.response.status_code == 403
    port = urlsplit(cloud.endpoint).port
    request = AWSRequest("GET", f"http://{api}.execute-api.localhost:{port}/dev")
    SigV4Auth(Credentials("test", "test"), "execute-api", "us-east-1").add_auth(request)
    with opened(cloud, api, additional_headers=dict(request.headers.items())) as socket:
        socket.send("hello")
        assert socket.recv(20) == "ok"


def _key(rest: Any, api: str, **plan: Any) -> tuple[str, str]:
    """Make an API key of a usage plan with an API's stage `dev`; return the plan's id and it."""
    stages = [{"apiId": api, "stage": "dev"}]
    plan_id = rest.create_usage_plan(name="gold", apiStages=stages, **plan)["id"]
    key = rest.create_api_key(name="ann", value="a-key-of-twenty-chars", enabled=True)
    rest.create_usage_plan_key(usagePlanId=plan_id, keyId=key["id"], keyType="API_KEY")
    return plan_id, key["id"]


def test_a_route_may_require_an_api_key(cloud: CloudUnderTest, client: Any) -> None:
    api, rest = websocket_api(client), cloud.client("apigateway")
    client.create_route(ApiId=api, RouteKey="$connect", ApiKeyRequired=True)
    add_mock(client, api, "$default", "$context.stage")
    serve(client, api, "dev")
    plan, key = _key(rest, api, quota={"limit": 2, "period": "DAY"})

    def status(value: str | None) -> int:
        headers = {} if value is None else {"x-api-key": value}
        with pytest.raises(InvalidStatus) as found, opened(cloud, api, additional_headers=headers):
            pass
        return int(found.value.response.status_code)

    assert (status(None), status("another-key-altogether")) == (403, 403)
    right = {"x-api-key": "a-key-of-twenty-chars"}
    for _ in range(2):
        with opened(cloud, api, additional_headers=right) as socket:
            socket.send("hello")
            assert socket.recv(20) == "dev"
    assert status(right["x-api-key"]) == 429
    day = str(rest.get_usage(usagePlanId=plan, startDate=_day(cloud), endDate=_day(cloud))["items"])
    assert day == str({key: [[2, 0]]})
    client.delete_stage(ApiId=api, StageName="dev")
    assert rest.get_usage_plan(usagePlanId=plan)["apiStages"] == []


def _day(cloud: CloudUnderTest) -> str:
    return datetime.fromtimestamp(cloud.now, UTC).date().isoformat()


def test_an_authorizer_may_name_the_api_key(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    source = """
def handler(event, context):
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": event["methodArn"]}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    key = event["queryStringParameters"]["key"]
    return {"principalId": "ann", "policyDocument": policy, "usageIdentifierKey": key}
"""
    expression = "$context.authorizer.usageIdentifierKey"
    api = websocket_api(client, ApiKeySelectionExpression=expression)
    authorizer = client.create_authorizer(
        ApiId=api,
        AuthorizerType="REQUEST",
        AuthorizerUri=uri(functions.make(source, "keys")),
        IdentitySource=["route.request.querystring.key"],
        Name="keys",
    )["AuthorizerId"]
    connect = {"AuthorizationType": "CUSTOM", "AuthorizerId": authorizer}
    client.create_route(ApiId=api, RouteKey="$connect", ApiKeyRequired=True, **connect)
    add_mock(client, api, "$default", "ok")
    serve(client, api, "dev")
    _key(cloud.client("apigateway"), api)
    with opened(cloud, api, "?key=a-key-of-twenty-chars") as socket:
        socket.send("hello")
        assert socket.recv(20) == "ok"
    with pytest.raises(InvalidStatus) as refused, opened(cloud, api, "?key=another"):
        pass
    assert refused.value.response.status_code == 403
