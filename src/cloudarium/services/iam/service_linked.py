"""Service-linked roles: predefined by a service, with one name, one policy and one trust.

https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import MappingProxyType

from cloudarium.services.iam.entities import SERVICE_LINKED, arn_of


@dataclass(frozen=True)
class ServiceRole:
    """What a service predefines; `policy` is an AWS managed policy's name."""

    service: str
    name: str
    policy: str

    @property
    def path(self) -> str:
        """The role's path."""
        return f"{SERVICE_LINKED}{self.service}/"

    @property
    def policy_arn(self) -> str:
        """The ARN of its policy."""
        return f"arn:aws:iam::aws:policy{SERVICE_LINKED}{self.policy}"

    @property
    def trust_policy(self) -> str:
        """The trust policy, JSON text."""
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": self.service},
            "Action": "sts:AssumeRole",
        }
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


_SCALING = "application-autoscaling.amazonaws.com"
_PREFIX = "AWSServiceRoleForApplicationAutoScaling"
ROLES = MappingProxyType(
    {
        role.service: role
        for role in (
            ServiceRole(
                f"dynamodb.{_SCALING}",
                f"{_PREFIX}_DynamoDBTable",
                "AWSApplicationAutoscalingDynamoDBTablePolicy",
            ),
            ServiceRole(
                f"lambda.{_SCALING}",
                f"{_PREFIX}_LambdaConcurrency",
                "AWSApplicationAutoscalingLambdaConcurrencyPolicy",
            ),
        )
    }
)


def arn(account: str, service: str) -> str:
    """Return the ARN of a service's role, or a pattern's if its name is not known."""
    role = ROLES.get(service)
    return arn_of(account, "role", f"{SERVICE_LINKED}{service}/", role.name if role else "*")
