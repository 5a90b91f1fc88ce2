"""Versions and aliases."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import ClientError

ARN = "arn:aws:lambda:us-east-1:000000000000:function:hello"
WHICH = "def handler(event, context):\n    return context.function_version\n"


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """The code and message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(FunctionName="hello", **params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def _publish(functions: Any, description: str) -> str:
    functions.client.update_function_configuration(
        FunctionName="hello", Environment={"Variables": {"IT": description}}
    )
    version: str = functions.client.publish_version(FunctionName="hello", Description=description)[
        "Version"
    ]
    return version


def test_versions_are_numbered_and_unchanging(functions: Any) -> None:
    functions.make(WHICH, Publish=True)
    again = functions.client.publish_version(FunctionName="hello")
    assert again["Version"] == "1"
    assert again["FunctionArn"] == f"{ARN}:1"
    assert _publish(functions, "second") == "2"
    found = functions.client.list_versions_by_function(FunctionName="hello")["Versions"]
    assert [v["Version"] for v in found] == ["$LATEST", "1", "2"]
    assert [v["FunctionArn"] for v in found] == [f"{ARN}:$LATEST", f"{ARN}:1", f"{ARN}:2"]
    assert found[2]["Description"] == "second"
    assert functions.call(FunctionName="hello:1") == "1"
    assert functions.call(Qualifier="2") == "2"
    assert functions.call() == "$LATEST"


def test_whatever_an_update_changes_it_is_published(functions: Any) -> None:
    functions.make(WHICH, Description="No version :(")
    client, name = functions.client, {"FunctionName": "hello"}

    def publish(**options: Any) -> tuple[str, str]:
        made = client.publish_version(**name, **options)
        return made["Version"], made["Description"]

    client.update_function_configuration(**name, Description="First version :)")
    assert publish(Description="The first") == ("1", "The first")
    client.update_function_configuration(**name, Description="Second version :))")
    assert publish() == ("2", "Second version :))")
    assert publish(Description="The third") == ("2", "Second version :))")
    client.tag_resource(Resource=ARN, Tags={"team": "a"})
    assert publish() == ("2", "Second version :))")
    same = client.update_function_code(**name, ZipFile=functions.zip(WHICH), DryRun=True)
    assert publish() == ("2", same["Description"])
    same = client.update_function_code(**name, ZipFile=functions.zip(WHICH), Publish=True)
    assert same["Version"] == "3" and publish()[0] == "3"


def test_publishing_checks_what_is_published(functions: Any) -> None:
    functions.make(WHICH)
    code, message = refused(functions.client.publish_version, CodeSha256="x")
    assert code == "InvalidParameterValueException"
    assert message.startswith("CodeSHA256 (x) is different from current CodeSHA256 in $LATEST")
    code, _ = refused(functions.client.publish_version, RevisionId="x")
    assert code == "PreconditionFailedException"


def test_an_alias_points_to_a_version(functions: Any) -> None:
    functions.make(WHICH, Publish=True)
    made = functions.client.create_alias(FunctionName="hello", Name="live", FunctionVersion="1")
    assert made["AliasArn"] == f"{ARN}:live"
    assert made["Description"] == "" and "RoutingConfig" not in made
    answer, payload = functions.invoke(Qualifier="live")
    assert (payload, answer["ExecutedVersion"]) == ("1", "1")
    _publish(functions, "second")
    changed = functions.client.update_alias(FunctionName="hello", Name="live", FunctionVersion="2")
    assert changed["RevisionId"] != made["RevisionId"]
    assert functions.call(Qualifier="live") == "2"
    found = functions.client.get_alias(FunctionName="hello", Name="live")
    assert found["FunctionVersion"] == "2"
    by_alias = functions.client.get_function_configuration(FunctionName="hello", Qualifier="live")
    assert (by_alias["Version"], by_alias["FunctionArn"]) == ("2", f"{ARN}:live")
    listed = functions.client.list_aliases(FunctionName="hello", FunctionVersion="2")["Aliases"]
    assert [alias["Name"] for alias in listed] == ["live"]
    assert functions.client.list_aliases(FunctionName="hello", FunctionVersion="1")["Aliases"] == []


def test_weights_share_out_invocations(functions: Any) -> None:
    functions.make(WHICH, Publish=True)
    _publish(functions, "second")
    functions.client.create_alias(
        FunctionName="hello",
        Name="live",
        FunctionVersion="1",
        RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}},
    )
    counts = Counter(functions.call(Qualifier="live") for _ in range(60))
    assert set(counts) == {"1", "2"}
    assert 10 < counts["1"] < 50


def test_aliases_are_checked(functions: Any) -> None:
    functions.make(WHICH, Publish=True)
    client = functions.client
    assert refused(client.create_alias, Name="live", FunctionVersion="9") == (
        "ResourceNotFoundException",
        f"Function not found: {ARN}:9",
    )
    assert refused(client.get_alias, Name="live") == (
        "ResourceNotFoundException",
        f"Cannot find alias arn: {ARN}:live",
    )
    client.create_alias(FunctionName="hello", Name="live", FunctionVersion="1")
    assert refused(client.create_alias, Name="live", FunctionVersion="1") == (
        "ResourceConflictException",
        f"Alias already exists: {ARN}:live",
    )
    weights = {"AdditionalVersionWeights": {"1": 0.1}}
    code, message = refused(
        client.create_alias, Name="x", FunctionVersion="$LATEST", RoutingConfig=weights
    )
    assert code == "InvalidParameterValueException"
    assert message == "$LATEST is not supported for an alias pointing to more than 1 version"


def test_deleting_versions_and_aliases(functions: Any) -> None:
    functions.make(WHICH, Publish=True)
    client = functions.client
    client.create_alias(FunctionName="hello", Name="live", FunctionVersion="1")
    code, message = refused(client.delete_function, Qualifier="1")
    assert code == "ResourceConflictException"
    assert "[live]" in message
    client.delete_alias(FunctionName="hello", Name="live")
    client.delete_alias(FunctionName="hello", Name="live")
    client.delete_function(FunctionName="hello", Qualifier="1")
    assert len(client.list_versions_by_function(FunctionName="hello")["Versions"]) == 1
    code, message = refused(client.delete_function, Qualifier="$LATEST")
    assert message == "$LATEST version cannot be deleted without deleting the function."
    assert _publish(functions, "later") == "2"
