"""What CodeBuild refuses about projects, in its words."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.functions import make_role

from cloudarium.pytest_plugin import CloudUnderTest

NO_SOURCE = {"type": "NO_SOURCE", "buildspec": "version: 0.2"}
NO_ARTIFACTS = {"type": "NO_ARTIFACTS"}
S3 = {"type": "S3", "location": "bucket/source.zip"}
PIPELINE = {"type": "CODEPIPELINE"}
BOTH = (
    "Invalid input: when using CodePipeline both sourceType, and artifactType must be set to: "
    "CODEPIPELINE"
)


def variables(*names: str) -> list[dict[str, str]]:
    """Variables of these names."""
    return [{"name": name, "value": "x"} for name in names]


def sources(count: int, **change: Any) -> list[dict[str, Any]]:
    """Secondary sources that are in order, but for the change."""
    return [
        {"type": "S3", "location": f"bucket/{n}.zip", "sourceIdentifier": f"s{n}", **change}
        for n in range(count)
    ]


def artifacts(count: int, **change: Any) -> list[dict[str, Any]]:
    """Secondary artifacts that are in order, but for the change."""
    return [
        {"type": "S3", "location": "bucket", "artifactIdentifier": f"a{n}", **change}
        for n in range(count)
    ]


def create(cloud: CloudUnderTest, change: dict[str, Any], environment: dict[str, Any]) -> None:
    """Make a project that is in order, but for the changes."""
    cloud.client("codebuild").create_project(
        **{
            "name": "p1",
            "source": NO_SOURCE,
            "artifacts": NO_ARTIFACTS,
            "serviceRole": f"arn:aws:iam::{cloud.account}:role/build",
            "environment": {
                "type": "LINUX_CONTAINER",
                "image": "aws/codebuild/standard:7.0",
                "computeType": "BUILD_GENERAL1_SMALL",
                **environment,
            },
            **change,
        }
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "p" * 151}, "Project name length cannot be greater than 150 characters"),
        ({"description": "d" * 256}, "Max description length is 255"),
        (
            {"concurrentBuildLimit": 0},
            "Project level concurrent builds limit should be greater than 0",
        ),
        ({"source": PIPELINE}, BOTH),
        ({"artifacts": PIPELINE}, BOTH),
        ({"source": {"type": "S3"}}, "Project source location is required"),
        (
            {"source": {**NO_SOURCE, "location": "bucket"}},
            "Invalid input: source location must be empty for source type NO_SOURCE",
        ),
        (
            {"source": {**S3, "reportBuildStatus": False}},
            "Source type S3 does not support ReportBuildStatus",
        ),
        (
            {"source": {**S3, "gitSubmodulesConfig": {"fetchSubmodules": True}}},
            "Git submodules config is not supported for S3 source",
        ),
        ({"artifacts": {"type": "S3"}}, "Invalid artifacts: location is required"),
        *(
            (
                {"artifacts": {**NO_ARTIFACTS, member: value}},
                f"Invalid artifacts: artifact type NO_ARTIFACTS should have null {member}",
            )
            for member, value in (("location", "bucket"), ("encryptionDisabled", True))
        ),
        (
            {"cache": {"type": "S3"}},
            "Invalid cache: location must be a valid S3 bucket, followed by slash and the prefix",
        ),
        (
            {"cache": {"type": "LOCAL"}},
            "At least one mode must be provided for cache type: LOCAL",
        ),
        (
            {"cache": {"type": "LOCAL", "modes": ["LOCAL_SOURCE_CACHE"]}},
            "Cache mode LOCAL_SOURCE_CACHE is not available for source type NO_SOURCE",
        ),
        (
            {"logsConfig": {"s3Logs": {"status": "ENABLED"}}},
            "Invalid logsConfig: s3Logs location must be provided if status is 'ENABLED'",
        ),
    ],
)
def test_projects(cloud: CloudUnderTest, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError) as caught:
        create(cloud, change, {})
    assert caught.value.response["Error"] == {"Code": "InvalidInputException", "Message": message}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"secondarySources": sources(13)}, "the maximum number of secondary sources is 12"),
        (
            {"secondarySources": [S3]},
            "sourceIdentifier is required for secondary sources",
        ),
        (
            {"secondarySources": sources(2, sourceIdentifier="s0")},
            "sourceIdentifier cannot be duplicated",
        ),
        (
            {"secondarySources": sources(2, location="bucket/a.zip")},
            "conflicting source locations",
        ),
        (
            {"secondaryArtifacts": artifacts(13)},
            "the maximum number of artifact definitions in secondaryArtifacts is 12",
        ),
        (
            {"secondaryArtifacts": [{"type": "S3", "location": "bucket"}]},
            "artifactIdentifier is required for secondary artifacts",
        ),
        (
            {"secondaryArtifacts": artifacts(2, artifactIdentifier="a0")},
            "artifactIdentifier cannot be duplicated",
        ),
        (
            {"secondaryArtifacts": artifacts(1, type="NO_ARTIFACTS")},
            "artifactType NO_ARTIFACTS is not allowed for secondaryArtifacts",
        ),
    ],
)
def test_secondary_parts(cloud: CloudUnderTest, change: dict[str, Any], message: str) -> None:
    make_role(cloud, "build", service="codebuild")
    create(cloud, {"name": "p0", "secondarySources": sources(12)}, {})
    with pytest.raises(ClientError) as caught:
        create(cloud, change, {})
    assert caught.value.response["Error"]["Message"] == f"Invalid input: {message}"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"computeType": "BUILD_LAMBDA_1GB"}, "Invalid compute type provided"),
        (
            {"type": "LINUX_LAMBDA_CONTAINER"},
            "Compute type BUILD_GENERAL1_SMALL is not supported for LINUX_LAMBDA_CONTAINER",
        ),
        (
            {
                "type": "LINUX_LAMBDA_CONTAINER",
                "computeType": "BUILD_LAMBDA_1GB",
                "privilegedMode": True,
            },
            "Cannot specify privilegedMode for lambda compute",
        ),
        (
            {"type": "WINDOWS_SERVER_2022_CONTAINER", "privilegedMode": True},
            "PrivilegedMode is not supported for WINDOWS_SERVER_2022_CONTAINER projects",
        ),
        (
            {"imagePullCredentialsType": "SERVICE_ROLE"},
            "Invalid input: cannot use a CodeBuild curated image with imagePullCredentialsType "
            "SERVICE_ROLE",
        ),
        (
            {"environmentVariables": variables("CODEBUILD_MINE")},
            "No user environment variables can start with CODEBUILD_",
        ),
        (
            {"environmentVariables": variables("A", "A")},
            "EnvironmentVariable name cannot be duplicated",
        ),
    ],
)
def test_environments(cloud: CloudUnderTest, change: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError) as caught:
        create(cloud, {}, change)
    assert caught.value.response["Error"]["Message"] == message
