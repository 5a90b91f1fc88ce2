"""A `cloudarium up` in a process of its own, which can be stopped, killed and started again."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import boto3
from botocore.config import Config

from cloudarium.cli import place

T = TypeVar("T")
COMMAND = Path(sys.executable).with_name("cloudarium")
PATIENCE = 60.0
# Nothing of the machine's own settings reaches what is tested.
CLEAN = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("AWS_", "CLOUDARIUM_", "GIT_"))
} | {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


def until(look: Callable[[], T | None], what: str = "it", patience: float = PATIENCE) -> T:
    """Return what `look` finds once it finds something; fail after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < deadline, f"{what} took longer than {patience:.0f} s"
        time.sleep(0.02)
    return found


def run(
    *words: str | Path,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    text: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, whatever its status; `text` is its input."""
    return subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**CLEAN, **(environment or {})},
        input=text,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def _alive() -> dict[tuple[str, str], str]:
    """Return every living process, as its id and when it started, with its parent's id."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent, *rest = stat.read_text().rpartition(") ")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            found[(stat.parent.name, rest[17])] = parent
    return found


def _descendants(pid: int) -> set[tuple[str, str]]:
    alive, found, parents = _alive(), set[tuple[str, str]](), {str(pid)}
    while parents:
        children = {process for process, parent in alive.items() if parent in parents}
        found |= children
        parents = {child for child, _ in children}
    return found


class Server:
    """A running cloud over a state folder, at the same ports after every start."""

    def __init__(
        self, folder: Path, *options: str, environment: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.greeting: list[str] = []
        self._options = options
        self._environment = {**CLEAN, **(environment or {})}
        self._ports: tuple[str, ...] = ("--port", "0")
        self._process: subprocess.Popen[str] | None = None
        self._client = cache(self._make_client)

    def start(self) -> Server:
        """Start it; return when it has printed `Ready.`."""
        self.greeting = self._until_ready(self.launch())
        if "--ephemeral" not in self._options:
            ports = self.cloud.ports
            options = {"http": "--port", "ssh": "--ssh-port", "smtp": "--smtp-port"}
            self._ports = tuple(
                word for name, option in options.items() for word in (option, str(ports[name]))
            )
        return self

    def launch(self) -> subprocess.Popen[str]:
        """Begin to start it."""
        words = [str(COMMAND), "up", "--dir", str(self.folder), *self._ports, *self._options]
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.errors.open("a"),
            env=self._environment,
            text=True,
        )
        return self._process

    def _until_ready(self, process: subprocess.Popen[str]) -> list[str]:
        lines: queue.Queue[str] = queue.Queue()
        output = process.stdout
        assert output is not None

        def read() -> None:
            for line in output:
                lines.put(line)
            lines.put("")

        threading.Thread(target=read, daemon=True).start()
        said: list[str] = []
        while said[-1:] != ["Ready."]:
            line = lines.get(timeout=PATIENCE)
            assert line, f"the server ended early: {self.errors.read_text()}"
            said.append(line.rstrip("\n"))
        return said

    @property
    def errors(self) -> Path:
        """What the server writes to its standard error, in all its lives."""
        return self.folder.with_name(f"{self.folder.name}.log")

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self._process is not None
        return self._process.pid

    @property
    def cloud(self) -> place.Running:
        """Where it runs, as it says itself."""
        found = place.running(self.folder)
        assert found is not None
        return found

    @property
    def endpoint(self) -> str:
        """Its URL."""
        return self.cloud.endpoint

    def kill(self) -> None:
        """End it as `kill -9` does; functions and builds under way end with it."""
        assert self._process is not None
        family = _descendants(self.pid)
        self._process.kill()
        self._process.wait(PATIENCE)
        until(lambda: not (family & _alive().keys()), "the end of the server's children")

    def stop(self) -> int:
        """Stop it as Ctrl-C does, if it still runs; return its exit status."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.terminate()
        return self._process.wait(PATIENCE)

    def client(self, service: str) -> Any:
        """Return a boto3 client as the account's root, made once; it does not retry for long."""
        return self._client(service)

    def _make_client(self, service: str) -> Any:
        config = Config(connect_timeout=5, read_timeout=60, s3={"addressing_style": "path"})
        session = boto3.Session("test", "test", region_name="us-east-1")
        return session.client(service, endpoint_url=self.endpoint, config=config)

    def command(
        self, *words: str, environment: Mapping[str, str] | None = None, text: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run `cloudarium <words>` over this server's state folder."""
        first, *rest = words
        settings = {"CLOUDARIUM_DIR": str(self.folder), **(environment or {})}
        return run(COMMAND, first, *rest, environment=settings, text=text)
