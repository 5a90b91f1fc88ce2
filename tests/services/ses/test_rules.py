"""Receipt rule sets and receipt rules: the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.services.functions import make_role, policy
from tests.services.ses.rules import BUCKET_ACTION, bucket, rule

from cloudarium.pytest_plugin import CloudUnderTest

HEADER = {"AddHeaderAction": {"HeaderName": "X-A", "HeaderValue": "b"}}


def refused(call: Any, **params: Any) -> dict[str, Any]:
    """The error a call is answered with."""
    with pytest.raises(call.__self__.exceptions.ClientError) as caught:
        call(**params)
    error: dict[str, Any] = caught.value.response["Error"]
    return error


def names(described: dict[str, Any]) -> list[str]:
    """The names of a rule set's rules."""
    return [each["Name"] for each in described["Rules"]]


def test_rule_sets(cloud: CloudUnderTest) -> None:
    ses = cloud.client("ses")
    assert ses.list_receipt_rule_sets()["RuleSets"] == []
    assert "Metadata" not in ses.describe_active_receipt_rule_set()
    ses.create_receipt_rule_set(RuleSetName="a")
    ses.create_receipt_rule(RuleSetName="a", Rule=rule("r", HEADER))
    ses.clone_receipt_rule_set(RuleSetName="b", OriginalRuleSetName="a")
    listed = ses.list_receipt_rule_sets()["RuleSets"]
    assert [each["Name"] for each in listed] == ["a", "b"]
    assert listed[0]["CreatedTimestamp"].timestamp() == cloud.now
    assert names(ses.describe_receipt_rule_set(RuleSetName="b")) == ["r"]
    ses.set_active_receipt_rule_set(RuleSetName="b")
    assert ses.describe_active_receipt_rule_set()["Metadata"]["Name"] == "b"
    error = refused(ses.delete_receipt_rule_set, RuleSetName="b")
    assert error["Code"] == "CannotDelete"
    assert error["Message"] == "Cannot delete active rule set: b"
    ses.set_active_receipt_rule_set(RuleSetName="a")
    ses.delete_receipt_rule_set(RuleSetName="b")
    ses.delete_receipt_rule_set(RuleSetName="b")
    error = refused(ses.describe_receipt_rule_set, RuleSetName="b")
    assert error["Code"] == "RuleSetDoesNotExist"
    assert error["Message"] == "Rule set does not exist: b"
    error = refused(ses.create_receipt_rule_set, RuleSetName="a")
    assert error["Message"] == "Rule set already exists: a"
    assert refused(ses.create_receipt_rule_set, RuleSetName="-a")["Code"] == "InvalidParameterValue"
    for number in range(39):
        ses.create_receipt_rule_set(RuleSetName=f"n{number}")
    assert refused(ses.create_receipt_rule_set, RuleSetName="more")["Code"] == "LimitExceeded"
    other = cloud.client("ses", region="eu-west-1")
    assert other.list_receipt_rule_sets()["RuleSets"] == []


def test_rules_have_an_order(cloud: CloudUnderTest) -> None:
    ses = cloud.client("ses")
    ses.create_receipt_rule_set(RuleSetName="s")
    which = {"RuleSetName": "s"}
    ses.create_receipt_rule(**which, Rule=rule("b"))
    ses.create_receipt_rule(**which, Rule=rule("a"))
    ses.create_receipt_rule(**which, Rule=rule("c"), After="b")
    assert names(ses.describe_receipt_rule_set(**which)) == ["a", "b", "c"]
    ses.set_receipt_rule_position(**which, RuleName="a", After="c")
    assert names(ses.describe_receipt_rule_set(**which)) == ["b", "c", "a"]
    ses.set_receipt_rule_position(**which, RuleName="c")
    assert names(ses.describe_receipt_rule_set(**which)) == ["c", "b", "a"]
    ses.reorder_receipt_rule_set(**which, RuleNames=["a", "b", "c"])
    assert names(ses.describe_receipt_rule_set(**which)) == ["a", "b", "c"]
    error = refused(ses.reorder_receipt_rule_set, **which, RuleNames=["a", "b"])
    assert error["Code"] == "InvalidParameterValue"
    error = refused(ses.set_receipt_rule_position, **which, RuleName="a", After="x")
    assert error["Message"] == "Rule does not exist: x"
    error = refused(ses.create_receipt_rule, **which, Rule=rule("a"))
    assert (error["Code"], error["Message"]) == ("AlreadyExists", "Rule already exists: a")
    ses.delete_receipt_rule(**which, RuleName="a")
    ses.delete_receipt_rule(**which, RuleName="a")
    error = refused(ses.describe_receipt_rule, **which, RuleName="a")
    assert error["Code"] == "RuleDoesNotExist"
    error = refused(ses.update_receipt_rule, **which, Rule=rule("a"))
    assert error["Code"] == "RuleDoesNotExist"


def test_a_rule_is_shown_with_its_defaults(cloud: CloudUnderTest) -> None:
    ses = cloud.client("ses")
    ses.create_receipt_rule_set(RuleSetName="s")
    ses.create_receipt_rule(RuleSetName="s", Rule={"Name": "r", "Actions": [HEADER]})
    assert ses.describe_receipt_rule(RuleSetName="s", RuleName="r")["Rule"] == {
        "Name": "r",
        "Enabled": False,
        "TlsPolicy": "Optional",
        "Recipients": [],
        "Actions": [HEADER],
        "ScanEnabled": False,
    }


def test_rules_that_cannot_be(cloud: CloudUnderTest) -> None:
    bucket(cloud)
    ses = cloud.client("ses")
    ses.create_receipt_rule_set(RuleSetName="mail")
    store = BUCKET_ACTION["S3Action"]
    bounce = {"SmtpReplyCode": "550", "Message": "No", "Sender": "me@example.com"}
    instance = f"arn:aws:connect:us-east-1:000000000000:instance/{0:08}-0000-0000-0000-{0:012}"
    connect = {"InstanceARN": instance, "IAMRoleARN": "arn:aws:iam::000000000000:role/r"}
    topic = "arn:aws:sns:us-east-1:000000000000:none"
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"S3Action": {"BucketName": "none"}}, "InvalidS3Configuration", "bucket: none"),
        ({"S3Action": {**store, "KmsKeyArn": "k"}}, "InvalidS3Configuration", "KMS"),
        ({"SNSAction": {"TopicArn": topic}}, "InvalidSnsTopic", f"Invalid SNS topic: {topic}"),
        ({"SNSAction": {"TopicArn": "t"}}, "InvalidSnsTopic", "Invalid SNS topic: t"),
        ({"LambdaAction": {"FunctionArn": "f"}}, "InvalidLambdaFunction", "function: f"),
        ({"StopAction": {"Scope": "RuleSet", "TopicArn": "t"}}, "InvalidSnsTopic", "t"),
        ({"BounceAction": {**bounce, "SmtpReplyCode": "250"}}, "InvalidParameterValue", "reply"),
        ({"BounceAction": {**bounce, "StatusCode": "2"}}, "InvalidParameterValue", "status"),
        ({"BounceAction": {**bounce, "Sender": "me"}}, "InvalidParameterValue", "sender: me"),
        ({**HEADER, "StopAction": {"Scope": "RuleSet"}}, "InvalidParameterValue", "one type"),
        ({"AddHeaderAction": {"HeaderName": "a b", "HeaderValue": "c"}}, "InvalidParam", "name"),
        ({"AddHeaderAction": {"HeaderName": "a", "HeaderValue": "c\nd"}}, "InvalidParam", "value"),
        ({"WorkmailAction": {"OrganizationArn": "o"}}, "InvalidParameterValue", "WorkmailAction"),
        ({"ConnectAction": connect}, "InvalidParameterValue", "ConnectAction"),
    ]
    for action, code, text in cases:
        error = refused(ses.create_receipt_rule, RuleSetName="mail", Rule=rule("r", action))
        assert error["Code"].startswith(code), action
        assert text in error["Message"], action
    error = refused(ses.create_receipt_rule, RuleSetName="mail", Rule=rule("r", Recipients=["@"]))
    assert error["Message"] == "Invalid recipient: @"
    for settings in ({"Actions": [HEADER] * 11}, {"Recipients": ["a.b"] * 501}):
        large = {**rule("r"), **settings}
        error = refused(ses.create_receipt_rule, RuleSetName="mail", Rule=large)
        assert error["Code"] == "LimitExceeded"
    assert ses.describe_receipt_rule_set(RuleSetName="mail")["Rules"] == []


def test_a_role_may_write_to_the_bucket(cloud: CloudUnderTest) -> None:
    iam, ses = cloud.client("iam"), cloud.client("ses")
    cloud.client("s3").create_bucket(Bucket="letters")
    role = make_role(cloud, "writer", service="ses")
    ses.create_receipt_rule_set(RuleSetName="mail")
    store = {"S3Action": {"BucketName": "letters", "IamRoleArn": role}}
    error = refused(ses.create_receipt_rule, RuleSetName="mail", Rule=rule("r", store))
    assert error["Code"] == "InvalidS3Configuration"
    may = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::letters/*"}
    iam.put_role_policy(RoleName="writer", PolicyName="p", PolicyDocument=policy(may))
    ses.create_receipt_rule(RuleSetName="mail", Rule=rule("r", store))


def test_who_may_make_rules(cloud: CloudUnderTest) -> None:
    iam = cloud.client("iam")
    iam.create_user(UserName="ann")
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = cloud.client("ses", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))
    error = refused(ann.create_receipt_rule_set, RuleSetName="a")
    assert error["Code"] == "AccessDenied"
    assert "is not authorized to perform: ses:CreateReceiptRuleSet" in error["Message"]
    allow = {"Effect": "Allow", "Action": "ses:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=document)
    ann.create_receipt_rule_set(RuleSetName="a")
    role = "arn:aws:iam::000000000000:role/writer"
    store = {"S3Action": {"BucketName": "letters", "IamRoleArn": role}}
    error = refused(ann.create_receipt_rule, RuleSetName="a", Rule=rule("r", store))
    assert "iam:PassRole" in error["Message"]
