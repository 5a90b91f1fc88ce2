"""WebSocket APIs, by a real client."""

from __future__ import annotations

import json
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from cloudarium.pytest_plugin import CloudUnderTest

from .backend import Backend
from .functions import Functions, trust
from .sockets import add_answer, add_function, add_mock, management, opened
from .support import add_routes, call, measured, serve, websocket_api

ECHO = """
import json
def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event)}
"""
KEEP = """
import json
import os
import boto3

def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody=json.dumps(event))
    return {"statusCode": 200}
"""


def test_messages_are_told_apart_and_answered(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    api = websocket_api(client)
    add_function(client, api, functions.make(ECHO), "send", "$default")
    add_answer(client, api, "send")
    add_mock(client, api, "mock", '{"pong": "$context.connectionId"}')
    serve(client, api, "dev", StageVariables={"a": "1"})
    with opened(cloud, api) as socket:
        socket.send('{"action": "mock"}')
        connection = json.loads(socket.recv(20))["pong"]
        socket.send('{"action": "send", "n": 1}')
        event = json.loads(socket.recv(20))
        socket.send(b"\x00\x01")
        socket.send('{"action": "mock"}')
        assert "pong" in json.loads(socket.recv(20))
    context = event.pop("requestContext")
    assert event == {
        "body": '{"action": "send", "n": 1}',
        "isBase64Encoded": False,
        "stageVariables": {"a": "1"},
    }
    assert (context["routeKey"], context["eventType"]) == ("send", "MESSAGE")
    assert (context["connectionId"], context["apiId"]) == (connection, api)
    assert (context["stage"], context["messageDirection"]) == ("dev", "IN")
    assert context["domainName"] == f"{api}.execute-api.localhost"
    assert context["connectedAt"] == int(cloud.now * 1000)
    assert context["identity"]["sourceIp"] == "127.0.0.1"


def test_a_message_without_a_route_or_whose_function_fails_is_told_so(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    api = websocket_api(client)
    add_function(client, api, functions.make("def handler(e, c):\n    raise ValueError"), "broken")
    serve(client, api, "dev")
    with opened(cloud, api) as socket:
        socket.send('{"action": "unknown"}')
        told = json.loads(socket.recv(20))
        assert told["message"] == "Forbidden"
        assert told["connectionId"] and told["requestId"]
        socket.send('{"action": "broken"}')
        assert json.loads(socket.recv(20))["message"] == "Internal server error"
    assert measured(cloud, "ClientError", ApiId=api, Stage="dev") == 1
    assert measured(cloud, "IntegrationError", ApiId=api, Stage="dev") == 1
    assert measured(cloud, "MessageCount", ApiId=api) == 2
    assert measured(cloud, "ConnectCount", ApiId=api) == 1


def test_connect_and_disconnect_are_events(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    queue = cloud.client("sqs").create_queue(QueueName="events")["QueueUrl"]
    statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    cloud.client("iam").put_role_policy(RoleName="fn", PolicyName="p", PolicyDocument=policy)
    function = functions.make(KEEP)
    cloud.client("lambda").update_function_configuration(
        FunctionName="pets", Environment={"Variables": {"QUEUE": queue}}
    )
    cloud.settle()
    api = websocket_api(client)
    add_function(client, api, function, "$connect", "$disconnect")
    serve(client, api, "dev")
    with opened(cloud, api, "?name=ann", additional_headers={"X-Mine": "1"}) as socket:
        socket.close(4000, "enough")
    sqs = cloud.client("sqs")
    found: dict[str, Any] = {}
    while len(found) < 2:
        # The clock stands still: the queue answers once something comes.
        answer = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20, MaxNumberOfMessages=10)
        for message in answer["Messages"]:
            event = json.loads(message["Body"])
            found[event["requestContext"]["eventType"]] = event
    connected, gone = found["CONNECT"], found["DISCONNECT"]
    assert connected["headers"]["X-Mine"] == "1"
    assert connected["queryStringParameters"] == {"name": "ann"}
    context = gone["requestContext"]
    assert (context["disconnectStatusCode"], context["disconnectReason"]) == (4000, "enough")
    assert context["connectionId"] == connected["requestContext"]["connectionId"]


def test_connect_may_refuse_and_choose_a_protocol(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    source = """
def handler(event, context):
    name = (event.get("queryStringParameters") or {}).get("name")
    if name == "broken":
        raise ValueError
    status = 200 if name == "ann" else 401
    return {"statusCode": status, "headers": {"Sec-WebSocket-Protocol": "two"}}
"""
    api = websocket_api(client)
    add_function(client, api, functions.make(source), "$connect")
    serve(client, api, "dev")
    with opened(cloud, api, "?name=ann", subprotocols=["one", "two"]) as socket:
        assert socket.subprotocol == "two"
    for name, status in (("eve", 401), ("broken", 502)):
        with pytest.raises(InvalidStatus) as refused, opened(cloud, api, f"?name={name}"):
            pass
        assert refused.value.response.status_code == status


def test_a_backend_posts_looks_and_ends(cloud: CloudUnderTest, client: Any) -> None:
    api = websocket_api(client)
    add_mock(client, api, "id", "$context.connectionId")
    serve(client, api, "dev")
    connections = management(cloud, api)
    with opened(cloud, api) as socket:
        socket.send('{"action": "id"}')
        name = str(socket.recv(20))
        connections.post_to_connection(ConnectionId=name, Data=b"hello")
        assert socket.recv(20) == "hello"
        large = b"x" * (128 * 1024)
        connections.post_to_connection(ConnectionId=name, Data=large)
        assert socket.recv(20) == large.decode()
        with pytest.raises(connections.exceptions.PayloadTooLargeException):
            connections.post_to_connection(ConnectionId=name, Data=large + b"x")
        shown = connections.get_connection(ConnectionId=name)
        assert shown["ConnectedAt"].timestamp() == cloud.now
        assert shown["Identity"]["SourceIp"] == "127.0.0.1"
        connections.delete_connection(ConnectionId=name)
        with pytest.raises(ConnectionClosed):
            socket.recv(20)
    with pytest.raises(connections.exceptions.GoneException):
        connections.post_to_connection(ConnectionId=name, Data=b"hello")
    with pytest.raises(connections.exceptions.GoneException):
        connections.get_connection(ConnectionId=name)


def test_silence_and_age_end_a_connection(cloud: CloudUnderTest, client: Any) -> None:
    api = websocket_api(client)
    add_mock(client, api, "id", "$context.connectionId")
    serve(client, api, "dev")
    with opened(cloud, api) as socket:
        cloud.advance(599)
        socket.send('{"action": "id"}')
        socket.recv(20)
        cloud.advance(599)
        socket.send('{"action": "id"}')
        socket.recv(20)
        cloud.advance(600)
        with pytest.raises(ConnectionClosed) as ended:
            socket.recv(20)
        assert ended.value.rcvd is not None and ended.value.rcvd.code == 1001
    with opened(cloud, api) as socket:
        for _ in range(13):
            cloud.advance(550)
            socket.send('{"action": "id"}')
            socket.recv(20)
        cloud.advance(51)
        with pytest.raises(ConnectionClosed):
            socket.recv(20)


@pytest.mark.parametrize("frames", [[40 * 1024], [30 * 1024] * 5])
def test_what_is_too_large_ends_a_connection(
    cloud: CloudUnderTest, client: Any, frames: list[int]
) -> None:
    api = websocket_api(client)
    add_mock(client, api, "$default", "ok")
    serve(client, api, "dev")
    with opened(cloud, api) as socket:
        socket.send(["x" * (30 * 1024)] * 4)
        assert socket.recv(20) == "ok"
        with pytest.raises(ConnectionClosed) as ended:
            socket.send(["x" * size for size in frames])
            socket.recv(20)
        assert ended.value.rcvd is not None and ended.value.rcvd.code == 1009


def test_a_private_endpoint_is_called_by_its_address(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    api, rest = websocket_api(client), cloud.client("apigateway")
    arn = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/a/b"
    link = rest.create_vpc_link(name="link", targetArns=[arn])["id"]
    over: dict[str, Any] = {"ApiId": api, "ConnectionType": "VPC_LINK"}
    http = {"IntegrationMethod": "POST", "IntegrationUri": "http://nlb.invalid/private"}
    (cloud.folder / "endpoints.json").write_text(json.dumps({"http://nlb.invalid": backend.url}))
    for bad in ({"IntegrationType": "HTTP", **http}, {"IntegrationType": "MOCK"}):
        with pytest.raises(client.exceptions.BadRequestException):
            client.create_integration(**over, **bad)
    made = client.create_integration(
        **over, **http, IntegrationType="HTTP_PROXY", ConnectionId=link
    )
    assert (made["ConnectionType"], made["ConnectionId"]) == ("VPC_LINK", link)
    add_routes(
        client, api, made["IntegrationId"], "say", RouteResponseSelectionExpression="$default"
    )
    add_answer(client, api, "say")
    serve(client, api, "dev")
    with opened(cloud, api) as socket:
        socket.send('{"action": "say"}')
        assert json.loads(socket.recv(20))["target"] == "/private"


def test_a_services_action_is_called_as_a_role(cloud: CloudUnderTest, client: Any) -> None:
    sqs, iam = cloud.client("sqs"), cloud.client("iam")
    queue = sqs.create_queue(QueueName="said")["QueueUrl"]
    role = iam.create_role(RoleName="api", AssumeRolePolicyDocument=trust("apigateway"))["Role"]
    statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName="api", PolicyName="p", PolicyDocument=policy)
    api = websocket_api(client)
    form = "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"
    made = client.create_integration(
        ApiId=api,
        IntegrationType="AWS",
        IntegrationMethod="POST",
        IntegrationUri=f"arn:aws:apigateway:us-east-1:sqs:path/{cloud.account}/said",
        CredentialsArn=role["Arn"],
        RequestTemplates={"$default": form},
        RequestParameters={
            "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"
        },
    )["IntegrationId"]
    add_routes(client, api, made, "$default", RouteResponseSelectionExpression="$default")
    add_answer(client, api, "$default")
    serve(client, api, "dev")
    with opened(cloud, api) as socket:
        socket.send("hello there")
        assert "SendMessageResponse" in json.loads(socket.recv(20))
    assert sqs.receive_message(QueueUrl=queue)["Messages"][0]["Body"] == "hello there"


def test_messages_are_validated_by_their_routes_model(cloud: CloudUnderTest, client: Any) -> None:
    api = websocket_api(client)
    said = {"type": "string", "minLength": 2}
    client.create_model(ApiId=api, Name="Said", Schema=json.dumps(said))
    reference = f"https://apigateway.amazonaws.com/restapis/{api}/models/Said"
    properties = {"text": {"$ref": reference}}
    schema = {"type": "object", "required": ["text"], "properties": properties}
    client.create_model(ApiId=api, Name="Chat", Schema=json.dumps(schema))
    add_mock(client, api, "say", "ok")
    route = client.get_routes(ApiId=api)["Items"][0]["RouteId"]
    client.update_route(
        ApiId=api,
        RouteId=route,
        RequestModels={"$default": "Chat"},
        ModelSelectionExpression="$request.body.kind",
    )
    serve(client, api, "dev")
    with opened(cloud, api) as socket:
        socket.send('{"action": "say"}')
        assert json.loads(socket.recv(20))["message"] == "Invalid request body"
        socket.send('{"action": "say", "text": "h"}')
        assert json.loads(socket.recv(20))["message"] == "Invalid request body"
        socket.send('{"action": "say", "text": "hi"}')
        assert socket.recv(20) == "ok"


def test_what_is_no_handshake_is_refused_and_the_line_goes_on(
    cloud: CloudUnderTest, client: Any
) -> None:
    api = websocket_api(client)
    add_mock(client, api, "$default", "ok")
    serve(client, api, "dev")
    assert call(cloud, api, "/dev").status == 403
    with pytest.raises(InvalidStatus) as refused, opened(cloud, api, stage="other"):
        pass
    assert refused.value.response.status_code == 404


def test_a_function_posts_to_the_connection_it_hears_from(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    source = """
import os
import boto3

def handler(event, context):
    about = event["requestContext"]
    url = f"{os.environ['AWS_ENDPOINT_URL']}/_aws/execute-api/{about['apiId']}/{about['stage']}"
    connections = boto3.client("apigatewaymanagementapi", endpoint_url=url)
    connections.post_to_connection(ConnectionId=about["connectionId"], Data=b"posted")
    return {"statusCode": 200}
"""
    statement = {"Effect": "Allow", "Action": "execute-api:ManageConnections", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    cloud.client("iam").put_role_policy(RoleName="fn", PolicyName="p", PolicyDocument=policy)
    api = websocket_api(client)
    add_function(client, api, functions.make(source), "$default")
    serve(client, api, "dev")
    with opened(cloud, api) as socket:
        socket.send("hello")
        assert socket.recv(20) == "posted"
        client.delete_api(ApiId=api)
        socket.send("anybody?")
        with pytest.raises(ConnectionClosed):
            socket.recv(20)


def test_what_became_of_events_is_logged(cloud: CloudUnderTest, client: Any) -> None:
    api = websocket_api(client)
    add_mock(client, api, "say", "ok")
    settings = {"LoggingLevel": "INFO", "DataTraceEnabled": True}
    serve(client, api, "dev", DefaultRouteSettings=settings)
    with opened(cloud, api) as socket:
        socket.send('{"action": "say"}')
        socket.recv(20)
    cloud.settle()
    group = f"/aws/apigateway/{api}/dev"
    events = cloud.client("logs").filter_log_events(logGroupName=group)["events"]
    text = "\n".join(one["message"] for one in events)
    assert "Selected route: say" in text
    assert "Successfully completed execution" in text
