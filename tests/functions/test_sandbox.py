"""The sandbox: what a contained program sees, and that nothing of it is left."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from cloudarium.functions.processes import Mount, Process, ProcessSpec
from cloudarium.functions.sandbox import Sandbox

T = TypeVar("T")
MODES = ["namespaces", "landlock"]


def _with_sandbox(folder: Path, mode: str, work: Callable[[Sandbox], Awaitable[T]]) -> T:
    async def run() -> T:
        sandbox = Sandbox(folder / "run", containment=mode)
        await sandbox.ready()  # where the kernel has no namespaces, it is Landlock both times
        try:
            return await work(sandbox)
        finally:
            await sandbox.close()

    return asyncio.run(run())


class Output:
    """Keeps a program's lines, and wants no more than `room` of them."""

    def __init__(self, room: int = 1_000_000) -> None:
        self.room = room
        self.lines: list[str] = []
        self.begun = asyncio.Event()
        self.go_on: Callable[[], None] | None = None

    def __call__(self, line: bytes) -> None:
        self.lines.append(line.decode())
        self.begun.set()

    def has_room(self, go_on: Callable[[], None]) -> bool:
        self.go_on = None if len(self.lines) < self.room else go_on
        return self.go_on is None


def _shell(
    folder: Path, mode: str, script: str, *mounts: Mount, **options: object
) -> tuple[int, list[str]]:
    async def work(sandbox: Sandbox) -> tuple[int, list[str]]:
        views = {f"M{i}": sandbox.view(mount) for i, mount in enumerate(mounts)}
        spec = ProcessSpec(
            argv=("/bin/sh", "-c", script),
            environment=views,
            mounts=mounts,
            **options,  # type: ignore[arg-type]
        )
        output = Output()
        process = await sandbox.start(spec, output)
        return await process.wait(timeout=60), output.lines

    return _with_sandbox(folder, mode, work)


def _count(marker: str) -> int:
    found = 0
    for entry in Path("/proc").iterdir():
        try:
            found += entry.name.isdigit() and marker in (entry / "cmdline").read_text()
        except OSError:
            continue
    return found


def _alive(marker: str) -> bool:
    return _count(marker) > 0


def _ends(marker: str) -> bool:
    """Whether no such program is left: the kernel shows a killed one a moment longer."""
    deadline = time.monotonic() + 60
    while _alive(marker) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not _alive(marker)


@pytest.mark.parametrize("mode", MODES)
def test_output_and_status(tmp_path: Path, mode: str) -> None:
    status, lines = _shell(tmp_path, mode, "echo one; echo two >&2; printf three; exit 7")
    assert (status, lines) == (7, ["one", "two", "three"])


@pytest.mark.parametrize("mode", MODES)
def test_a_signal_is_told_as_a_shell_tells_it(tmp_path: Path, mode: str) -> None:
    assert _shell(tmp_path, mode, "kill -9 $$")[0] == 137


@pytest.mark.parametrize("mode", MODES)
def test_it_inherits_nothing(tmp_path: Path, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET_OF_THE_HOST", "x")
    _, lines = _shell(tmp_path, mode, "env; ls -l /proc/self/fd | wc -l")
    names = {line.split("=")[0] for line in lines[:-1]}
    assert names <= {"PATH", "TMPDIR", "PWD", "SHLVL", "_"}
    assert int(lines[-1]) <= 6  # the heading, three streams, ls's own


@pytest.mark.parametrize("mode", MODES)
def test_the_rest_of_the_machine_cannot_be_read(tmp_path: Path, mode: str) -> None:
    secret = tmp_path / "state.db"
    secret.write_text("secret")
    home = Path.home()
    script = (
        f"cat {secret}; ls {tmp_path}; ls {home}/.ssh; cat /etc/shadow;"
        f" cat /proc/{os.getpid()}/environ; echo x > {secret}; echo x > /usr/x; true"
    )
    status, lines = _shell(tmp_path, mode, script)
    assert status == 0
    assert "secret" not in "".join(lines)
    refusals = ("No such file", "Permission denied", "Read-only", "cannot", "nonexistent")
    assert all(any(word in line for word in refusals) for line in lines), lines
    assert secret.read_text() == "secret"


@pytest.mark.parametrize("mode", MODES)
def test_mounts_are_what_it_sees(tmp_path: Path, mode: str) -> None:
    for name in ("code", "work"):
        (tmp_path / name).mkdir()
    (tmp_path / "code" / "file").write_text("read me\n")
    code = Mount(str(tmp_path / "code"), "/var/task")
    work = Mount(str(tmp_path / "work"), "/work", writable=True)
    script = 'cat "$M0/file"; echo y > "$M0/other" || echo refused; echo out > "$M1/result"'
    status, lines = _shell(tmp_path, mode, script, code, work)
    assert status == 0
    assert lines[0] == "read me" and lines[-1] == "refused"
    assert (tmp_path / "work" / "result").read_text() == "out\n"
    assert [path.name for path in (tmp_path / "code").iterdir()] == ["file"]


@pytest.mark.parametrize("mode", MODES)
def test_one_program_goes_on_where_another_worked(tmp_path: Path, mode: str) -> None:
    work = tmp_path / "work"
    work.mkdir(mode=0o700)
    mount = Mount(str(work), "/work", writable=True)
    first = 'umask 077; mkdir "$M0/deep" && echo one > "$M0/deep/file"'
    assert _shell(tmp_path, mode, first, mount) == (0, [])
    second = 'cd "$M0/deep" && echo two >> file && touch -d 2020-01-01 file && chmod 0 .'
    assert _shell(tmp_path, mode, second, mount) == (0, [])
    (work / "deep").chmod(0o700)
    assert (work / "deep" / "file").read_text() == "one\ntwo\n"
    shutil.rmtree(work)


@pytest.mark.parametrize("mode", MODES)
def test_the_kernel_cannot_be_told_anything(tmp_path: Path, mode: str) -> None:
    files = "/proc/sysrq-trigger /proc/sys/kernel/core_pattern /proc/irq/default_smp_affinity"
    script = f"for file in {files}; do (: >> $file) 2> /dev/null && echo $file; done; true"
    assert _shell(tmp_path, mode, script) == (0, [])


@pytest.mark.parametrize("mode", MODES)
def test_a_mount_can_be_read_wherever_it_lies(tmp_path: Path, mode: str) -> None:
    code = tmp_path / "closed" / "code"
    code.mkdir(parents=True)
    (code / "file").write_text("read me\n")
    for path in (code / "file", code, code.parent):
        path.chmod(0o600 if path.is_file() else 0o700)
    script = 'cd "$M0" && test -r file && cat file'
    assert _shell(tmp_path, mode, script, Mount(str(code), "/var/task")) == (0, ["read me"])


@pytest.mark.parametrize("mode", MODES)
def test_its_tmp_is_its_own(tmp_path: Path, mode: str) -> None:
    def names(script: str) -> list[str]:
        # The interpreter may lie in the machine's /tmp, and is seen then.
        return [line for line in _shell(tmp_path, mode, script)[1] if line not in interpreter]

    interpreter = Path(sys.prefix).parts
    script = 'echo mine > "$TMPDIR/x" && cat "$TMPDIR/x"; ls "$TMPDIR"'
    assert names(script) == ["mine", "x"]
    assert names('ls "$TMPDIR"') == []
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["root"]


def test_its_tmp_has_a_size(tmp_path: Path) -> None:
    script = "head -c 3000000 /dev/zero > /tmp/x || echo full"
    assert _shell(tmp_path, "namespaces", script, tmp_megabytes=1)[1][-1] == "full"


@pytest.mark.parametrize("mode", MODES)
def test_memory_is_limited(tmp_path: Path, mode: str) -> None:
    async def work(sandbox: Sandbox) -> int:
        program = (sys.executable, "-c", "x = bytearray(300 << 20)")
        process = await sandbox.start(ProcessSpec(argv=program, memory_megabytes=128))
        return await process.wait(timeout=60)

    assert _with_sandbox(tmp_path, mode, work) == 1


@pytest.mark.parametrize("mode", MODES)
def test_killing_takes_detached_children_too(tmp_path: Path, mode: str) -> None:
    marker = f"sleep 98{os.getpid()}"
    script = (
        f"(setsid setsid {marker} &) ; {marker} & setsid {marker} & sleep 0.3; echo ready; wait"
    )

    async def work(sandbox: Sandbox) -> int:
        output = Output()
        process = await sandbox.start(ProcessSpec(argv=("/bin/sh", "-c", script)), output)
        await asyncio.wait_for(output.begun.wait(), 60)
        assert _alive(marker.replace(" ", "\0"))
        process.kill()
        return await process.wait(timeout=60)

    assert _with_sandbox(tmp_path, mode, work) == 137
    assert _ends(marker.replace(" ", "\0"))


@pytest.mark.parametrize("mode", MODES)
def test_what_a_program_leaves_behind_ends_with_it(tmp_path: Path, mode: str) -> None:
    marker = f"sleep 97{os.getpid()}"
    script = f"setsid {marker} > /dev/null 2>&1 & echo done"
    assert _shell(tmp_path, mode, script) == (0, ["done"])
    assert _ends(marker.replace(" ", "\0"))


@pytest.mark.parametrize("mode", MODES)
def test_it_cannot_signal_the_server(tmp_path: Path, mode: str) -> None:
    status, lines = _shell(tmp_path, mode, f"kill -0 {os.getpid()} || echo refused")
    assert (status, lines[-1]) == (0, "refused")


def test_the_nursery_ends_with_its_sandbox_and_its_programs_too(tmp_path: Path) -> None:
    marker = f"sleep 96{os.getpid()}"

    async def work(sandbox: Sandbox) -> None:
        await sandbox.start(ProcessSpec(argv=tuple(marker.split())))
        await sandbox.start(ProcessSpec(argv=tuple(marker.split())))

    _with_sandbox(tmp_path, "namespaces", work)
    assert _ends(marker.replace(" ", "\0"))


def test_a_flood_of_output_does_not_hold_up_the_server(tmp_path: Path) -> None:
    async def work(sandbox: Sandbox) -> int:
        process = await sandbox.start(ProcessSpec(argv=("/usr/bin/yes",)), Output())
        ticks = [await asyncio.sleep(0.01, tick) for tick in range(20)]
        assert len(ticks) == 20
        process.kill()
        return await process.wait(timeout=60)

    assert _with_sandbox(tmp_path, "namespaces", work) == 137


def test_a_program_waits_for_who_reads_it(tmp_path: Path) -> None:
    async def work(sandbox: Sandbox) -> list[str]:
        output = Output(room=100)
        process = await sandbox.start(ProcessSpec(argv=("/usr/bin/seq", "1", "100000")), output)
        while output.go_on is None:
            await asyncio.sleep(0)
        read = len(output.lines)
        await asyncio.sleep(0.05)
        assert read == len(output.lines) < 100_000
        output.room = 1_000_000
        output.go_on()
        assert await process.wait(timeout=60) == 0
        return output.lines

    lines = _with_sandbox(tmp_path, "namespaces", work)
    assert lines == [str(number) for number in range(1, 100_001)]


def test_a_nursery_that_died_is_replaced(tmp_path: Path) -> None:
    async def work(sandbox: Sandbox) -> tuple[int, int]:
        program = await sandbox.start(ProcessSpec(argv=("/bin/sleep", "60")))
        nursery = Path(f"/proc/{program.pid}/stat").read_text().rpartition(")")[2].split()[1]
        os.kill(int(nursery), signal.SIGKILL)
        first = await program.wait(timeout=60)
        second = await sandbox.start(ProcessSpec(argv=("/bin/true",)))
        return first, await second.wait(timeout=60)

    assert _with_sandbox(tmp_path, "namespaces", work) == (137, 0)


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    status, lines = _shell(tmp_path, "namespaces", "exec /no/such/program")
    assert status == 127
    assert "not found" in lines[0]


def test_without_any_containment_there_is_a_warning(tmp_path: Path) -> None:
    async def work(sandbox: Sandbox) -> str | None:
        return sandbox.warning

    assert "neither user namespaces nor Landlock" in str(_with_sandbox(tmp_path, "none", work))


@pytest.mark.parametrize("mode", MODES)
def test_nothing_outlives_a_server_that_was_killed(tmp_path: Path, mode: str) -> None:
    marker = f"program-of-{os.getpid()}"
    program = ("/bin/sh", "-c", "echo up; sleep 60; true", marker)
    script = (
        "import asyncio, pathlib\n"
        "from cloudarium.functions.processes import ProcessSpec\n"
        "from cloudarium.functions.sandbox import Sandbox\n"
        "class Output:\n"
        "    def __call__(self, line):\n"
        "        print('started', flush=True)\n"
        "    def has_room(self, go_on):\n"
        "        return True\n"
        "async def main():\n"
        f"    sandbox = Sandbox(pathlib.Path({str(tmp_path)!r}), containment={mode!r})\n"
        f"    process = await sandbox.start(ProcessSpec(argv={program!r}), Output())\n"
        "    await process.wait()\n"
        "asyncio.run(main())\n"
    )
    server = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert server.stdout and server.stdout.readline() == b"started\n"
    assert _alive(f"\0{marker}\0")
    server.kill()
    server.wait()
    server.stdout.close()
    assert _ends(f"\0{marker}\0")


def test_the_nursery_ends_when_nothing_runs_and_begins_again(tmp_path: Path) -> None:
    async def run() -> None:
        sandbox = Sandbox(tmp_path / "run", idle_seconds=0)
        for _ in range(2):
            process = await sandbox.start(ProcessSpec(argv=("/bin/sh", "-c", "exit 3")))
            assert await process.wait(timeout=60) == 3
            nursery = sandbox._nursery
            assert nursery is not None
            async with asyncio.timeout(20):
                await nursery.wait()
        await sandbox.close()

    asyncio.run(run())


@pytest.mark.parametrize("mode", MODES)
def test_a_fork_bomb_is_held_and_ends_when_killed(tmp_path: Path, mode: str) -> None:
    marker = f"bomb-{os.getpid()}"
    script = (
        f"echo {marker}; bomb() {{ bomb | bomb & bomb; }}; bomb 2>/dev/null & while :; do :; done"
    )

    async def work(sandbox: Sandbox) -> int:
        program = ("/bin/sh", "-c", script, marker)
        output = Output()
        process = await sandbox.start(ProcessSpec(argv=program, processes=400), output)
        await asyncio.wait_for(output.begun.wait(), 60)
        assert max(_count(f"\0{marker}\0") for _ in range(30)) <= 400
        process.kill()
        return await process.wait(timeout=60)

    assert _with_sandbox(tmp_path, mode, work) == 137
    assert _ends(f"\0{marker}\0")


@pytest.mark.parametrize("mode", MODES)
def test_a_program_gets_the_files_of_one_that_has_ended_and_nothing_else(
    tmp_path: Path, mode: str
) -> None:
    marker = f"86{time.time_ns() % 10**9}"

    async def work(sandbox: Sandbox) -> list[list[str]]:
        async def run(script: str, after: Process | None) -> tuple[Process, list[str]]:
            argv = ("/bin/sh", "-c", f"cd $TMPDIR; {script}")
            spec = ProcessSpec(argv, keeps_tmp=True, after=after, tmp_megabytes=1)
            output = Output()
            process = await sandbox.start(spec, output)
            await process.wait(timeout=60)
            return process, output.lines

        seen = []
        process: Process | None = None
        for number in range(3):
            leave = f"(setsid sleep {marker} >/dev/null 2>&1 &); echo {number} >> seen"
            process, lines = await run(f"cat seen 2>/dev/null; {leave}; kill -9 $$", process)
            seen.append(lines)
            assert _ends(marker)
            process, lines = await run("touch it; cat /proc/self/comm", process)
            assert lines == ["cat"]
        assert process
        process.forget()
        process, lines = await run("ls seen it 2>/dev/null", None)
        return [*seen, lines]

    assert _with_sandbox(tmp_path, mode, work) == [[], ["0"], ["0", "1"], []]
    assert _ends(marker)
