"""Who may connect to WebSocket APIs, and who may reach their connections."""

from __future__ import annotations

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
