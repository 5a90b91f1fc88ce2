"""The manifest of AWS CloudFormation."""

from cloudarium.core.service import Endpoint, HttpRoute, Service

SERVICE = Service(
    name="cloudformation",
    package=__package__,
    endpoints=(Endpoint("cloudformation", signing_name="cloudformation"),),
    jobs={"deploy": "deployment.engine:deploy", "notify": "notifications:publish"},
    resource_types={
        "AWS::CDK::Metadata": "resources:CDK_METADATA",
        "AWS::CloudFormation::CustomResource": "custom_resources:CUSTOM_RESOURCE",
        "AWS::CloudFormation::Stack": "resources:STACK",
        "AWS::CloudFormation::WaitConditionHandle": "resources:WAIT_CONDITION_HANDLE",
    },
    http_routes=(HttpRoute("custom_resources:receive", path="/_aws/cloudformation/responses/"),),
    validation_code="ValidationError",
)
