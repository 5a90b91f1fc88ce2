"""Fixtures of the tests of HTTP and WebSocket APIs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .backend import Backend
from .functions import Functions


@pytest.fixture
def client(cloud: CloudUnderTest) -> Any:
    """A boto3 client for API Gateway v2 with the root's credentials."""
    return cloud.client("apigatewayv2")


@pytest.fixture
def functions(cloud: CloudUnderTest) -> Functions:
    """A maker of functions behind APIs."""
    return Functions(cloud)


@pytest.fixture
def backend() -> Iterator[Backend]:
    """An HTTP server that says what it was asked."""
    server = Backend()
    yield server
    server.close()
