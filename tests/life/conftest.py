"""A real server per test, over a state folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.life.server import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A running server over a fresh state folder."""
    running = Server(tmp_path / "cloud").start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One running server for all tests of a module that do not disturb each other."""
    running = Server(tmp_path_factory.mktemp("shared") / "cloud").start()
    yield running
    running.stop()
