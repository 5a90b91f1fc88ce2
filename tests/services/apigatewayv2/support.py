"""APIs under test: made with boto3, called over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.calls import Answer as Answer
from tests.services.calls import call as call
from tests.services.calls import fetch as fetch

from cloudarium.pytest_plugin import CloudUnderTest


def http_api(client: Any, **settings: Any) -> str:
    """Create an HTTP API; return its id."""
    return str(client.create_api(Name="pets", ProtocolType="HTTP", **settings)["ApiId"])


def websocket_api(client: Any, **settings: Any) -> str:
    """Create a WebSocket API that selects by `action`; return its id."""
    settings.setdefault("RouteSelectionExpression", "$request.body.action")
    return str(client.create_api(Name="chat", ProtocolType="WEBSOCKET", **settings)["ApiId"])


def add_proxy(client: Any, api: str, uri: str, *keys: str, **integration: Any) -> str:
    """Let an HTTP endpoint answer the routes `keys`; return the integration's id."""
    params = {"IntegrationType": "HTTP_PROXY", "IntegrationMethod": "ANY", **integration}
    made = client.create_integration(ApiId=api, IntegrationUri=uri, **params)
    add_routes(client, api, made["IntegrationId"], *keys)
    return str(made["IntegrationId"])


def add_routes(client: Any, api: str, integration: str, *keys: str, **route: Any) -> list[str]:
    """Add routes to an integration; return their ids."""
    target = f"integrations/{integration}"
    return [
        client.create_route(ApiId=api, RouteKey=key, Target=target, **route)["RouteId"]
        for key in keys
    ]


def serve(client: Any, api: str, stage: str = "$default", **settings: Any) -> None:
    """Add a stage with AutoDeploy."""
    client.create_stage(ApiId=api, StageName=stage, AutoDeploy=True, **settings)


def refused(call: Callable[[], Any]) -> tuple[str, int, str]:
    """Return code, status and message of the error a call ends in."""
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response
    status: int = error["ResponseMetadata"]["HTTPStatusCode"]
    return error["Error"]["Code"], status, error["Error"]["Message"]


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without boto3's own member."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def measured(
    cloud: CloudUnderTest, name: str, statistic: str = "Sum", **dimensions: str
) -> float | None:
    """Return a statistic CloudWatch has of a metric, None if it has no samples."""
    cloud.settle()
    points = cloud.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/ApiGateway",
        MetricName=name,
        Dimensions=[{"Name": one, "Value": value} for one, value in dimensions.items()],
        StartTime=cloud.now - 3600,
        EndTime=cloud.now + 60,
        Period=3600,
        Statistics=[statistic],
    )["Datapoints"]
    return sum(point[statistic] for point in points) if points else None


FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:pets"
LAMBDA_URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
