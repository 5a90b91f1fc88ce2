"""Amazon SNS's manifest."""

from cloudarium.core.service import Endpoint, HttpRoute, Service

SERVICE = Service(
    name="sns",
    package=__package__,
    endpoints=(Endpoint("sns", signing_name="sns"),),
    jobs={"deliver": "delivery:deliver", "ask": "confirmation:ask"},
    resource_types={
        "AWS::SNS::Topic": "resources:TOPIC",
        "AWS::SNS::Subscription": "resources:SUBSCRIPTION",
        "AWS::SNS::TopicPolicy": "resources:TOPIC_POLICY",
    },
    http_routes=(HttpRoute("pages:answer", path="/_aws/sns/"),),
)
