"""What the documentation shows is what happens: every page's commands, typed one after the other.

A page that takes something for granted (a role, a file) has a script in `docs` beside this file,
which makes it; files that the page itself shows are there, and what runs in the background is over
before the next command.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

from tests.life import pages
from tests.life.server import CLEAN, Server, run

_DOCS = Path(__file__).parents[2] / "docs"
_PAGES = [*sorted(_DOCS.glob("services/*.md")), _DOCS / "how-to" / "your-own-service.md"]
_MICROSERVICES = _DOCS.parent / "microservices"
_GIVEN = Path(__file__).with_name("docs")
_WARM = Path(__file__).with_name("warm.py")
_PATIENCE = 300.0
_NOW = """--header 'Content-Type: application/json' --data '{"advance": 0}'"""


@pytest.fixture
def at_home(tmp_path: Path) -> Iterator[Server]:
    """A cloud over `.cloudarium`, as `cloudarium up` makes it in the folder one works in."""
    running = Server(tmp_path / ".cloudarium").start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What runs the AWS CLI: the start of the command."""
    socket = tmp_path_factory.mktemp("aws") / "socket"
    words = [sys.executable, str(_WARM), "serve", str(socket)]
    with subprocess.Popen(words, env=CLEAN, stdout=subprocess.PIPE) as served:
        assert served.stdout
        assert served.stdout.readline() == b"ready\n"
        yield f"-I -S {_WARM} {socket}"
        served.kill()


def _script(page: str, server: Server, typed: list[pages.Command]) -> str:
    """Return what bash is to run: each command's output and status go to files of its number."""
    given = _GIVEN / f"{page}.sh"
    lines = [
        f'set -e; eval "$(cloudarium env)"; home=$PWD; microservices={_MICROSERVICES}',
        f". {given}" if given.exists() else "",
        "set +e",
    ]
    settle = f"curl --silent --fail {_NOW} {server.endpoint}/_cloudarium/time > $home/time"
    for number, command in enumerate(typed):
        files = f"> $home/{number}.out 2>&1; echo $? > $home/{number}.status"
        lines.append(f"{{\n{command.text}\n}} {files}; {settle}")
    ports = server.cloud.ports
    told = {"4566": ports["http"], "4522": ports["ssh"], "4525": ports["smtp"]}
    # Whole ports, in one go: this cloud's own may begin like one of them.
    return re.sub(r":(4566|4522|4525)\b", lambda found: f":{told[found[1]]}", "\n".join(lines))


def _run(script: str, folder: Path, aws: str) -> None:
    programs = folder / "bin"
    programs.mkdir()
    for name, command in (("aws", aws), ("python3", ""), ("cloudarium", "-m cloudarium")):
        (programs / name).write_text(f'#!/bin/sh\nexec {sys.executable} {command} "$@"\n')
        (programs / name).chmod(0o755)
    # It takes its settings from the user's own home, wherever HOME is.
    options = f"-F /dev/null -o UserKnownHostsFile={folder}/known_hosts"
    trusting = "-o StrictHostKeyChecking=accept-new"
    (programs / "ssh").write_text(f'#!/bin/sh\nexec {which("ssh")} {options} {trusting} "$@"\n')
    (programs / "ssh").chmod(0o755)
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


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_happens(page: Path, at_home: Server, tmp_path: Path, aws: str) -> None:
    typed = pages.commands(page)
    assert typed
    for name, text in pages.files(page).items():
        (tmp_path / name).write_text(text)
    _run(_script(page.stem, at_home, typed), tmp_path, aws)
    for number, command in enumerate(typed):
        output = (tmp_path / f"{number}.out").read_text()
        failed = (tmp_path / f"{number}.status").read_text() != "0\n"
        assert failed == (command.error is not None), f"{command.text}{output}"
        assert (command.error or "") in output, f"{command.text}{output}"


@pytest.mark.parametrize(
    "page", [_DOCS.parent / "README.md", _DOCS / "how-to" / "tests.md"], ids=lambda page: page.stem
)
def test_the_tests_a_page_shows_pass(page: Path, tmp_path: Path) -> None:
    shown = [text for text in pages.blocks(page, "python") if "def test_" in text]
    (tmp_path / "test_shown.py").write_text("\n\n".join(shown))
    done = run(sys.executable, "-m", "pytest", "--rootdir", tmp_path, tmp_path)
    assert done.returncode == 0, done.stdout
    assert f"{''.join(shown).count('def test_')} passed" in done.stdout
