"""Hostile functions: what they must not reach, and that the cloud stays well."""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

HELLO = "def handler(event, context):\n    return 'well'\n"
READS = """
import os
def read(path):
    try:
        return open(path, 'rb').read(64).decode('latin-1')
    except OSError as error:
        return type(error).__name__
def handler(event, context):
    return {path: read(path) for path in event}
"""
FORKS = """
import os, time
def handler(event, context):
    pids = []
    try:
        while len(pids) < 5000:
            pids.append(os.posix_spawn('/bin/sleep', ['sleep', '60'], {}))
    except OSError as error:
        return [len(pids), os.strerror(error.errno)]
"""
FILLS = """
def handler(event, context):
    try:
        with open('/tmp/big', 'wb') as file:
            for _ in range(2000):
                file.write(bytes(1 << 20))
    except OSError as error:
        return error.strerror
"""
OUTLIVES = """
import os, subprocess, time
def handler(event, context):
    script = 'while :; do echo alive; sleep 0.05; done'
    subprocess.Popen(['setsid', 'sh', '-c', script, event], start_new_session=True)
    time.sleep(60)
"""
SIGNALS = """
import os, signal
def send(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError as error:
        return type(error).__name__
    return 'sent'
def handler(event, context):
    kernel = '/proc/sys/kernel/core_pattern'
    try:
        open(kernel, 'r+')
        found = 'open'
    except OSError as error:
        found = type(error).__name__
    return [*map(send, event), found]
"""

PRINTS = """
import os
def handler(event, context):
    while True:
        os.write(1, event.encode() * 10_000)
"""


def _assert_well(functions: Any) -> None:
    functions.make(HELLO, FunctionName="other")
    assert functions.call(FunctionName="other") == "well"


def test_files_of_the_machine_cannot_be_read(functions: Any) -> None:
    functions.make(HELLO.replace("well", "secret"), FunctionName="victim")
    functions.call(FunctionName="victim")
    folder = functions.cloud.kernel.info.folder
    files = [path for path in folder.rglob("*") if path.is_file()]
    secrets = [str(path) for path in files if path.suffix == ".db" or path.name == "app.py"]
    assert any(path.endswith("app.py") for path in secrets)
    home = Path.home()
    wanted = [*secrets, str(home / ".bashrc"), str(home / ".profile"), "/etc/shadow"]
    wanted += [f"/proc/{os.getpid()}/environ", f"/proc/{os.getpid()}/mem"]
    functions.make(READS)
    found = functions.call(wanted)
    assert set(found.values()) <= {"FileNotFoundError", "PermissionError"}, found
    _assert_well(functions)


def test_a_fork_bomb_is_held(functions: Any) -> None:
    functions.make(FORKS, Timeout=60)
    count, error = functions.call()
    assert error == "Resource temporarily unavailable"
    assert 900 < count < 1024
    _assert_well(functions)


def test_the_disk_cannot_be_filled(functions: Any) -> None:
    functions.make(FILLS, EphemeralStorage={"Size": 512}, Timeout=60)
    assert functions.call() == "No space left on device"
    _assert_well(functions)


def test_nothing_outlives_the_timeout(functions: Any) -> None:
    functions.make(OUTLIVES, Timeout=1)
    marker = f"outlives-{os.getpid()}"
    answer = functions.call(marker)
    assert answer["errorType"] == "Sandbox.Timedout"
    deadline = time.monotonic() + 10
    while _running(marker) and time.monotonic() < deadline:
        pass
    assert not _running(marker)
    _assert_well(functions)


def _running(marker: str) -> bool:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                found.append((folder / "cmdline").read_text())
            except OSError:
                continue
    return any(marker in line and "alive" in line for line in found)


def test_neither_server_nor_kernel_can_be_touched(functions: Any) -> None:
    functions.make(SIGNALS)
    parents = [os.getpid(), os.getppid()]
    *sent, kernel = functions.call(parents)
    assert set(sent) <= {"ProcessLookupError", "PermissionError"}, json.dumps(sent)
    assert kernel == "PermissionError"
    _assert_well(functions)


@pytest.mark.parametrize("text", ["a line\n", "no line"])
def test_a_flood_of_lines_waits_until_they_are_stored(functions: Any, text: str) -> None:
    functions.make(PRINTS, Timeout=2)
    cloud = functions.cloud
    telemetry = cloud.kernel.telemetry.part(cloud.account, cloud.region)
    most = 0
    with ThreadPoolExecutor() as threads:
        call = threads.submit(functions.call, text)
        while not call.done():
            most = max(most, sum(len(line.message) for line in list(telemetry.logs)))
            time.sleep(0.001)
    assert call.result()["errorType"] == "Sandbox.Timedout"
    assert 0 < most < 4 << 20
    _assert_well(functions)
