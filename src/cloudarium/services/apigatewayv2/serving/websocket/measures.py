"""What WebSocket APIs measure, in the `AWS/ApiGateway` namespace.

Source: Developer Guide, "Monitor WebSocket API execution with CloudWatch metrics".
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.telemetry import Telemetry
from cloudarium.gateway import access_log
from cloudarium.services.apigatewayv2.serving import settings
from cloudarium.services.apigatewayv2.serving.failures import Failure
from cloudarium.services.apigatewayv2.serving.served import ServedStage
from cloudarium.services.apigatewayv2.serving.websocket.passage import Passage

_NAMESPACE = "AWS/ApiGateway"


def problem_of(failure: Failure) -> str:
    """Return the metric that counts a failure: the client's, the integration's or of calling it."""
    if failure.status < 500:
        return "ClientError"
    return "IntegrationError" if failure.status == 502 else "ExecutionError"


def message_of(failure: Failure) -> str:
    """Return what a client is told of a failure."""
    return "Internal server error" if failure.status >= 500 else failure.message


def posted(telemetry: Telemetry, stage: ServedStage, at: float) -> None:
    """Count a message the backend sent."""
    api = {"ApiId": stage.api_id}
    for dimensions in (api, {**api, "Stage": stage.name}):
        telemetry.metric(_NAMESPACE, "MessageCount", 1, "Count", dimensions, at)


def record(
    telemetry: Telemetry, event: Passage, count: str, problem: str = "", status: int = 200
) -> None:
    """Count one event as `count`, and what went wrong as `problem`; write its log line."""
    samples: list[tuple[str, float, str]] = [
        (count, 1, "Count"),
        ("ClientError", int(problem == "ClientError"), "Count"),
        ("ExecutionError", int(problem == "ExecutionError"), "Count"),
        ("IntegrationError", int(problem == "IntegrationError"), "Count"),
    ]
    if event.integration_seconds is not None:
        milliseconds = round(event.integration_seconds * 1000)
        samples.append(("IntegrationLatency", milliseconds, "Milliseconds"))
    stage = {"ApiId": event.stage.api_id, "Stage": event.stage.name}
    shown = [{"ApiId": event.stage.api_id}, stage]
    if settings.of_route(event.stage.document, event.route.key).get("DetailedMetricsEnabled"):
        shown.append({**stage, "Route": event.route.key})
    for dimensions in shown:
        for name, value, unit in samples:
            telemetry.metric(_NAMESPACE, name, value, unit, dimensions, event.received)
    _log(telemetry, event, status)


def _log(telemetry: Telemetry, event: Passage, status: int) -> None:
    log = event.stage.document.get("AccessLogSettings")
    if log:
        chosen = {"destinationArn": log.get("DestinationArn", ""), "format": log.get("Format", "")}
        stream = f"{event.stage.api_id}/{event.stage.name}"
        context = {**event.context, **_said(event), "status": status}
        access_log.write(telemetry, chosen, stream, context)


def _said(event: Passage) -> dict[str, Any]:
    """Return what is told of the integration, and of a failure.

    Source: Developer Guide, "Configure logging for WebSocket APIs".
    """
    failure, seconds = event.failure, event.integration_seconds
    latency = None if seconds is None else round(seconds * 1000)
    status = event.integration_status
    is_function = event.integration_request_id is not None
    message = message_of(failure) if failure else None
    return {
        "error": {"message": message, "messageString": f'"{message}"' if message else None},
        "integration": {
            "error": (failure.reason or None) if failure and latency is not None else None,
            "integrationStatus": 200 if is_function and status is not None else status,
            "latency": latency,
            "requestId": event.integration_request_id,
            "status": status,
        },
        "integrationLatency": latency,
    }
