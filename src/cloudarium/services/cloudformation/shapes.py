"""Stacks, resources and parameters in the shapes of the API's answers."""

from __future__ import annotations

from typing import Any

from cloudarium.core.tags import to_list
from cloudarium.services.cloudformation.configs import Config
from cloudarium.services.cloudformation.stack_resources import StackResource
from cloudarium.services.cloudformation.stacks import DELETED, Stack
from cloudarium.services.cloudformation.template.parameters import MASK

_DRIFT = "NOT_CHECKED"


def parameters(config: Config) -> list[dict[str, str]]:
    """Return `Parameters`, with NoEcho values masked."""
    declared = config.template.parameters if config.document else {}
    shown = []
    for name, value in config.parameters.items():
        masked = MASK if declared[name].no_echo else value
        shown.append({"ParameterKey": name, "ParameterValue": masked})
        if name in config.resolved:
            shown[-1]["ResolvedValue"] = config.resolved[name]
    return shown


def tags(config: Config) -> list[dict[str, str]]:
    """Return `Tags`."""
    return to_list(config.tags)


def stack(stack: Stack) -> dict[str, Any]:
    """Return a `Stack` of DescribeStacks."""
    config = stack.config
    return {
        "StackId": stack.stack_id,
        "StackName": stack.name,
        "ChangeSetId": stack.change_set_id,
        "Description": config.document.get("Description"),
        "Parameters": parameters(config) or None,
        "CreationTime": stack.created_at,
        "DeletionTime": stack.deleted_at,
        "LastUpdatedTime": stack.updated_at,
        "RollbackConfiguration": {},
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason,
        "DisableRollback": config.disable_rollback,
        "NotificationARNs": list(config.notification_arns),
        "TimeoutInMinutes": config.timeout_minutes,
        "Capabilities": list(config.capabilities) or None,
        "Outputs": stack.outputs or None,
        "RoleARN": config.role_arn,
        "Tags": tags(config),
        "EnableTerminationProtection": None if stack.status == DELETED else stack.protected,
        "ParentId": stack.parent_id,
        "RootId": stack.parent_id,
        "DriftInformation": {"StackDriftStatus": _DRIFT},
    }


def stack_summary(stack: Stack) -> dict[str, Any]:
    """Return a `StackSummary` of ListStacks."""
    return {
        "StackId": stack.stack_id,
        "StackName": stack.name,
        "TemplateDescription": stack.config.document.get("Description"),
        "CreationTime": stack.created_at,
        "LastUpdatedTime": stack.updated_at,
        "DeletionTime": stack.deleted_at,
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason,
        "ParentId": stack.parent_id,
        "RootId": stack.parent_id,
        "DriftInformation": {"StackDriftStatus": _DRIFT},
    }


def resource(stack: Stack, resource: StackResource) -> dict[str, Any]:
    """Return a `StackResource` of DescribeStackResources."""
    return {
        "StackName": stack.name,
        "StackId": stack.stack_id,
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.physical_id or None,
        "ResourceType": resource.type,
        "Timestamp": resource.updated_at,
        "ResourceStatus": resource.status,
        "ResourceStatusReason": resource.reason,
        "DriftInformation": {"StackResourceDriftStatus": _DRIFT},
    }


def resource_summary(resource: StackResource) -> dict[str, Any]:
    """Return a `StackResourceSummary` of ListStackResources."""
    return {
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.physical_id or None,
        "ResourceType": resource.type,
        "LastUpdatedTimestamp": resource.updated_at,
        "ResourceStatus": resource.status,
        "ResourceStatusReason": resource.reason,
        "DriftInformation": {"StackResourceDriftStatus": _DRIFT},
    }
