"""What the tests of S3 share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

Refused = Callable[..., tuple[int, str, dict[str, Any]]]


@pytest.fixture
def s3(cloud: CloudUnderTest) -> Any:
    """A client of S3 with an empty bucket called `bucket`."""
    client = cloud.client("s3")
    client.create_bucket(Bucket="bucket")
    return client


@pytest.fixture
def refused() -> Refused:
    """Calls, and gives the error's status, code and all its elements."""

    def call(method: Any, **params: Any) -> tuple[int, str, dict[str, Any]]:
        with pytest.raises(ClientError) as caught:
            method(**params)
        response = caught.value.response
        error = response["Error"]
        return response["ResponseMetadata"]["HTTPStatusCode"], error["Code"], error

    return call
