"""The manifest of ECR."""

from __future__ import annotations

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="ecr",
    package=__package__,
    endpoints=(
        Endpoint(
            "ecr",
            signing_name="ecr",
            target_prefix="AmazonEC2ContainerRegistry_V20150921",
        ),
    ),
    resource_types={"AWS::ECR::Repository": "resources:REPOSITORY"},
    validation_code="InvalidParameterException",
)
