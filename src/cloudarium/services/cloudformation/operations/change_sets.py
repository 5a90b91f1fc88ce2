"""Change sets: make, look at, carry out, throw away."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError
from cloudarium.services.cloudformation import (
    change_sets,
    deployments,
    events,
    launches,
    pages,
    planning,
    preparation,
    shapes,
    stacks,
)
from cloudarium.services.cloudformation.change_sets import ChangeSet
from cloudarium.services.cloudformation.configs import Config
from cloudarium.services.cloudformation.deployments import Options
from cloudarium.services.cloudformation.errors import (
    ChangeSetAlreadyExists,
    InvalidChangeSetStatus,
    NotUpdatable,
    StackAlreadyCreated,
    invalid,
    unsupported,
)
from cloudarium.services.cloudformation.operations.update_stack import UPDATABLE
from cloudarium.services.cloudformation.stacks import REVIEW, Stack

_NO_CHANGES = (
    "The submitted information didn't contain changes. "
    "Submit different information to create a change set."
)
_CONTEXT = ("BeforeContext", "AfterContext")


async def create_change_set(ctx: Context, request: Request) -> Response:
    """Work out what a template would change. A set for a new stack puts that under review."""
    kind = request.get("ChangeSetType", "UPDATE")
    if kind == "IMPORT":
        raise unsupported("ChangeSetType IMPORT")
    with ctx.transaction():
        again = _repeated(ctx, request)
        if again is not None:
            return {"Id": again.change_set_id, "StackId": again.stack_id}
        stack = _target(ctx, request, kind)
    previous = None if stack is None or stack.status == REVIEW else stack.config
    failure, config = None, Config()
    try:
        config = await preparation.prepared(ctx, request, previous, change_set=True)
    except AwsError as error:
        if not error.message.startswith("Transform "):
            raise
        failure = error.message
    await launches.usable_role(ctx, config.role_arn)
    with ctx.transaction():
        stack = _target(ctx, request, kind) or _under_review(ctx, request["StackName"])
        change_set = _planned(ctx, request, stack, kind, config, failure)
        change_sets.put(ctx, change_set)
    return {"Id": change_set.change_set_id, "StackId": stack.stack_id}


def _repeated(ctx: Context, request: Request) -> ChangeSet | None:
    """Return the change set an earlier request with the same client token made."""
    stack = stacks.lookup(ctx, request["StackName"])
    existing = change_sets.named(ctx, stack.stack_id, request["ChangeSetName"]) if stack else None
    if existing is None:
        return None
    if existing.token is not None and existing.token == request.get("ClientToken"):
        return existing
    raise ChangeSetAlreadyExists(name=request["ChangeSetName"], stack=request["StackName"])


def _target(ctx: Context, request: Request, kind: str) -> Stack | None:
    """Return the stack a change set is for; None for one that is still to be put under review."""
    name = request["StackName"]
    stack = stacks.lookup(ctx, name)
    if kind == "CREATE":
        if stack is not None and stack.status != REVIEW:
            raise StackAlreadyCreated(stack=name, name=request["ChangeSetName"])
        return stack
    stack = stacks.living(ctx, name)
    if stack.status not in UPDATABLE:
        raise NotUpdatable(stack_id=stack.stack_id, status=stack.status)
    return stack


def _under_review(ctx: Context, name: str) -> Stack:
    stack = stacks.create(ctx, name, REVIEW, Config())
    events.stack_changed(ctx, stack, REVIEW, launches.USER)
    return stack


def _planned(
    ctx: Context, request: Request, stack: Stack, kind: str, config: Config, failure: str | None
) -> ChangeSet:
    found: list[dict[str, Any]] = []
    if failure is None:
        try:
            changes, needed = planning.changes(ctx, stack, config, strict=True)
            found = [planning.described(change) for change in changes]
            failure = None if needed or kind == "CREATE" else _NO_CHANGES
        except AwsError as error:
            if not error.message.startswith("No export named"):
                raise
            failure = error.message
    name = request["ChangeSetName"]
    return ChangeSet(
        change_set_id=ctx.arn(f"changeSet/{name}/{ctx.ids.uuid()}"),
        stack_id=stack.stack_id,
        name=name,
        kind=kind,
        status="CREATE_COMPLETE" if failure is None else "FAILED",
        reason=failure,
        execution="AVAILABLE" if failure is None else "UNAVAILABLE",
        created_at=ctx.now,
        description=request.get("Description"),
        on_failure=request.get("OnStackFailure"),
        token=request.get("ClientToken"),
        config=config,
        changes=found,
    )


def describe_change_set(ctx: Context, request: Request) -> Response:
    """Return a change set with what it would change; an executed one by its ARN only."""
    change_set = change_sets.find(ctx, request)
    stack, config = stacks.by_id(ctx, change_set.stack_id), change_set.config
    found, token = pages.page(change_set.changes, request)
    hidden = () if request.get("IncludePropertyValues") else _CONTEXT
    changes = [
        {
            "Type": "Resource",
            "ResourceChange": {k: v for k, v in change.items() if k not in hidden},
        }
        for change in found
    ]
    return {
        "ChangeSetName": change_set.name,
        "ChangeSetId": change_set.change_set_id,
        "StackId": stack.stack_id,
        "StackName": stack.name,
        "Description": change_set.description,
        "Parameters": shapes.parameters(config) or None,
        "CreationTime": change_set.created_at,
        "ExecutionStatus": change_set.execution,
        "Status": change_set.status,
        "StatusReason": change_set.reason,
        "NotificationARNs": list(config.notification_arns),
        "RollbackConfiguration": {},
        "Capabilities": list(config.capabilities),
        "Tags": shapes.tags(config) or None,
        "Changes": changes,
        "NextToken": token,
        "IncludeNestedStacks": False,
        "OnStackFailure": change_set.on_failure,
    }


def list_change_sets(ctx: Context, request: Request) -> Response:
    """Return the change sets of a stack that are still to be executed."""
    stack = stacks.living(ctx, request["StackName"])
    found, token = pages.page(change_sets.of_stack(ctx, stack), request)
    summaries = [
        {
            "StackId": stack.stack_id,
            "StackName": stack.name,
            "ChangeSetId": change_set.change_set_id,
            "ChangeSetName": change_set.name,
            "ExecutionStatus": change_set.execution,
            "Status": change_set.status,
            "StatusReason": change_set.reason,
            "CreationTime": change_set.created_at,
            "Description": change_set.description,
            "IncludeNestedStacks": False,
        }
        for change_set in found
    ]
    return {"Summaries": summaries, "NextToken": token}


def execute_change_set(ctx: Context, request: Request) -> Response:
    """Begin to carry out a change set; it and the stack's other ones are then gone."""
    token = request.get("ClientRequestToken")
    if token is not None and deployments.begun(ctx, token, request.get("StackName", "")):
        return {}
    change_set = _executable(ctx, request)
    stack = stacks.by_id(ctx, change_set.stack_id)
    wanted = {"DisableRollback": request.get("DisableRollback")}
    if change_set.on_failure is not None and not request.get("DisableRollback"):
        wanted = {"OnStackFailure": change_set.on_failure}
    options = Options(
        on_failure=launches.on_failure(wanted),
        retain_except_on_create=bool(request.get("RetainExceptOnCreate")),
    )
    change_sets.executed(ctx, change_set)
    if stack.status == REVIEW:
        stacks.set_change_set(ctx, stack.stack_id, change_set.change_set_id)
        launches.create(ctx, stack, change_set.config, options, token)
    elif stack.status in UPDATABLE:
        launches.update(ctx, stack, change_set.config, options, token, change_set.change_set_id)
    else:
        raise NotUpdatable(stack_id=stack.stack_id, status=stack.status)
    return {}


def _executable(ctx: Context, request: Request) -> ChangeSet:
    change_set = change_sets.find(ctx, request)
    if change_set.execution != "AVAILABLE":
        status = change_set.status if change_set.status == "FAILED" else change_set.execution
        raise InvalidChangeSetStatus(change_set=change_set.change_set_id, status=status)
    return change_set


def delete_change_set(ctx: Context, request: Request) -> Response:
    """Forget a change set. One that does not exist counts as deleted."""
    change_set = change_sets.lookup(ctx, request)
    if change_set is None:
        return {}
    if change_set.execution == "EXECUTE_COMPLETE":
        raise invalid(
            f"ChangeSet [{change_set.change_set_id}] cannot be deleted in its current status"
        )
    change_sets.remove(ctx, change_set)
    return {}
