"""The data plane over real HTTP: routing, responses, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import add_mock, call, deploy, new_api


@pytest.fixture
def client(cloud: CloudUnderTest) -> Any:
    """A boto3 client for API Gateway."""
    return cloud.client("apigateway")


def test_a_mock_answers(cloud: CloudUnderTest, client: Any) -> None:
    api, root = new_api(client)
    add_mock(client, api, root, body='{"stage": "$context.stage"}')
    deploy(client, api)
    answer = call(cloud, api, "/prod/")
    assert (answer.status, answer.json) == (200, {"stage": "prod"})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["x-amzn-RequestId"]
    assert answer.headers["x-amz-apigw-id"].endswith("=")
    assert answer.headers["X-Amzn-Trace-Id"].startswith("Root=1-")
