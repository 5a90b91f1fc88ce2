"""What integrations of WebSocket APIs are given, and what is made of their answers."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .backend import Backend
from .functions import Functions, uri
from .sockets import add_answer, add_function, opened
from .support import add_routes, serve, websocket_api


def test_endpoints_get_what_templates_and_parameters_make(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    api = websocket_api(client)
    made = client.create_integration(
        ApiId=api,
        IntegrationType="HTTP",
        IntegrationMethod="POST",
        IntegrationUri=backend.url + "/{stage}",
        RequestTemplates={"$default": '{"said": $input.json("$.text")}'},
        RequestParameters={
            "integration.request.header.x-connection": "context.connectionId",
            "integration.request.path.stage": "context.stage",
            "integration.request.querystring.kind": "'chat'",
        },
    )["IntegrationId"]
    client.create_integration_response(
        ApiId=api,
        IntegrationId=made,
        IntegrationResponseKey="/2\\d\\d/",
        ResponseTemplates={"$default": "$input.path('$.target') $input.path('$.body')"},
    )
    add_routes(client, api, made, "say", RouteResponseSelectionExpression="$default")
    add_answer(client, api, "say")
    serve(client, api, "dev")
    with opened(cloud, api) as socket:
        socket.send('{"action": "say", "text": "hi"}')
        assert socket.recv(20) == '/dev?kind=chat {"said": "hi"}'


def test_a_functions_response_is_chosen_by_its_error(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    source = """
def handler(event, context):
    if event["text"] == "hi":
        return {"said": "hi"}
    raise ValueError("no " + event["text"])
"""
    api = websocket_api(client)
    made = client.create_integration(
        ApiId=api, IntegrationType="AWS", IntegrationUri=uri(functions.make(source))
    )["IntegrationId"]
    templates = {"$default": "fine", "/no .*/": "$input.path('$.errorMessage')", "/500/": "never"}
    for key, template in templates.items():
        client.create_integration_response(
            ApiId=api,
            IntegrationId=made,
            IntegrationResponseKey=key,
            ResponseTemplates={"$default": template},
        )
    add_routes(client, api, made, "say", RouteResponseSelectionExpression="$default")
    add_answer(client, api, "say")
    serve(client, api, "dev")
    with opened(cloud, api) as socket:
        for text, answer in (("hi", "fine"), ("pets", "no pets")):
            socket.send(json.dumps({"action": "say", "text": text}))
            assert socket.recv(20) == answer


def test_access_logs_tell_of_integrations_and_failures(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    source = """
import json

def handler(event, context):
    if json.loads(event["body"])["action"] == "broken":
        raise ValueError("no pets")
    return {"statusCode": 201, "body": context.aws_request_id}
"""
    api, logs = websocket_api(client), cloud.client("logs")
    answers = {"RouteResponseSelectionExpression": "$default"}
    add_function(client, api, functions.make(source), "say", "broken", **answers)
    add_answer(client, api, "say")
    logs.create_log_group(logGroupName="access")
    group = f"arn:aws:logs:{cloud.region}:{cloud.account}:log-group:access"
    names = ["routeKey", "integration.requestId", "integration.status", "error.messageString"]
    names += ["integration.integrationStatus", "requestId"]
    line = "|".join(f"$context.{name}" for name in names)
    serve(client, api, "dev", AccessLogSettings={"DestinationArn": group, "Format": line})
    with opened(cloud, api) as socket:
        socket.send('{"action": "say"}')
        said = socket.recv(20)
        socket.send('{"action": "broken"}')
        assert "Internal server error" in str(socket.recv(20))
    cloud.settle()
    events = logs.filter_log_events(logGroupName="access")["events"]
    told = {one["message"].split("|")[0]: one["message"].split("|")[1:-1] for one in events}
    assert told["$connect"] == ["-", "-", "-", "-"]
    assert told["say"] == [said, "201", "-", "200"]
    assert told["broken"][1:] == ["-", '"Internal server error"', "-"]
