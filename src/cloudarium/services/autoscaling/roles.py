"""The service-linked roles as which capacities are read and changed.

https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html
"""

from __future__ import annotations

from types import MappingProxyType

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal

_NAMES = MappingProxyType({"dynamodb": "DynamoDBTable", "lambda": "LambdaConcurrency"})


def arn(account: str, namespace: str) -> str:
    """Return the ARN of the role for a service namespace."""
    name = f"AWSServiceRoleForApplicationAutoScaling_{_NAMES[namespace]}"
    return f"arn:aws:iam::{account}:role/aws-service-role/{_service(namespace)}/{name}"


def session(ctx: Context, namespace: str) -> Principal:
    """Return a session of the role. Raises AccessDenied if it is not there."""
    role = arn(ctx.account, namespace)
    return ctx.role_session(role, "AutoScaling", service_name=_service(namespace))


async def ensure(ctx: Context, namespace: str) -> None:
    """Have the role made, by the caller's own right, if it is not there."""
    try:
        session(ctx, namespace)
    except AwsError:
        await ctx.call(
            "iam",
            "CreateServiceLinkedRole",
            {"AWSServiceName": _service(namespace)},
            principal=ctx.principal,
        )


def _service(namespace: str) -> str:
    return f"{namespace}.application-autoscaling.amazonaws.com"
