"""A build's container: a workspace and a shell whose state lives on from command to command."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

from cloudarium.core.runtime import ServiceRuntime
from cloudarium.functions import installations, interpreters
from cloudarium.functions.processes import Mount, Process, ProcessSpec, Reader
from cloudarium.functions.sandbox import Sandbox
from cloudarium.services.codebuild.image import Image

_ROOT = "/codebuild"
# Runs one command as its own process and hands variables and folder on to the next: as with
# CodeBuild's version 0.2, all commands see one shell's environment.
_COMMAND = """\
set -a
[ -f {state} ] && . {state}
cd "$(cat {place})" || exit 1
trap 'export -p > {state}.new && mv {state}.new {state}; pwd > {place}' EXIT
. {script}
"""


class Sandboxes:
    """The one sandbox that all builds of a cloud are started by, and the builds under way."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self.folder = runtime.kernel.info.folder / "run" / "builds"
        self.sandbox = Sandbox(self.folder / "sandbox")
        self.running: dict[str, Container] = {}

    async def close(self) -> None:
        """End every build."""
        await self.sandbox.close()


class Container:
    """One build's workspace: `source` is where its commands begin."""

    def __init__(
        self, sandbox: Sandbox, image: Image, folder: Path, shell: str, memory: int
    ) -> None:
        self._sandbox = sandbox
        self._image = image
        self._folder = folder
        self.shell = shell
        self._memory = memory
        self._process: Process | None = None
        self._count = 0
        self._python: Path | None = None
        self.stopped = False
        self.source = folder / "src"
        self.environment: dict[str, str] = {}

    async def open(self) -> None:
        """Make the workspace, empty."""
        await self._image.prepare()
        await self._sandbox.ready()
        shutil.rmtree(self._folder, ignore_errors=True)
        for name in ("src", "home", "shell", "tmp"):
            (self._folder / name).mkdir(parents=True)
        self._image.virtual_environment(self._folder / "python", self._seen_image)
        configuration = self._image.pip_configuration()
        if configuration is not None:
            place = self._folder / "home" / ".config" / "pip"
            place.mkdir(parents=True)
            (place / "pip.conf").write_text(configuration)
        self.environment = {
            **self._image.environment(),
            "HOME": f"{self.seen}/home",
            "TMPDIR": f"{self.seen}/tmp",
            "VIRTUAL_ENV": f"{self.seen}/python",
            "PATH": f"{self.seen}/python/bin:{self._seen_image}/bin:"
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
        }
        (self._folder / "shell" / "place").write_text(f"{self.seen}/src\n")

    def choose_python(self, wanted: int) -> int:
        """Build with Python 3.`wanted`, or the nearest that the machine has; return which."""
        ours = sys.version_info.minor
        found: dict[int, Path | None] = {**interpreters.pythons(), ours: None}
        version = interpreters.nearest(wanted, found)
        self._python = found[version]
        self._image.virtual_environment(self._folder / "python", self._seen_image, self._python)
        return version

    @property
    def _mounts(self) -> tuple[Mount, ...]:
        others = installations.of(self._python) if self._python else []
        return (
            Mount(str(self._folder), _ROOT, writable=True),
            Mount(str(self._image.folder), "/opt/image"),
            *(Mount(path, path) for path in others),
        )

    @property
    def seen(self) -> str:
        """The workspace as the build sees it."""
        return self._sandbox.view(self._mounts[0])

    @property
    def _seen_image(self) -> str:
        return self._sandbox.view(self._mounts[1])

    async def run(self, command: str, reader: Reader) -> int:
        """Run a shell command; return its exit status (137 when the build was stopped)."""
        if self.stopped:
            return 137
        self._count += 1
        shell = f"{self.seen}/shell"
        (self._folder / "shell" / f"{self._count}.sh").write_text(command + "\n")
        script = _COMMAND.format(
            state=shlex.quote(f"{shell}/state"),
            place=shlex.quote(f"{shell}/place"),
            script=shlex.quote(f"{shell}/{self._count}.sh"),
        )
        spec = ProcessSpec(
            argv=(self.shell, "-c", script),
            environment=self.environment,
            folder=f"{self.seen}/src",
            mounts=self._mounts,
            memory_megabytes=self._memory,
            tmp_megabytes=4096,
            processes=4096,
            open_files=4096,
        )
        self._process = await self._sandbox.start(spec, reader)
        try:
            return await self._process.wait()
        finally:
            self._process = None

    def variables(self, names: list[str]) -> dict[str, str]:
        """Return the shell's present values of `names`, those that are set."""
        state = self._folder / "shell" / "state"
        if not state.is_file():
            return {}
        found = {}
        for word in shlex.split(state.read_text(errors="replace")):
            name, equals, value = word.partition("=")
            if equals and name in names:
                found[name] = value
        return found

    def stop(self) -> None:
        """Kill what runs and let nothing more start."""
        self.stopped = True
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """Remove the workspace."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
