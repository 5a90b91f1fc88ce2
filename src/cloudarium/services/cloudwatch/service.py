"""CloudWatch's manifest."""

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="cloudwatch",
    package=__package__ or "",
    endpoints=(
        Endpoint(
            "cloudwatch",
            signing_name="monitoring",
            target_prefix="GraniteServiceVersion20100801",
        ),
    ),
    iam_prefix="cloudwatch",
    jobs={
        "evaluate": "evaluating:evaluate",
        "compose": "composites:evaluate",
        "act": "actions:act",
        "retain": "retention:retain",
    },
    resource_types={
        "AWS::CloudWatch::Alarm": "resources:ALARM",
        "AWS::CloudWatch::CompositeAlarm": "resources:COMPOSITE_ALARM",
        "AWS::CloudWatch::Dashboard": "dashboard_resources:DASHBOARD",
    },
    metric_sink="ingest:metrics",
    validation_code="ValidationException",
)
