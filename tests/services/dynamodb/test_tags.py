"""Tags of tables: what they may be, what they may be of, and changes one after the other."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import index, invalid, make_table, refused


def tag(*pairs: str) -> list[dict[str, str]]:
    """Return tags given as `key=value`."""
    return [dict(zip(("Key", "Value"), pair.split("="), strict=True)) for pair in pairs]


def tags(db: Any, arn: str) -> dict[str, str]:
    """Return a table's tags."""
    found = db.list_tags_of_resource(ResourceArn=arn)["Tags"]
    return {each["Key"]: each["Value"] for each in found}


def test_tags_come_and_go(cloud: CloudUnderTest, db: Any) -> None:
    arn = make_table(db, "things", "a", Tags=tag("team=red"))
    db.tag_resource(ResourceArn=arn, Tags=tag("cost=1", "Team="))
    assert tags(db, arn) == {"team": "red", "cost": "1", "Team": ""}
    cloud.advance(2)
    db.untag_resource(ResourceArn=arn, TagKeys=["team", "unknown"])
    assert tags(db, arn) == {"cost": "1", "Team": ""}


def test_a_change_of_tags_is_under_way_for_a_moment(cloud: CloudUnderTest, db: Any) -> None:
    arn = make_table(db, "things", "a", Tags=tag("a=1"))
    db.tag_resource(ResourceArn=arn, Tags=tag("a=1"))
    db.untag_resource(ResourceArn=arn, TagKeys=["unknown"])  # neither changes anything
    db.tag_resource(ResourceArn=arn, Tags=tag("b=1"))
    pending = (
        "LimitExceededException",
        "Subscriber limit exceeded: Table tags are being updated: things",
    )
    assert refused(db.tag_resource, ResourceArn=arn, Tags=tag("a=1")) == pending
    assert refused(db.untag_resource, ResourceArn=arn, TagKeys=["unknown"]) == pending
    assert refused(db.delete_table, TableName="things") == (
        "ResourceInUseException",
        "Attempt to change a resource which is still in use: Table tags are being updated: things",
    )
    db.tag_resource(ResourceArn=arn, Tags=tag("b=1"))
    db.tag_resource(ResourceArn=arn, Tags=tag("a=1", "b=1", "c=1"))
    cloud.advance(2)
    db.untag_resource(ResourceArn=arn, TagKeys=["a"])
    assert refused(db.tag_resource, ResourceArn=arn, Tags=tag("d=1")) == pending
    assert tags(db, arn) == {"b": "1", "c": "1"}


KEY, VALUE = "The Tag Key provided is invalid, Key: ", "The Tag Value provided is invalid, Value: "
WRONG: list[tuple[str, list[dict[str, str]]]] = [
    ("Atleast one Tag needs to be provided as Input.", []),
    (KEY + "k" * 129, tag("k" * 129 + "=")),
    (KEY + "bad#", tag("good=1", "bad#=1")),
    (KEY + "null", [{"Value": "x"}]),
    (VALUE + "v" * 257, tag("k=" + "v" * 257)),
    (VALUE + "100%", tag("k=100%")),
    (VALUE + "null", [{"Key": "k"}]),
    ("Tag Key cannot be prefixed with aws:, Key: AWS:x", tag("AWS:x=1")),
    ("Duplicate Tag Keys provided as input: Duplicate Tag Key found a", tag("a=x", "a=y")),
    (
        "Number of Tags exceed the current limit for the provided ResourceArn",
        tag(*(f"{number}=" for number in range(50))),
    ),
]


@pytest.fixture
def unchecked(cloud: CloudUnderTest) -> Any:
    """A client that sends whatever it is given."""
    return cloud.client("dynamodb", parameter_validation=False)


@pytest.mark.parametrize(("message", "given"), WRONG)
def test_tags_that_cannot_be(unchecked: Any, message: str, given: list[dict[str, str]]) -> None:
    arn = make_table(unchecked, "things", "a", Tags=tag("cost=1"))
    assert invalid(unchecked.tag_resource, ResourceArn=arn, Tags=given) == message
    assert tags(unchecked, arn) == {"cost": "1"}


def test_tags_have_letters_of_any_script_and_some_signs(db: Any) -> None:
    arn = make_table(db, "things", "a")
    letters = [{"Key": "ключ", "Value": "表 é+-=._:/@"}]
    db.tag_resource(ResourceArn=arn, Tags=letters)
    assert db.list_tags_of_resource(ResourceArn=arn)["Tags"] == letters


def test_a_table_with_tags_that_cannot_be_is_not_made(unchecked: Any) -> None:
    with pytest.raises(unchecked.exceptions.ClientError, match="Tag Key provided is invalid"):
        make_table(unchecked, "things", "a", Tags=tag("k" * 129 + "="))
    assert unchecked.list_tables()["TableNames"] == []
    make_table(unchecked, "things", "a", Tags=[])


def test_keys_that_cannot_be(unchecked: Any) -> None:
    arn = make_table(unchecked, "things", "a")
    wrong = {
        "Atleast one Tag Key needs to be provided as Input.": [],
        KEY: [""],
        KEY + "k" * 129: ["k" * 129],
        "Tag Key cannot be prefixed with aws:, Key: aws:x": ["aws:x"],
        "Number of Tags exceed the current limit for the provided ResourceArn": [
            str(number) for number in range(51)
        ],
    }
    for message, keys in wrong.items():
        assert invalid(unchecked.untag_resource, ResourceArn=arn, TagKeys=keys) == message


def test_only_tables_have_tags(cloud: CloudUnderTest, db: Any) -> None:
    streaming = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    arn = make_table(db, "things", "a", StreamSpecification=streaming)
    stream = db.describe_table(TableName="things")["Table"]["LatestStreamArn"]
    value = "One or more parameter values were invalid: "
    elsewhere = arn.replace("us-east-1", "eu-west-1")
    backup = f"{arn}/backup/01796025489000-0bb662a8"
    wrong = {
        "things": value + "ARNs must start with 'arn:': things",
        backup: value + f"Provided Arn is not a DynamoDB resource arn: {backup}",
        f"{arn}/index/i": value + "Invalid resource arn provided, only table or stream is "
        f"accepted. Provided resource arn: {arn}/index/i",
        elsewhere: f"Invalid TableArn: Invalid ResourceArn provided as input {elsewhere}",
    }
    for given, message in wrong.items():
        assert invalid(db.list_tags_of_resource, ResourceArn=given) == message
        assert invalid(db.tag_resource, ResourceArn=given, Tags=tag("a=b")) == message
    for missing in (stream, arn.replace("things", "other")):
        assert refused(db.list_tags_of_resource, ResourceArn=missing) == (
            "ResourceNotFoundException",
            f"Requested resource not found: ResourceArn: {missing} not found",
        )
    other = arn.replace("0" * 12, "1" * 12)
    assert refused(db.list_tags_of_resource, ResourceArn=other)[0] == "AccessDeniedException"


def test_tags_know_a_table_once_it_is_there(cloud: CloudUnderTest, db: Any) -> None:
    cloud.run(cloud.kernel.scheduler.stop())
    made = db.create_table(
        TableName="things",
        AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
        KeySchema=index("", "a")["KeySchema"],
        BillingMode="PAY_PER_REQUEST",
        Tags=tag("team=red"),
    )
    arn = made["TableDescription"]["TableArn"]
    missing = "ResourceNotFoundException"
    assert refused(db.list_tags_of_resource, ResourceArn=arn)[0] == missing
    assert refused(db.tag_resource, ResourceArn=arn, Tags=tag("a=1"))[0] == missing
    cloud.restart()
    cloud.settle()
    assert tags(db, arn) == {"team": "red"}
