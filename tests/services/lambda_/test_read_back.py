"""What has no effect here and is read back as on AWS; what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

HELLO = "def handler(event, context):\n    return 'hello'\n"
PROFILE = "arn:aws:signer:us-east-1:000000000000:/signing-profiles/mine/abcdefghij"
NO_CONFIG = "arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-0123456789abcdef0"


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """The code and message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_network_is_read_back(functions: Any) -> None:
    vpc = {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}
    made = functions.make(HELLO, VpcConfig=vpc)["VpcConfig"]
    assert {name: made[name] for name in vpc} == vpc
    assert made["Ipv6AllowedForDualStack"] is False
    assert made["VpcId"].startswith("vpc-")
    left = functions.client.update_function_configuration(
        FunctionName="hello", VpcConfig={"SubnetIds": [], "SecurityGroupIds": []}
    )["VpcConfig"]
    assert (left["SubnetIds"], left["SecurityGroupIds"], left["VpcId"]) == ([], [], "")
    functions.make(HELLO, FunctionName="alone")
    alone = functions.client.get_function_configuration(FunctionName="alone")
    assert "VpcConfig" not in alone


NETWORK = {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}


def test_file_systems_and_keys_are_read_back(functions: Any) -> None:
    point = "arn:aws:elasticfilesystem:us-east-1:000000000000:access-point/fsap-0123456789abcdef0"
    systems = [{"Arn": point, "LocalMountPath": "/mnt/shared"}]
    key = "arn:aws:kms:us-east-1:000000000000:key/1"
    made = functions.make(HELLO, FileSystemConfigs=systems, KMSKeyArn=key, VpcConfig=NETWORK)
    assert (made["FileSystemConfigs"], made["KMSKeyArn"]) == (systems, key)
    left = functions.client.update_function_configuration(
        FunctionName="hello", FileSystemConfigs=[], KMSKeyArn=""
    )
    assert "FileSystemConfigs" not in left and "KMSKeyArn" not in left


def test_snapshots_are_of_published_versions(functions: Any) -> None:
    wanted = {"ApplyOn": "PublishedVersions"}
    made = functions.make(HELLO, Runtime="python3.13", SnapStart=wanted)
    assert made["SnapStart"] == {**wanted, "OptimizationStatus": "Off"}
    version = functions.client.publish_version(FunctionName="hello")
    assert version["SnapStart"] == {**wanted, "OptimizationStatus": "On"}
    assert functions.client.publish_version(FunctionName="hello")["Version"] == "1"
    assert refused(
        functions.client.update_function_configuration,
        FunctionName="hello",
        Runtime="nodejs22.x",
        SnapStart=wanted,
    ) == (
        "InvalidParameterValueException",
        "nodejs22.x is not supported for SnapStart enabled functions.",
    )


def test_container_images_are_refused(functions: Any) -> None:
    with pytest.raises(ClientError, match="does not support the parameter PackageType=Image"):
        functions.client.create_function(
            FunctionName="hello",
            PackageType="Image",
            Role=functions.role,
            Code={"ImageUri": "000000000000.dkr.ecr.us-east-1.amazonaws.com/a:latest"},
        )


def test_code_signing_configurations(functions: Any) -> None:
    client = functions.client
    publishers = {"SigningProfileVersionArns": [PROFILE]}
    made = client.create_code_signing_config(AllowedPublishers=publishers)["CodeSigningConfig"]
    assert made["CodeSigningPolicies"] == {"UntrustedArtifactOnDeployment": "Warn"}
    assert made["AllowedPublishers"] == publishers
    assert "Description" not in made
    arn = made["CodeSigningConfigArn"]
    assert arn.endswith(f":code-signing-config:{made['CodeSigningConfigId']}")
    changed = client.update_code_signing_config(
        CodeSigningConfigArn=arn,
        Description="strict",
        CodeSigningPolicies={"UntrustedArtifactOnDeployment": "Enforce"},
    )["CodeSigningConfig"]
    assert changed["Description"] == "strict"
    assert changed["AllowedPublishers"] == publishers
    found = client.get_code_signing_config(CodeSigningConfigArn=arn)["CodeSigningConfig"]
    assert found == changed
    client.create_code_signing_config(AllowedPublishers=publishers)
    first = client.list_code_signing_configs(MaxItems=1)
    second = client.list_code_signing_configs(Marker=first["NextMarker"])
    listed = first["CodeSigningConfigs"] + second["CodeSigningConfigs"]
    assert len({each["CodeSigningConfigId"] for each in listed}) == 2
    client.delete_code_signing_config(CodeSigningConfigArn=arn)
    assert refused(client.get_code_signing_config, CodeSigningConfigArn=arn) == (
        "ResourceNotFoundException",
        f"The Lambda code signing configuration {arn} can not be found.",
    )


def test_a_function_has_a_code_signing_configuration(functions: Any) -> None:
    client = functions.client
    publishers = {"SigningProfileVersionArns": [PROFILE]}
    made = client.create_code_signing_config(AllowedPublishers=publishers)["CodeSigningConfig"]
    arn = made["CodeSigningConfigArn"]
    functions.make(HELLO, CodeSigningConfigArn=arn)
    found = client.get_function_code_signing_config(FunctionName="hello")
    assert (found["CodeSigningConfigArn"], found["FunctionName"]) == (arn, "hello")
    using = client.list_functions_by_code_signing_config(CodeSigningConfigArn=arn)
    assert using["FunctionArns"] == ["arn:aws:lambda:us-east-1:000000000000:function:hello"]
    code, _ = refused(client.delete_code_signing_config, CodeSigningConfigArn=arn)
    assert code == "ResourceConflictException"
    client.delete_function_code_signing_config(FunctionName="hello")
    without = client.get_function_code_signing_config(FunctionName="hello")
    assert "CodeSigningConfigArn" not in without
    client.put_function_code_signing_config(FunctionName="hello", CodeSigningConfigArn=arn)
    assert refused(
        client.put_function_code_signing_config,
        FunctionName="hello",
        CodeSigningConfigArn=NO_CONFIG,
    ) == (
        "CodeSigningConfigNotFoundException",
        "The code signing configuration cannot be found. Check that the provided configuration"
        f" is not deleted: {NO_CONFIG}.",
    )


def test_functions_of_other_regions_are_not_reachable(functions: Any) -> None:
    functions.make(HELLO)
    arn = "arn:aws:lambda:eu-west-1:000000000000:function:hello"
    message = "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')"
    for call in (functions.client.get_function, functions.client.invoke):
        with pytest.raises(ClientError) as caught:
            call(FunctionName=arn)
        response = caught.value.response
        assert response["Error"] == {"Code": "ResourceNotFoundException", "Message": message}
        assert response["Type"] == "User"


def test_there_are_no_replicas_at_the_edge(functions: Any) -> None:
    functions.make(HELLO)
    answer = functions.client.list_functions(MasterRegion="us-east-1", FunctionVersion="ALL")
    assert answer["Functions"] == []
