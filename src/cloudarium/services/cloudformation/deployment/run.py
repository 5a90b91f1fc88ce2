"""One run of a deployment: the stack, its template's values, whom it acts as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.identity import Principal
from cloudarium.core.resources import ResourceType
from cloudarium.services.cloudformation import deployments, exports, stack_resources, stacks
from cloudarium.services.cloudformation.configs import Config
from cloudarium.services.cloudformation.deployment.handlers import Request
from cloudarium.services.cloudformation.deployments import Deployment
from cloudarium.services.cloudformation.errors import template_error
from cloudarium.services.cloudformation.stacks import Stack
from cloudarium.services.cloudformation.template.evaluate import Evaluator

CUSTOM_RESOURCE = "AWS::CloudFormation::CustomResource"


def resource_type(ctx: Context, name: str) -> ResourceType | None:
    """Return a resource type; every `Custom::…` is a custom resource."""
    return ctx.resource_type(CUSTOM_RESOURCE if name.startswith("Custom::") else name)


def pseudo_parameters(stack: Stack) -> dict[str, Any]:
    """Return the pseudo parameters a stack's template may refer to."""
    return {
        "AWS::AccountId": stack.account,
        "AWS::Region": stack.region,
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
        "AWS::StackId": stack.stack_id,
        "AWS::StackName": stack.name,
        "AWS::NotificationARNs": list(stack.config.notification_arns),
    }


@dataclass
class Run:
    """What the phases of a deployment share while it runs."""

    ctx: Context
    stack: Stack
    deployment: Deployment
    principal: Principal
    evaluator: Evaluator

    @property
    def stack_id(self) -> str:
        """The stack's ARN."""
        return self.stack.stack_id

    @property
    def config(self) -> Config:
        """The config in force."""
        return self.stack.config

    def type(self, name: str) -> ResourceType:
        """Return a resource type that the template was checked to name rightly."""
        found = resource_type(self.ctx, name)
        assert found is not None, name
        return found

    def request(
        self, phase: str, logical_id: str, resource_type: str, properties: dict[str, Any]
    ) -> Request:
        """Return the request for a step; its key is the same whenever the step is run again."""
        deployment = self.deployment
        key = f"{deployment.deployment_id}/{deployment.options.attempt}/{phase}/{logical_id}"
        return Request(
            self.ctx, self.stack, self.principal, key, logical_id, resource_type, properties
        )


async def opened(ctx: Context, deployment_id: str) -> Run | None:
    """Return the run of a deployment, or None if it is done. Raises if its role is not usable."""
    with ctx.transaction():
        deployment = deployments.by_id(ctx, deployment_id)
        stack = stacks.by_id(ctx, deployment.stack_id)
    if deployment.phase == deployments.DONE:
        return None
    principal = deployment.principal
    if deployment.role_arn:
        principal = await ctx.assume_role(deployment.role_arn, "AWSCloudFormation")
    return Run(ctx, stack, deployment, principal, live_evaluator(ctx, stack, stack.config))


def live_evaluator(ctx: Context, stack: Stack, config: Config) -> Evaluator:
    """Return an evaluator that answers from the stack's resources as they are, in a transaction."""

    def resource(logical_id: str) -> str:
        found = stack_resources.find(ctx, stack.stack_id, logical_id)
        return found.physical_id if found else ""

    def attribute(logical_id: str, name: str) -> Any:
        found = stack_resources.find(ctx, stack.stack_id, logical_id)
        if found is None or name not in found.attributes:
            raise template_error(
                f"resource {logical_id} does not support attribute type {name} in Fn::GetAtt"
            )
        return found.attributes[name]

    def export(name: str) -> str:
        value = exports.value(ctx, name)
        exports.note_import(ctx, stack.stack_id, name)
        return value

    return Evaluator(
        config.template,
        config.values,
        pseudo_parameters(stack),
        resource,
        attribute,
        export,
        config.extended,
        config.references,
    )
