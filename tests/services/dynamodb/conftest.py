"""A DynamoDB client on a cloud of the test's own."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest


@pytest.fixture
def db(cloud: CloudUnderTest) -> Any:
    """A boto3 client."""
    return cloud.client("dynamodb")
