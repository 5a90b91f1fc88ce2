"""Event source mappings of CloudFormation and SAM templates."""

from __future__ import annotations

from typing import Any

from tests.services.lambda_.sources import SOURCE, Sources

_TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Queue:
    Type: AWS::SQS::Queue
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      TableName: things
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      StreamSpecification: {StreamViewType: NEW_IMAGE}
  F:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: hello
      Runtime: python3.13
      Handler: index.handler
      InlineCode: |
%s
      Events:
        Jobs:
          Type: SQS
          Properties: {Queue: !GetAtt Queue.Arn, BatchSize: %d}
        Changes:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt Table.StreamArn
            StartingPosition: TRIM_HORIZON
            BisectBatchOnFunctionError: true
            MaximumRetryAttempts: 3
Outputs:
  Queue:
    Value: !Ref Queue
"""


def _template(batch_size: int) -> str:
    code = "\n".join(f"        {line}" for line in SOURCE.strip().splitlines())
    return _TEMPLATE % (code, batch_size)


def test_a_template_s_events_invoke_its_function(functions: Any) -> None:
    sources = Sources(functions)
    stacks = functions.cloud.client("cloudformation")
    options = {"StackName": "s", "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]}
    stacks.create_stack(TemplateBody=_template(5), **options)
    functions.cloud.advance(60)
    (stack,) = stacks.describe_stacks(StackName="s")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    url = stack["Outputs"][0]["OutputValue"]
    functions.cloud.client("sqs").send_message(QueueUrl=url, MessageBody="job")
    sources.put("thing")
    assert sorted(sources.texts()) == [["job"], ["thing"]]
    stacks.update_stack(TemplateBody=_template(7), **options)
    functions.cloud.advance(60)
    shown = functions.client.list_event_source_mappings(FunctionName="hello")
    sizes = sorted(each["BatchSize"] for each in shown["EventSourceMappings"])
    assert sizes == [7, 100]
    stacks.delete_stack(StackName="s")
    functions.cloud.advance(60)
    assert functions.client.list_event_source_mappings()["EventSourceMappings"] == []


_MAPPINGS = """
Resources:
  Queue:
    Type: AWS::SQS::Queue
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      StreamSpecification: {StreamViewType: NEW_IMAGE}
  Jobs:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: hello, EventSourceArn: !GetAtt Queue.Arn %s}
  Changes:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      {FunctionName: hello, EventSourceArn: !GetAtt Table.StreamArn, StartingPosition: LATEST %s}
"""
_OF_QUEUE = """
    , BatchSize: 5, MetricsConfig: {Metrics: [EventCount]}
    , ProvisionedPollerConfig: {MinimumPollers: 2, MaximumPollers: 4}
    , Tags: [{Key: team, Value: a}]"""
_OF_STREAM = """
    , BatchSize: 5, MaximumRetryAttempts: 1, MaximumRecordAgeInSeconds: 60
    , BisectBatchOnFunctionError: true, ParallelizationFactor: 2
    , DestinationConfig: {OnFailure: {Destination: !GetAtt Queue.Arn}}"""


def test_what_is_taken_out_of_a_mapping_s_template_is_taken_back(functions: Any) -> None:
    sources = Sources(functions)
    sources.make()
    _deploy(functions, "create_stack", _MAPPINGS % (_OF_QUEUE, _OF_STREAM))
    jobs, changes = _shown(functions)
    assert jobs["ProvisionedPollerConfig"] == {"MinimumPollers": 2, "MaximumPollers": 4}
    assert jobs["MetricsConfig"] == {"Metrics": ["EventCount"]}
    assert functions.client.list_tags(Resource=jobs["EventSourceMappingArn"])["Tags"]["team"] == "a"
    assert (changes["MaximumRetryAttempts"], changes["ParallelizationFactor"]) == (1, 2)
    _deploy(functions, "update_stack", _MAPPINGS % ("", ""))
    after = _shown(functions)
    assert [each["UUID"] for each in after] == [jobs["UUID"], changes["UUID"]]
    assert not {"ProvisionedPollerConfig", "MetricsConfig"} & after[0].keys()
    assert "team" not in functions.client.list_tags(Resource=jobs["EventSourceMappingArn"])["Tags"]
    assert after[0]["BatchSize"] == 10
    shown = {key: after[1][key] for key in ("BatchSize", "MaximumRetryAttempts")}
    assert shown == {"BatchSize": 100, "MaximumRetryAttempts": -1}
    assert after[1]["DestinationConfig"] == {"OnFailure": {}}


def _deploy(functions: Any, operation: str, body: str) -> None:
    stacks = functions.cloud.client("cloudformation")
    getattr(stacks, operation)(StackName="s", TemplateBody=body)
    functions.cloud.advance(60)
    status = stacks.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"]
    assert status == operation.split("_")[0].upper() + "_COMPLETE"


def _shown(functions: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The mappings of the queue and of the stream."""
    found = functions.client.list_event_source_mappings(FunctionName="hello")
    first, second = found["EventSourceMappings"]
    return (first, second) if ":sqs:" in first["EventSourceArn"] else (second, first)
