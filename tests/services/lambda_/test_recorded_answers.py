"""What AWS was seen to answer: its words for what is not there or may not be, and what is left out.

Facts recorded from AWS between 2023 and 2025 by public test suites.
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

ARN = "arn:aws:lambda:us-east-1:000000000000:function:"
GONE = "The resource you requested does not exist."
NOWHERE = "Function does not exist"
SOURCE = "def handler(event, context): return 1"
LATEST = "The function resource provided must be an alias or a published version."
TAGS = "Tags on function aliases and versions are not supported. Please specify a function ARN."


def refused(functions: Any, operation: str, **params: Any) -> tuple[str, str]:
    """The code, without its end, and the message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        getattr(functions.client, operation)(**params)
    error = caught.value.response["Error"]
    assert caught.value.response["Type"] == "User"
    return error["Code"].removesuffix("Exception"), error["Message"]


@pytest.mark.parametrize(
    ("operation", "params", "message"),
    [
        ("get_function", {}, f"Function not found: {ARN}nope"),
        ("get_function", {"Qualifier": "7"}, f"Function not found: {ARN}nope:7"),
        ("delete_function", {"Qualifier": "7"}, f"Function not found: {ARN}nope"),
        ("get_function_concurrency", {}, f"Function not found: {ARN}nope"),
        ("get_function_code_signing_config", {}, f"Function not found: {ARN}nope"),
        ("get_policy", {}, f"Function not found: {ARN}nope"),
        ("get_policy", {"Qualifier": "7"}, f"Function not found: {ARN}nope"),
        ("remove_permission", {"StatementId": "s"}, f"No policy found for: {ARN}nope"),
        (
            "get_function_event_invoke_config",
            {},
            f"The function {ARN}nope:$LATEST doesn't have an EventInvokeConfig",
        ),
        ("get_function_url_config", {}, GONE),
        ("delete_function_url_config", {}, GONE),
        ("list_function_url_configs", {}, NOWHERE),
        ("create_function_url_config", {"AuthType": "NONE"}, NOWHERE),
        ("update_function_url_config", {"AuthType": "NONE"}, NOWHERE),
        ("create_alias", {"Name": "a", "FunctionVersion": "1"}, f"Function not found: {ARN}nope:1"),
        (
            "get_provisioned_concurrency_config",
            {"Qualifier": "live"},
            f"Cannot find alias arn: {ARN}nope:live",
        ),
        (
            "delete_provisioned_concurrency_config",
            {"Qualifier": "1"},
            f"Function not found: {ARN}nope:1",
        ),
    ],
)
def test_a_function_that_is_not_there(
    functions: Any, operation: str, params: dict[str, Any], message: str
) -> None:
    found = refused(functions, operation, FunctionName="nope", **params)
    assert found == ("ResourceNotFound", message)


def test_a_new_function_has_the_environment_it_was_given(functions: Any) -> None:
    made = functions.make(SOURCE, Environment={"Variables": {}}, Publish=True)
    assert made["Environment"] == {"Variables": {}}
    assert (made["FunctionArn"], made["Version"], made["State"]) == (f"{ARN}hello", "1", "Pending")
    (listed,) = functions.client.list_functions()["Functions"]
    assert not {"State", "LastUpdateStatus", "RuntimeVersionConfig"} & listed.keys()
    versions = functions.client.list_versions_by_function(FunctionName="hello")["Versions"]
    assert not any("RuntimeVersionConfig" in version for version in versions)


def test_a_url_is_answered_as_it_was_asked_for(functions: Any) -> None:
    functions.make(SOURCE)
    url = {"FunctionName": "hello", "AuthType": "NONE"}
    made = functions.client.create_function_url_config(**url)
    assert not {"InvokeMode", "LastModifiedTime"} & made.keys()
    message = f"Failed to create function url config for [functionArn = {ARN}hello]. Error message:"
    message += "  FunctionUrlConfig exists for this Lambda function"
    found = refused(functions, "create_function_url_config", **url)
    assert found == ("ResourceConflict", message)
    assert "InvokeMode" not in functions.client.update_function_url_config(**url)
    shown = functions.client.get_function_url_config(FunctionName="hello")
    assert shown["InvokeMode"] == "BUFFERED"
    found = refused(functions, "create_function_url_config", **url, Qualifier="nobody")
    assert found == ("ResourceNotFound", NOWHERE)


def test_provisioned_concurrency_is_of_versions_and_their_aliases(functions: Any) -> None:
    functions.make(SOURCE, Publish=True)
    for operation in ("get", "delete"):
        where = {"FunctionName": "hello", "Qualifier": "$LATEST"}
        found = refused(functions, f"{operation}_provisioned_concurrency_config", **where)
        assert found == ("InvalidParameterValue", LATEST)
    functions.client.create_alias(FunctionName="hello", Name="live", FunctionVersion="1")
    put = {"FunctionName": "hello", "ProvisionedConcurrentExecutions": 1}
    functions.client.put_provisioned_concurrency_config(**put, Qualifier="live")
    found = refused(functions, "put_provisioned_concurrency_config", **put, Qualifier="1")
    assert found == ("ResourceConflict", "Version is pointed by a Provisioned Concurrency alias")


@pytest.mark.parametrize("qualifier", ["1", "$LATEST", "live"])
def test_tags_are_of_functions(functions: Any, qualifier: str) -> None:
    functions.make(SOURCE)
    params = {"Resource": f"{ARN}hello:{qualifier}", "Tags": {"a": "b"}}
    assert refused(functions, "tag_resource", **params) == ("InvalidParameterValue", TAGS)


def test_tags_have_a_limit(functions: Any) -> None:
    many = {f"{number}_key": "value" for number in range(50)}
    functions.make(SOURCE, Tags=many)
    arn = f"{ARN}hello"
    found = refused(functions, "tag_resource", Resource=arn, Tags={"one": "more"})
    assert found == ("InvalidParameterValue", "Number of tags exceeds resource tag limit.")
    found = refused(functions, "tag_resource", Resource=arn, Tags={})
    message = "An error occurred and the request cannot be processed."
    assert found == ("InvalidParameterValue", message)
    functions.client.untag_resource(Resource=arn, TagKeys=["nobody"])
    assert functions.client.list_tags(Resource=arn)["Tags"] == many


def test_code_signing_configurations_that_are_not_there(functions: Any) -> None:
    functions.make(SOURCE)
    shown = functions.client.get_function_code_signing_config(FunctionName="hello")
    assert not {"CodeSigningConfigArn", "FunctionName"} & shown.keys()
    gone = "arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-00000000000000000"
    for name in ("hello", "nope"):
        params = {"FunctionName": name, "CodeSigningConfigArn": gone}
        found = refused(functions, "put_function_code_signing_config", **params)
        message = "The code signing configuration cannot be found. Check that the provided"
        message += f" configuration is not deleted: {gone}."
        assert found == ("CodeSigningConfigNotFound", message)
    with pytest.raises(ClientError) as caught:
        functions.client.get_code_signing_config(CodeSigningConfigArn=gone)
    assert "Type" not in caught.value.response


def test_layer_versions_begin_with_one(functions: Any) -> None:
    client, content = functions.client, {"ZipFile": functions.zip(SOURCE)}
    empty: dict[str, Any] = {"CompatibleRuntimes": [], "CompatibleArchitectures": []}
    made = client.publish_layer_version(LayerName="layer", Content=content, **empty)
    assert {name: made[name] for name in empty} == empty
    made = client.publish_layer_version(LayerName="layer", Content=content)
    assert not empty.keys() & made.keys()
    for operation in ("get_layer_version", "delete_layer_version"):
        found = refused(functions, operation, LayerName="layer", VersionNumber=0)
        assert found == ("InvalidParameterValue", "Layer Version Cannot be less than 1")
    assert client.list_layers(CompatibleRuntime="python3.13")["Layers"] == []


def test_a_statement_that_is_not_there(functions: Any) -> None:
    functions.make(SOURCE)
    gone = {"FunctionName": "hello", "StatementId": "gone"}
    found = refused(functions, "remove_permission", **gone)
    assert found == ("ResourceNotFound", "No policy is associated with the given resource.")
    functions.client.add_permission(
        FunctionName="hello", StatementId="s3", Action="lambda:*", Principal="s3.amazonaws.com"
    )
    found = refused(functions, "remove_permission", **gone)
    assert found == ("ResourceNotFound", "Statement gone is not found in resource policy.")


def test_a_version_that_is_not_there_has_no_policy(functions: Any) -> None:
    functions.make(SOURCE)
    found = refused(functions, "get_policy", FunctionName="hello", Qualifier="77")
    assert found == ("ResourceNotFound", GONE)
    statement = {"StatementId": "s", "Action": "lambda:*", "Principal": "s3.amazonaws.com"}
    for qualifier, message in {
        "42": f"Function not found: {ARN}hello:42",
        "with-$-in-it": f"Function not found: {ARN}hello:with-$-in-it",
        "nobody": f"Cannot find alias arn: {ARN}hello:nobody",
    }.items():
        params = {"FunctionName": "hello", "Qualifier": qualifier, **statement}
        assert refused(functions, "add_permission", **params) == ("ResourceNotFound", message)


def test_too_little_concurrency_is_no_users_error(functions: Any) -> None:
    functions.make(SOURCE, Publish=True)
    client = functions.client
    client.put_provisioned_concurrency_config(
        FunctionName="hello", Qualifier="1", ProvisionedConcurrentExecutions=2
    )
    least = "below its minimum value of [100]."
    reserve, provide = "put_function_concurrency", "put_provisioned_concurrency_config"
    for operation, figure, message in (
        (
            reserve,
            1,
            " ReservedConcurrentExecutions  1 should not be lower than function's total"
            " provisioned concurrency [2].",
        ),
        (
            reserve,
            950,
            "Specified ReservedConcurrentExecutions for function decreases account's"
            f" UnreservedConcurrentExecution {least}",
        ),
        (
            provide,
            1001,
            "Specified ConcurrentExecutions for function is greater than account's unreserved"
            " concurrency [1000].",
        ),
        (
            provide,
            950,
            "Specified ConcurrentExecutions for function decreases account's"
            f" UnreservedConcurrentExecution {least}",
        ),
    ):
        params: dict[str, Any] = {"ReservedConcurrentExecutions": figure}
        if operation == provide:
            params = {"Qualifier": "1", "ProvisionedConcurrentExecutions": figure}
        with pytest.raises(ClientError) as caught:
            getattr(client, operation)(FunctionName="hello", **params)
        found = caught.value.response
        assert (found["Error"]["Code"], found["Error"]["Message"]) == (
            "InvalidParameterValueException",
            message,
        )
        assert "Type" not in found


def test_tags_to_remove_must_be_named(functions: Any) -> None:
    arn = functions.make(SOURCE)["FunctionArn"]
    with pytest.raises(ClientError) as caught:
        functions.client.untag_resource(Resource=arn, TagKeys=[])
    assert caught.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": "1 validation error detected: Value null at 'tagKeys' failed to satisfy"
        " constraint: Member must not be null",
    }
