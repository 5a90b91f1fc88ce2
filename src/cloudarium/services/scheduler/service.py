"""EventBridge Scheduler's manifest."""

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="scheduler",
    package=__package__,
    endpoints=(Endpoint("scheduler", signing_name="scheduler"),),
    jobs={"fire": "firing:fire", "invoke": "invocations:invoke"},
    resource_types={
        "AWS::Scheduler::Schedule": "resources:SCHEDULE",
        "AWS::Scheduler::ScheduleGroup": "resources:SCHEDULE_GROUP",
    },
)
