"""Declarations of pipelines, and CodePipeline asked what tests ask again and again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cloudarium.pytest_plugin import CloudUnderTest

BUCKET = "artifacts-of-the-test"
ROLE = "arn:aws:iam::000000000000:role/pipeline"


def action(
    name: str,
    category: str,
    provider: str,
    configuration: dict[str, str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Return an ActionDeclaration; `inputs` and `outputs` are artifact names."""
    declared: dict[str, Any] = {
        "name": name,
        "actionTypeId": {
            "category": category,
            "owner": "AWS",
            "provider": provider,
            "version": "1",
        },
        "configuration": configuration or {},
    }
    for key in ("input", "output"):
        names = more.pop(f"{key}s", [])
        declared[f"{key}Artifacts"] = [{"name": one} for one in names]
    return {**declared, **more}


def source(**more: Any) -> dict[str, Any]:
    """Return the source stage: CodeCommit's `profile`, branch `main`, artifact `Source`."""
    where = {
        "RepositoryName": "profile",
        "BranchName": "main",
        "PollForSourceChanges": more.pop("poll", "false"),
    }
    one = action("Fetch", "Source", "CodeCommit", where, outputs=["Source"], **more)
    return {"name": "Source", "actions": [one]}


def approval(stage: str = "Gate", **more: Any) -> dict[str, Any]:
    """Return a stage of one manual approval."""
    return {"name": stage, "actions": [action("Approve", "Approval", "Manual", **more)]}


def pipeline(*stages: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a PipelineDeclaration called `profile`."""
    return {
        "name": "profile",
        "roleArn": ROLE,
        "artifactStore": {"type": "S3", "location": BUCKET},
        "stages": list(stages),
        **more,
    }


@dataclass
class Pipelines:
    """CodePipeline as the account's root, with what tests ask again and again."""

    cloud: CloudUnderTest
    client: Any

    def create(self, *stages: dict[str, Any], **more: Any) -> str:
        """Create the pipeline and return its first execution's id."""
        self.client.create_pipeline(pipeline=pipeline(*stages, **more))
        self.cloud.settle()
        listed = self.client.list_pipeline_executions(pipelineName="profile")
        execution_id: str = listed["pipelineExecutionSummaries"][-1]["pipelineExecutionId"]
        return execution_id

    def start(self, **more: Any) -> str:
        """Start another execution and return its id."""
        answer = self.client.start_pipeline_execution(name="profile", **more)
        self.cloud.settle()
        execution_id: str = answer["pipelineExecutionId"]
        return execution_id

    def status(self, execution_id: str) -> str:
        """Return how an execution stands."""
        answer = self.client.get_pipeline_execution(
            pipelineName="profile", pipelineExecutionId=execution_id
        )
        status: str = answer["pipelineExecution"]["status"]
        return status

    def actions(self, execution_id: str) -> dict[str, dict[str, Any]]:
        """Return the latest run of each action of an execution by name."""
        answer = self.client.list_action_executions(
            pipelineName="profile", filter={"pipelineExecutionId": execution_id}
        )
        return {one["actionName"]: one for one in reversed(answer["actionExecutionDetails"])}

    def state(self, stage: str) -> dict[str, Any]:
        """Return the state of a stage."""
        answer = self.client.get_pipeline_state(name="profile")
        return next(one for one in answer["stageStates"] if one["stageName"] == stage)

    def decide(self, status: str = "Approved", stage: str = "Gate", summary: str = "ok") -> None:
        """Approve or reject the approval under way."""
        (state,) = self.state(stage)["actionStates"]
        self.client.put_approval_result(
            pipelineName="profile",
            stageName=stage,
            actionName=state["actionName"],
            result={"status": status, "summary": summary},
            token=state["latestExecution"]["token"],
        )
        self.cloud.settle()
