"""APIs under test: made with boto3, called over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.calls import Answer as Answer
from tests.services.calls import call as call

from cloudarium.pytest_plugin import CloudUnderTest

MOCK = {"application/json": '{"statusCode": 200}'}


def new_api(client: Any, **settings: Any) -> tuple[str, str]:
    """Create an API; return its id and its root resource's."""
    api = client.create_rest_api(name="pets", **settings)
    return api["id"], api["rootResourceId"]


def add_mock(
    client: Any,
    api_id: str,
    resource_id: str,
    http_method: str = "GET",
    *,
    body: str = '{"ok": true}',
    **method: Any,
) -> None:
    """Add a method answered by a mock with 200 and `body`."""
    place = {"restApiId": api_id, "resourceId": resource_id, "httpMethod": http_method}
    client.put_method(**place, **{"authorizationType": "NONE", **method})
    client.put_method_response(**place, statusCode="200")
    client.put_integration(**place, type="MOCK", requestTemplates=MOCK)
    client.put_integration_response(
        **place, statusCode="200", responseTemplates={"application/json": body}
    )


def deploy(client: Any, api_id: str, stage: str = "prod") -> str:
    """Deploy an API to a stage; return the deployment's id."""
    return str(client.create_deployment(restApiId=api_id, stageName=stage)["id"])


def imported(client: Any, document: Mapping[str, Any], **parameters: Any) -> str:
    """Import a document as a new API; return its id."""
    answer = client.import_rest_api(body=json.dumps(document).encode(), **parameters)
    return str(answer["id"])


def measured(cloud: CloudUnderTest, name: str, dimensions: Mapping[str, str]) -> float | None:
    """Return the sum CloudWatch has of a metric, None if it has no samples."""
    cloud.settle()
    points = cloud.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/ApiGateway",
        MetricName=name,
        Dimensions=[{"Name": one, "Value": value} for one, value in dimensions.items()],
        StartTime=cloud.now - 3600,
        EndTime=cloud.now + 60,
        Period=3600,
        Statistics=["Sum"],
    )["Datapoints"]
    return sum(point["Sum"] for point in points) if points else None


LAMBDA_URI = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:000000000000:function:pets/invocations"
)


def refused(call: Callable[[], Any]) -> tuple[str, int, str]:
    """Return code, status and message of the error a call ends in."""
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response
    status: int = error["ResponseMetadata"]["HTTPStatusCode"]
    return error["Error"]["Code"], status, error["Error"]["Message"]
