"""The CloudFormation deploy action, in all its modes ("AWS CloudFormation action reference")."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.services.codepipeline import artifacts
from cloudarium.services.codepipeline.providers import templates
from cloudarium.services.codepipeline.work import Done, Failure, Outcome, Waiting, Work

# Stacks tell by events how they stand; this is the net under that. Change sets do not.
_ASK_AGAIN_SECONDS = 2.0
_CHANGE_SET_SECONDS = 0.2
_SUCCEEDED = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
_REPLACED = frozenset(
    {
        "CREATE_FAILED",
        "DELETE_FAILED",
        "ROLLBACK_COMPLETE",
        "ROLLBACK_FAILED",
        "UPDATE_ROLLBACK_FAILED",
    }
)


async def step(work: Work) -> Outcome:
    """Begin what the mode asks for, or look how it stands."""
    mode = work.configuration["ActionMode"]
    if mode == "CHANGE_SET_REPLACE":
        return await _replace_change_set(work)
    if mode == "DELETE_ONLY":
        return await _delete(work)
    if work.action.progress.get("begun"):
        return await _watch(work)
    if mode == "CHANGE_SET_EXECUTE":
        return await _execute_change_set(work)
    return await _create_or_update(work, replace=mode == "REPLACE_ON_FAILURE")


async def _stack(work: Work, name: str | None = None) -> dict[str, Any] | None:
    """Return the stack, or None if there is none (a deleted one is found by its id only)."""
    params = {"StackName": name or work.configuration["StackName"]}
    try:
        answer = await work.call("cloudformation", "DescribeStacks", params)
    except AwsError as error:
        if error.code == "ValidationError" and "does not exist" in error.message:
            return None
        raise
    stack: dict[str, Any] = answer["Stacks"][0]
    return stack


async def _watch(work: Work) -> Outcome:
    """Wait until the stack has come to rest."""
    stack = await _stack(work, work.action.external_id)
    name = work.configuration["StackName"]
    if stack is None:
        raise Failure("JobFailed", f"Stack [{name}] does not exist")
    status = stack["StackStatus"]
    if status.endswith("_IN_PROGRESS"):
        return Waiting(_ASK_AGAIN_SECONDS)
    if status not in _SUCCEEDED:
        reason = stack.get("StackStatusReason", "")
        raise Failure(
            "JobFailed",
            f"Deployment failed. Stack [{name}] is in {status} state. {reason}".strip(),
            stack["StackId"],
        )
    return await _deployed(work, stack)


async def _deployed(work: Work, stack: dict[str, Any]) -> Done:
    """Hand on the stack's outputs, as variables and as a file if one is asked for."""
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}
    if work.declared["outputArtifacts"] and "OutputFileName" in work.configuration:
        name = work.configuration["OutputFileName"]
        data = artifacts.zipped(name, json.dumps(outputs).encode())
        await artifacts.write(work, work.declared["outputArtifacts"][0]["name"], data)
    summary = f"Deployment Succeeded. Stack [{stack['StackName']}]"
    return Done(outputs, external_id=stack["StackId"], summary=summary)


def _begun(stack_id: str) -> Waiting:
    return Waiting(_ASK_AGAIN_SECONDS, external_id=stack_id, progress={"begun": True})


async def _create_or_update(work: Work, *, replace: bool) -> Outcome:
    stack = await _stack(work)
    if stack is not None and replace and stack["StackStatus"] in _REPLACED:
        params = {"StackName": stack["StackId"], "ClientRequestToken": work.token("delete")}
        await work.call("cloudformation", "DeleteStack", params, once="delete")
        return Waiting(_ASK_AGAIN_SECONDS, external_id=stack["StackId"])
    if stack is not None and stack["StackStatus"] == "DELETE_IN_PROGRESS" and replace:
        return Waiting(_ASK_AGAIN_SECONDS)
    operation = work.action.progress.get("operation")
    if operation is None:
        # Recorded before it is done: a step taken again must not update what it has created.
        creates = stack is None or stack["StackStatus"] == "REVIEW_IN_PROGRESS"
        return Waiting(0.0, progress={"operation": "CreateStack" if creates else "UpdateStack"})
    params = await templates.parameters(work)
    params["ClientRequestToken"] = work.token(operation)
    try:
        answer = await work.call("cloudformation", operation, params, once=operation)
    except AwsError as error:
        if stack is not None and "No updates are to be performed" in error.message:
            return await _deployed(work, stack)
        raise
    return _begun(answer["StackId"])


async def _delete(work: Work) -> Outcome:
    name = work.configuration["StackName"]
    if not work.action.progress.get("begun"):
        stack = await _stack(work)
        if stack is None:
            return Done(summary=f"Stack [{name}] does not exist")
        params = {"StackName": stack["StackId"], "ClientRequestToken": work.token("delete")}
        if "RoleArn" in work.configuration:
            params["RoleARN"] = work.configuration["RoleArn"]
        await work.call("cloudformation", "DeleteStack", params, once="delete")
        return _begun(stack["StackId"])
    stack = await _stack(work, work.action.external_id)
    if stack is None or stack["StackStatus"] == "DELETE_COMPLETE":
        return Done(summary=f"Stack [{name}] deleted")
    if stack["StackStatus"] == "DELETE_FAILED":
        reason = stack.get("StackStatusReason", "")
        raise Failure("JobFailed", f"Stack [{name}] could not be deleted. {reason}".strip())
    return Waiting(_ASK_AGAIN_SECONDS)


async def _change_set(work: Work) -> dict[str, Any] | None:
    params = {
        "StackName": work.configuration["StackName"],
        "ChangeSetName": work.configuration["ChangeSetName"],
    }
    try:
        return await work.call("cloudformation", "DescribeChangeSet", params)
    except AwsError as error:
        if "does not exist" in error.message:
            return None
        raise


async def _replace_change_set(work: Work) -> Outcome:
    if not work.action.progress.get("begun"):
        return await _create_change_set(work)
    found = await _change_set(work)
    name = work.configuration["ChangeSetName"]
    if found is None:
        raise Failure("JobFailed", f"Change set [{name}] does not exist")
    variables = {"StackName": work.configuration["StackName"], "ChangeSetName": name}
    if found["Status"] == "CREATE_COMPLETE":
        return Done(variables, summary=f"Change set [{name}] was created.")
    if found["Status"] == "FAILED" and _is_unchanged(found):
        return Done(variables, summary=f"Change set [{name}] contains no changes.")
    if found["Status"] == "FAILED":
        reason = found.get("StatusReason", "")
        raise Failure("JobFailed", f"Change set [{name}] was not created. {reason}".strip())
    return Waiting(_CHANGE_SET_SECONDS)


async def _create_change_set(work: Work) -> Outcome:
    stack = await _stack(work)
    name = work.configuration["ChangeSetName"]
    creates = stack is None or stack["StackStatus"] == "REVIEW_IN_PROGRESS"
    if stack is not None and stack["StackStatus"] == "ROLLBACK_COMPLETE":
        raise Failure(
            "JobFailed",
            f"Stack [{stack['StackName']}] is in ROLLBACK_COMPLETE state and can not be updated. "
            "Delete the stack, and then try again.",
            stack["StackId"],
        )
    if stack is not None:
        old = {"StackName": work.configuration["StackName"], "ChangeSetName": name}
        await work.call("cloudformation", "DeleteChangeSet", old, once="delete")
    params = {
        **await templates.parameters(work),
        "ChangeSetName": name,
        "ChangeSetType": "CREATE" if creates else "UPDATE",
        "ClientToken": work.token("create"),
    }
    await work.call("cloudformation", "CreateChangeSet", params, once="create")
    return Waiting(_CHANGE_SET_SECONDS, progress={"begun": True})


def _is_unchanged(change_set: dict[str, Any]) -> bool:
    reason = change_set.get("StatusReason", "")
    return "didn't contain changes" in reason or "No updates are to be performed" in reason


async def _execute_change_set(work: Work) -> Outcome:
    chosen = work.action.progress.get("change_set")
    if chosen is not None:
        await work.call("cloudformation", "ExecuteChangeSet", chosen, once="execute")
        return _begun(chosen["StackName"])
    found = await _change_set(work)
    name = work.configuration["ChangeSetName"]
    if found is None:
        raise Failure("ConfigurationError", f"Change set [{name}] does not exist")
    if found["Status"] == "FAILED" and _is_unchanged(found):
        stack = await _stack(work)
        if stack is not None:
            return await _deployed(work, stack)
    # Recorded before it is done: once executed, a change set is not to be found any more.
    chosen = {"StackName": found["StackId"], "ChangeSetName": found["ChangeSetId"]}
    return Waiting(0.0, progress={"change_set": chosen})
