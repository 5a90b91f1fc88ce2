"""One in forty of the services' tests, with spoilt calls beside its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_PLUGIN = "tests.hostile.plugin"


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", _PLUGIN, "-p", "no:cacheprovider", "--tb=no"]
    return subprocess.run([*command, *arguments], cwd=_ROOT, capture_output=True, text=True)


@pytest.mark.parametrize("seed", range(3))
def test_no_spoilt_call_is_answered_with_a_500(seed: int) -> None:
    ended = _run("--hostile-every", "120", "--hostile-seed", str(seed), "tests/services")
    assert ended.returncode == 0, ended.stdout
    calls = re.search(r"spoilt calls: (\d+)", ended.stdout)
    assert calls and int(calls[1]) > 100, ended.stdout


def test_a_500_is_found(tmp_path: Path) -> None:
    (tmp_path / "test_breaks.py").write_text(
        "import contextlib\n"
        "def test_breaks(cloud, monkeypatch):\n"
        "    from cloudarium.services.sqs import queues\n"
        "    monkeypatch.setattr(queues, 'lookup', lambda *_: 1 / 0)\n"
        "    for _ in range(20):\n"
        "        with contextlib.suppress(Exception):\n"
        "            cloud.client('sqs').create_queue(QueueName='q')\n"
    )
    ended = _run(str(tmp_path))
    assert ended.returncode == 1, ended.stdout
    assert "CreateQueue: ZeroDivisionError" in ended.stdout
    assert "CreateQueue: 500 b'" in ended.stdout  # of a copy that was wrongly written
