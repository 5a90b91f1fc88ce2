"""The stage."""

from __future__ import annotations

import pytest
from tests.services.autoscaling.stage import Stage

from cloudarium.pytest_plugin import CloudUnderTest


@pytest.fixture
def stage(cloud: CloudUnderTest) -> Stage:
    """A cloud with a provisioned table."""
    return Stage(cloud)
