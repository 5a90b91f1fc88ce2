"""Resource policies of tables and streams: their form, their revisions, what is wrong with them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import invalid, make_table, refused

ACCOUNT = "000000000000"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
NOT_FOUND = "Resource-based policy not found for the provided ResourceArn: "


def statement(arn: str, **members: Any) -> dict[str, Any]:
    """Return a statement that lets the account read a table's items."""
    return {
        "Effect": "Allow",
        "Principal": {"AWS": ROOT},
        "Action": "dynamodb:GetItem",
        "Resource": arn,
        **members,
    }


def policy(*statements: dict[str, Any], **members: Any) -> str:
    """Return a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": [*statements], **members})


@pytest.fixture
def arn(db: Any) -> str:
    """A table `things` with a stream; its ARN."""
    streaming = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    return make_table(db, "things", "id", StreamSpecification=streaming)


def test_a_policy_lets_in_and_keeps_out(cloud: CloudUnderTest, db: Any, arn: str) -> None:
    iam = cloud.client("iam")
    user = iam.create_user(UserName="reader")["User"]["Arn"]
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    reader = cloud.client("dynamodb", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))
    get = {"TableName": "things", "Key": {"id": {"S": "a"}}}
    assert refused(reader.get_item, **get)[0] == "AccessDeniedException"
    document = policy(statement(arn, Principal={"AWS": user}))
    revision = db.put_resource_policy(ResourceArn=arn, Policy=document)["RevisionId"]
    assert "Item" not in reader.get_item(**get)
    found = db.get_resource_policy(ResourceArn=arn)
    assert (json.loads(found["Policy"]), found["RevisionId"]) == (json.loads(document), revision)
    cloud.advance(15)
    assert db.delete_resource_policy(ResourceArn=arn)["RevisionId"] == revision
    assert refused(db.get_resource_policy, ResourceArn=arn) == (
        "PolicyNotFoundException",
        NOT_FOUND + arn,
    )
    assert refused(reader.get_item, **get)[0] == "AccessDeniedException"


def test_a_policy_is_kept_in_a_form_of_its_own(db: Any, arn: str) -> None:
    scattered = {
        "Condition": {"StringEquals": {"aws:PrincipalAccount": [ACCOUNT]}},
        "Resource": [arn],
        "Action": ["dynamodb:Query", "dynamodb:GetItem"],
        "Principal": {"AWS": [ACCOUNT, ROOT]},
        "Effect": "allow",
    }
    given = json.dumps({"Statement": scattered, "Version": "2012-10-17"}, indent=4)
    revision = db.put_resource_policy(ResourceArn=arn, Policy=given)["RevisionId"]
    found = db.get_resource_policy(ResourceArn=arn)["Policy"]
    assert found == (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"'
        f'{ROOT}"}},"Action":["dynamodb:Query","dynamodb:GetItem"],"Resource":"{arn}",'
        f'"Condition":{{"StringEquals":{{"aws:PrincipalAccount":"{ACCOUNT}"}}}}}}]}}'
    )
    for same in (given, found):
        again = db.put_resource_policy(ResourceArn=arn, Policy=same)["RevisionId"]
        assert again == revision


def test_a_policy_without_a_version_is_of_the_oldest(
    cloud: CloudUnderTest, db: Any, arn: str
) -> None:
    bare = json.dumps({"Statement": [statement(arn)]})
    revision = db.put_resource_policy(ResourceArn=arn, Policy=bare)["RevisionId"]
    found = db.get_resource_policy(ResourceArn=arn)["Policy"]
    assert json.loads(found)["Version"] == "2008-10-17"
    assert db.put_resource_policy(ResourceArn=arn, Policy=bare)["RevisionId"] == revision
    cloud.advance(15)
    assert db.put_resource_policy(ResourceArn=arn, Policy=found)["RevisionId"] > revision


def test_a_request_says_which_revision_it_expects(cloud: CloudUnderTest, db: Any, arn: str) -> None:
    put, other = db.put_resource_policy, policy(statement(arn, Action="dynamodb:PutItem"))
    params = {"ResourceArn": arn, "Policy": policy(statement(arn))}
    code = "PolicyNotFoundException"
    asked = NOT_FOUND + "Requested update for policy with revision id "
    assert refused(put, **params, ExpectedRevisionId="123")[1].startswith(
        f"{asked}123, but table things has no associated"
    )
    first = put(**params, ExpectedRevisionId="NO_POLICY")["RevisionId"]
    assert first == str(int(cloud.now * 1000))
    differs = (
        code,
        f"{asked}123, but the policy associated to target table things has revision id {first}.",
    )
    assert refused(put, **params, ExpectedRevisionId="123") == differs
    assert refused(db.delete_resource_policy, ResourceArn=arn, ExpectedRevisionId="123") == differs
    assert refused(put, **params, ExpectedRevisionId="NO_POLICY") == (
        code,
        f"{NOT_FOUND}Requested policy update expecting none to be present for table things, "
        f"but a policy exists with revision id {first}.",
    )
    cloud.advance(15)
    changed = {"ResourceArn": arn, "Policy": other, "ExpectedRevisionId": first}
    second = put(**changed)["RevisionId"]
    cloud.advance(15)
    gone = db.delete_resource_policy(ResourceArn=arn, ExpectedRevisionId=second)
    assert gone["RevisionId"] == second
    deleted = str(int(cloud.now * 1000))
    cloud.advance(2)
    assert db.delete_resource_policy(ResourceArn=arn)["RevisionId"] == deleted


def test_a_policy_changes_once_in_fifteen_seconds(cloud: CloudUnderTest, db: Any, arn: str) -> None:
    put = db.put_resource_policy
    revision = put(ResourceArn=arn, Policy=policy(statement(arn)))["RevisionId"]
    stream = db.describe_table(TableName="things")["Table"]["LatestStreamArn"]
    reading = statement(stream, Action="dynamodb:GetRecords")
    put(ResourceArn=stream, Policy=policy(reading))
    params = {"ResourceArn": arn, "Policy": policy(statement(arn, Action="dynamodb:Query"))}
    in_use = "Attempt to change a resource which is still in use: "
    pending = (
        "ResourceInUseException",
        in_use + "Table is pending previous resource-based policy update: things",
    )
    assert refused(put, **params) == pending
    assert refused(db.delete_table, TableName="things") == (
        "ResourceInUseException",
        in_use + "Table: things has a pending resource-based policy update.",
    )
    cloud.advance(5)
    code, message = refused(put, **params)
    assert code == "ThrottlingException"
    assert message.startswith(
        "Resource-based policy for table things modified within the previous 15000 milliseconds. "
        "Please try again after 20"
    )
    assert message.endswith("Z.")
    assert refused(db.delete_resource_policy, ResourceArn=arn) == (code, message)
    assert refused(put, **params, ExpectedRevisionId=revision) == pending
    changed = policy({**reading, "Action": "dynamodb:DescribeStream"})
    message = refused(put, ResourceArn=stream, Policy=changed)[1]
    assert message.startswith(f"Resource-based policy for stream {stream.rpartition('/')[2]} ")
    cloud.advance(10)
    put(**params)


WRONG = {
    "": "This policy contains invalid Json",
    "{": "This policy contains invalid Json",
    "[]": "This policy contains invalid Json",
    "null": "This text appears not to be a policy",
    "{}": "Syntax error at position (1,3)",
    policy(): "Could not parse the policy: Statement is empty!",
    policy({}): "Missing required field Effect",
}


@pytest.mark.parametrize(("document", "reason"), WRONG.items())
def test_what_is_no_policy(db: Any, arn: str, document: str, reason: str) -> None:
    assert invalid(db.put_resource_policy, ResourceArn=arn, Policy=document) == (
        f"One or more parameter values were invalid: Invalid policy document: {reason}"
    )


def test_statements_that_cannot_be(db: Any, arn: str) -> None:
    stream = db.describe_table(TableName="things")["Table"]["LatestStreamArn"]

    def wrong(*statements: dict[str, Any], of: str = arn) -> str:
        document = policy(*statements)
        return invalid(db.put_resource_policy, ResourceArn=of, Policy=document).rpartition(
            "Invalid policy document: "
        )[2]

    bare = statement(arn)
    del bare["Resource"]
    assert wrong(bare) == "Missing required field Resource"
    twice = statement(arn, Sid="one")
    assert wrong(twice, twice) == "The Statement Ids in the policy are not unique"
    assert wrong(statement(arn, Principal=ACCOUNT)).startswith("Syntax error at position (1,")
    for everybody in ("*", {"AWS": "*"}, {"AWS": [ROOT, "*"]}):
        assert wrong(statement(arn, Principal=everybody)).startswith(
            "Resource-based policy grants unbounded access in one or more elements."
        )
    of_streams = ["dynamodb:GetRecords", "dynamodb:DescribeStream"]
    assert wrong(statement(arn, Action=of_streams)) == (
        'The following action names are invalid: "dynamodb:GetRecords", "dynamodb:DescribeStream"'
    )
    assert wrong(statement(stream)).startswith(
        f'The relative-id "{stream.split(":", 5)[-1]}" is invalid for ARN "{stream}"'
    )
    assert wrong(statement(arn), of=stream).startswith('The relative-id "table/things" is invalid')
    long = policy(statement(arn)) + " " * 20_480
    assert invalid(db.put_resource_policy, ResourceArn=arn, Policy=long) == (
        "One or more parameter values were invalid: Maximum policy size of 20480 bytes exceeded"
    )


def test_nobody_locks_himself_out_by_mistake(cloud: CloudUnderTest, db: Any, arn: str) -> None:
    iam = cloud.client("iam")
    iam.create_user(UserName="admin")
    allow = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}
    iam.put_user_policy(UserName="admin", PolicyName="all", PolicyDocument=policy(allow))
    key = iam.create_access_key(UserName="admin")["AccessKey"]
    admin = cloud.client("dynamodb", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))
    put = "dynamodb:PutResourcePolicy"
    params = {
        "ResourceArn": arn,
        "Policy": policy(statement(arn, Effect="Deny", Principal="*", Action=put)),
    }
    assert refused(admin.put_resource_policy, **params) == (
        "AccessDeniedException",
        "The new resource policy will not allow you to update the resource policy in the future.",
    )
    admin.put_resource_policy(**params, ConfirmRemoveSelfResourceAccess=True)
    cloud.advance(15)
    assert put in refused(admin.put_resource_policy, **params)[1]


def test_only_tables_and_streams_have_policies(db: Any, arn: str) -> None:
    value = "One or more parameter values were invalid: "
    elsewhere = arn.replace("us-east-1", "eu-west-1")
    wrong = {
        "things": value + "ARNs must start with 'arn:': things",
        elsewhere: value + f"Invalid resource Arn: {elsewhere}",
        arn.replace("0" * 12, "1" * 12): "This action is only supported by accounts that match "
        "the resource owner\u2019s account.",
        f"{arn}/index/i": value + "Invalid resource arn provided, only table or stream is "
        f"accepted. Provided resource arn: {arn}/index/i",
    }
    for given, message in wrong.items():
        assert invalid(db.get_resource_policy, ResourceArn=given) == message
    missing = "ResourceNotFoundException"
    assert refused(db.get_resource_policy, ResourceArn=arn + "_") == (
        missing,
        "Requested resource not found: Table: things_ not found",
    )
    assert refused(db.get_resource_policy, ResourceArn=f"{arn}/stream/2000-01-01T00:00:00.000") == (
        missing,
        "Requested resource not found: Stream: 2000-01-01T00:00:00.000 not found for Table: things",
    )
