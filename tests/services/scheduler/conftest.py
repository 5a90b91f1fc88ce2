"""The stage."""

from __future__ import annotations

import pytest
from tests.services.scheduler.stage import Stage

from cloudarium.pytest_plugin import CloudUnderTest


@pytest.fixture
def stage(cloud: CloudUnderTest) -> Stage:
    """A cloud with a role for schedules."""
    return Stage(cloud)
