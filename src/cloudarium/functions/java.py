"""How Java functions are started: our bootstrap, compiled on first use by the JVM that runs it."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import tempfile
from pathlib import Path

from cloudarium.functions.bootstraps import JAVA
from cloudarium.functions.processes import Mount

# As AWS starts it: "Customize Java runtime startup behavior" in Lambda's developer guide.
_OPTIONS = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
_COMPILER = (
    *("-m", "jdk.compiler/com.sun.tools.javac.Main"),
    *("-nowarn", "-XDstringConcat=inline", "-d"),  # concatenating by invokedynamic starts slowly
)
_HEAP_PERCENT = 85


class NoCompiler(Exception):
    """The bootstrap could not be compiled; the text is what the compiler says."""


class Bootstrap:
    """The compiled bootstrap, in folders of `folder`: one for each version of Java."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._compiling = asyncio.Lock()

    async def classes(self, home: Path, version: int) -> Path:
        """Where the classes for a JVM (`home`, of this major version) are; raises NoCompiler."""
        sources = sorted(JAVA.glob("*.java"))
        content = b"".join(source.read_bytes() for source in sources)
        folder = self._folder / f"{version}-{hashlib.sha256(content).hexdigest()[:16]}"
        async with self._compiling:
            if not folder.exists():
                await self._compile(home / "bin" / "java", sources, folder)
        return folder

    async def _compile(self, java: Path, sources: list[Path], folder: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=self._folder))
        process = await asyncio.create_subprocess_exec(
            *(str(java), *_OPTIONS, *_COMPILER, str(temporary), *map(str, sources)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={"LANG": "C.UTF-8"},
        )
        output, _ = await process.communicate()
        if process.returncode:
            shutil.rmtree(temporary)
            raise NoCompiler(output.decode(errors="replace").strip())
        temporary.chmod(0o755)
        temporary.replace(folder)


def mounts(home: Path) -> list[Mount]:
    """What a JVM needs to be seen: its home, and where Debian's has its configuration."""
    settings = (home / "conf" / "security" / "java.security").resolve()
    places = {home}
    if settings.is_relative_to("/etc"):
        places.add(Path(*settings.parts[:3]))
    return [
        Mount(str(place), str(place))
        for place in sorted(places)
        if not place.is_relative_to("/usr")
    ]


def arguments(home: Path, memory_megabytes: int, classes: str, layers: str) -> tuple[str, ...]:
    """The command that runs the bootstrap; `classes` and `layers` are folders the function sees."""
    heap = f"-Xmx{memory_megabytes * _HEAP_PERCENT // 100}m"
    return (
        str(home / "bin" / "java"),
        *_OPTIONS,
        heap,
        "-cp",
        classes,
        "cloudarium.Bootstrap",
        layers,
    )
