"""EventBridge's manifest."""

from cloudarium.contracts.events import AwsEvent
from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="events",
    package=__package__,
    endpoints=(Endpoint("events", signing_name="events", target_prefix="AWSEvents"),),
    subscriptions={AwsEvent: "routing:on_aws_event"},
    jobs={"deliver": "delivery:deliver", "replay": "replays:step", "tick": "ticking:tick"},
    resource_types={
        "AWS::Events::Archive": "archive_resources:ARCHIVE",
        "AWS::Events::EventBus": "resources:EVENT_BUS",
        "AWS::Events::Rule": "resources:RULE",
    },
)
