"""AWS X-Ray: the manifest."""

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="xray",
    package=__package__ or "",
    endpoints=(Endpoint("xray", signing_name="xray"),),
    jobs={"expire": "retention:expire"},
    segment_sink="ingest:take",
    validation_code="InvalidRequestException",
    resource_types={
        "AWS::XRay::Group": "resources:GROUP",
        "AWS::XRay::SamplingRule": "resources:SAMPLING_RULE",
        "AWS::XRay::ResourcePolicy": "resources:RESOURCE_POLICY",
    },
)
