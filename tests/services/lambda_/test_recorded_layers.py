"""What AWS was seen to answer about layers and their policies."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

ARN = "arn:aws:lambda:us-east-1:000000000000:layer:"
SOURCE = "def handler(event, context): return 1"
LAYER: dict[str, Any] = {"LayerName": "lay", "VersionNumber": 1}
STATEMENT = {"Action": "lambda:GetLayerVersion", "Principal": "*"}
DIFFERS = (
    "The Revision Id provided does not match the latest Revision Id."
    " Call the GetLayerPolicy API to retrieve the latest Revision Id"
)


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """The code, without its end, and the message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"].removesuffix("Exception"), error["Message"]


def publish(functions: Any) -> dict[str, Any]:
    """Publish a version of the layer `lay`."""
    content = {"ZipFile": functions.zip(SOURCE)}
    made: dict[str, Any] = functions.client.publish_layer_version(LayerName="lay", Content=content)
    return made


@pytest.mark.parametrize(
    ("arns", "message"),
    [
        (
            ["lay:1", "lay:2", "lay:1"],
            "Two different versions of the same layer are not allowed to be referenced in the same"
            f" function. {ARN}lay:1 and {ARN}lay:2 are versions of the same layer.",
        ),
        (
            ["lay:1", "lay:1"],
            "Two different versions of the same layer are not allowed to be referenced in the same"
            f" function. {ARN}lay:1 and {ARN}lay:1 are versions of the same layer.",
        ),
        (["lay:9"], f"Layer version {ARN}lay:9 does not exist."),
        (["gone:1"], f"Layer version {ARN}gone:1 does not exist."),
        (["lay:1"] * 6, "Cannot reference more than 5 layers."),
    ],
)
def test_layers_that_a_function_cannot_have(functions: Any, arns: list[str], message: str) -> None:
    functions.make(SOURCE)
    publish(functions)
    publish(functions)
    params = {"FunctionName": "hello", "Layers": [f"{ARN}{arn}" for arn in arns]}
    found = refused(functions.client.update_function_configuration, **params)
    assert found == ("InvalidParameterValue", message)


def test_layers_are_of_the_functions_region(functions: Any) -> None:
    arn = ARN.replace("us-east-1", "eu-west-1")
    found = refused(functions.make, source=SOURCE, Layers=[f"{arn}lay:1"])
    message = "Layers are not in the same region as the function. Layers are expected to be in"
    assert found == ("InvalidParameterValue", f"{message} region us-east-1.")


def test_a_policy_that_is_not_there(functions: Any) -> None:
    client = functions.client
    publish(functions)
    found = refused(client.get_layer_version_policy, **LAYER)
    assert found == ("ResourceNotFound", "No policy is associated with the given resource.")
    client.add_layer_version_permission(**LAYER, **STATEMENT, StatementId="s1")
    found = refused(client.remove_layer_version_permission, **LAYER, StatementId="s2")
    assert found == ("ResourceNotFound", "Statement s2 is not found in resource policy.")


@pytest.mark.parametrize(("name", "number"), [("gone", 1), ("lay", 2)])
def test_a_layer_version_that_is_not_there_has_no_policy(
    functions: Any, name: str, number: int
) -> None:
    client = functions.client
    publish(functions)
    gone: dict[str, Any] = {"LayerName": name, "VersionNumber": number}
    expected = ("ResourceNotFound", f"Layer version {ARN}{name}:{number} does not exist.")
    add = client.add_layer_version_permission
    assert refused(add, **gone, **STATEMENT, StatementId="s") == expected
    assert refused(client.get_layer_version_policy, **gone) == expected
    remove = client.remove_layer_version_permission
    assert refused(remove, **gone, StatementId="s") == expected


def test_a_policys_revision(functions: Any) -> None:
    client = functions.client
    publish(functions)
    added = client.add_layer_version_permission(**LAYER, **STATEMENT, StatementId="s1")
    statement = {"Sid": "s1", "Effect": "Allow", "Principal": "*", **STATEMENT}
    assert json.loads(added["Statement"]) == statement | {"Resource": f"{ARN}lay:1"}
    assert client.get_layer_version_policy(**LAYER)["RevisionId"] == added["RevisionId"]
    wrong = {**LAYER, "RevisionId": "wrong"}
    expected = ("PreconditionFailed", DIFFERS)
    add = client.add_layer_version_permission
    assert refused(add, **wrong, **STATEMENT, StatementId="s2") == expected
    remove = client.remove_layer_version_permission
    assert refused(remove, **wrong, StatementId="s1") == expected


def test_the_versions_of_a_layer_count_as_code(functions: Any) -> None:
    def size() -> int:
        found = functions.client.get_account_settings()["AccountUsage"]
        return int(found["TotalCodeSize"])

    before = size()
    of_one = publish(functions)["Content"]["CodeSize"]
    publish(functions)
    assert size() - before == 2 * of_one
    functions.client.delete_layer_version(**LAYER)
    assert size() - before == of_one
