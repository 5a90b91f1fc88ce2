"""CloudWatch Logs' manifest."""

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="logs",
    package=__package__ or "",
    endpoints=(Endpoint("logs", signing_name="logs", target_prefix="Logs_20140328"),),
    jobs={"expire": "retention:expire"},
    resource_types={
        "AWS::Logs::LogGroup": "resources:LOG_GROUP",
        "AWS::Logs::LogStream": "resources:LOG_STREAM",
    },
    log_sink="ingest:logs",
    validation_code="InvalidParameterException",
)
