"""What a new user does in the first ten minutes: boto3 against a running server, over TCP."""

from __future__ import annotations

import io
import json
import random
import socket
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.life.server import Server

REGION = "us-east-1"


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    """Return an error's code."""
    found: str = error.value.response["Error"]["Code"]
    return found


# Each service once


@pytest.mark.parametrize(
    ("service", "operation", "key"),
    [
        ("apigateway", "get_rest_apis", "items"),
        ("cloudformation", "list_stacks", "StackSummaries"),
        ("cloudwatch", "describe_alarms", "MetricAlarms"),
        ("codebuild", "list_projects", "projects"),
        ("codecommit", "list_repositories", "repositories"),
        ("codepipeline", "list_pipelines", "pipelines"),
        ("dynamodb", "list_tables", "TableNames"),
        ("dynamodbstreams", "list_streams", "Streams"),
        ("events", "list_rules", "Rules"),
        ("iam", "list_users", "Users"),
        ("lambda", "list_functions", "Functions"),
        ("logs", "describe_log_groups", "logGroups"),
        ("s3", "list_buckets", "Buckets"),
        ("sns", "list_topics", "Topics"),
        ("sts", "get_caller_identity", "Account"),
    ],
)
def test_every_service_answers_with_what_boto3_expects(
    shared: Server, service: str, operation: str, key: str
) -> None:
    answer = getattr(shared.client(service), operation)()
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert answer["ResponseMetadata"]["RequestId"]
    assert key in answer


def test_no_queues_are_no_member_at_all(shared: Server) -> None:
    answer = shared.client("sqs").list_queues(QueueNamePrefix="nobody-has-this")
    assert "QueueUrls" not in answer


def test_accounts_and_regions_are_apart(shared: Server) -> None:
    def topics(key: str, region: str) -> list[str]:
        sns = boto3.client(
            "sns",
            endpoint_url=shared.endpoint,
            aws_access_key_id=key,
            aws_secret_access_key="test",
            region_name=region,
        )
        sns.create_topic(Name="apart")
        return [topic["TopicArn"] for topic in sns.list_topics()["Topics"]]

    assert topics("111111111111", "eu-west-1") == ["arn:aws:sns:eu-west-1:111111111111:apart"]
    assert topics("222222222222", "eu-west-1") == ["arn:aws:sns:eu-west-1:222222222222:apart"]
    assert topics("111111111111", "us-east-2") == ["arn:aws:sns:us-east-2:111111111111:apart"]


def test_bad_keys_and_unknown_operations_get_awss_errors(shared: Server) -> None:
    session = boto3.Session("test", "wrong", region_name=REGION)
    with pytest.raises(ClientError) as refused:
        session.client("sts", endpoint_url=shared.endpoint).get_caller_identity()
    assert code(refused) == "SignatureDoesNotMatch"
    dynamodb = boto3.Session("test", "test", region_name=REGION).client(
        "dynamodb", endpoint_url=shared.endpoint
    )

    def retarget(request: Any, **_: Any) -> None:
        request.headers.replace_header("X-Amz-Target", "DynamoDB_20120810.Dream")

    dynamodb.meta.events.register("before-sign.dynamodb.ListTables", retarget)
    with pytest.raises(ClientError) as unknown:
        dynamodb.list_tables()
    assert code(unknown) == "UnknownOperationException"
    with pytest.raises(ClientError) as missing:
        shared.client("dynamodb").describe_table(TableName="nobody-has-this")
    assert code(missing) == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("service", "call", "refusal"),
    [
        ("kms", "list_keys", "UnknownOperationException"),
        ("ec2", "describe_vpcs", "InvalidAction"),
        ("appsync", "list_graphql_apis", "UnknownOperationException"),
    ],
)
def test_a_service_that_is_not_there_is_named(
    shared: Server, service: str, call: str, refusal: str
) -> None:
    client = boto3.Session("test", "test", region_name=REGION).client(
        service,
        endpoint_url=shared.endpoint,
    )
    with pytest.raises(ClientError) as unknown:
        getattr(client, call)()
    assert code(unknown) == refusal
    message = unknown.value.response["Error"]["Message"]
    assert message == f"Cloudarium has no service {service}."


# Paginators and waiters


def test_paginators_see_everything(shared: Server) -> None:
    dynamodb = shared.client("dynamodb")
    dynamodb.create_table(
        TableName="pages",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "N"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.get_waiter("table_exists").wait(TableName="pages")
    table = boto3.resource(
        "dynamodb",
        endpoint_url=shared.endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    ).Table("pages")
    with table.batch_writer() as batch:
        for number in range(60):
            batch.put_item(Item={"id": number, "text": "x" * 30_000})
    pages = list(dynamodb.get_paginator("scan").paginate(TableName="pages"))
    assert len(pages) == 2
    assert {int(item["id"]["N"]) for page in pages for item in page["Items"]} == set(range(60))
    s3 = shared.client("s3")
    s3.create_bucket(Bucket="pages")
    for number in range(7):
        s3.put_object(Bucket="pages", Key=f"{number}")
    listing = s3.get_paginator("list_objects_v2").paginate(
        Bucket="pages", PaginationConfig={"PageSize": 3}
    )
    assert [len(page["Contents"]) for page in listing] == [3, 3, 1]
    dynamodb.delete_table(TableName="pages")
    dynamodb.get_waiter("table_not_exists").wait(TableName="pages")


def test_a_stack_comes_and_goes(shared: Server) -> None:
    cloudformation = shared.client("cloudformation")
    template: dict[str, Any] = {
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {"Url": {"Value": {"Ref": "Queue"}}},
    }
    cloudformation.create_stack(StackName="brief", TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName="brief", WaiterConfig={"Delay": 1}
    )
    outputs = cloudformation.describe_stacks(StackName="brief")["Stacks"][0]["Outputs"]
    sqs = shared.client("sqs")
    sqs.send_message(QueueUrl=outputs[0]["OutputValue"], MessageBody="there")
    template["Resources"]["Queue"]["Properties"] = {"DelaySeconds": 3}
    cloudformation.update_stack(StackName="brief", TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_update_complete").wait(
        StackName="brief", WaiterConfig={"Delay": 1}
    )
    found = sqs.get_queue_attributes(
        QueueUrl=outputs[0]["OutputValue"], AttributeNames=["DelaySeconds"]
    )
    assert found["Attributes"] == {"DelaySeconds": "3"}
    cloudformation.delete_stack(StackName="brief")
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName="brief", WaiterConfig={"Delay": 1}
    )
    with pytest.raises(ClientError) as gone:
        sqs.receive_message(QueueUrl=outputs[0]["OutputValue"])
    assert code(gone) == "AWS.SimpleQueueService.NonExistentQueue"


def test_a_stack_of_an_unknown_type_is_refused(shared: Server) -> None:
    template = {"Resources": {"Dream": {"Type": "AWS::Dream::Machine"}}}
    with pytest.raises(ClientError) as refused:
        shared.client("cloudformation").create_stack(
            StackName="dream", TemplateBody=json.dumps(template)
        )
    assert code(refused) == "ValidationError"
    assert "AWS::Dream::Machine" in str(refused.value)


# S3


def test_presigned_urls_work_for_anybody(shared: Server) -> None:
    s3 = shared.client("s3")
    s3.create_bucket(Bucket="signed")
    for version in ("s3", "s3v4"):
        signer = boto3.Session("test", "test", region_name=REGION).client(
            "s3",
            endpoint_url=shared.endpoint,
            config=Config(signature_version=version, s3={"addressing_style": "path"}),
        )
        target = {"Bucket": "signed", "Key": f"{version} key.txt"}
        put = signer.generate_presigned_url("put_object", Params=target)
        request = urllib.request.Request(put, data=b"hello", method="PUT")
        request.add_header("content-type", "")
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 200
        get = signer.generate_presigned_url("get_object", Params=target)
        with urllib.request.urlopen(get) as answer:
            assert answer.read() == b"hello"
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(get.replace("key.txt", "other.txt"))
        assert refused.value.code == 403
        assert b"<Code>SignatureDoesNotMatch</Code>" in refused.value.read()
    with pytest.raises(urllib.error.HTTPError) as denied:
        urllib.request.urlopen(get.partition("?")[0])
    assert denied.value.code == 403


def test_a_range_of_an_object(shared: Server) -> None:
    s3 = shared.client("s3")
    s3.create_bucket(Bucket="streamed")
    s3.put_object(Bucket="streamed", Key="text", Body=io.BytesIO(b"0123456789"))
    part = s3.get_object(Bucket="streamed", Key="text", Range="bytes=2-4")
    assert (part["Body"].read(), part["ContentRange"]) == (b"234", "bytes 2-4/10")
    assert part["ResponseMetadata"]["HTTPStatusCode"] == 206


def test_twenty_megabytes_up_and_down(shared: Server, tmp_path: Path) -> None:
    """upload_file sends 8 MiB parts at once, download_file asks for ranges at once."""
    s3 = shared.client("s3")
    s3.create_bucket(Bucket="large")
    data = random.Random(3).randbytes(20 << 20)
    (tmp_path / "up").write_bytes(data)
    s3.upload_file(str(tmp_path / "up"), "large", "deep/file.bin")
    head = s3.head_object(Bucket="large", Key="deep/file.bin")
    assert head["ContentLength"] == len(data)
    assert head["ETag"].endswith('-3"')
    s3.download_file("large", "deep/file.bin", str(tmp_path / "down"))
    assert (tmp_path / "down").read_bytes() == data
    s3.copy({"Bucket": "large", "Key": "deep/file.bin"}, "large", "copy.bin")
    assert s3.head_object(Bucket="large", Key="copy.bin")["ContentLength"] == len(data)


def test_buckets_answer_at_hosts_of_their_own(
    shared: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every name under `localhost` is this machine (RFC 6761), but not all resolvers know it."""
    resolve = socket.getaddrinfo

    def local(host: str, *rest: Any, **named: Any) -> Any:
        return resolve("127.0.0.1" if host.endswith(".localhost") else host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", local)
    port = shared.cloud.ports["http"]
    s3 = boto3.Session("test", "test", region_name=REGION).client(
        "s3",
        endpoint_url=f"http://s3.localhost:{port}",
        config=Config(s3={"addressing_style": "virtual"}),
    )
    hosts: list[str] = []
    s3.meta.events.register(
        "before-send.s3", lambda request, **_: hosts.append(request.url.split("/")[2])
    )
    shared.client("s3").create_bucket(Bucket="hosted")
    s3.put_object(Bucket="hosted", Key="a/b", Body=b"here")
    assert s3.get_object(Bucket="hosted", Key="a/b")["Body"].read() == b"here"
    assert [item["Key"] for item in s3.list_objects_v2(Bucket="hosted")["Contents"]] == ["a/b"]
    assert set(hosts) == {f"hosted.s3.localhost:{port}"}
