"""SQS's manifest."""

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="sqs",
    package=__package__,
    endpoints=(Endpoint("sqs", signing_name="sqs", target_prefix="AmazonSQS"),),
    jobs={"announce": "announcements:announce", "move": "moves:move"},
    resource_types={
        "AWS::SQS::Queue": "resources:QUEUE",
        "AWS::SQS::QueuePolicy": "resources:QUEUE_POLICY",
    },
    # SQS words its own parameter errors; only missing parameters are the framework's.
    constraints=False,
    validation_code="MissingParameter",
)
