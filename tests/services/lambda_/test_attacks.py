"""Hostile functions: what they must not reach, and that the cloud stays well."""

from __future__ import annotations

import io
import json
import os
import platform
import stat
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

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
    deadline = time.monotonic() + 60
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


HIDES = """
import ctypes, mmap, os, time
def handler(event, context):
    if event == "file":
        file = os.memfd_create("hidden")
        for _ in range(400):
            os.write(file, bytes(1 << 20))
    else:
        shared = mmap.mmap(-1, 900 << 20)
        for _ in range(900):
            shared.write(bytes(1 << 20))
    time.sleep(20)
"""
LEAVES = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
SESSION, USER_SESSION = -3, -5
def handler(event, context):
    shared = libc.shmget(0, 400 << 20, 0o1600)
    inside = libc.unshare(0x10000000)
    keyrings = [libc.syscall(event, 0, which, 0) for which in (SESSION, USER_SESSION)]
    return shared < 0, inside < 0, keyrings[0] != keyrings[1]
"""


@pytest.mark.parametrize("where", ["file", "mapping"])
def test_memory_that_is_nobodys_own_counts_too(functions: Any, where: str) -> None:
    functions.make(HIDES, Timeout=30)
    answer = functions.call(where)
    assert answer["errorMessage"].endswith("Runtime exited with error: signal: killed")
    _assert_well(functions)


def test_a_function_makes_no_namespaces_and_has_its_own_keys(functions: Any) -> None:
    functions.make(LEAVES)
    keyctl = {"x86_64": 250, "aarch64": 219}[platform.machine()]
    is_shut, *others = functions.call(keyctl)
    assert others == [True, True]
    assert is_shut or os.getuid() != 0  # who is not root may not set this limit


LINK, FILE = stat.S_IFLNK | 0o777, 0o644


def _archive(*entries: tuple[str, bytes | str, int]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content, mode in entries:
            entry = zipfile.ZipInfo("x")
            entry.filename, entry.external_attr, entry.create_system = name, mode << 16, 3
            package.writestr(entry, content)
    return data.getvalue()


def test_a_package_lies_where_it_belongs(functions: Any, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    package = _archive(
        ("app.py", HELLO, FILE),
        ("../../slip", "x", FILE),
        (f"{outside}/absolute", "x", FILE),
        (f"{outside}/link", "/etc/passwd", LINK),
        ("out", str(outside), LINK),
        ("out/file", "x", FILE),
        ("away", str(outside), LINK),
        ("away/link", "/etc/passwd", LINK),
        ("", "x", FILE),
        ("..", "x", FILE),
    )
    functions.make("", Code={"ZipFile": package})
    assert functions.call() == "well"
    assert not list(outside.iterdir())
    (code,) = (functions.cloud.kernel.info.folder / "lambda" / "code").iterdir()
    found = {path.name for path in code.iterdir()}
    assert found == {"app.py", "slip", "out", "away", outside.parts[1]}
    assert (code / "out" / "file").read_text() == "x"
    assert (code / "away").is_symlink()


def test_layers_are_laid_over_links_of_others(functions: Any, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("as it was")
    first = _archive(
        ("d", str(outside), LINK), ("g/x", "1", FILE), ("extensions", str(outside), LINK)
    )
    second = _archive(("d/kept", "owned", FILE), ("d/new", "owned", FILE), ("g", "/etc", LINK))
    layers = [
        functions.client.publish_layer_version(LayerName=name, Content={"ZipFile": data})
        for name, data in (("first", first), ("second", second))
    ]
    source = "import os\ndef handler(event, context):\n    return open('/opt/d/new').read()\n"
    functions.make(source, Layers=[layer["LayerVersionArn"] for layer in layers])
    assert functions.call() == "owned"
    assert {path.name: path.read_text() for path in outside.iterdir()} == {"kept": "as it was"}
    assert not any("kept" in line for line in functions.log())


def test_archives_that_cannot_be_unpacked(functions: Any) -> None:
    hello = ("app.py", HELLO, FILE)
    for name in ("a" * 300, "d/" * 200 + "x", "long/" * 300):
        with pytest.raises(ClientError, match="Could not unzip uploaded file"):
            functions.make("", Code={"ZipFile": _archive(hello, (name, "x", FILE))})
    lies = bytearray(_archive(hello, ("big", bytes(1 << 20), FILE)))
    place = lies.rfind(b"PK\x01\x02") + 24
    lies[place : place + 4] = (10).to_bytes(4, "little")
    for name, data in (
        ("size", bytes(lies)),
        ("target", _archive(hello, ("link", "a\0b", LINK))),
        ("both", _archive(hello, ("app.py/x", "x", FILE))),
    ):
        functions.make("", FunctionName=name, Code={"ZipFile": data})
        with pytest.raises(ClientError) as caught:
            functions.call(FunctionName=name)
        assert caught.value.response["Error"]["Code"] == "InvalidZipFileException"
    assert not list((functions.cloud.kernel.info.folder / "lambda" / "code").iterdir())
    _assert_well(functions)
