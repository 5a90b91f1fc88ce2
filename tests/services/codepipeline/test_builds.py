"""CodeBuild actions: the source in, the artifact out, and the build's events to wake them."""

from __future__ import annotations

import io
import json
import time
import zipfile
from typing import Any

import pytest
from tests.services.codepipeline.support import BUCKET, action, approval, source
from tests.services.functions import make_role

from cloudarium.pytest_plugin import CloudUnderTest

BUILDSPEC = """
version: 0.2
env:
  exported-variables: [GREETING]
phases:
  build:
    commands:
      - export GREETING="hello $WHO"
      - sh run.sh
      - cp src/app.py out.txt
artifacts:
  files: [out.txt]
"""


@pytest.fixture
def project(cloud: CloudUnderTest) -> None:
    """The project `profile`, with a role that reaches everything, and its buildspec."""
    make_role(cloud, "build", "*", service="codebuild")
    cloud.client("codebuild").create_project(
        name="profile",
        source={"type": "CODEPIPELINE"},
        artifacts={"type": "CODEPIPELINE"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole="arn:aws:iam::000000000000:role/build",
    )


def put(cloud: CloudUnderTest, path: str, content: str) -> None:
    """Commit a file to `main`."""
    codecommit = cloud.client("codecommit")
    where = {"repositoryName": "profile", "branchName": "main"}
    tip = codecommit.get_branch(**where)["branch"]["commitId"]
    codecommit.put_file(**where, filePath=path, fileContent=content.encode(), parentCommitId=tip)


def build() -> dict[str, Any]:
    """Return the stage that builds the source."""
    variables = json.dumps([{"name": "WHO", "value": "#{Commit.BranchName}"}])
    settings = {"ProjectName": "profile", "EnvironmentVariables": variables}
    one = action(
        "Bundle",
        "Build",
        "CodeBuild",
        settings,
        inputs=["Source"],
        outputs=["Bundle"],
        namespace="Build",
    )
    return {"name": "Build", "actions": [one]}


def ended(pipelines: Any, execution_id: str) -> dict[str, Any]:
    """Return the build action once it has ended; builds are real processes and take real time."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        pipelines.cloud.settle()
        found: dict[str, Any] = pipelines.actions(execution_id)["Bundle"]
        if found["status"] != "InProgress":
            return found
    raise AssertionError("the build does not end")


def test_a_build_makes_the_artifact(cloud: CloudUnderTest, pipelines: Any, project: None) -> None:
    put(cloud, "buildspec.yml", BUILDSPEC)
    gate = approval()
    gate["actions"][0]["configuration"] = {"CustomData": "#{Build.GREETING}"}
    first = pipelines.create(source(namespace="Commit"), build(), gate)
    bundle = ended(pipelines, first)
    assert bundle["status"] == "Succeeded", bundle
    location = bundle["output"]["outputArtifacts"][0]["s3location"]
    body = cloud.client("s3").get_object(Bucket=BUCKET, Key=location["key"])["Body"].read()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.read("out.txt") == b"print(1)\n"
    asked = pipelines.actions(first)["Approve"]["input"]["resolvedConfiguration"]
    assert asked["CustomData"] == "hello main"
    build_id = bundle["output"]["executionResult"]["externalExecutionId"]
    (found,) = cloud.client("codebuild").batch_get_builds(ids=[build_id])["builds"]
    assert found["buildStatus"] == "SUCCEEDED"
    assert found["initiator"] == "codepipeline/profile"


def test_a_failing_build_fails_the_stage(
    cloud: CloudUnderTest, pipelines: Any, project: None
) -> None:
    put(cloud, "buildspec.yml", BUILDSPEC.replace("sh run.sh", "exit 3"))
    first = pipelines.create(source(namespace="Commit"), build(), approval())
    error = ended(pipelines, first)["output"]["executionResult"]["errorDetails"]
    assert error["code"] == "JobFailed"
    assert error["message"].startswith(
        "Build terminated with state: FAILED. Phase: BUILD, Code: COMMAND_EXECUTION_ERROR"
    )
    assert pipelines.status(first) == "Failed"
