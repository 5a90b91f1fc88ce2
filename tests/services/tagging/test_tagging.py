"""Tags of all services' resources: found, listed, changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.functions import make_function

from cloudarium.pytest_plugin import CloudUnderTest

OF_ACCOUNT = "us-east-1:000000000000"
PAIRS = [{"Key": "team", "Value": "shop"}]
TRUST = {"Version": "2012-10-17", "Statement": []}


@pytest.fixture
def tagging(cloud: CloudUnderTest) -> Any:
    """A client of the tagging API."""
    return cloud.client("resourcegroupstaggingapi")


def found(tagging: Any, **params: Any) -> list[str]:
    """The ARNs that GetResources answers."""
    answer = tagging.get_resources(**params)
    return [each["ResourceARN"] for each in answer["ResourceTagMappingList"]]


def queue(cloud: CloudUnderTest, name: str, **tags: str) -> str:
    """The ARN of a new queue with tags."""
    cloud.client("sqs").create_queue(QueueName=name, tags=tags)
    return f"arn:aws:sqs:{OF_ACCOUNT}:{name}"


def make_all(cloud: CloudUnderTest) -> set[str]:
    """Make a resource without tags of every type; return their ARNs."""
    policy = json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    )
    iam, ssm = cloud.client("iam"), cloud.client("ssm")
    for name in ("flat", "/a/b"):
        ssm.put_parameter(Name=name, Value="1", Type="String")
    cloud.client("s3").create_bucket(Bucket="pictures")
    cloud.client("dynamodb").create_table(
        TableName="tab",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    cloud.client("logs").create_log_group(logGroupName="/g")
    events = cloud.client("events")
    events.create_event_bus(Name="b")
    rules = [
        events.put_rule(Name="r", EventPattern='{"source": ["x"]}', EventBusName=bus)["RuleArn"]
        for bus in ("default", "b")
    ]
    cloud.client("cloudwatch").put_metric_alarm(
        AlarmName="a",
        MetricName="m",
        Namespace="n",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    cloud.client("codecommit").create_repository(repositoryName="code")
    rest = cloud.client("apigateway").create_rest_api(name="rest")["id"]
    http = cloud.client("apigatewayv2").create_api(Name="http", ProtocolType="HTTP")["ApiId"]
    return {
        queue(cloud, "jobs"),
        make_function(cloud, "f", "def handler(event, context): pass"),
        cloud.client("sns").create_topic(Name="news")["TopicArn"],
        cloud.client("scheduler").create_schedule_group(Name="s")["ScheduleGroupArn"],
        cloud.client("ecr").create_repository(repositoryName="img")["repository"]["repositoryArn"],
        cloud.client("xray").create_group(GroupName="x")["Group"]["GroupARN"],
        iam.create_policy(PolicyName="p", PolicyDocument=policy)["Policy"]["Arn"],
        iam.create_instance_profile(InstanceProfileName="i")["InstanceProfile"]["Arn"],
        *rules,
        f"arn:aws:events:{OF_ACCOUNT}:event-bus/b",
        f"arn:aws:ssm:{OF_ACCOUNT}:parameter/flat",
        f"arn:aws:ssm:{OF_ACCOUNT}:parameter/a/b",
        f"arn:aws:dynamodb:{OF_ACCOUNT}:table/tab",
        f"arn:aws:logs:{OF_ACCOUNT}:log-group:/g",
        f"arn:aws:cloudwatch:{OF_ACCOUNT}:alarm:a",
        f"arn:aws:codecommit:{OF_ACCOUNT}:code",
        f"arn:aws:apigateway:us-east-1::/restapis/{rest}",
        f"arn:aws:apigateway:us-east-1::/apis/{http}",
        "arn:aws:s3:::pictures",
    }


def test_resources_of_every_type_are_tagged_found_and_untagged(
    cloud: CloudUnderTest, tagging: Any
) -> None:
    arns = sorted(make_all(cloud))
    assert found(tagging) == []
    cloud.advance(60)  # a new table takes no tags yet
    for some in (arns[:12], arns[12:]):
        answer = tagging.tag_resources(ResourceARNList=some, Tags={"team": "shop", "env": "test"})
        assert answer["FailedResourcesMap"] == {}
    assert found(tagging, TagFilters=[{"Key": "team", "Values": ["shop"]}]) == arns
    assert tagging.get_tag_keys()["TagKeys"] == ["env", "team"]
    assert tagging.get_tag_values(Key="team")["TagValues"] == ["shop"]
    cloud.advance(60)
    for some in (arns[:12], arns[12:]):
        answer = tagging.untag_resources(ResourceARNList=some, TagKeys=["team", "env"])
        assert answer["FailedResourcesMap"] == {}
    assert found(tagging) == []


def test_resources_are_found_by_tag_and_type(cloud: CloudUnderTest, tagging: Any) -> None:
    jobs = queue(cloud, "jobs", team="shop", env="test")
    mail = queue(cloud, "mail", team="post")
    topic = cloud.client("sns").create_topic(Name="news", Tags=PAIRS)["TopicArn"]
    assert found(tagging, ResourceTypeFilters=["sqs"]) == [jobs, mail]
    assert found(tagging, ResourceTypeFilters=["sns:topic", "lambda"]) == [topic]
    shop = {"Key": "team", "Values": ["shop", "none"]}
    assert found(tagging, TagFilters=[shop]) == [topic, jobs]
    assert found(tagging, TagFilters=[shop, {"Key": "env"}]) == [jobs]
    (one,) = tagging.get_resources(ResourceARNList=[mail, f"{mail}-none"])["ResourceTagMappingList"]
    assert one == {"ResourceARN": mail, "Tags": [{"Key": "team", "Value": "post"}]}


def test_answers_come_in_pages(cloud: CloudUnderTest, tagging: Any) -> None:
    arns = [queue(cloud, f"q{number}", team="shop") for number in range(3)]
    first = tagging.get_resources(ResourcesPerPage=2)
    assert [each["ResourceARN"] for each in first["ResourceTagMappingList"]] == arns[:2]
    second = tagging.get_resources(ResourcesPerPage=2, PaginationToken=first["PaginationToken"])
    assert [each["ResourceARN"] for each in second["ResourceTagMappingList"]] == arns[2:]
    assert second["PaginationToken"] == ""
    with pytest.raises(ClientError, match="PaginationTokenExpiredException"):
        tagging.get_resources(PaginationToken="x")


def test_what_cannot_be_tagged_is_told(cloud: CloudUnderTest, tagging: Any) -> None:
    jobs = queue(cloud, "jobs")
    missing, other = f"{jobs}-none", f"arn:aws:rds:{OF_ACCOUNT}:db:d"
    failed = tagging.tag_resources(ResourceARNList=[jobs, missing, other], Tags={"a": "b"})
    codes = {arn: each["ErrorCode"] for arn, each in failed["FailedResourcesMap"].items()}
    assert codes == dict.fromkeys((missing, other), "InvalidParameterException")
    assert found(tagging) == [jobs]


@pytest.mark.parametrize(
    "wrong",
    [
        {"ResourceARNList": ["arn:aws:s3:::b"], "ResourceTypeFilters": ["s3"]},
        {"ResourceTypeFilters": ["a:b:c"]},
    ],
)
def test_what_does_not_go_together_is_refused(tagging: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="InvalidParameterException"):
        tagging.get_resources(**wrong)


def test_who_tags_needs_the_services_permission(cloud: CloudUnderTest) -> None:
    jobs = queue(cloud, "jobs")
    iam = cloud.client("iam")
    iam.create_user(UserName="ann")
    statement = {"Effect": "Allow", "Action": "tag:*", "Resource": "*"}
    rights = json.dumps({"Version": "2012-10-17", "Statement": statement})
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=rights)
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    credentials = (key["AccessKeyId"], key["SecretAccessKey"])
    ann = cloud.client("resourcegroupstaggingapi", credentials=credentials)
    failed = ann.tag_resources(ResourceARNList=[jobs], Tags={"a": "b"})["FailedResourcesMap"]
    assert "sqs:tagqueue" in failed[jobs]["ErrorMessage"].lower()
    assert found(ann) == []
