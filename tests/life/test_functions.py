"""A new user's first functions, and what invokes them: boto3 against a running server."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from typing import Any

from tests.life.server import Server, until

REGION, ACCOUNT = "us-east-1", "000000000000"
PYTHON = """
import json, os, boto3

def handle(event, context):
    print(json.dumps(event))
    queue = os.environ.get("QUEUE")
    if queue:
        boto3.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(event))
    return {"got": event}
"""
NODE = """
exports.handle = async (event) => ({ hello: event.name, version: process.version });
"""


def zipped(name: str, text: str) -> bytes:
    """Return a bundle of one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        bundle.writestr(name, text)
    return buffer.getvalue()


def role(server: Server, name: str, *actions: str) -> str:
    """Make a role that Lambda may take; return its ARN."""
    iam = server.client("iam")
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
    allow = {"Effect": "Allow", "Action": ["logs:*", *actions], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=policy)
    arn: str = made["Role"]["Arn"]
    return arn


def function(server: Server, name: str, **settings: Any) -> str:
    """Make a function and wait until it is active; return its ARN."""
    lambda_ = server.client("lambda")
    made = lambda_.create_function(
        FunctionName=name,
        Role=role(server, f"{name}-role", "sqs:SendMessage"),
        **{
            "Runtime": "python3.13",
            "Handler": "index.handle",
            "Code": {"ZipFile": zipped("index.py", PYTHON)},
            "Timeout": 20,
            **settings,
        },
    )
    lambda_.get_waiter("function_active_v2").wait(FunctionName=name)
    arn: str = made["FunctionArn"]
    return arn


def open_queue(server: Server, name: str) -> tuple[str, str]:
    """Make a queue that anybody may send to; return its URL and ARN."""
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs = server.client("sqs")
    url: str = sqs.create_queue(QueueName=name, Attributes={"Policy": policy})["QueueUrl"]
    return url, f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def received(server: Server, url: str) -> dict[str, Any]:
    """Wait for a message; return its body as JSON."""
    sqs = server.client("sqs")

    def look() -> str | None:
        found = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5).get("Messages", [])
        return found[0]["Body"] if found else None

    body: dict[str, Any] = json.loads(until(look, "a message"))
    return body


def test_a_python_function(shared: Server) -> None:
    function(shared, "python-hello")
    lambda_ = shared.client("lambda")
    answer = lambda_.invoke(
        FunctionName="python-hello", Payload=json.dumps({"name": "Ada"}), LogType="Tail"
    )
    assert json.load(answer["Payload"]) == {"got": {"name": "Ada"}}
    assert answer["StatusCode"] == 200
    lambda_.update_function_code(
        FunctionName="python-hello",
        ZipFile=zipped("index.py", "def handle(event, context):\n    raise ValueError('no')\n"),
    )
    lambda_.get_waiter("function_updated_v2").wait(FunctionName="python-hello")
    failed = lambda_.invoke(FunctionName="python-hello")
    assert failed["FunctionError"] == "Unhandled"
    error = json.load(failed["Payload"])
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "no")


def test_a_node_function(shared: Server) -> None:
    """Without Node.js on this machine, the function's own error says so."""
    bundle = {"ZipFile": zipped("index.js", NODE)}
    function(shared, "node-hello", Runtime="nodejs22.x", Code=bundle)
    answer = shared.client("lambda").invoke(
        FunctionName="node-hello", Payload=json.dumps({"name": "Ada"})
    )
    payload = json.load(answer["Payload"])
    try:
        version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    except FileNotFoundError:
        assert answer["FunctionError"] == "Unhandled"
        assert "node" in payload["errorMessage"].lower()
    else:
        assert payload == {"hello": "Ada", "version": version.strip()}


def test_a_new_object_is_told_to_a_queue(shared: Server) -> None:
    url, arn = open_queue(shared, "uploads")
    s3 = shared.client("s3")
    s3.create_bucket(Bucket="watched")
    rules = [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]
    s3.put_bucket_notification_configuration(
        Bucket="watched", NotificationConfiguration={"QueueConfigurations": rules}
    )
    assert received(shared, url)["Event"] == "s3:TestEvent"
    s3.put_object(Bucket="watched", Key="new file.txt", Body=b"12345")
    record = received(shared, url)["Records"][0]
    assert record["eventName"] == "ObjectCreated:Put"
    assert record["s3"]["object"]["key"] == "new+file.txt"
    assert record["s3"]["object"]["size"] == 5


def test_a_topic_invokes_a_function(shared: Server) -> None:
    url, _ = open_queue(shared, "invoked")
    arn = function(shared, "listener", Environment={"Variables": {"QUEUE": url}})
    sns, lambda_ = shared.client("sns"), shared.client("lambda")
    topic = sns.create_topic(Name="news")["TopicArn"]
    lambda_.add_permission(
        FunctionName="listener",
        StatementId="news",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=topic,
    )
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    sns.publish(TopicArn=topic, Subject="Today", Message="It works")
    record = received(shared, url)["Records"][0]
    assert record["EventSource"] == "aws:sns"
    assert (record["Sns"]["Subject"], record["Sns"]["Message"]) == ("Today", "It works")


def test_a_schedule_follows_the_clock(server: Server) -> None:
    url, arn = open_queue(server, "hours")
    events = server.client("events")
    events.put_rule(Name="hourly", ScheduleExpression="rate(1 hour)")
    events.put_targets(Rule="hourly", Targets=[{"Id": "queue", "Arn": arn, "Input": '{"a": 1}'}])
    sqs = server.client("sqs")
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    assert server.command("time", "advance", "61m").returncode == 0
    assert received(server, url) == {"a": 1}


def test_a_custom_event_reaches_a_queue(shared: Server) -> None:
    url, arn = open_queue(shared, "orders")
    events = shared.client("events")
    pattern = {"source": ["shop"], "detail": {"total": [{"numeric": [">", 100]}]}}
    events.put_rule(Name="large-orders", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="large-orders", Targets=[{"Id": "queue", "Arn": arn}])
    entries = [
        {"Source": "shop", "DetailType": "order", "Detail": json.dumps({"total": total})}
        for total in (50, 150)
    ]
    assert events.put_events(Entries=entries)["FailedEntryCount"] == 0
    assert received(shared, url)["detail"] == {"total": 150}
    assert "Messages" not in shared.client("sqs").receive_message(QueueUrl=url)
