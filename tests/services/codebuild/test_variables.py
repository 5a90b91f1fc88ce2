"""Variables of builds from Parameter Store."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.functions import make_role

from cloudarium.pytest_plugin import CloudUnderTest

from .test_builds import finished, log, phases, project

_SPEC = """
version: 0.2
env:
  parameter-store: {A: /shop/a, B: "/shop/b:1", COLOUR: /shop/a}
  exported-variables: [A, C, AWS_REGION]
phases:
  build:
    commands:
      - echo $A and $B, $COLOUR, $C
      - test "$B" = first && test "$C" = secret
"""
_C = {"name": "C", "value": "/shop/c", "type": "PARAMETER_STORE"}


@pytest.fixture
def role(cloud: CloudUnderTest) -> str:
    """A role for builds that may read parameters; its ARN."""
    return make_role(cloud, "build", "ssm:GetParameters", "logs:*", service="codebuild")


@pytest.fixture
def ssm(cloud: CloudUnderTest) -> Any:
    """A Parameter Store with the shop's parameters."""
    client = cloud.client("ssm")
    for name, kind, value in (
        ("/shop/a", "String", "apple"),
        ("/shop/b", "String", "first"),
        ("/shop/c", "SecureString", "secret"),
    ):
        client.put_parameter(Name=name, Type=kind, Value=value)
    client.put_parameter(Name="/shop/b", Value="second", Overwrite=True)
    return client


def test_a_build_reads_parameters_and_hides_them(
    cloud: CloudUnderTest, role: str, ssm: Any
) -> None:
    codebuild = project(cloud, role, _SPEC)
    build = finished(cloud, codebuild, environmentVariablesOverride=[_C])
    assert build["buildStatus"] == "SUCCEEDED"
    lines = log(cloud, build)
    assert "*** and ***, green, ***" in lines
    assert any(line.endswith("Decrypting parameter store environment variables") for line in lines)
    assert build["environment"]["environmentVariables"][-1] == _C
    # Those that the project or the caller names are not exported, and none that begins with AWS_.
    assert build["exportedEnvironmentVariables"] == [{"name": "A", "value": "apple"}]


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        (["ssm:GetParameters"], "parameter does not exist: /shop/c"),
        ([], "AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role/other/"),
    ],
)
def test_without_its_parameters_a_build_fails(
    cloud: CloudUnderTest, ssm: Any, actions: list[str], message: str
) -> None:
    ssm.delete_parameter(Name="/shop/c")
    other = make_role(cloud, "other", "logs:*", *actions, service="codebuild")
    codebuild = project(cloud, other, _SPEC)
    build = finished(cloud, codebuild, environmentVariablesOverride=[_C])
    assert phases(build)["DOWNLOAD_SOURCE"] == "FAILED"
    (context,) = build["phases"][-2]["contexts"]
    assert context["statusCode"] == "Decrypted Variables Error"
    assert context["message"].startswith(message)


def test_there_is_no_secrets_manager(cloud: CloudUnderTest, role: str) -> None:
    codebuild = project(cloud, role, _SPEC)
    with pytest.raises(ClientError, match="SECRETS_MANAGER is not supported"):
        finished(
            cloud,
            codebuild,
            environmentVariablesOverride=[{**_C, "type": "SECRETS_MANAGER"}],
        )
