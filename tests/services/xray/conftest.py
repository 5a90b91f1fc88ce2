"""An X-Ray client and segments to send."""

from __future__ import annotations

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import Traces


@pytest.fixture
def traces(cloud: CloudUnderTest) -> Traces:
    """Traces of a cloud of the test's own."""
    return Traces(cloud)
