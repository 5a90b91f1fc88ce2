"""Fixtures of API Gateway's tests."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .functions import Functions


@pytest.fixture
def client(cloud: CloudUnderTest) -> Any:
    """A boto3 client for API Gateway with the root's credentials."""
    return cloud.client("apigateway")


@pytest.fixture
def functions(cloud: CloudUnderTest, client: Any) -> Functions:
    """A maker of functions behind APIs."""
    return Functions(cloud, client)
