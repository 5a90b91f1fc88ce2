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
