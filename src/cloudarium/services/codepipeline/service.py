"""CodePipeline's manifest."""

from cloudarium.contracts.events import AwsEvent
from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="codepipeline",
    package=__package__,
    endpoints=(
        Endpoint(
            "codepipeline", signing_name="codepipeline", target_prefix="CodePipeline_20150709"
        ),
    ),
    subscriptions={AwsEvent: "running:on_event"},
    jobs={"run": "running:run", "poll": "starting:poll"},
    resource_types={"AWS::CodePipeline::Pipeline": "resources:PIPELINE"},
)
