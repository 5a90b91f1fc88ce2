"""The manual approval action."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from cloudarium.services.codepipeline import limits
from cloudarium.services.codepipeline.work import Outcome, Waiting, Work


async def step(work: Work) -> Outcome:
    """Ask for approval; PutApprovalResult ends the action, or its timeout does."""
    if "token" in work.action.progress:
        return Waiting(None)
    token: str = work.ctx.ids.uuid()
    if "NotificationArn" in work.configuration:
        await _notify(work, token)
    return Waiting(None, progress={"token": token})


async def _notify(work: Work, token: str) -> None:
    name, action = work.pipeline["name"], work.action.name
    params = {
        "TopicArn": work.configuration["NotificationArn"],
        "Subject": f"APPROVAL NEEDED: AWS CodePipeline {name} for action {action}"[:100],
        "Message": json.dumps(_message(work, token)),
    }
    await work.call("sns", "Publish", params, once="notification")


def _message(work: Work, token: str) -> dict[str, object]:
    """Return the notification ("JSON data format for manual approval notifications")."""
    name = work.pipeline["name"]
    console = f"https://{work.region}.console.aws.amazon.com/codepipeline/home"
    link = f"{console}?region={work.region}#/view/{name}"
    expires = datetime.fromtimestamp(work.action.started_at + limits.APPROVAL_SECONDS, UTC)
    place = f"{work.action.stage}/{work.action.name}"
    approval = {
        "pipelineName": name,
        "stageName": work.action.stage,
        "actionName": work.action.name,
        "token": token,
        "expires": expires.strftime("%Y-%m-%dT%H:%MZ"),
        "externalEntityLink": work.configuration.get("ExternalEntityLink"),
        "approvalReviewLink": f"{link}/{place}/approve/{token}",
        "customData": work.configuration.get("CustomData"),
    }
    return {"region": work.region, "consoleLink": link, "approval": approval}
