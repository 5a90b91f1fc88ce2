"""First-class integrations: actions of AWS services for requests."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .functions import trust
from .support import add_routes, call, http_api, refused, serve


@pytest.fixture
def role(cloud: CloudUnderTest) -> str:
    """A role API Gateway may call SQS and EventBridge with."""
    iam = cloud.client("iam")
    made = iam.create_role(RoleName="api", AssumeRolePolicyDocument=trust("apigateway"))
    statement = {"Effect": "Allow", "Action": ["sqs:*", "events:*"], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName="api", PolicyName="p", PolicyDocument=document)
    return str(made["Role"]["Arn"])


def add(client: Any, api: str, role: str, key: str, subtype: str, **parameters: str) -> None:
    """Let an action answer a route."""
    made = client.create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationSubtype=subtype,
        CredentialsArn=role,
        PayloadFormatVersion="1.0",
        RequestParameters=parameters,
    )
    add_routes(client, api, made["IntegrationId"], key)


def test_a_queue_is_written_read_and_emptied(cloud: CloudUnderTest, client: Any, role: str) -> None:
    queue = cloud.client("sqs").create_queue(QueueName="orders")["QueueUrl"]
    api = http_api(client)
    body, handle = "$request.body", "$request.querystring.handle"
    add(client, api, role, "POST /", "SQS-SendMessage", QueueUrl=queue, MessageBody=body)
    add(client, api, role, "GET /", "SQS-ReceiveMessage", QueueUrl=queue, MaxNumberOfMessages="1")
    add(client, api, role, "DELETE /", "SQS-DeleteMessage", QueueUrl=queue, ReceiptHandle=handle)
    add(client, api, role, "DELETE /all", "SQS-PurgeQueue", QueueUrl=queue)
    serve(client, api)
    sent = call(cloud, api, "/", method="POST", body=b"hello")
    assert sent.status == 200
    message = call(cloud, api, "/").json["Messages"][0]
    assert (message["MessageId"], message["Body"]) == (sent.json["MessageId"], "hello")
    path = f"/?handle={message['ReceiptHandle']}"
    assert call(cloud, api, path, method="DELETE").status == 200
    assert call(cloud, api, "/?handle=x", method="DELETE").status >= 400
    assert call(cloud, api, "/all", method="DELETE").status == 200


def test_an_event_is_put(cloud: CloudUnderTest, client: Any, role: str) -> None:
    sqs, events = cloud.client("sqs"), cloud.client("events")
    queue = sqs.create_queue(QueueName="events")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{cloud.account}:events"
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    events.put_rule(Name="all", EventPattern='{"source": ["shop"]}')
    events.put_targets(Rule="all", Targets=[{"Id": "1", "Arn": arn}])
    api = http_api(client)
    add(
        client,
        api,
        role,
        "POST /",
        "EventBridge-PutEvents",
        Detail="$request.body",
        DetailType="ordered",
        Source="shop",
    )
    serve(client, api)
    headers = {"Content-Type": "application/json"}
    answer = call(cloud, api, "/", method="POST", headers=headers, body=b'{"pet": 1}')
    assert answer.json["FailedEntryCount"] == 0
    cloud.settle()
    message = sqs.receive_message(QueueUrl=queue)["Messages"][0]
    assert json.loads(message["Body"])["detail"] == {"pet": 1}


def test_a_role_that_may_not_is_an_error(cloud: CloudUnderTest, client: Any, role: str) -> None:
    queue = cloud.client("sqs").create_queue(QueueName="orders")["QueueUrl"]
    cloud.client("iam").delete_role_policy(RoleName="api", PolicyName="p")
    api = http_api(client)
    add(client, api, role, "POST /", "SQS-PurgeQueue", QueueUrl=queue)
    serve(client, api)
    assert call(cloud, api, "/", method="POST").status == 500


def test_a_role_of_another_account_is_refused(client: Any) -> None:
    role = "arn:aws:iam::111122223333:role/api"
    answer = ("AccessDeniedException", 403, "Cross-account pass role is not allowed.")
    api = http_api(client)
    queue = "https://sqs.us-east-1.amazonaws.com/111122223333/orders"
    add_it = partial(add, client, api, role, "POST /", "SQS-PurgeQueue", QueueUrl=queue)
    assert refused(add_it) == answer
    integration = {
        "type": "aws_proxy",
        "integrationSubtype": "SQS-PurgeQueue",
        "credentials": role,
        "payloadFormatVersion": "1.0",
        "requestParameters": {"QueueUrl": queue},
    }
    operation = {"x-amazon-apigateway-integration": integration}
    document = {"openapi": "3.0.1", "info": {"title": "x"}, "paths": {"/": {"post": operation}}}
    assert refused(lambda: client.import_api(Body=json.dumps(document))) == answer
