"""X-Ray's resource types in stacks."""

from __future__ import annotations

import urllib.request
from typing import Any

from .support import Traces, refused

_TEMPLATE = """
Resources:
  Slow:
    Type: AWS::XRay::Group
    Properties:
      GroupName: slow
      FilterExpression: duration > %(seconds)d
      InsightsConfiguration: {InsightsEnabled: true}
      Tags: [{Key: team, Value: shop}]
  Carts:
    Type: AWS::XRay::SamplingRule
    Properties:
      SamplingRule:
        RuleName: carts
        ResourceARN: "*"
        Priority: 10
        FixedRate: %(rate)s
        ReservoirSize: 5
        ServiceName: "*"
        ServiceType: "*"
        Host: "*"
        HTTPMethod: GET
        URLPath: /carts/*
        Version: 1
  Policy:
    Type: AWS::XRay::ResourcePolicy
    Properties:
      PolicyName: sns
      PolicyDocument: '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]}'
Outputs:
  Group: {Value: !GetAtt Slow.GroupARN}
  Rule: {Value: !Ref Carts}
"""


def _outputs(stacks: Any, status: str) -> dict[str, str]:
    (stack,) = stacks.describe_stacks(StackName="s")["Stacks"]
    assert stack["StackStatus"] == status
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


def test_a_stack_makes_changes_and_removes_them(traces: Traces) -> None:
    stacks, client = traces.cloud.client("cloudformation"), traces.client
    stacks.create_stack(StackName="s", TemplateBody=_TEMPLATE % {"seconds": 3, "rate": 0.5})
    traces.cloud.advance(60)
    outputs = _outputs(stacks, "CREATE_COMPLETE")
    group = client.get_group(GroupName="slow")["Group"]
    assert (outputs["Group"], group["FilterExpression"]) == (group["GroupARN"], "duration > 3")
    assert group["InsightsConfiguration"]["InsightsEnabled"] is True
    tags = client.list_tags_for_resource(ResourceARN=outputs["Group"])["Tags"]
    assert tags == [{"Key": "team", "Value": "shop"}]
    assert outputs["Rule"].endswith(":sampling-rule/carts")
    assert len(client.list_resource_policies()["ResourcePolicies"]) == 1
    stacks.update_stack(StackName="s", TemplateBody=_TEMPLATE % {"seconds": 4, "rate": 1})
    traces.cloud.advance(60)
    assert _outputs(stacks, "UPDATE_COMPLETE") == outputs
    assert client.get_group(GroupName="slow")["Group"]["FilterExpression"] == "duration > 4"
    rules = client.get_sampling_rules()["SamplingRuleRecords"]
    assert [each["SamplingRule"]["FixedRate"] for each in rules] == [0.05, 1.0]
    stacks.delete_stack(StackName="s")
    traces.cloud.advance(60)
    assert refused(client.get_group, GroupName="slow")[1] == "Group not found"
    assert len(client.get_sampling_rules()["SamplingRuleRecords"]) == 1
    assert client.list_resource_policies()["ResourcePolicies"] == []


_SERVERLESS = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Tracing: Active}
  Api: {TracingEnabled: true}
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): return {'statusCode': 200}"
      Events:
        Get:
          Type: Api
          Properties: {Path: /, Method: get}
Outputs:
  Api: {Value: !Ref ServerlessRestApi}
"""


def test_a_serverless_template_s_tracing_traces(traces: Traces) -> None:
    cloud = traces.cloud
    stacks = cloud.client("cloudformation")
    capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
    stacks.create_stack(StackName="s", TemplateBody=_SERVERLESS, Capabilities=capabilities)
    cloud.advance(60)
    api = _outputs(stacks, "CREATE_COMPLETE")["Api"]
    with urllib.request.urlopen(f"{cloud.endpoint}/_aws/execute-api/{api}/Prod/") as answer:
        assert answer.status == 200
        root = answer.headers["X-Amzn-Trace-Id"].partition("=")[2].partition(";")[0]
    cloud.settle()
    origins = sorted(each["origin"] for each in traces.documents(root).values())
    assert origins == ["AWS::ApiGateway::Stage", "AWS::Lambda", "AWS::Lambda::Function"]
