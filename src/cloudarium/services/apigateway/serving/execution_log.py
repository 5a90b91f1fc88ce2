"""Execution logs: why a request failed, where the stage's `loggingLevel` is `ERROR` or `INFO`.

Source: Developer Guide, "Set up CloudWatch logging for REST APIs" (the group's name).
"""

from __future__ import annotations

from cloudarium.core.telemetry import Telemetry
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import Failure
from cloudarium.services.apigateway.serving.settings import method_settings

_CONFIGURATION = ("API_CONFIGURATION_ERROR", "INTEGRATION_FAILURE")


def record(telemetry: Telemetry, exchange: Exchange, failure: Failure, status: int) -> None:
    """Write why a request failed and with which status."""
    stage, method = exchange.stage, exchange.method
    path = method.resource_path if method else "/"
    settings = method_settings(stage.document, path, exchange.http_method)
    if settings.get("loggingLevel") not in ("ERROR", "INFO"):
        return
    reason = failure.reason
    if failure.response_type in _CONFIGURATION:
        reason = f"Execution failed due to configuration error: {reason}"
    group = f"API-Gateway-Execution-Logs_{stage.api_id}/{stage.name}"
    for line in (reason, f"Method completed with status: {status}"):
        telemetry.log(group, stage.deployment_id, f"({exchange.request_id}) {line}")
