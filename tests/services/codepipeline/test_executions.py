"""Executions: stages in order, superseding, stopping, retrying, transitions."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.codepipeline.support import BUCKET, action, approval, pipeline, source

from cloudarium.pytest_plugin import CloudUnderTest


def test_a_commit_goes_through_source_and_approval(cloud: CloudUnderTest, pipelines: Any) -> None:
    first = pipelines.create(source(namespace="Commit"), approval())
    assert pipelines.status(first) == "InProgress"
    fetched = pipelines.actions(first)["Fetch"]
    assert fetched["status"] == "Succeeded", fetched
    tip = cloud.client("codecommit").get_branch(repositoryName="profile", branchName="main")
    commit_id = tip["branch"]["commitId"]
    variables = fetched["output"]["outputVariables"]
    assert variables["CommitId"] == commit_id
    assert variables["CommitMessage"] == "Begin"
    assert variables["BranchName"] == "main"
    location = fetched["output"]["outputArtifacts"][0]["s3location"]
    assert location["bucket"] == BUCKET
    assert location["key"].startswith("profile/Source/")
    stored = cloud.client("s3").get_object(Bucket=BUCKET, Key=location["key"])
    assert stored["Metadata"] == {"codepipeline-artifact-revision-id": commit_id}
    with zipfile.ZipFile(io.BytesIO(stored["Body"].read())) as archive:
        assert archive.namelist() == ["run.sh", "src/app.py"]
        assert archive.read("src/app.py") == b"print(1)\n"
        assert archive.getinfo("run.sh").external_attr >> 16 == 0o100755
    pipelines.decide()
    answer = pipelines.client.get_pipeline_execution(
        pipelineName="profile", pipelineExecutionId=first
    )["pipelineExecution"]
    assert answer["status"] == "Succeeded"
    assert answer["artifactRevisions"][0]["revisionId"] == commit_id
    assert answer["trigger"]["triggerType"] == "CreatePipeline"
    summary = pipelines.client.list_pipeline_executions(pipelineName="profile")
    (listed,) = summary["pipelineExecutionSummaries"]
    assert listed["sourceRevisions"][0]["revisionSummary"] == "Begin"


def test_a_rejection_fails_the_execution(pipelines: Any) -> None:
    first = pipelines.create(source(), approval())
    pipelines.decide("Rejected", summary="not today")
    assert pipelines.status(first) == "Failed"
    approve = pipelines.actions(first)["Approve"]
    assert approve["status"] == "Failed"
    assert approve["output"]["executionResult"]["errorDetails"]["message"] == "not today"
    assert pipelines.state("Gate")["latestExecution"]["status"] == "Failed"


def test_an_approval_needs_its_token_and_is_given_once(pipelines: Any) -> None:
    pipelines.create(source(), approval())
    (state,) = pipelines.state("Gate")["actionStates"]
    token = state["latestExecution"]["token"]
    call = {
        "pipelineName": "profile",
        "stageName": "Gate",
        "actionName": "Approve",
        "result": {"status": "Approved", "summary": ""},
    }
    put = pipelines.client.put_approval_result
    other = "00000000-0000-4000-8000-000000000000"
    assert refused(put, **call, token=other)[0] == "InvalidApprovalTokenException"
    assert refused(put, **{**call, "stageName": "X"}, token=token)[0] == "StageNotFoundException"
    assert refused(put, **{**call, "actionName": "X"}, token=token)[0] == "ActionNotFoundException"
    put(**call, token=token)
    assert refused(put, **call, token=token)[0] == "ApprovalAlreadyCompletedException"


def test_an_approval_times_out_after_seven_days(cloud: CloudUnderTest, pipelines: Any) -> None:
    first = pipelines.create(source(), approval())
    cloud.advance(7 * 24 * 3600 - 1)
    assert pipelines.status(first) == "InProgress"
    cloud.advance(2)
    assert pipelines.status(first) == "Failed"


def test_the_same_token_starts_one_execution(pipelines: Any) -> None:
    pipelines.create(source(), approval())
    first = pipelines.start(clientRequestToken="abc")
    assert pipelines.start(clientRequestToken="abc") == first
    assert pipelines.start(clientRequestToken="def") != first


def test_a_later_execution_supersedes_the_one_that_waits(pipelines: Any) -> None:
    first = pipelines.create(source(), approval())
    second = pipelines.start()
    assert pipelines.status(second) == "InProgress"
    assert pipelines.state("Gate")["inboundExecution"]["pipelineExecutionId"] == second
    third = pipelines.start()
    assert pipelines.status(second) == "Superseded"
    pipelines.decide()
    assert pipelines.status(first) == "Succeeded"
    assert pipelines.state("Gate")["latestExecution"]["pipelineExecutionId"] == third
    pipelines.decide()
    assert pipelines.status(third) == "Succeeded"


def test_queued_executions_keep_their_order(pipelines: Any) -> None:
    more = {"pipelineType": "V2", "executionMode": "QUEUED"}
    ids = [pipelines.create(source(), approval(), **more)]
    ids += [pipelines.start(), pipelines.start()]
    for expected in ids:
        latest = pipelines.state("Gate")["latestExecution"]
        assert latest["pipelineExecutionId"] == expected
        pipelines.decide()
    assert [pipelines.status(one) for one in ids] == ["Succeeded"] * 3


def test_parallel_executions_do_not_wait(pipelines: Any) -> None:
    more = {"pipelineType": "V2", "executionMode": "PARALLEL"}
    first = pipelines.create(source(), approval(), **more)
    second = pipelines.start()
    assert [pipelines.actions(one)["Approve"]["status"] for one in (first, second)] == [
        "InProgress",
        "InProgress",
    ]


def test_actions_run_by_their_order(pipelines: Any) -> None:
    gate = approval()
    gate["actions"][0]["runOrder"] = 2
    gate["actions"] += [
        action(name, "Approval", "Manual", runOrder=order)
        for name, order in (("A", 1), ("B", 1), ("Z", 3))
    ]
    first = pipelines.create(source(), gate)
    assert set(pipelines.actions(first)) == {"Fetch", "A", "B"}


def test_stop_and_wait_lets_the_action_end(pipelines: Any) -> None:
    first = pipelines.create(source(), approval(), approval("Second"))
    stop = pipelines.client.stop_pipeline_execution
    where = {"pipelineName": "profile", "pipelineExecutionId": first}
    stop(**where, reason="lunch")
    assert pipelines.status(first) == "Stopping"
    assert refused(stop, **where)[0] == "DuplicatedStopRequestException"
    pipelines.decide()
    assert pipelines.status(first) == "Stopped"
    assert refused(stop, **where)[0] == "PipelineExecutionNotStoppableException"
    listed = pipelines.client.list_pipeline_executions(pipelineName="profile")
    assert listed["pipelineExecutionSummaries"][0]["stopTrigger"] == {"reason": "lunch"}


def test_stop_and_abandon_ends_at_once(pipelines: Any) -> None:
    first = pipelines.create(source(), approval())
    pipelines.client.stop_pipeline_execution(
        pipelineName="profile", pipelineExecutionId=first, abandon=True
    )
    assert pipelines.status(first) == "Stopped"
    assert pipelines.actions(first)["Approve"]["status"] == "Abandoned"


def test_a_closed_transition_holds_executions_back(pipelines: Any, cloud: CloudUnderTest) -> None:
    where = {"pipelineName": "profile", "stageName": "Gate", "transitionType": "Inbound"}
    first = pipelines.create(source(), approval())
    pipelines.client.disable_stage_transition(**where, reason="Holidays")
    pipelines.decide()
    assert pipelines.status(first) == "Succeeded"
    second = pipelines.start()
    assert "Approve" not in pipelines.actions(second)
    closed = pipelines.state("Gate")["inboundTransitionState"]
    assert (closed["enabled"], closed["disabledReason"]) == (False, "Holidays")
    pipelines.client.enable_stage_transition(**where)
    cloud.settle()
    assert "Approve" in pipelines.actions(second)
    bad = {**where, "stageName": "Nix"}
    assert refused(pipelines.client.enable_stage_transition, **bad)[0] == "StageNotFoundException"


@pytest.mark.parametrize("mode", ["FAILED_ACTIONS", "ALL_ACTIONS"])
def test_a_failed_stage_is_retried(pipelines: Any, cloud: CloudUnderTest, mode: str) -> None:
    first = pipelines.create(source(), approval())
    retry = pipelines.client.retry_stage_execution
    where = {"pipelineName": "profile", "pipelineExecutionId": first, "retryMode": mode}
    assert refused(retry, **where, stageName="Gate")[0] == "StageNotRetryableException"
    pipelines.decide("Rejected")
    pipelines.client.retry_stage_execution(**where, stageName="Gate")
    cloud.settle()
    assert pipelines.status(first) == "InProgress"
    pipelines.decide()
    assert pipelines.status(first) == "Succeeded"
    assert pipelines.state("Gate")["retryStageMetadata"]["manualStageRetryAttempt"] == 1
    second = pipelines.start()
    pipelines.decide("Rejected")
    third = pipelines.start()
    pipelines.decide("Rejected")
    assert pipelines.status(third) == "Failed"
    late = {**where, "pipelineExecutionId": second, "stageName": "Gate"}
    assert refused(retry, **late)[0] == "NotLatestPipelineExecutionException"


def test_an_execution_goes_on_after_a_restart(cloud: CloudUnderTest, pipelines: Any) -> None:
    pipelines.client.create_pipeline(pipeline=pipeline(source(), approval()))
    cloud.restart()
    cloud.settle()
    pipelines.decide()
    listed = pipelines.client.list_pipeline_executions(pipelineName="profile")
    assert listed["pipelineExecutionSummaries"][0]["status"] == "Succeeded"
    passed = pipelines.client.list_pipeline_executions(
        pipelineName="profile", filter={"succeededInStage": {"stageName": "Gate"}}
    )
    assert len(passed["pipelineExecutionSummaries"]) == 1


def test_a_polled_branch_starts_executions(
    cloud: CloudUnderTest, pipelines: Any, push: Any
) -> None:
    pipelines.create(source(poll="true"), approval())
    listed = pipelines.client.list_pipeline_executions
    cloud.advance(61)
    assert len(listed(pipelineName="profile")["pipelineExecutionSummaries"]) == 1
    push("print(2)\n")
    cloud.advance(61)
    summaries = listed(pipelineName="profile")["pipelineExecutionSummaries"]
    assert len(summaries) == 2
    assert summaries[0]["trigger"]["triggerType"] == "PollForSourceChanges"


def refused(call: Any, **parameters: Any) -> tuple[str, str]:
    """Return code and message of the error a call is answered with."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]
