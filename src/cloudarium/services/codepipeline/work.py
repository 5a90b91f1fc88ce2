"""What an action's provider is given, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cloudarium.core.context import Context, Response
from cloudarium.core.errors import AccessDenied, AwsError
from cloudarium.core.identity import Principal
from cloudarium.services.codepipeline.actions import Action
from cloudarium.services.codepipeline.executions import Execution


class Failure(Exception):
    """An action has failed: `code` is one of the API's FailureType values."""

    def __init__(self, code: str, message: str, external_id: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.external_id = external_id


@dataclass(frozen=True)
class Waiting:
    """The action goes on: ask again after `seconds` (None: only once it is woken or times out)."""

    seconds: float | None
    external_id: str | None = None
    external_url: str | None = None
    summary: str | None = None
    progress: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """The action has succeeded. `revision` is a source action's ArtifactRevision."""

    variables: dict[str, str] = field(default_factory=dict)
    revision: dict[str, Any] | None = None
    external_id: str | None = None
    external_url: str | None = None
    summary: str | None = None


Outcome = Waiting | Done


@dataclass(frozen=True)
class Work:
    """One step of an action, with its declaration and its pipeline's."""

    ctx: Context
    pipeline: dict[str, Any]
    execution: Execution
    declared: dict[str, Any]
    action: Action

    @property
    def configuration(self) -> dict[str, str]:
        """The action's configuration, variables resolved."""
        return self.action.configuration

    @property
    def region(self) -> str:
        """Where the action acts."""
        return str(self.declared.get("region", self.ctx.region))

    async def principal(self) -> Principal:
        """Return the role the action acts as: its own, assumed by the pipeline's, or that one."""
        session = str(int(self.ctx.now * 1000))
        pipeline_role = await self.ctx.assume_role(self.pipeline["roleArn"], session)
        role_arn = self.declared.get("roleArn")
        if role_arn is None:
            return pipeline_role
        params = {"RoleArn": role_arn, "RoleSessionName": session}
        answer = await self.ctx.call("sts", "AssumeRole", params, principal=pipeline_role)
        keys = answer["Credentials"]
        credential = self.ctx.runtime.kernel.identity.credential(
            keys["AccessKeyId"], keys["SessionToken"]
        )
        assert credential is not None
        return credential.principal

    def token(self, step: str) -> str:
        """Return a client token that makes a repeated request of this run the same one."""
        return f"{self.action.id}-{step}"

    async def call(
        self, model: str, operation: str, params: dict[str, Any], once: str | None = None
    ) -> Response:
        """Call a service as the action's role; with `once`, only the first time in this run.

        The pipeline is the call's `aws:SourceArn`.
        """
        key = f"{self.action.id}:{once}" if once else None
        return await self.ctx.call(
            model,
            operation,
            params,
            principal=await self.principal(),
            region=self.region,
            source_arn=self.ctx.arn(self.pipeline["name"]),
            idempotency_key=key,
        )


def failure(error: AwsError) -> Failure:
    """Return why an action failed whose call a service has refused."""
    if AccessDenied.matches(error) or error.code == "AccessDenied":
        return Failure(
            "PermissionError",
            "The service role or action role does not have the permissions this action "
            f"requires. Update the IAM role permissions, and then try again. "
            f"Error: {error.message}",
        )
    return Failure("ConfigurationError", error.message)
