"""Fixtures of the tests of HTTP and WebSocket APIs."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest


@pytest.fixture
def client(cloud: CloudUnderTest) -> Any:
    """A boto3 client for API Gateway v2 with the root's credentials."""
    return cloud.client("apigatewayv2")
