"""Every event of a serverless system calls a function: real clients, one running server.

What code causes (pushes, pipelines, stacks) is in `test_code_events`, mail in `test_mail`.
"""

from __future__ import annotations

import base64
import gzip
import json
import smtplib
import urllib.error
import urllib.request
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cloudarium.cli import place
from tests.life.listeners import Listener
from tests.life.server import Server

REGION, ACCOUNT = "us-east-1", "000000000000"


def test_a_file_is_uploaded(shared: Server, tmp_path: Path) -> None:
    listener = Listener(shared, "uploads").allow("s3.amazonaws.com", "arn:aws:s3:::photos")
    s3 = shared.client("s3")
    s3.create_bucket(Bucket="photos")
    rules = [{"Name": "prefix", "Value": "in/"}, {"Name": "suffix", "Value": ".jpg"}]
    configuration = {
        "LambdaFunctionArn": listener.arn,
        "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": rules}},
    }
    s3.put_bucket_notification_configuration(
        Bucket="photos",
        NotificationConfiguration={"LambdaFunctionConfigurations": [configuration]},
    )
    picture = tmp_path / "cat.jpg"
    picture.write_bytes(b"not really a cat")
    for key in ("out/cat.jpg", "in/cat.png", "in/a cat.jpg"):
        assert shared.command("aws", "s3", "cp", str(picture), f"s3://photos/{key}").returncode == 0
    (record,) = listener.told()["Records"]
    assert (record["eventSource"], record["eventName"]) == ("aws:s3", "ObjectCreated:Put")
    assert record["s3"]["bucket"]["name"] == "photos"
    assert record["s3"]["object"]["key"] == "in/a+cat.jpg"
    assert record["s3"]["object"]["size"] == 16
    assert listener.told_nothing()


def test_an_email_is_received(shared: Server) -> None:
    listener = Listener(shared, "mail").allow("ses.amazonaws.com")
    ses = shared.client("ses")
    ses.create_receipt_rule_set(RuleSetName="letters")
    rule = {
        "Name": "all",
        "Enabled": True,
        "ScanEnabled": True,
        "Actions": [{"LambdaAction": {"FunctionArn": listener.arn}}],
    }
    ses.create_receipt_rule(RuleSetName="letters", Rule=rule)
    ses.set_active_receipt_rule_set(RuleSetName="letters")
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@sender.test", "b@here.test", "Hello"
    letter.set_content("How are you?")
    with smtplib.SMTP("localhost", shared.cloud.ports["smtp"], timeout=20) as client:
        client.send_message(letter)
    (record,) = listener.told()["Records"]
    assert record["eventSource"] == "aws:ses"
    assert record["ses"]["mail"]["commonHeaders"]["subject"] == "Hello"
    assert record["ses"]["receipt"]["recipients"] == ["b@here.test"]


def test_a_database_is_changed(shared: Server) -> None:
    listener = Listener(shared, "changes", "dynamodb:*")
    dynamodb = shared.client("dynamodb")
    table = dynamodb.create_table(
        TableName="people",
        KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]
    dynamodb.get_waiter("table_exists").wait(TableName="people")
    shared.client("lambda").create_event_source_mapping(
        EventSourceArn=table["LatestStreamArn"],
        FunctionName="changes",
        StartingPosition="TRIM_HORIZON",
        BatchSize=1,
    )
    dynamodb.put_item(TableName="people", Item={"name": {"S": "Ada"}, "age": {"N": "36"}})
    dynamodb.delete_item(TableName="people", Key={"name": {"S": "Ada"}})
    changes = [listener.told()["Records"][0] for _ in range(2)]
    assert {change["eventName"] for change in changes} == {"INSERT", "REMOVE"}
    assert all(change["eventSource"] == "aws:dynamodb" for change in changes)
    images = [change["dynamodb"] for change in changes]
    assert {"N": "36"} in [image.get("NewImage", {}).get("age") for image in images]


def test_somebody_invokes(shared: Server) -> None:
    listener = Listener(shared, "invoked")
    lambda_ = shared.client("lambda")
    answer = lambda_.invoke(FunctionName="invoked", Payload=b'{"how": "sync"}')
    assert json.load(answer["Payload"]) == {"told": {"how": "sync"}}
    queued = lambda_.invoke(FunctionName="invoked", InvocationType="Event", Payload=b'{"how": 2}')
    checked = lambda_.invoke(FunctionName="invoked", InvocationType="DryRun")
    assert (queued["StatusCode"], checked["StatusCode"]) == (202, 204)
    assert sorted(str(listener.told()["how"]) for _ in range(2)) == ["2", "sync"]
    stream = lambda_.invoke_with_response_stream(FunctionName="invoked", Payload=b'{"how": 3}')
    parts = [
        each["PayloadChunk"]["Payload"] for each in stream["EventStream"] if "PayloadChunk" in each
    ]
    assert json.loads(b"".join(parts)) == {"told": {"how": 3}}


def test_an_http_api_is_called(shared: Server) -> None:
    listener = Listener(shared, "rest").allow("apigateway.amazonaws.com")
    gateway = shared.client("apigateway")
    api = gateway.create_rest_api(name="rest")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    where = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**where, authorizationType="NONE")
    function = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{listener.arn}"
    gateway.put_integration(
        **where, type="AWS_PROXY", integrationHttpMethod="POST", uri=f"{function}/invocations"
    )
    gateway.create_deployment(restApiId=api, stageName="live")
    url = f"{shared.endpoint}/_aws/execute-api/{api}/live/?a=1"
    request = urllib.request.Request(url, headers={"X-Who": "curl"})
    try:
        urllib.request.urlopen(request, timeout=20)
    except urllib.error.HTTPError as answer:
        assert answer.code == 502  # the function answers no proxy response
    event = listener.told()
    assert (event["httpMethod"], event["queryStringParameters"]) == ("GET", {"a": "1"})
    assert event["headers"]["X-Who"] == "curl"


def test_a_function_url_is_called(shared: Server) -> None:
    listener = Listener(shared, "web")
    lambda_ = shared.client("lambda")
    url = lambda_.create_function_url_config(FunctionName="web", AuthType="NONE")["FunctionUrl"]
    for action, condition in (
        ("InvokeFunctionUrl", {"FunctionUrlAuthType": "NONE"}),
        ("InvokeFunction", {"InvokedViaFunctionUrl": True}),
    ):
        lambda_.add_permission(
            FunctionName="web",
            StatementId=action,
            Action=f"lambda:{action}",
            Principal="*",
            **condition,
        )
    # Not every machine resolves the names below localhost: the address is this server's own.
    request = urllib.request.Request(
        f"{shared.endpoint}/some/where?b=2",
        data=b'{"c": 3}',
        headers={"Host": urlsplit(url).netloc},
        method="PUT",
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert json.load(answer)["told"]["rawPath"] == "/some/where"
    event = listener.told()
    assert (event["version"], event["rawQueryString"]) == ("2.0", "b=2")
    assert event["requestContext"]["http"]["method"] == "PUT"


def test_a_queue_has_messages(shared: Server) -> None:
    listener = Listener(shared, "work", "sqs:*")
    sqs, lambda_ = shared.client("sqs"), shared.client("lambda")
    for name, attributes in (("jobs", {}), ("jobs.fifo", {"FifoQueue": "true"})):
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        lambda_.create_event_source_mapping(
            EventSourceArn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}", FunctionName="work"
        )
        group = {"MessageGroupId": "g", "MessageDeduplicationId": "1"} if attributes else {}
        sqs.send_message(QueueUrl=url, MessageBody="Do it", **group)
        (record,) = listener.told()["Records"]
        assert (record["eventSource"], record["body"]) == ("aws:sqs", "Do it")
        assert record["eventSourceARN"].endswith(f":{name}")


def test_a_topic_publishes(shared: Server) -> None:
    sns = shared.client("sns")
    topic = sns.create_topic(Name="headlines")["TopicArn"]
    listener = Listener(shared, "reader").allow("sns.amazonaws.com", topic)
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=listener.arn)
    sns.publish(TopicArn=topic, Subject="Today", Message="It works")
    (record,) = listener.told()["Records"]
    assert (record["EventSource"], record["Sns"]["Message"]) == ("aws:sns", "It works")


def _rule(server: Server, name: str, **rule: Any) -> Listener:
    events = server.client("events")
    arn = events.put_rule(Name=name, **rule)["RuleArn"]
    listener = Listener(server, name).allow("events.amazonaws.com", arn)
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": listener.arn}])
    return listener


def test_a_clock_strikes(shared: Server) -> None:
    listener = _rule(shared, "noon", ScheduleExpression="cron(0 12 * * ? *)")
    assert listener.told_nothing()
    assert shared.command("time", "advance", "24h").returncode == 0
    event = listener.told()
    assert (event["source"], event["detail-type"]) == ("aws.events", "Scheduled Event")
    assert event["time"].endswith("T12:00:00Z")
    assert event["resources"] == [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/noon"]


def test_an_event_has_the_pattern(shared: Server) -> None:
    pattern = {"source": ["shop"], "detail": {"total": [{"numeric": [">", 100]}]}}
    listener = _rule(shared, "large", EventPattern=json.dumps(pattern))
    entries = [
        {"Source": "shop", "DetailType": "order", "Detail": json.dumps({"total": total})}
        for total in (50, 150)
    ]
    shared.client("events").put_events(Entries=entries)
    assert listener.told()["detail"] == {"total": 150}
    assert listener.told_nothing()


def _unpacked(event: dict[str, Any]) -> Any:
    return json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))


def test_a_log_has_the_words(shared: Server) -> None:
    listener = Listener(shared, "watcher").allow("logs.amazonaws.com")
    logs = shared.client("logs")
    logs.create_log_group(logGroupName="shop")
    logs.create_log_stream(logGroupName="shop", logStreamName="till")
    logs.put_subscription_filter(
        logGroupName="shop",
        filterName="errors",
        filterPattern="ERROR",
        destinationArn=listener.arn,
    )
    assert _unpacked(listener.told())["messageType"] == "CONTROL_MESSAGE"
    now = int(place.control(shared.cloud, "time")["now"] * 1000)
    lines = [{"timestamp": now, "message": text} for text in ("all well", "ERROR: no change")]
    logs.put_log_events(logGroupName="shop", logStreamName="till", logEvents=lines)
    data = _unpacked(listener.told())
    assert (data["logGroup"], data["logStream"]) == ("shop", "till")
    assert data["subscriptionFilters"] == ["errors"]
    assert [event["message"] for event in data["logEvents"]] == ["ERROR: no change"]
