"""Projects: what they are by default, and the roles they cannot have."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.functions import make_role

from cloudarium.pytest_plugin import CloudUnderTest

_NOT_ASSUMABLE = (
    "CodeBuild is not authorized to perform: sts:AssumeRole on service role. Please verify that: "
    "1) The provided service role exists, 2) The role name is case-sensitive and matches exactly, "
    "and 3) The role has the necessary trust policy configured."
)


def settings(role: str) -> dict[str, Any]:
    """Return the least that a project over S3 needs."""
    return {
        "name": "p1",
        "source": {"type": "S3", "location": "bucket/source.zip"},
        "artifacts": {"type": "S3", "location": "bucket"},
        "serviceRole": role,
        "environment": {
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
    }


def refused(call: Any) -> str:
    """Return the message of an InvalidInputException."""
    with pytest.raises(ClientError) as caught:
        call()
    assert caught.value.response["Error"]["Code"] == "InvalidInputException"
    return str(caught.value.response["Error"]["Message"])


def test_a_project_has_awss_defaults(cloud: CloudUnderTest) -> None:
    codebuild = cloud.client("codebuild")
    made = codebuild.create_project(**settings(make_role(cloud, "build", service="codebuild")))
    answer = codebuild.batch_get_projects(names=["p1"])
    assert answer["projects"] == [made["project"]]
    assert answer["projectsNotFound"] == []
    assert made["project"]["source"] == {
        "type": "S3",
        "location": "bucket/source.zip",
        "insecureSsl": False,
    }
    assert made["project"]["artifacts"] == {
        "type": "S3",
        "location": "bucket",
        "name": "p1",
        "namespaceType": "NONE",
        "packaging": "NONE",
        "encryptionDisabled": False,
    }
    assert made["project"]["tags"] == []
    assert codebuild.batch_get_builds(ids=["p1:1"]) | {"ResponseMetadata": {}} == {
        "builds": [],
        "buildsNotFound": ["p1:1"],
        "ResponseMetadata": {},
    }


def test_codebuild_has_to_be_trusted(cloud: CloudUnderTest) -> None:
    codebuild = cloud.client("codebuild")
    other = make_role(cloud, "other", service="lambda")
    role = make_role(cloud, "build", service="codebuild")
    assert refused(lambda: codebuild.create_project(**settings(f"{role}s"))) == _NOT_ASSUMABLE
    assert refused(lambda: codebuild.create_project(**settings(other))) == _NOT_ASSUMABLE
    codebuild.create_project(**settings(role))
    update = {"name": "p1", "serviceRole": other}
    assert refused(lambda: codebuild.update_project(**update)) == _NOT_ASSUMABLE
    cloud.client("iam").delete_role(RoleName="build")
    codebuild.update_project(name="p1", description="still the same role")
    assert refused(lambda: codebuild.start_build(projectName="p1")) == _NOT_ASSUMABLE
