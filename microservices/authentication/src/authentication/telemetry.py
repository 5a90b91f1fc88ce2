"""One JSON line a request: its log and, as embedded metrics, its count and duration.

CloudWatch reads the metrics out of the line; their dimensions are bounded: service and route.
Neither bodies nor headers are logged, so no password or token ever is.
"""

import json
import time

NAMESPACE = "Microservices"
SERVICE = "authentication"


def record(
    route: str, status: int, milliseconds: float, correlation_id: str, code: str | None = None
) -> None:
    """Write the line of one finished request."""
    line = {
        "_aws": {
            "Timestamp": int(time.time() * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": NAMESPACE,
                    "Dimensions": [["Service", "Route"]],
                    "Metrics": [
                        {"Name": "Requests", "Unit": "Count"},
                        {"Name": "Refusals", "Unit": "Count"},
                        {"Name": "Duration", "Unit": "Milliseconds"},
                    ],
                }
            ],
        },
        "Service": SERVICE,
        "Route": route,
        "Requests": 1,
        "Refusals": int(status >= 400),
        "Duration": round(milliseconds, 2),
        "level": "ERROR" if status >= 500 else "INFO",
        "status": status,
        "correlationId": correlation_id,
    }
    if code is not None:
        line["code"] = code
    print(json.dumps(line), flush=True)
