"""Who runs over a state folder, from the first moment to the last."""

from __future__ import annotations

import fcntl
import subprocess
import threading
from pathlib import Path

from cloudarium.cli import place
from tests.life.server import CLEAN, COMMAND, PATIENCE, until


def test_who_looks_who_runs_keeps_no_cloud_from_starting(tmp_path: Path) -> None:
    with place.occupied(tmp_path):
        pass
    with (tmp_path / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        let_go = threading.Timer(0.03, fcntl.flock, (lock, fcntl.LOCK_UN))
        let_go.start()
        with place.occupied(tmp_path):
            let_go.join()


def test_a_life_that_is_ended_takes_its_cloud_with_it(tmp_path: Path) -> None:
    ports = ("--port", "0", "--ssh-port", "0", "--smtp-port", "0")
    with subprocess.Popen((COMMAND, "life", "--dir", tmp_path, *ports), env=CLEAN) as life:
        until(lambda: place.running(tmp_path), "the cloud's start")
        life.terminate()
        assert life.wait(PATIENCE) == 130
    assert place.running(tmp_path) is None
