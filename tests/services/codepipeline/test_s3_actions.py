"""S3 as a source and as where files are deployed."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.codepipeline.support import ROLE, action, approval, pipeline, source

from cloudarium.pytest_plugin import CloudUnderTest

KEY = "app.zip"


def zipped(**files: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.mkdir("folder")
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return target.getvalue()


@pytest.fixture
def s3(cloud: CloudUnderTest) -> Any:
    """S3 with a versioned bucket `sources` that has an application, and an empty one `site`."""
    client = cloud.client("s3")
    for bucket in ("sources", "site"):
        client.create_bucket(Bucket=bucket)
    client.put_bucket_versioning(Bucket="sources", VersioningConfiguration={"Status": "Enabled"})
    client.put_object(Bucket="sources", Key=KEY, Body=zipped(index__html="<p>1</p>"))
    return client


def fetch(poll: str = "false", **configuration: str) -> dict[str, Any]:
    """Return the source stage: the object in `sources`, artifact `Source`."""
    where = {
        "S3Bucket": "sources",
        "S3ObjectKey": KEY,
        "PollForSourceChanges": poll,
        **configuration,
    }
    return {
        "name": "Source",
        "actions": [action("Fetch", "Source", "S3", where, outputs=["Source"], namespace="src")],
    }


def deploy(**configuration: str) -> dict[str, Any]:
    settings = {"BucketName": "site", "Extract": "true", **configuration}
    return {
        "name": "Deploy",
        "actions": [action("Put", "Deploy", "S3", settings, inputs=["Source"])],
    }


def version(s3: Any) -> str:
    return str(s3.head_object(Bucket="sources", Key=KEY)["VersionId"])


def test_an_object_is_fetched_and_its_files_are_deployed(pipelines: Any, s3: Any) -> None:
    execution = pipelines.create(
        fetch(), deploy(ObjectKey="#{src.VersionId}", CacheControl="no-cache")
    )
    assert pipelines.status(execution) == "Succeeded"
    head = s3.head_object(Bucket="sources", Key=KEY)
    output = pipelines.actions(execution)["Fetch"]["output"]
    assert output["outputVariables"] == {
        "BucketName": "sources",
        "ETag": head["ETag"].strip('"'),
        "ObjectKey": KEY,
        "VersionId": head["VersionId"],
    }
    assert output["executionResult"]["externalExecutionId"] == head["VersionId"]
    assert (
        output["executionResult"]["externalExecutionSummary"]
        == f"Amazon S3 version id: {head['VersionId']}"
    )
    listed = pipelines.client.list_pipeline_executions(pipelineName="profile")
    (revision,) = listed["pipelineExecutionSummaries"][0]["sourceRevisions"]
    assert revision["revisionId"] == head["VersionId"]
    (state,) = pipelines.state("Source")["actionStates"]
    assert state["currentRevision"]["revisionChangeId"] == head["ETag"].strip('"')
    put = s3.get_object(Bucket="site", Key=f"{head['VersionId']}/index.html")
    assert (put["Body"].read(), put["ContentType"], put["CacheControl"]) == (
        b"<p>1</p>",
        "text/html",
        "no-cache",
    )
    assert s3.list_objects_v2(Bucket="site")["KeyCount"] == 1


def test_an_artifact_is_deployed_as_it_is(pipelines: Any, s3: Any) -> None:
    data = zipped(a="1")
    s3.put_object(
        Bucket="sources",
        Key=KEY,
        Body=data,
        Metadata={"codepipeline-artifact-revision-summary": "The second"},
    )
    execution = pipelines.create(fetch(), deploy(Extract="false", ObjectKey="kept/app.zip"))
    assert pipelines.status(execution) == "Succeeded"
    assert s3.get_object(Bucket="site", Key="kept/app.zip")["Body"].read() == data
    (revision,) = pipelines.client.get_pipeline_execution(
        pipelineName="profile", pipelineExecutionId=execution
    )["pipelineExecution"]["artifactRevisions"]
    assert revision["revisionSummary"] == "The second"


def test_a_new_version_starts_a_polling_pipeline(
    cloud: CloudUnderTest, pipelines: Any, s3: Any
) -> None:
    pipelines.create(fetch(poll="true"), deploy())
    cloud.advance(61)
    s3.put_object(Bucket="sources", Key=KEY, Body=zipped(index__html="<p>2</p>"))
    cloud.advance(61)
    listed = pipelines.client.list_pipeline_executions(pipelineName="profile")
    assert len(listed["pipelineExecutionSummaries"]) == 2
    assert s3.get_object(Bucket="site", Key="index.html")["Body"].read() == b"<p>2</p>"


def test_a_change_that_cannot_be_fetched_starts_one_execution(
    cloud: CloudUnderTest, pipelines: Any, s3: Any
) -> None:
    pipelines.create(fetch(poll="true"), deploy())
    s3.put_bucket_versioning(Bucket="sources", VersioningConfiguration={"Status": "Suspended"})
    s3.put_object(Bucket="sources", Key=KEY, Body=b"")
    for _ in range(3):
        cloud.advance(61)
    listed = pipelines.client.list_pipeline_executions(pipelineName="profile")
    statuses = [one["status"] for one in listed["pipelineExecutionSummaries"]]
    assert statuses == ["Failed", "Succeeded"]


def test_events_of_the_bucket_start_a_pipeline(
    cloud: CloudUnderTest, pipelines: Any, s3: Any
) -> None:
    pipelines.create(fetch(), deploy())
    s3.put_bucket_notification_configuration(
        Bucket="sources", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    trust = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}}
    cloud.client("iam").update_assume_role_policy(
        RoleName="pipeline",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {**trust, "Action": "sts:AssumeRole"},
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "codepipeline.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    },
                ],
            }
        ),
    )
    events = cloud.client("events")
    pattern = {"source": ["aws.s3"], "detail": {"object": {"key": [KEY]}}}
    events.put_rule(Name="changed", EventPattern=json.dumps(pattern))
    target = "arn:aws:codepipeline:us-east-1:000000000000:profile"
    events.put_targets(Rule="changed", Targets=[{"Id": "p", "Arn": target, "RoleArn": ROLE}])
    s3.put_object(Bucket="sources", Key=KEY, Body=zipped(index__html="<p>3</p>"))
    cloud.settle()
    assert s3.get_object(Bucket="site", Key="index.html")["Body"].read() == b"<p>3</p>"


def test_an_execution_takes_another_version_or_key(pipelines: Any, s3: Any) -> None:
    first = version(s3)
    s3.put_object(Bucket="sources", Key=KEY, Body=zipped(index__html="<p>2</p>"))
    s3.put_object(Bucket="sources", Key="other.zip", Body=zipped(other__html="<p>o</p>"))
    pipelines.create(fetch(AllowOverrideForS3ObjectKey="true"), deploy())

    def start(kind: str, value: str) -> str:
        revision = {"actionName": "Fetch", "revisionType": kind, "revisionValue": value}
        return str(pipelines.status(pipelines.start(sourceRevisions=[revision])))

    assert start("S3_OBJECT_VERSION_ID", first) == "Succeeded"
    assert s3.get_object(Bucket="site", Key="index.html")["Body"].read() == b"<p>1</p>"
    assert start("S3_OBJECT_KEY", "other.zip") == "Succeeded"
    assert s3.get_object(Bucket="site", Key="other.html")["Body"].read() == b"<p>o</p>"
    with pytest.raises(ClientError, match="COMMIT_ID is not valid for a S3 source"):
        start("COMMIT_ID", first)
    pipelines.client.update_pipeline(pipeline=pipeline(fetch(), deploy()))
    with pytest.raises(ClientError, match="does not allow its object key to be overridden"):
        start("S3_OBJECT_KEY", "other.zip")


@pytest.mark.parametrize(
    ("break_it", "name", "message"),
    [
        ("suspend", "Fetch", "The source bucket sources does not have versioning enabled."),
        ("delete", "Fetch", "The object with key 'app.zip' does not exist in the source bucket"),
        ("plain", "Put", "The artifact is no zip file"),
        ("no site", "Put", "The specified bucket does not exist"),
    ],
)
def test_what_cannot_be_fetched_or_deployed(
    pipelines: Any, s3: Any, break_it: str, name: str, message: str
) -> None:
    if break_it == "suspend":
        s3.put_bucket_versioning(Bucket="sources", VersioningConfiguration={"Status": "Suspended"})
    elif break_it == "delete":
        s3.delete_object(Bucket="sources", Key=KEY)
    elif break_it == "plain":
        s3.put_object(Bucket="sources", Key=KEY, Body=b"words")
    else:
        s3.delete_bucket(Bucket="site")
    execution = pipelines.create(fetch(), deploy())
    result = pipelines.actions(execution)[name]["output"]["executionResult"]
    assert result["errorDetails"]["code"] == "ConfigurationError"
    assert result["errorDetails"]["message"].startswith(message)


def test_declarations_that_cannot_be(pipelines: Any) -> None:
    create = pipelines.client.create_pipeline
    with pytest.raises(ClientError, match="ObjectKey"):
        create(pipeline=pipeline(source(), deploy(Extract="false")))
    with pytest.raises(ClientError, match="invalid value 'maybe' for 'PollForSourceChanges'"):
        create(pipeline=pipeline(fetch(poll="maybe"), approval()))
