"""Fixtures of API Gateway's tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .echo import Echo
from .functions import Functions


@pytest.fixture
def client(cloud: CloudUnderTest) -> Any:
    """A boto3 client for API Gateway with the root's credentials."""
    return cloud.client("apigateway")


@pytest.fixture
def functions(cloud: CloudUnderTest, client: Any) -> Functions:
    """A maker of functions behind APIs."""
    return Functions(cloud, client)


@pytest.fixture
def echo() -> Iterator[str]:
    """The address of an HTTP endpoint."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()
