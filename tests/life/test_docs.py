"""What the documentation shows is what happens: every page's commands, typed one after the other.

A page that takes something for granted (a role, a file) has a script in `docs` beside this file,
which makes it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.life import pages
from tests.life.server import CLEAN, Server

_PAGES = Path(__file__).parents[2] / "docs" / "services"
# What the pages of pushes and pipelines show, `test_git` and `cloudarium life` do.
_ELSEWHERE = {"codebuild", "codecommit", "codepipeline"}
_GIVEN = Path(__file__).with_name("docs")
_PATIENCE = 300.0


@pytest.fixture
def at_home(tmp_path: Path) -> Iterator[Server]:
    """A cloud over `.cloudarium`, as `cloudarium up` makes it in the folder one works in."""
    running = Server(tmp_path / ".cloudarium").start()
    yield running
    running.stop()


def _script(page: str, server: Server, typed: list[pages.Command]) -> str:
    """Return what bash is to run: each command's output and status go to files of its number."""
    given = _GIVEN / f"{page}.sh"
    lines = ['set -e; eval "$(cloudarium env)"', f". {given}" if given.exists() else "", "set +e"]
    for number, command in enumerate(typed):
        lines.append(f"{{\n{command.text}\n}} > {number}.out 2>&1; echo $? > {number}.status")
    ports = server.cloud.ports
    text = "\n".join(lines)
    for told, name in ((":4566", "http"), (":4522", "ssh"), (":4525", "smtp")):
        text = text.replace(told, f":{ports[name]}")
    return text


def _run(script: str, folder: Path) -> None:
    programs = folder / "bin"
    programs.mkdir()
    for name, command in (("aws", "-m awscli"), ("python3", ""), ("cloudarium", "-m cloudarium")):
        (programs / name).write_text(f'#!/bin/sh\nexec {sys.executable} {command} "$@"\n')
        (programs / name).chmod(0o755)
    environment = {**CLEAN, "HOME": str(folder), "PATH": f"{programs}:{CLEAN['PATH']}"}
    done = subprocess.run(
        ["bash"],
        input=script,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", sorted({path.stem for path in _PAGES.glob("*.md")} - _ELSEWHERE))
def test_a_page_shows_what_happens(page: str, at_home: Server, tmp_path: Path) -> None:
    typed = pages.commands(_PAGES / f"{page}.md")
    assert typed
    _run(_script(page, at_home, typed), tmp_path)
    for number, command in enumerate(typed):
        output = (tmp_path / f"{number}.out").read_text()
        failed = (tmp_path / f"{number}.status").read_text() != "0\n"
        assert failed == (command.error is not None), f"{command.text}{output}"
        assert (command.error or "") in output, f"{command.text}{output}"
