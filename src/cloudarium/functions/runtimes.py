"""Which program serves a Lambda runtime's invocations on this machine.

It is the interpreter of the runtime's very version where there is one, else the nearest; then the
`Launcher` has a note that says so.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cloudarium.functions import installations, interpreters, java
from cloudarium.functions.bootstraps import EXTENSIONS, NODE, PYTHON
from cloudarium.functions.processes import Mount

TASK_ROOT, RUNTIME_FOLDER, LAYERS = "/var/task", "/var/runtime", "/opt"
_RAPID = "/var/rapid"
_NODE_MODULES = "/var/lang/lib/node_modules"
_LIBRARIES = (TASK_ROOT, f"{TASK_ROOT}/lib", f"{LAYERS}/lib")
_PROGRAMS = ("/usr/local/bin", "/usr/bin", "/bin", f"{LAYERS}/bin")
_PYTHON_ALLOWANCE, _NODE_ALLOWANCE, _OTHER_ALLOWANCE = 128, 1024, 512
_NODE_VERSION = re.compile(r"\bv?(\d+)\.\d+\.\d+\b")


class RuntimeMissing(Exception):
    """This machine has no interpreter for the runtime; the text says what is missing."""


@dataclass(frozen=True)
class Launcher:
    """How to start a runtime.

    argv: None for a preloaded Python; paths are those of namespaces (see `Mount`).
    allowance_megabytes: writable memory of the interpreter itself, beyond the function's limit.
    search_paths: variables that list folders, and these.
    is_ours: whether it is a bootstrap of ours that takes its invocations from descriptor 3.
    python: which Python is to be preloaded, None for the one that runs this.
    note: what the function's log should say of the interpreter's version; "" for nothing.
    """

    argv: tuple[str, ...] | None
    mounts: tuple[Mount, ...]
    allowance_megabytes: int
    search_paths: Mapping[str, tuple[str, ...]]
    is_ours: bool = False
    python: Path | None = None
    note: str = ""


class Runtimes:
    """Finds launchers, and keeps which interpreters it found; `folder` is scratch space."""

    def __init__(self, folder: Path) -> None:
        self._java = java.Bootstrap(folder / "java")
        self._pythons: dict[int, Path | None] = {}
        self._nodes: dict[int, Path] = {}
        self._jvms: dict[int, Path] = {}

    async def launcher(self, runtime: str, memory_megabytes: int) -> Launcher:
        """The launcher of a runtime, by its name as in CreateFunction; raises RuntimeMissing."""
        if runtime.startswith("python3."):
            return self._python(runtime)
        if runtime.startswith("nodejs"):
            return await self._node(runtime, memory_megabytes)
        if runtime.startswith("java"):
            return await self._jvm(runtime, memory_megabytes)
        if runtime.startswith("provided"):
            return Launcher((f"{TASK_ROOT}/bootstrap",), (), _OTHER_ALLOWANCE, _search_paths())
        raise RuntimeMissing(f"Cloudarium does not run {runtime} functions.")

    async def _node(self, runtime: str, memory_megabytes: int) -> Launcher:
        wanted = _version(runtime)
        if not self._nodes:
            for program in interpreters.nodes():
                self._nodes.setdefault(await _node_version(program), program)
        if not self._nodes:
            raise RuntimeMissing(f"{runtime} needs Node.js, and this machine has no `node`.")
        version = interpreters.nearest(wanted, self._nodes)
        program = self._nodes[version]
        mounts = [
            Mount(str(NODE.parent), RUNTIME_FOLDER),
            *(Mount(path, path) for path in installations.of(program)),
        ]
        heap = f"--max-old-space-size={max(memory_megabytes * 9 // 10, 64)}"
        modules = f"{LAYERS}/nodejs/node{wanted}/node_modules"
        folders = [modules, f"{LAYERS}/nodejs/node_modules", RUNTIME_FOLDER, TASK_ROOT]
        if installed := installations.node_modules(program):
            mounts.append(Mount(str(installed), _NODE_MODULES))
            folders.append(_NODE_MODULES)
        paths = _search_paths("NODE_PATH", *folders)
        return Launcher(
            (str(program), heap, f"{RUNTIME_FOLDER}/{NODE.name}"),
            tuple(mounts),
            _NODE_ALLOWANCE,
            paths,
            is_ours=True,
            note=_note("Node.js", str(wanted), str(version)),
        )

    def _python(self, runtime: str) -> Launcher:
        packages = f"{LAYERS}/python/lib/{runtime}/site-packages"
        paths = _search_paths("PYTHONPATH", packages, f"{LAYERS}/python")
        wanted = int(runtime.partition(".")[2])
        ours = sys.version_info.minor
        if wanted == ours:
            return Launcher(None, (), _PYTHON_ALLOWANCE, paths, is_ours=True)
        self._pythons = self._pythons or {**interpreters.pythons(), ours: None}
        version = interpreters.nearest(wanted, self._pythons)
        note = _note("Python", f"3.{wanted}", f"3.{version}")
        python = self._pythons[version]
        return Launcher(None, (), _PYTHON_ALLOWANCE, paths, is_ours=True, python=python, note=note)

    async def _jvm(self, runtime: str, memory_megabytes: int) -> Launcher:
        wanted = _version(runtime)
        found = self._jvms = self._jvms or interpreters.javas()
        if not found:
            raise RuntimeMissing(f"{runtime} needs a JVM, and this machine has no `java`.")
        # A later Java runs an earlier one's classes, but not the other way round.
        later = [version for version in found if version >= wanted]
        version = interpreters.nearest(wanted, later or found)
        home = found[version]
        try:
            classes = await self._java.classes(home, version)
        except java.NoCompiler as error:
            raise RuntimeMissing(f"{runtime} needs the compiler of a JDK: {error}") from None
        return Launcher(
            java.arguments(home, memory_megabytes, RUNTIME_FOLDER, LAYERS),
            (Mount(str(classes), RUNTIME_FOLDER), *java.mounts(home)),
            _OTHER_ALLOWANCE,
            _search_paths(),
            note=_note("Java", str(wanted), str(version)),
        )


async def _node_version(node: Path) -> int:
    process = await asyncio.create_subprocess_exec(
        str(node), "--version", stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    told = _NODE_VERSION.search(output.decode(errors="replace"))
    return int(told[1]) if told else 0


def _version(runtime: str) -> int:
    found = re.search(r"\d+", runtime)
    return int(found[0]) if found else 0


def _note(name: str, wanted: str, found: str) -> str:
    if wanted == found:
        return ""
    return f"Cloudarium: this machine has no {name} {wanted}; the function runs on {name} {found}."


def wrapped(found: Launcher, wrapper: str, extensions: list[str], scratch: Path) -> Launcher:
    """The launcher that starts extensions beside the runtime, which `wrapper` starts if given.

    `wrapper` and `extensions` are paths as in namespaces, like those of the launcher. `scratch`
    is the sandbox's folder, in which lies what another Python is lent.
    """
    argv, mounts, paths = found.argv, list(found.mounts), dict(found.search_paths)
    if argv is None:
        argv = (str(found.python or sys.executable), f"{RUNTIME_FOLDER}/{PYTHON.name}")
        mounts.append(Mount(str(PYTHON.parent), RUNTIME_FOLDER))
        if found.python:
            paths["PYTHONPATH"] = (
                *paths["PYTHONPATH"],
                str(scratch / found.python.name / "packages"),
            )
    mounts.append(Mount(str(EXTENSIONS.parent), _RAPID))
    launch = (sys.executable, f"{_RAPID}/{EXTENSIONS.name}", wrapper, *extensions, "--")
    return replace(found, argv=(*launch, *argv), mounts=tuple(mounts), search_paths=paths)


def _search_paths(name: str = "", *folders: str) -> dict[str, tuple[str, ...]]:
    paths = {"PATH": _PROGRAMS, "LD_LIBRARY_PATH": _LIBRARIES}
    return {**paths, name: folders} if name else paths
