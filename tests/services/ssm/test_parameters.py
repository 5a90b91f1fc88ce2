"""Parameters: written, read, found, removed; what is refused; who may."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


@pytest.fixture
def ssm(cloud: CloudUnderTest) -> Any:
    """A client."""
    return cloud.client("ssm")


def refused(call: Any, **params: Any) -> str:
    """The code of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    return str(caught.value.response["Error"]["Code"])


def put(ssm: Any, name: str, value: str = "v", **more: Any) -> Any:
    """Write a parameter of type String."""
    return ssm.put_parameter(Name=name, Value=value, **{"Type": "String", **more})


def test_a_parameter_has_versions(cloud: CloudUnderTest, ssm: Any) -> None:
    first = put(ssm, "/shop/table", "one", Description="d")
    assert (first["Version"], first["Tier"]) == (1, "Standard")
    assert refused(put, ssm=ssm, name="/shop/table") == "ParameterAlreadyExists"
    second = ssm.put_parameter(Name="/shop/table", Value="two", Overwrite=True)
    assert second["Version"] == 2
    found = ssm.get_parameter(Name="/shop/table")["Parameter"]
    assert found["Value"] == "two"
    assert found["ARN"] == "arn:aws:ssm:us-east-1:000000000000:parameter/shop/table"
    assert found["LastModifiedDate"].timestamp() == pytest.approx(cloud.now, abs=1)
    assert ssm.get_parameter(Name=found["ARN"])["Parameter"]["Version"] == 2
    old = ssm.get_parameter(Name="/shop/table:1")["Parameter"]
    assert (old["Value"], old["Selector"]) == ("one", ":1")
    assert refused(ssm.get_parameter, Name="/shop/table:3") == "ParameterVersionNotFound"
    page = ssm.get_parameter_history(Name="/shop/table", MaxResults=1)
    rest = ssm.get_parameter_history(Name="/shop/table", NextToken=page["NextToken"])
    shown = [(p["Version"], p["Value"]) for p in page["Parameters"] + rest["Parameters"]]
    assert shown == [(1, "one"), (2, "two")]
    assert rest["Parameters"][0]["Description"] == "d"


def test_a_secure_string_is_shown_to_who_asks_for_it(ssm: Any) -> None:
    put(ssm, "key", "s3cret", Type="SecureString")
    closed = ssm.get_parameter(Name="key")["Parameter"]
    assert (closed["Type"], "s3cret" in closed["Value"]) == ("SecureString", False)
    assert ssm.get_parameter(Name="key", WithDecryption=True)["Parameter"]["Value"] == "s3cret"
    (described,) = ssm.describe_parameters()["Parameters"]
    assert described["KeyId"] == "alias/aws/ssm"


def test_paths_and_filters(ssm: Any) -> None:
    for name in ("/a/b", "/a/c/d", "/a/c/e", "/ab", "plain"):
        put(ssm, name)
    one_level = ssm.get_parameters_by_path(Path="/a")["Parameters"]
    assert [each["Name"] for each in one_level] == ["/a/b"]
    pages = ssm.get_paginator("get_parameters_by_path").paginate(
        Path="/a/", Recursive=True, PaginationConfig={"PageSize": 2}
    )
    assert [p["Name"] for page in pages for p in page["Parameters"]] == ["/a/b", "/a/c/d", "/a/c/e"]
    by_name = [{"Key": "Name", "Option": "BeginsWith", "Values": ["/a/c"]}]
    found = ssm.describe_parameters(ParameterFilters=by_name)["Parameters"]
    assert [each["Name"] for each in found] == ["/a/c/d", "/a/c/e"]
    by_path = [{"Key": "Path", "Option": "Recursive", "Values": ["/a"]}]
    assert len(ssm.describe_parameters(ParameterFilters=by_path)["Parameters"]) == 3
    named = ssm.get_parameters(Names=["plain", "/ab", "none"])
    assert [each["Name"] for each in named["Parameters"]] == ["/ab", "plain"]
    assert named["InvalidParameters"] == ["none"]
    assert ssm.get_parameter(Name=named["Parameters"][1]["ARN"])["Parameter"]["Name"] == "plain"
    label = [{"Key": "Label", "Values": ["x"]}]
    assert refused(ssm.describe_parameters, ParameterFilters=label) == "InvalidFilterKey"
    contains = [{"Key": "Type", "Option": "Contains", "Values": ["S"]}]
    assert refused(ssm.describe_parameters, ParameterFilters=contains) == "InvalidFilterOption"


def test_deleting(ssm: Any) -> None:
    for name in ("a", "b", "c"):
        put(ssm, name)
    ssm.delete_parameter(Name="a")
    assert refused(ssm.delete_parameter, Name="a") == "ParameterNotFound"
    gone = ssm.delete_parameters(Names=["a", "b"])
    assert (gone["DeletedParameters"], gone["InvalidParameters"]) == (["b"], ["a"])
    assert refused(ssm.get_parameter, Name="b") == "ParameterNotFound"
    assert put(ssm, "b")["Version"] == 1


def test_tags(ssm: Any) -> None:
    put(ssm, "p", Tags=[{"Key": "team", "Value": "blue"}])
    target = {"ResourceType": "Parameter", "ResourceId": "p"}
    ssm.add_tags_to_resource(**target, Tags=[{"Key": "stage", "Value": "prod"}])
    ssm.remove_tags_from_resource(**target, TagKeys=["team"])
    tags = ssm.list_tags_for_resource(**target)["TagList"]
    assert tags == [{"Key": "stage", "Value": "prod"}]
    by_tag = [{"Key": "tag:stage", "Values": ["prod"]}]
    assert len(ssm.describe_parameters(ParameterFilters=by_tag)["Parameters"]) == 1
    missing = {**target, "ResourceId": "q"}
    assert refused(ssm.list_tags_for_resource, **missing) == "InvalidResourceId"
    document = {**target, "ResourceType": "Document"}
    assert refused(ssm.list_tags_for_resource, **document) == "InvalidResourceType"


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"Name": "aws-thing"}, "ValidationException"),
        ({"Name": "/SSM/x"}, "ValidationException"),
        ({"Name": "a b"}, "ValidationException"),
        ({"Name": "a/b"}, "ValidationException"),
        ({"Name": "/x" * 16}, "HierarchyLevelLimitExceededException"),
        ({"Type": None}, "ValidationException"),
        ({"Value": "x" * 4097}, "ValidationException"),
        ({"Value": "{{ssm:other}}"}, "ValidationException"),
        ({"AllowedPattern": r"^\d+$"}, "ParameterPatternMismatchException"),
        ({"KeyId": "alias/aws/ssm"}, "ValidationException"),
        ({"Type": "SecureString", "KeyId": "alias/mine"}, "InvalidKeyId"),
        ({"DataType": "aws:ec2:image"}, "ValidationException"),
        ({"Policies": '[{"Type": "Expiration"}]'}, "ValidationException"),
        ({"Overwrite": True, "Tags": [{"Key": "a", "Value": "b"}]}, "ValidationException"),
    ],
)
def test_what_is_refused_changes_nothing(ssm: Any, params: dict[str, Any], code: str) -> None:
    asked = {"Name": "/x", "Value": "v", "Type": "String", **params}
    asked = {name: value for name, value in asked.items() if value is not None}
    assert refused(ssm.put_parameter, **asked) == code
    assert ssm.describe_parameters()["Parameters"] == []


def test_tiers_and_types(ssm: Any) -> None:
    assert put(ssm, "big", "x" * 8192, Tier="Advanced")["Tier"] == "Advanced"
    assert put(ssm, "smart", "x" * 4097, Tier="Intelligent-Tiering")["Tier"] == "Advanced"
    put(ssm, "p")
    change = {"Name": "p", "Value": "v", "Type": "StringList", "Overwrite": True}
    assert refused(ssm.put_parameter, **change) == "HierarchyTypeMismatchException"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"Value": "{{ssm:other}}"},
            "Parameter value: '{{ssm:other}}' failed to satisfy constraint: Parameter value can't "
            'nest another parameter. Do not use "{{}}" in the value.',
        ),
        (
            {"Value": "v" * 8193, "Tier": "Advanced"},
            "Advanced-tier parameters support a maximum parameter value of 8192 characters.",
        ),
    ],
)
def test_what_is_wrong_with_a_value(ssm: Any, settings: dict[str, str], message: str) -> None:
    with pytest.raises(ClientError) as caught:
        ssm.put_parameter(Name="p", Type="String", **settings)
    assert caught.value.response["Error"]["Message"] == message


def test_the_last_hundred_versions_are_kept(ssm: Any) -> None:
    for number in range(102):
        put(ssm, "p", str(number), Overwrite=True)
    history = ssm.get_paginator("get_parameter_history").paginate(Name="p")
    numbers = [each["Version"] for page in history for each in page["Parameters"]]
    assert numbers == list(range(3, 103))


def test_permissions_are_per_parameter(cloud: CloudUnderTest, ssm: Any) -> None:
    put(ssm, "/mine/a")
    put(ssm, "/theirs/a")
    iam = cloud.client("iam")
    iam.create_user(UserName="u")
    arn = "arn:aws:ssm:us-east-1:000000000000:parameter/mine/*"
    statement = {"Effect": "Allow", "Action": "ssm:GetParameter*", "Resource": arn}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=document)
    key = iam.create_access_key(UserName="u")["AccessKey"]
    user = cloud.client("ssm", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))
    assert user.get_parameter(Name="/mine/a:1")["Parameter"]["Value"] == "v"
    assert refused(user.get_parameter, Name="/theirs/a") == "AccessDeniedException"
    both = ["/mine/a", "/theirs/a"]
    assert refused(user.get_parameters, Names=both) == "AccessDeniedException"
    assert refused(put, ssm=user, name="/mine/b") == "AccessDeniedException"


def test_parameters_outlive_a_restart(cloud: CloudUnderTest, ssm: Any) -> None:
    put(ssm, "p", "kept")
    cloud.restart()
    assert cloud.client("ssm").get_parameter(Name="p")["Parameter"]["Value"] == "kept"
