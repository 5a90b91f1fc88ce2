"""CloudWatch Logs' manifest."""

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="logs",
    package=__package__ or "",
    endpoints=(Endpoint("logs", signing_name="logs", target_prefix="Logs_20140328"),),
    jobs={"expire": "retention:expire", "forward": "forwarding:forward"},
    resource_types={
        "AWS::Logs::LogGroup": "resources:LOG_GROUP",
        "AWS::Logs::LogStream": "resources:LOG_STREAM",
        "AWS::Logs::MetricFilter": "filter_resources:METRIC_FILTER",
        "AWS::Logs::QueryDefinition": "query_resources:QUERY_DEFINITION",
        "AWS::Logs::ResourcePolicy": "policy_resources:RESOURCE_POLICY",
        "AWS::Logs::SubscriptionFilter": "filter_resources:SUBSCRIPTION_FILTER",
    },
    log_sink="ingest:logs",
    validation_code="InvalidParameterException",
)
