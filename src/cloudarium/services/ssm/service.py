"""The manifest of Systems Manager."""

from __future__ import annotations

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="ssm",
    package=__package__,
    endpoints=(Endpoint("ssm", signing_name="ssm", target_prefix="AmazonSSM"),),
    resource_types={"AWS::SSM::Parameter": "resources:PARAMETER"},
    validation_code="ValidationException",
)
