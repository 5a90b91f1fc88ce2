"""Builds, as real processes on this machine."""

from __future__ import annotations

import io
import sys
import threading
import time
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.functions import make_role

from cloudarium.functions import interpreters
from cloudarium.pytest_plugin import CloudUnderTest


@pytest.fixture
def role(cloud: CloudUnderTest) -> str:
    """A role for builds that may use S3 and Logs; its ARN."""
    return make_role(cloud, "build", "s3:*", "logs:*", service="codebuild")


def project(cloud: CloudUnderTest, role: str, buildspec: str, **settings: Any) -> Any:
    """Make a project `p` without a source, and return a client."""
    codebuild = cloud.client("codebuild")
    codebuild.create_project(
        **{
            "name": "p1",
            "source": {"type": "NO_SOURCE", "buildspec": buildspec},
            "artifacts": {"type": "NO_ARTIFACTS"},
            "environment": {
                "type": "LINUX_CONTAINER",
                "image": "aws/codebuild/standard:7.0",
                "computeType": "BUILD_GENERAL1_SMALL",
                "environmentVariables": [{"name": "COLOUR", "value": "green"}],
            },
            "serviceRole": role,
            **settings,
        }
    )
    return codebuild


def finished(cloud: CloudUnderTest, codebuild: Any, **overrides: Any) -> dict[str, Any]:
    """Start a build and return it once it has ended."""
    started = codebuild.start_build(projectName="p1", **overrides)["build"]
    assert started["buildStatus"] == "IN_PROGRESS"
    cloud.settle()
    build: dict[str, Any] = codebuild.batch_get_builds(ids=[started["id"]])["builds"][0]
    assert build["buildComplete"]
    return build


def phases(build: dict[str, Any]) -> dict[str, str | None]:
    """Return the statuses of a build's phases."""
    return {phase["phaseType"]: phase.get("phaseStatus") for phase in build["phases"]}


def log(cloud: CloudUnderTest, build: dict[str, Any]) -> list[str]:
    """Return the lines of a build's log."""
    events = cloud.client("logs").get_log_events(
        logGroupName=build["logs"]["groupName"],
        logStreamName=build["logs"]["streamName"],
        startFromHead=True,
    )
    return [event["message"] for event in events["events"]]


def test_commands_share_a_shell_and_write_the_log(cloud: CloudUnderTest, role: str) -> None:
    codebuild = project(
        cloud,
        role,
        """
version: 0.2
env:
  variables: {SHAPE: round, COLOUR: red}
  exported-variables: [MADE]
phases:
  install:
    commands: ["MADE=$SHAPE-$COLOUR", "mkdir -p deep && cd deep"]
  build:
    commands: ["echo in $(basename $PWD) with $MADE in $AWS_REGION"]
""",
    )
    build = finished(cloud, codebuild)
    assert build["buildStatus"] == "SUCCEEDED", phases(build)
    assert "in deep with round-green in us-east-1" in log(cloud, build)
    assert build["exportedEnvironmentVariables"] == [{"name": "MADE", "value": "round-green"}]
    assert list(phases(build)) == [
        "SUBMITTED",
        "QUEUED",
        "PROVISIONING",
        "DOWNLOAD_SOURCE",
        "INSTALL",
        "PRE_BUILD",
        "BUILD",
        "POST_BUILD",
        "UPLOAD_ARTIFACTS",
        "FINALIZING",
        "COMPLETED",
    ]


@pytest.mark.parametrize("minor", [9, 11, 13, 14])
def test_python_is_of_the_wanted_version_or_the_nearest(
    cloud: CloudUnderTest, role: str, minor: int
) -> None:
    here = {*interpreters.pythons(), sys.version_info.minor}
    expected = min(here, key=lambda each: (abs(each - minor), -each))
    codebuild = project(
        cloud,
        role,
        f"""
version: 0.2
phases:
  install:
    runtime-versions: {{python: "3.{minor}"}}
    commands:
      - python --version
      - pip --version
      - |
        python - <<END
        from zipfile import ZipFile
        with ZipFile("own-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr("own.py", "")
            for name, text in (
                ("METADATA", "Name: own\\nVersion: 1.0\\n"),
                ("WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n"),
                ("RECORD", ""),
            ):
                wheel.writestr(f"own-1.0.dist-info/{{name}}", text)
        END
      - pip install ./own-1.0-py3-none-any.whl && python -c "import own"
""",
    )
    build = finished(cloud, codebuild)
    assert build["buildStatus"] == "SUCCEEDED", log(cloud, build)
    lines = log(cloud, build)
    assert any(line.startswith(f"Python 3.{expected}.") for line in lines)
    assert any(line.startswith("pip ") and f"(python 3.{expected})" in line for line in lines)
    note = f"Cloudarium: this machine has no Python 3.{minor}; the build has Python 3.{expected}."
    assert any(note in line for line in lines) is (minor != expected)


def test_a_failing_command_stops_the_build_but_not_finally(
    cloud: CloudUnderTest, role: str
) -> None:
    codebuild = project(
        cloud,
        role,
        """
version: 0.2
phases:
  pre_build:
    commands: ["exit 3", "echo never"]
    finally: ["echo tidied"]
  build:
    commands: ["echo never"]
""",
    )
    build = finished(cloud, codebuild)
    assert build["buildStatus"] == "FAILED"
    assert phases(build)["PRE_BUILD"] == "FAILED"
    assert "BUILD" not in phases(build)
    context = next(p for p in build["phases"] if p["phaseType"] == "PRE_BUILD")["contexts"][0]
    assert context == {
        "statusCode": "COMMAND_EXECUTION_ERROR",
        "message": "Error while executing command: exit 3. Reason: exit status 3",
    }
    lines = log(cloud, build)
    assert "tidied" in lines
    assert "never" not in lines


def test_a_source_from_s3_becomes_an_artifact_in_s3(cloud: CloudUnderTest, role: str) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="artifacts")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as source:
        source.writestr(
            "buildspec.yml",
            "version: 0.2\nphases:\n  build:\n    commands:\n"
            "      - cp in.txt out.txt\n      - aws s3 cp out.txt s3://artifacts/by-cli\n"
            "artifacts:\n  files: [out.txt]\n",
        )
        source.writestr("in.txt", "made of source")
    s3.put_object(Bucket="artifacts", Key="source.zip", Body=archive.getvalue())
    codebuild = project(
        cloud,
        role,
        "buildspec.yml",
        source={"type": "S3", "location": "artifacts/source.zip"},
        artifacts={
            "type": "S3",
            "location": "artifacts",
            "path": "out",
            "name": "bundle.zip",
            "packaging": "ZIP",
        },
    )
    build = finished(cloud, codebuild)
    assert build["buildStatus"] == "SUCCEEDED", log(cloud, build)
    body = s3.get_object(Bucket="artifacts", Key="out/bundle.zip")["Body"].read()
    with zipfile.ZipFile(io.BytesIO(body)) as made:
        assert made.read("out.txt") == b"made of source"
    by_cli = s3.get_object(Bucket="artifacts", Key="by-cli")["Body"].read()
    assert by_cli == b"made of source"


def test_a_build_sees_neither_the_host_nor_the_state_folder(
    cloud: CloudUnderTest, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOST_SECRET", "42")
    codebuild = project(
        cloud,
        role,
        f"""
version: 0.2
phases:
  build:
    commands:
      - test -z "$HOST_SECRET"
      - if ls {cloud.folder}/services; then exit 1; fi
      - python -c "import sys; assert sys.prefix != sys.base_prefix"
      - pip --version
""",
    )
    build = finished(cloud, codebuild)
    assert build["buildStatus"] == "SUCCEEDED", log(cloud, build)


def test_a_cached_folder_is_there_in_the_next_build(cloud: CloudUnderTest, role: str) -> None:
    codebuild = project(
        cloud,
        role,
        "version: 0.2\nphases:\n  build:\n    commands:\n"
        "      - cat kept/file || true\n      - mkdir -p kept && echo remembered > kept/file\n"
        "cache:\n  paths: ['kept/**/*']\n",
        cache={"type": "LOCAL", "modes": ["LOCAL_CUSTOM_CACHE"]},
    )
    assert "remembered" not in log(cloud, finished(cloud, codebuild))
    assert "remembered" in log(cloud, finished(cloud, codebuild))
    codebuild.invalidate_project_cache(projectName="p1")
    assert "remembered" not in log(cloud, finished(cloud, codebuild))


def test_a_build_is_stopped(cloud: CloudUnderTest, role: str) -> None:
    codebuild = project(
        cloud, role, "version: 0.2\nphases:\n  build:\n    commands: [echo begun, sleep 300]\n"
    )
    started = codebuild.start_build(projectName="p1")["build"]
    deadline = time.monotonic() + 120
    while codebuild.batch_get_builds(ids=[started["id"]])["builds"][0]["currentPhase"] != "BUILD":
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)
    codebuild.stop_build(id=started["id"])
    cloud.settle()
    build = codebuild.batch_get_builds(ids=[started["id"]])["builds"][0]
    assert build["buildStatus"] == "STOPPED"


def test_an_interrupted_build_begins_anew(cloud: CloudUnderTest, role: str) -> None:
    codebuild = project(cloud, role, "version: 0.2\nphases:\n  build:\n    commands: [echo done]\n")
    started = codebuild.start_build(projectName="p1")["build"]
    cloud.restart()
    cloud.settle()
    build = codebuild.batch_get_builds(ids=[started["id"]])["builds"][0]
    assert build["buildStatus"] == "SUCCEEDED"


def test_a_build_is_started_once_a_token_and_retried(cloud: CloudUnderTest, role: str) -> None:
    codebuild = project(cloud, role, "version: 0.2\nphases:\n  build:\n    commands: [echo done]\n")
    first = finished(cloud, codebuild, idempotencyToken="t")
    again = codebuild.start_build(projectName="p1", idempotencyToken="t")["build"]
    assert again["id"] == first["id"]
    retried = codebuild.retry_build(id=first["id"])["build"]
    cloud.settle()
    ids = codebuild.list_builds_for_project(projectName="p1")["ids"]
    assert ids == [retried["id"], first["id"]] == codebuild.list_builds()["ids"]
    deleted = codebuild.batch_delete_builds(ids=[first["id"]])["buildsDeleted"]
    assert deleted == [first["arn"]]
    with pytest.raises(codebuild.exceptions.ResourceNotFoundException):
        codebuild.retry_build()


def test_projects_are_described_changed_listed_and_deleted(
    cloud: CloudUnderTest, role: str
) -> None:
    codebuild = project(cloud, role, "version: 0.2")
    codebuild.update_project(name="p1", description="new", timeoutInMinutes=7)
    answer = codebuild.batch_get_projects(names=["p1", "p2"])
    assert answer["projects"][0]["description"] == "new"
    assert answer["projects"][0]["timeoutInMinutes"] == 7
    assert answer["projectsNotFound"] == ["p2"]
    assert codebuild.list_projects()["projects"] == ["p1"]
    codebuild.delete_project(name="p1")
    assert codebuild.list_projects()["projects"] == []
    with pytest.raises(ClientError) as missing:
        codebuild.start_build(projectName="p1")
    assert missing.value.response["Error"] == {
        "Code": "ResourceNotFoundException",
        "Message": "Project cannot be found: arn:aws:codebuild:us-east-1:000000000000:project/p1",
    }


def test_what_cannot_be_built_is_refused(cloud: CloudUnderTest, role: str) -> None:
    with pytest.raises(ClientError, match="The source type GITHUB is not supported"):
        project(cloud, role, "", source={"type": "GITHUB", "location": "https://x"})
    with pytest.raises(ClientError, match="Privileged mode is not supported"):
        project(
            cloud,
            role,
            "version: 0.2",
            environment={
                "type": "LINUX_CONTAINER",
                "image": "x",
                "computeType": "BUILD_GENERAL1_SMALL",
                "privilegedMode": True,
            },
        )
    project(cloud, role, "version: 0.2")
    outside = {"type": "NO_SOURCE", "buildspec": "version: 0.2", "sourceIdentifier": "../../x"}
    with pytest.raises(ClientError, match="needs a valid sourceIdentifier"):
        cloud.client("codebuild").start_build(projectName="p1", secondarySourcesOverride=[outside])
