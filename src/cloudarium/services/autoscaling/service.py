"""Application Auto Scaling's manifest."""

from cloudarium.contracts.alarms import ScalingAlarmed
from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="autoscaling",
    package=__package__,
    endpoints=(
        Endpoint(
            "application-autoscaling",
            signing_name="application-autoscaling",
            target_prefix="AnyScaleFrontendService",
        ),
    ),
    subscriptions={ScalingAlarmed: "tracking:on_alarm"},
    jobs={
        "adjust": "scaling:adjust",
        "confirm": "scaling:confirm",
        "put_alarms": "alarms:put",
        "delete_alarms": "alarms:delete",
        "track": "tracking:track",
        "run": "scheduling:run",
    },
    resource_types={
        "AWS::ApplicationAutoScaling::ScalableTarget": "resources:SCALABLE_TARGET",
        "AWS::ApplicationAutoScaling::ScalingPolicy": "resources:SCALING_POLICY",
    },
)
