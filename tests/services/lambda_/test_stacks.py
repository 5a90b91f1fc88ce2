"""Lambda's resource types in stacks: what an update sets, what it takes back, and tags."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

FUNCTION = """
  F:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: hello
      Runtime: python3.13
      Handler: index.handler
      Role: {role}
      Code: {{ZipFile: "def handler(event, context): return 1"}}
"""
SIGNING = """
  Signing:
    Type: AWS::Lambda::CodeSigningConfig
    Properties:
      Description: {description}
      AllowedPublishers:
        SigningProfileVersionArns: ["arn:aws:signer:us-east-1:000000000000:/signing-profiles/a/b"]
      Tags: [{{Key: team, Value: {team}}}]
"""
MORE = """
      CodeSigningConfigArn: !Ref Signing
      RecursiveLoop: Allow
      RuntimeManagementConfig: {UpdateRuntimeOn: FunctionUpdate}
      KmsKeyArn: arn:aws:kms:us-east-1:000000000000:key/1
      VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}
      Layers: [!Ref Layer]
"""
LAYER = """
  Layer:
    Type: AWS::Lambda::LayerVersion
    Properties:
      Content: {{S3Bucket: code, S3Key: {key}}}
"""
OUTPUTS = """
Outputs:
  Id: {Value: !GetAtt Signing.CodeSigningConfigId}
  Arn: {Value: !GetAtt Signing.CodeSigningConfigArn}
"""


def _deploy(functions: Any, operation: str, body: str, **options: Any) -> dict[str, Any]:
    """The stack, created or updated."""
    stacks = functions.cloud.client("cloudformation")
    getattr(stacks, operation)(StackName="s", TemplateBody="Resources:" + body, **options)
    functions.cloud.advance(60)
    stack: dict[str, Any] = stacks.describe_stacks(StackName="s")["Stacks"][0]
    assert stack["StackStatus"] == operation.split("_")[0].upper() + "_COMPLETE"
    return stack


def _layers(functions: Any) -> None:
    s3 = functions.cloud.client("s3")
    s3.create_bucket(Bucket="code")
    for key in ("1.zip", "2.zip"):
        s3.put_object(Bucket="code", Key=key, Body=functions.zip(f"# {key}", "python/x.py"))


def test_what_is_taken_out_of_a_template_is_taken_back(functions: Any) -> None:
    _layers(functions)
    function = FUNCTION.format(role=functions.role)
    signing = SIGNING.format(description="first", team="a")
    layer = LAYER.format(key="1.zip")
    stack = _deploy(functions, "create_stack", function + MORE + signing + layer + OUTPUTS)
    client, name = functions.client, {"FunctionName": "hello"}
    arn = next(out["OutputValue"] for out in stack["Outputs"] if out["OutputKey"] == "Arn")
    assert client.get_function_code_signing_config(**name)["CodeSigningConfigArn"] == arn
    assert client.get_function_recursion_config(**name)["RecursiveLoop"] == "Allow"
    assert client.get_runtime_management_config(**name)["UpdateRuntimeOn"] == "FunctionUpdate"
    config = client.get_function_configuration(**name)
    assert len(config["Layers"]) == 1 and config["KMSKeyArn"].endswith("key/1")
    _deploy(functions, "update_stack", function + signing + layer + OUTPUTS)
    assert "CodeSigningConfigArn" not in client.get_function_code_signing_config(**name)
    assert client.get_function_recursion_config(**name)["RecursiveLoop"] == "Terminate"
    assert client.get_runtime_management_config(**name)["UpdateRuntimeOn"] == "Auto"
    config = client.get_function_configuration(**name)
    assert not {"Layers", "KMSKeyArn"} & config.keys()
    assert config["VpcConfig"]["SubnetIds"] == []


def test_a_code_signing_configuration_is_made_changed_and_deleted(functions: Any) -> None:
    first = SIGNING.format(description="first", team="a")
    tags = [{"Key": "cost", "Value": "1"}]
    stack = _deploy(functions, "create_stack", first + OUTPUTS, Tags=tags)
    values = {out["OutputKey"]: out["OutputValue"] for out in stack["Outputs"]}
    arn = values["Arn"]
    assert arn.endswith(f"code-signing-config:{values['Id']}")
    own = _own_tags(functions, arn)
    assert own == {"team": "a", "cost": "1"}
    second = SIGNING.format(description="second", team="true") + OUTPUTS
    _deploy(functions, "update_stack", second, Tags=[])
    shown = functions.client.get_code_signing_config(CodeSigningConfigArn=arn)
    assert shown["CodeSigningConfig"]["Description"] == "second"
    assert _own_tags(functions, arn) == {"team": "true"}
    functions.cloud.client("cloudformation").delete_stack(StackName="s")
    functions.cloud.advance(60)
    with pytest.raises(ClientError) as gone:
        functions.client.list_tags(Resource=arn)
    assert gone.value.response["Error"]["Code"] == "ResourceNotFoundException"


def _own_tags(functions: Any, arn: str) -> dict[str, str]:
    tags = functions.client.list_tags(Resource=arn)["Tags"]
    return {key: value for key, value in tags.items() if not key.startswith("aws:")}


def test_a_new_layer_version_replaces_the_old_one(functions: Any) -> None:
    _layers(functions)
    function = FUNCTION.format(role=functions.role) + "      Layers: [!Ref Layer]\n"
    _deploy(functions, "create_stack", function + LAYER.format(key="1.zip"))
    first = _layer(functions)
    _deploy(functions, "update_stack", function + LAYER.format(key="2.zip"))
    assert _layer(functions) != first
    with pytest.raises(ClientError):
        functions.client.get_layer_version_by_arn(Arn=first)


def _layer(functions: Any) -> str:
    config = functions.client.get_function_configuration(FunctionName="hello")
    return str(config["Layers"][0]["Arn"])


VERSION = """
      SnapStart: {ApplyOn: PublishedVersions}
  Version:
    Type: AWS::Lambda::Version
    Properties:
      FunctionName: !Ref F
      RuntimePolicy: {UpdateRuntimeOn: FunctionUpdate}
Outputs:
  SnapStart: {Value: !GetAtt F.SnapStartResponse.ApplyOn}
  Status: {Value: !GetAtt F.SnapStartResponse.OptimizationStatus}
"""


def test_a_version_has_a_runtime_policy_and_a_function_says_its_snap_start(functions: Any) -> None:
    """As the public resource schemas have them."""
    function = FUNCTION.format(role=functions.role)
    stack = _deploy(functions, "create_stack", function + VERSION)
    values = {out["OutputKey"]: out["OutputValue"] for out in stack["Outputs"]}
    assert values == {"SnapStart": "PublishedVersions", "Status": "Off"}
    version = {"FunctionName": "hello", "Qualifier": "1"}
    found = functions.client.get_runtime_management_config(**version)
    assert found["UpdateRuntimeOn"] == "FunctionUpdate"
