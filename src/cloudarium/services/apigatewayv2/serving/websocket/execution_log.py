"""Execution logs of WebSocket APIs: what became of each event.

Sources: Developer Guide, "Configure logging for WebSocket APIs in API Gateway" (the log group), and
RouteSettings: `LoggingLevel` `ERROR` tells what failed, `INFO` all, `DataTraceEnabled` payloads.
"""

from __future__ import annotations

import json

from cloudarium.core.telemetry import Telemetry
from cloudarium.services.apigatewayv2.serving import settings
from cloudarium.services.apigatewayv2.serving.websocket.passage import Passage


def record(telemetry: Telemetry, event: Passage, problem: str, reason: str) -> None:
    """Write an event's lines, as far as its route's settings ask for them."""
    stage = event.stage
    found = settings.of_route(stage.document, event.route.key)
    level = found.get("LoggingLevel", "OFF")
    if level == "OFF" or (level == "ERROR" and not problem):
        return
    lines = [f"Extended Request Id: {event.extended_id}"]
    if level == "INFO":
        lines.append(f"Starting execution for request: {event.request_id}")
        lines.append(f"Selected route: {event.route.key}; connection: {event.session.id}")
        if found.get("DataTraceEnabled"):
            lines.append(f"Event: {json.dumps(event.event())}")
    if problem:
        lines.append(f"Execution failed due to {problem}: {reason or event.route.key}")
    else:
        lines.append("Successfully completed execution")
    for line in lines:
        group = f"/aws/apigateway/{stage.api_id}/{stage.name}"
        telemetry.log(group, event.session.id, f"({event.request_id}) {line}", event.received)
