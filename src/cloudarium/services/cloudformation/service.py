"""The manifest of AWS CloudFormation."""

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="cloudformation",
    package=__package__,
    endpoints=(Endpoint("cloudformation", signing_name="cloudformation"),),
    jobs={"deploy": "deployment.engine:deploy"},
    resource_types={
        "AWS::CloudFormation::WaitConditionHandle": "resources:WAIT_CONDITION_HANDLE",
    },
    validation_code="ValidationError",
)
