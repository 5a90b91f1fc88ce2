"""Layers: published, shared, used."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError


def _publish(functions: Any, name: str, file: str, text: str, **options: Any) -> str:
    content = {"ZipFile": functions.zip(text, file)}
    answer = functions.client.publish_layer_version(LayerName=name, Content=content, **options)
    return str(answer["LayerVersionArn"])


def test_functions_see_their_layers_in_opt(functions: Any) -> None:
    first = _publish(functions, "first", "python/shared.py", "NAME = 'first'")
    second = _publish(functions, "second", "python/shared.py", "NAME = 'second'")
    tool = _publish(functions, "tool", "bin/tool", "echo")
    source = (
        "import shared, pathlib, os\n"
        "def handler(event, context):\n"
        "    opt = os.environ['PATH'].split(':')[-1].removesuffix('/bin')\n"
        "    return [shared.NAME, sorted(p.name for p in pathlib.Path(opt).iterdir())]\n"
    )
    made = functions.make(source, Layers=[first, second, tool])
    assert [layer["Arn"] for layer in made["Layers"]] == [first, second, tool]
    assert functions.call() == ["second", ["bin", "python"]]
    functions.client.update_function_configuration(FunctionName="hello", Layers=[first])
    functions.client.delete_layer_version(LayerName="first", VersionNumber=1)
    assert functions.call() == ["first", ["python"]]
    functions.client.update_function_configuration(FunctionName="hello", Layers=[])
    assert functions.call()["errorType"] == "Runtime.ImportModuleError"


def test_what_cannot_be_a_layer_is_refused(functions: Any) -> None:
    arn = _publish(functions, "one", "a", "b")
    again = _publish(functions, "one", "a", "c")
    for layers, message in (
        ([arn.replace(":one:", ":two:")], "Layer version .*two:1 does not exist."),
        ([arn, again], "Two different versions of the same layer"),
        ([arn] * 6, "Cannot reference more than 5 layers."),
    ):
        with pytest.raises(ClientError, match=message) as caught:
            functions.make("", Layers=layers)
        assert caught.value.response["Error"]["Code"] == "InvalidParameterValueException"


def test_layers_are_shown_and_listed(functions: Any) -> None:
    client = functions.client
    options = {"CompatibleRuntimes": ["python3.13"], "LicenseInfo": "MIT"}
    arn = _publish(functions, "one", "a", "b", Description="first", **options)
    _publish(functions, "one", "a", "c")
    shown = client.get_layer_version(LayerName="one", VersionNumber=1)
    assert (shown["LayerVersionArn"], shown["LayerArn"]) == (arn, arn[:-2])
    assert (shown["Description"], shown["LicenseInfo"]) == ("first", "MIT")
    assert shown["Content"]["CodeSize"] > 0
    assert client.get_layer_version_by_arn(Arn=arn)["Version"] == 1
    listed = client.list_layer_versions(LayerName="one")["LayerVersions"]
    assert [version["Version"] for version in listed] == [2, 1]
    (layer,) = client.list_layers(CompatibleRuntime="python3.13")["Layers"]
    assert layer["LatestMatchingVersion"]["Version"] == 1
    client.delete_layer_version(LayerName="one", VersionNumber=2)
    assert _publish(functions, "one", "a", "d").endswith(":3")
    with pytest.raises(ClientError) as caught:
        client.get_layer_version(LayerName="one", VersionNumber=2)
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_layer_s_policy_lets_others_use_it(functions: Any) -> None:
    arn = _publish(functions, "one", "a", "b")
    other = functions.cloud.client("lambda", credentials=("111111111111", "test"))
    with pytest.raises(ClientError) as caught:
        other.get_layer_version_by_arn(Arn=arn)
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    version = {"LayerName": "one", "VersionNumber": 1}
    with pytest.raises(ClientError, match="No policy is associated"):
        functions.client.get_layer_version_policy(**version)
    functions.client.add_layer_version_permission(
        **version, StatementId="all", Action="lambda:GetLayerVersion", Principal="*"
    )
    assert other.get_layer_version_by_arn(Arn=arn)["Version"] == 1
    policy = functions.client.get_layer_version_policy(**version)["Policy"]
    assert json.loads(policy)["Statement"][0]["Resource"] == arn
    functions.client.remove_layer_version_permission(**version, StatementId="all")
    with pytest.raises(ClientError, match="Statement all is not found"):
        functions.client.remove_layer_version_permission(**version, StatementId="all")


_STACK = """
Resources:
  Layer:
    Type: AWS::Lambda::LayerVersion
    Properties:
      LayerName: one
      CompatibleRuntimes: [python3.13]
      Content: {S3Bucket: archives, S3Key: layer.zip}
  Permission:
    Type: AWS::Lambda::LayerVersionPermission
    Properties:
      Action: lambda:GetLayerVersion
      LayerVersionArn: !Ref Layer
      Principal: "111111111111"
"""


def test_a_template_s_layer(functions: Any) -> None:
    s3 = functions.cloud.client("s3")
    s3.create_bucket(Bucket="archives")
    s3.put_object(Bucket="archives", Key="layer.zip", Body=functions.zip("x", "python/x.py"))
    stacks = functions.cloud.client("cloudformation")
    stacks.create_stack(StackName="s", TemplateBody=_STACK)
    functions.cloud.advance(60)
    (stack,) = stacks.describe_stacks(StackName="s")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    version = {"LayerName": "one", "VersionNumber": 1}
    policy = json.loads(functions.client.get_layer_version_policy(**version)["Policy"])
    assert policy["Statement"][0]["Principal"] == {"AWS": "arn:aws:iam::111111111111:root"}
    stacks.delete_stack(StackName="s")
    functions.cloud.advance(60)
    assert functions.client.list_layers()["Layers"] == []
