"""A SAM stack, as a service of the reference system has it."""

from __future__ import annotations

import copy
import json
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

from .support import call

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
_URI = (
    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
    "${Function.Arn}/invocations"
)
_SOURCE = """
import json

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event["pathParameters"])}
"""


def _operation(**more: Any) -> dict[str, Any]:
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": _URI}}
    return {"responses": {}, "x-amazon-apigateway-integration": integration, **more}


def _template() -> dict[str, Any]:
    signed = {
        "sigv4": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
        }
    }
    document = {
        "openapi": "3.0.1",
        "info": {"title": "places", "version": "1"},
        "paths": {
            "/places/{id}": {"get": _operation(), "put": _operation(security=[{"sigv4": []}])}
        },
        "components": {"securitySchemes": signed},
    }
    event = {"RestApiId": {"Ref": "Api"}, "Path": "/places/{id}"}
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Api": {
                "Type": "AWS::Serverless::Api",
                "Properties": {
                    "Name": {"Ref": "AWS::StackName"},
                    "StageName": "prod",
                    "OpenApiVersion": "3.0.1",
                    "EndpointConfiguration": {"Type": "REGIONAL"},
                    "MethodSettings": [
                        {"HttpMethod": "*", "ResourcePath": "/*", "ThrottlingBurstLimit": 100}
                    ],
                    "DefinitionBody": document,
                },
            },
            "Function": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "Runtime": "python3.11",
                    "Handler": "index.handler",
                    "InlineCode": _SOURCE,
                    "Events": {
                        "Read": {"Type": "Api", "Properties": {**event, "Method": "get"}},
                        "Write": {"Type": "Api", "Properties": {**event, "Method": "put"}},
                    },
                },
            },
        },
        "Outputs": {"Api": {"Value": {"Ref": "Api"}}},
    }


def test_a_sam_stack_is_deployed_changed_and_deleted(cloud: CloudUnderTest) -> None:
    stacks, template = cloud.client("cloudformation"), _template()
    params = {"StackName": "places", "Capabilities": _CAPABILITIES}

    def stack() -> Any:
        cloud.settle()
        return stacks.describe_stacks(StackName="places")["Stacks"][0]

    stacks.create_stack(**params, TemplateBody=json.dumps(template))
    made = stack()
    assert made["StackStatus"] == "CREATE_COMPLETE"
    api = made["Outputs"][0]["OutputValue"]
    assert call(cloud, api, "/prod/places/7").json == {"id": "7"}
    refused = call(cloud, api, "/prod/places/7", method="PUT", body=b"{}")
    assert (refused.status, refused.json) == (403, {"message": "Missing Authentication Token"})
    settings = cloud.client("apigateway").get_stage(restApiId=api, stageName="prod")
    assert settings["methodSettings"]["*/*"]["throttlingBurstLimit"] == 100

    changed = copy.deepcopy(template)
    paths = changed["Resources"]["Api"]["Properties"]["DefinitionBody"]["paths"]
    del paths["/places/{id}"]["get"]
    del changed["Resources"]["Function"]["Properties"]["Events"]["Read"]
    stacks.update_stack(**params, TemplateBody=json.dumps(changed))
    assert stack()["StackStatus"] == "UPDATE_COMPLETE"
    assert call(cloud, api, "/prod/places/7").status == 403
    assert len(cloud.client("apigateway").get_deployments(restApiId=api)["items"]) == 1

    stacks.delete_stack(StackName="places")
    cloud.settle()
    assert cloud.client("apigateway").get_rest_apis()["items"] == []


def test_a_bad_document_rolls_the_stack_back(cloud: CloudUnderTest) -> None:
    stacks, template = cloud.client("cloudformation"), _template()
    paths = template["Resources"]["Api"]["Properties"]["DefinitionBody"]["paths"]
    integration = paths["/places/{id}"]["get"]["x-amazon-apigateway-integration"]
    integration["uri"] = "nonsense"
    stacks.create_stack(
        StackName="places", TemplateBody=json.dumps(template), Capabilities=_CAPABILITIES
    )
    cloud.settle()
    made = stacks.describe_stacks(StackName="places")["Stacks"][0]
    assert made["StackStatus"] == "ROLLBACK_COMPLETE"
    events = stacks.describe_stack_events(StackName="places")["StackEvents"]
    reasons = [one.get("ResourceStatusReason", "") for one in events]
    assert any("Invalid ARN specified in the request" in one for one in reasons)
    assert cloud.client("apigateway").get_rest_apis()["items"] == []


def test_a_template_says_the_version(cloud: CloudUnderTest, client: Any) -> None:
    stacks = cloud.client("cloudformation")
    seen = []
    for operation, said in (
        (stacks.create_stack, {"Version": "1"}),
        (stacks.update_stack, {"Version": "2"}),
        (stacks.update_stack, {}),
    ):
        api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "pets", **said}}
        operation(StackName="pets", TemplateBody=json.dumps({"Resources": {"Api": api}}))
        cloud.settle()
        seen.append(client.get_rest_apis()["items"][0].get("version"))
    assert seen == ["1", "2", None]
