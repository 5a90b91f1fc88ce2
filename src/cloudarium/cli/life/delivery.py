"""From a service's pipeline stack to its running stack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from cloudarium.cli.life.clients import Clients, until
from cloudarium.cli.life.progress import Progress

ALARM_EMAIL = "owner@example.com"
_ENDED = ("Succeeded", "Failed", "Stopped", "Superseded")


class Delivery:
    """Pipelines and stacks of the reference system."""

    def __init__(self, clients: Clients, progress: Progress) -> None:
        self._clients = clients
        self._progress = progress

    def ensure_pipeline(self, service: str, source: Path) -> str:
        """Make or update the stack of a service's pipeline; return its repository's id."""
        cloudformation = self._clients("cloudformation")
        name = f"{service}-pipeline"
        base = f"{self._clients.cloud.endpoint}/_aws/execute-api"
        parameters = {"ApiBase": base, "AlarmEmail": ALARM_EMAIL}
        request = {
            "StackName": name,
            "TemplateBody": (source / service / "pipeline.yaml").read_text(),
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
            "Capabilities": ["CAPABILITY_IAM"],
        }
        try:
            cloudformation.create_stack(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] != "AlreadyExistsException":
                raise
            self._update(cloudformation, request)
        self.stack_settled(name)
        return name

    def _update(self, cloudformation: Any, request: dict[str, Any]) -> None:
        try:
            cloudformation.update_stack(**request)
        except ClientError as error:
            if "No updates are to be performed" not in error.response["Error"]["Message"]:
                raise

    def stack(self, name: str) -> dict[str, Any]:
        """Describe a stack."""
        found = self._clients("cloudformation").describe_stacks(StackName=name)
        stack: dict[str, Any] = found["Stacks"][0]
        return stack

    def outputs(self, name: str) -> dict[str, str]:
        """Return a stack's outputs."""
        stack = self.stack(name)
        return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}

    def stack_settled(self, name: str) -> str:
        """Wait until a stack is at rest; return its status, showing why it failed if it did."""

        def look() -> str | None:
            status: str = self.stack(name)["StackStatus"]
            self._progress.now(f"stack {name}: {status}")
            return None if status.endswith("_IN_PROGRESS") else status

        status = until(f"stack {name}", look)
        if "ROLLBACK" in status or "FAILED" in status:
            self._show_failures(name)
        return status

    def _show_failures(self, name: str) -> None:
        events = self._clients("cloudformation").describe_stack_events(StackName=name)
        lines = [
            f"{event['LogicalResourceId']} {event['ResourceStatus']}: "
            f"{event.get('ResourceStatusReason', '')}"
            for event in reversed(events["StackEvents"])
            if "FAILED" in event["ResourceStatus"]
        ]
        self._progress.tail(f"stack {name}", lines)

    def execution_of(self, service: str, commit: str) -> str:
        """Wait for the pipeline execution of a commit; return its id."""
        codepipeline = self._clients("codepipeline")

        def look() -> str | None:
            listed = codepipeline.list_pipeline_executions(pipelineName=service)
            for execution in listed["pipelineExecutionSummaries"]:
                revisions = [each.get("revisionId") for each in execution["sourceRevisions"]]
                if commit in revisions:
                    found: str = execution["pipelineExecutionId"]
                    return found
            return None

        return until(f"the pipeline execution of {service}", look)

    def execution_ended(self, service: str, execution: str, *, expected: str) -> str:
        """Wait for a pipeline execution's end; return its status, showing why it failed."""
        codepipeline = self._clients("codepipeline")

        def look() -> str | None:
            found = codepipeline.get_pipeline_execution(
                pipelineName=service, pipelineExecutionId=execution
            )
            status: str = found["pipelineExecution"]["status"]
            self._progress.now(f"pipeline {service}: {self._stage(service)}")
            return status if status in _ENDED else None

        status = until(f"the pipeline {service}", look, patience=180)
        if status != expected:
            self._show_actions(service, execution)
        return status

    def _stage(self, service: str) -> str:
        state = self._clients("codepipeline").get_pipeline_state(name=service)
        stages = [
            f"{stage['stageName']} {stage['latestExecution']['status']}"
            for stage in state["stageStates"]
            if "latestExecution" in stage
        ]
        return ", ".join(stages)

    def failed_stage(self, service: str) -> str | None:
        """Return the name of the stage in which the pipeline stopped, if it did."""
        state = self._clients("codepipeline").get_pipeline_state(name=service)
        for stage in state["stageStates"]:
            if stage.get("latestExecution", {}).get("status") == "Failed":
                name: str = stage["stageName"]
                return name
        return None

    def _show_actions(self, service: str, execution: str) -> None:
        listed = self._clients("codepipeline").list_action_executions(
            pipelineName=service, filter={"pipelineExecutionId": execution}
        )
        for action in listed["actionExecutionDetails"]:
            if action["status"] == "Failed":
                result = action.get("output", {}).get("executionResult", {})
                details = result.get("errorDetails", {}).get("message", "")
                summary = result.get("externalExecutionSummary", details)
                self._progress.tail(f"{service}: {action['actionName']}", [summary or details])
        self.show_build(service)

    def show_build(self, service: str) -> None:
        """Show the end of the log of the service's last build."""
        self._progress.tail(f"the build of {service}", self.build_log(service))

    def build_log(self, service: str) -> list[str]:
        """Return the lines of the service's last build."""
        codebuild = self._clients("codebuild")
        identifiers = codebuild.list_builds_for_project(projectName=service)["ids"]
        if not identifiers:
            return []
        build = codebuild.batch_get_builds(ids=identifiers[:1])["builds"][0]
        events = self._clients("logs").get_log_events(
            logGroupName=build["logs"]["groupName"],
            logStreamName=build["logs"]["streamName"],
            startFromHead=True,
        )["events"]
        return [event["message"] for event in events]
