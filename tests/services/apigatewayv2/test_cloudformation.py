"""Stacks of HTTP and WebSocket APIs."""

from __future__ import annotations

import copy
import json
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .backend import Backend
from .functions import Functions
from .sockets import opened
from .support import call
from .templates import http_template, resource

LOG = "arn:aws:logs:us-east-1:000000000000:log-group:access"
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


def _deploy(cloud: CloudUnderTest, template: dict[str, Any], operation: str) -> dict[str, str]:
    """Create or update the stack `pets`; return its outputs."""
    stacks = cloud.client("cloudformation")
    params = {"StackName": "pets", "TemplateBody": json.dumps(template)}
    getattr(stacks, operation)(**params, Capabilities=_CAPABILITIES)
    cloud.settle()
    stack = stacks.describe_stacks(StackName="pets")["Stacks"][0]
    done = "CREATE_COMPLETE" if operation == "create_stack" else "UPDATE_COMPLETE"
    events = stacks.describe_stack_events(StackName="pets")["StackEvents"]
    assert stack["StackStatus"] == done, [one.get("ResourceStatusReason") for one in events]
    return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}


def test_an_http_api_is_made_changed_and_taken_away(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    template = http_template(backend.url)
    outputs = _deploy(cloud, template, "create_stack")
    api = outputs["Api"]
    assert outputs["Endpoint"] == f"https://{api}.execute-api.us-east-1.amazonaws.com"
    assert outputs["Arn"] == f"arn:aws:execute-api:us-east-1:000000000000:{api}"
    assert outputs["Domain"].startswith("d-")
    answer = call(cloud, api, "/dev/open")
    assert (answer.status, answer.json["headers"]["x-a"]) == (201, "1")
    assert call(cloud, api, "/dev/closed").status == 401
    assert call(cloud, "api.example.com", "/v1/open").status == 201
    assert client.get_api(ApiId=api)["Tags"]["a"] == "1"
    changed = copy.deepcopy(template)
    resources = changed["Resources"]
    resources["Api"]["Properties"] |= {"Name": "dogs", "Tags": {"b": "2"}}
    resources["Integration"]["Properties"]["IntegrationUri"] = backend.url + "/two"
    del resources["Integration"]["Properties"]["RequestParameters"]
    del resources["Integration"]["Properties"]["ResponseParameters"]
    resources["Closed"]["Properties"] |= {"AuthorizationType": "NONE"}
    del resources["Closed"]["Properties"]["AuthorizerId"], resources["Authorizer"]
    resources["Stage"]["Properties"]["StageVariables"] = {"b": "2"}
    resources["Mapping"]["Properties"]["ApiMappingKey"] = "v2"
    resources["Link"]["Properties"]["Name"] = "other"
    assert _deploy(cloud, changed, "update_stack")["Api"] == api
    answer = call(cloud, api, "/dev/closed")
    assert (answer.status, answer.json["target"]) == (200, "/two")
    assert "x-a" not in answer.json["headers"]
    assert client.get_authorizers(ApiId=api)["Items"] == []
    assert client.get_stage(ApiId=api, StageName="dev")["StageVariables"] == {"b": "2"}
    found = client.get_api(ApiId=api)
    assert (found["Name"], found["Tags"]["b"], "a" in found["Tags"]) == ("dogs", "2", False)
    assert call(cloud, "api.example.com", "/v2/open").status == 200
    assert client.get_vpc_links()["Items"][0]["Name"] == "other"
    cloud.client("cloudformation").delete_stack(StackName="pets")
    cloud.settle()
    assert client.get_apis()["Items"] == []
    assert client.get_domain_names()["Items"] == []


def test_another_protocol_makes_another_api(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    template: dict[str, Any] = {
        "Resources": {"Api": resource("Api", Name="pets", ProtocolType="HTTP", Target=backend.url)},
        "Outputs": {"Api": {"Value": {"Ref": "Api"}}},
    }
    first = _deploy(cloud, template, "create_stack")["Api"]
    assert call(cloud, first, "/").status == 200
    properties = template["Resources"]["Api"]["Properties"]
    del properties["Target"]
    properties |= {"ProtocolType": "WEBSOCKET", "RouteSelectionExpression": "$request.body.a"}
    second = _deploy(cloud, template, "update_stack")["Api"]
    assert second != first
    assert [one["ApiId"] for one in client.get_apis()["Items"]] == [second]


def test_what_quick_create_makes_is_overridden(
    cloud: CloudUnderTest, client: Any, backend: Backend
) -> None:
    overrides: dict[str, Any] = {
        "Integration": {"Description": "mine", "TimeoutInMillis": "5000"},
        "Route": {"OperationName": "all", "AuthorizationType": "AWS_IAM"},
        "Stage": {
            "AutoDeploy": "true",
            "DefaultRouteSettings": {"ThrottlingBurstLimit": "7"},
            "StageVariables": {"color": "blue"},
            "AccessLogSettings": {"DestinationArn": LOG, "Format": "$context.requestId"},
        },
    }
    made = resource("ApiGatewayManagedOverrides", ApiId={"Ref": "Api"}, **overrides)
    template: dict[str, Any] = {
        "Resources": {
            "Api": resource("Api", Name="pets", ProtocolType="HTTP", Target=backend.url),
            "Overrides": made,
        },
        "Outputs": {"Api": {"Value": {"Ref": "Api"}}},
    }
    api = _deploy(cloud, template, "create_stack")["Api"]
    assert call(cloud, api, "/").status == 403
    (integration,) = client.get_integrations(ApiId=api)["Items"]
    assert (integration["Description"], integration["TimeoutInMillis"]) == ("mine", 5000)
    stage = client.get_stage(ApiId=api, StageName="$default")
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 7
    assert (stage["StageVariables"], stage["AccessLogSettings"]["DestinationArn"]) == (
        {"color": "blue"},
        LOG,
    )
    made["Properties"] = {"ApiId": {"Ref": "Api"}, "Stage": {"StageVariables": {"color": "red"}}}
    _deploy(cloud, template, "update_stack")
    assert call(cloud, api, "/").status == 200
    (integration,) = client.get_integrations(ApiId=api)["Items"]
    assert (integration.get("Description", ""), integration["TimeoutInMillis"]) == ("", 30000)
    stage = client.get_stage(ApiId=api, StageName="$default")
    assert ("AccessLogSettings" in stage, stage["StageVariables"]) == (False, {"color": "red"})
    del template["Resources"]["Overrides"]
    _deploy(cloud, template, "update_stack")
    assert client.get_stage(ApiId=api, StageName="$default")["StageVariables"] == {}


def test_a_websocket_api_is_made(cloud: CloudUnderTest, client: Any) -> None:
    api = {"Ref": "Api"}
    schema = {"type": "object"}
    template = {
        "Resources": {
            "Api": resource(
                "Api",
                Name="chat",
                ProtocolType="WEBSOCKET",
                RouteSelectionExpression="$request.body.action",
            ),
            "Model": resource("Model", ApiId=api, Name="Chat", Schema=schema),
            "Mock": resource(
                "Integration",
                ApiId=api,
                IntegrationType="MOCK",
                RequestTemplates={"$default": '{"statusCode": 200}'},
            ),
            "MockResponse": resource(
                "IntegrationResponse",
                ApiId=api,
                IntegrationId={"Ref": "Mock"},
                IntegrationResponseKey="$default",
                ResponseTemplates={"$default": "pong"},
            ),
            "Route": resource(
                "Route",
                ApiId=api,
                RouteKey="ping",
                RouteResponseSelectionExpression="$default",
                Target={"Fn::Sub": "integrations/${Mock}"},
            ),
            "RouteResponse": resource(
                "RouteResponse", ApiId=api, RouteId={"Ref": "Route"}, RouteResponseKey="$default"
            ),
            "Deployment": {
                **resource("Deployment", ApiId=api, Description="first"),
                "DependsOn": ["RouteResponse", "MockResponse"],
            },
            "Stage": resource(
                "Stage", ApiId=api, StageName="dev", DeploymentId={"Ref": "Deployment"}
            ),
        },
        "Outputs": {"Api": {"Value": api}},
    }
    made = _deploy(cloud, template, "create_stack")["Api"]
    with opened(cloud, made) as socket:
        socket.send('{"action": "ping"}')
        assert socket.recv(20) == "pong"
    cloud.client("cloudformation").delete_stack(StackName="pets")
    cloud.settle()
    assert client.get_apis()["Items"] == []


def test_a_deployment_keeps_its_id_when_its_stage_is_another(
    cloud: CloudUnderTest, client: Any
) -> None:
    stages = {
        name.title(): resource("Stage", ApiId={"Ref": "Api"}, StageName=name)
        for name in ("dev", "prod")
    }
    integration = {"IntegrationType": "HTTP_PROXY", "IntegrationMethod": "GET"}
    integration |= {"IntegrationUri": "http://localhost", "PayloadFormatVersion": "1.0"}
    key = {"RouteKey": "GET /", "Target": {"Fn::Sub": "integrations/${Integration}"}}
    template: dict[str, Any] = {
        "Resources": {
            "Api": resource("Api", Name="pets", ProtocolType="HTTP"),
            "Integration": resource("Integration", ApiId={"Ref": "Api"}, **integration),
            "Route": resource("Route", ApiId={"Ref": "Api"}, **key),
            **stages,
            "Deployment": {
                **resource("Deployment", ApiId={"Ref": "Api"}, StageName="dev"),
                "DependsOn": ["Route", "Dev", "Prod"],
            },
        },
        "Outputs": {"Api": {"Value": {"Ref": "Api"}}, "Id": {"Value": {"Ref": "Deployment"}}},
    }
    made = _deploy(cloud, template, "create_stack")
    template["Resources"]["Deployment"]["Properties"] |= {"StageName": "prod", "Description": "b"}
    assert _deploy(cloud, template, "update_stack") == made
    for stage in ("dev", "prod"):
        answer = client.get_stage(ApiId=made["Api"], StageName=stage)
        assert answer["DeploymentId"] == made["Id"]
    answer = client.get_deployment(ApiId=made["Api"], DeploymentId=made["Id"])
    assert answer["Description"] == "b"


_PONG = """
def handler(event, context):
    return {"statusCode": 200, "body": "pong"}
"""


def test_a_serverless_websocket_api(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    arn = {"Fn::GetAtt": ["Function", "Arn"]}
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Api": {
                "Type": "AWS::Serverless::WebSocketApi",
                "Properties": {
                    "StageName": "dev",
                    "RouteSelectionExpression": "$request.body.action",
                    "Routes": {"$connect": {"FunctionArn": arn}, "ping": {"FunctionArn": arn}},
                },
            },
            "Function": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "Runtime": "python3.11",
                    "Handler": "index.handler",
                    "InlineCode": _PONG,
                },
            },
        },
        "Outputs": {"Api": {"Value": {"Ref": "Api"}}},
    }
    api = _deploy(cloud, template, "create_stack")["Api"]
    routes = client.get_routes(ApiId=api)["Items"]
    assert {one["RouteKey"] for one in routes} == {"$connect", "ping"}
    ping = next(one["RouteId"] for one in routes if one["RouteKey"] == "ping")
    client.create_route_response(ApiId=api, RouteId=ping, RouteResponseKey="$default")
    with opened(cloud, api) as socket:
        socket.send('{"action": "ping"}')
        assert socket.recv(20) == "pong"


_SOURCE = """
def handler(event, context):
    return {"path": event["rawPath"], "id": event.get("pathParameters", {}).get("id")}
"""


def _sam() -> dict[str, Any]:
    def event(path: str, method: str, **more: Any) -> dict[str, Any]:
        place = {"ApiId": {"Ref": "Api"}, "Path": path, "Method": method}
        return {"Type": "HttpApi", "Properties": {**place, **more}}

    return {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Api": {
                "Type": "AWS::Serverless::HttpApi",
                "Properties": {
                    "StageName": "dev",
                    "CorsConfiguration": {"AllowOrigins": ["*"], "AllowMethods": ["GET"]},
                    "Auth": {"EnableIamAuthorizer": True},
                    "Tags": {"team": "a"},
                },
            },
            "Function": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "Runtime": "python3.11",
                    "Handler": "index.handler",
                    "InlineCode": _SOURCE,
                    "Events": {
                        "One": event("/pets/{id}", "get"),
                        "Two": event("/signed", "any", Auth={"Authorizer": "AWS_IAM"}),
                        "Three": {"Type": "HttpApi", "Properties": {"Path": "/x", "Method": "GET"}},
                    },
                },
            },
        },
        "Outputs": {
            "Api": {"Value": {"Ref": "Api"}},
            "Default": {"Value": {"Ref": "ServerlessHttpApi"}},
        },
    }


def test_a_serverless_http_api_and_its_events(
    cloud: CloudUnderTest, client: Any, functions: Functions
) -> None:
    template = _sam()
    outputs = _deploy(cloud, template, "create_stack")
    api = outputs["Api"]
    assert call(cloud, api, "/dev/pets/7").json == {"path": "/dev/pets/7", "id": "7"}
    assert call(cloud, api, "/dev/signed").status == 403
    headers = {"Origin": "https://example.com"}
    answer = call(cloud, api, "/dev/pets/7", headers=headers)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert call(cloud, outputs["Default"], "/x").json["path"] == "/x"
    assert client.get_api(ApiId=api)["Tags"]["httpapi:createdBy"] == "SAM"
    events = template["Resources"]["Function"]["Properties"]["Events"]
    events["One"]["Properties"]["Path"] = "/dogs/{id}"
    assert _deploy(cloud, template, "update_stack")["Api"] == api
    assert call(cloud, api, "/dev/pets/7").status == 404
    assert call(cloud, api, "/dev/dogs/7").json["id"] == "7"
