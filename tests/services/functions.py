"""Functions and roles, as the tests of many services need them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

RELAY = """
import boto3, json, os
def handler(event, context):
    boto3.client('sqs').send_message(QueueUrl=os.environ['QUEUE'], MessageBody=json.dumps(event))
"""


def policy(*statements: dict[str, Any]) -> str:
    """Return a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def trust(service: str) -> str:
    """Return the trust policy of a role for `service` (`lambda`)."""
    principal = {"Service": f"{service}.amazonaws.com"}
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def make_role(cloud: CloudUnderTest, name: str, *actions: str, service: str = "lambda") -> str:
    """Make a role for `service` that may do `actions` on everything; return its ARN."""
    iam = cloud.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(service))["Role"]
    if actions:
        allow = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=policy(allow))
    return str(role["Arn"])


def bundle(source: str, file: str = "app.py") -> bytes:
    """Return a ZIP archive of one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(file, source)
    return packed.getvalue()


def make_function(
    cloud: CloudUnderTest, name: str, source: str, *actions: str, **options: Any
) -> str:
    """Make a Python function, `handler`, that may do `actions` on everything; return its ARN.

    `options` are CreateFunction's.
    """
    made = {
        "FunctionName": name,
        "Runtime": "python3.11",
        "Handler": "app.handler",
        "Code": {"ZipFile": bundle(source)},
        **options,
    }
    made["Role"] = options.get("Role") or make_role(cloud, name, *actions)
    arn = cloud.client("lambda").create_function(**made)["FunctionArn"]
    cloud.settle()
    return str(arn)


def permit(cloud: CloudUnderTest, function: str, service: str, **more: str) -> None:
    """Let a service (`sns`) invoke a function; `more` (`SourceArn`) is AddPermission's."""
    permission = {
        "FunctionName": function,
        "StatementId": "permit",
        "Action": "lambda:InvokeFunction",
        "Principal": f"{service}.amazonaws.com",
        **more,
    }
    cloud.client("lambda").add_permission(**permission)


def relay(cloud: CloudUnderTest) -> tuple[str, str]:
    """Make `relay`, a function that sends its events to a queue; its ARN and the queue's URL."""
    url = cloud.client("sqs").create_queue(QueueName="relayed")["QueueUrl"]
    variables = {"Variables": {"QUEUE": url}}
    arn = make_function(cloud, "relay", RELAY, "sqs:SendMessage", Timeout=20, Environment=variables)
    return arn, url


def relayed(cloud: CloudUnderTest, url: str) -> Any:
    """Take the one event that `relay` got."""
    cloud.settle()
    (message,) = cloud.client("sqs").receive_message(QueueUrl=url)["Messages"]
    return json.loads(message["Body"])
