"""Which program serves a Lambda runtime's invocations on this machine."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cloudarium.functions.bootstraps import NODE
from cloudarium.functions.sandbox import Mount

TASK_ROOT, RUNTIME_FOLDER, LAYERS = "/var/task", "/var/runtime", "/opt"
_LIBRARIES = (f"{TASK_ROOT}/lib", f"{LAYERS}/lib")
_PROGRAMS = ("/usr/local/bin", "/usr/bin", "/bin", f"{LAYERS}/bin")
_SYSTEM_FOLDERS = ("/usr", "/bin", "/lib", "/opt/bin")
_PYTHON_ALLOWANCE, _NODE_ALLOWANCE, _OTHER_ALLOWANCE = 128, 1024, 512


class RuntimeMissing(Exception):
    """This machine has no interpreter for the runtime; the text says what is missing."""


@dataclass(frozen=True)
class Launcher:
    """How to start a runtime.

    argv: None for the sandbox's preloaded Python; paths are those of namespaces (see `Mount`).
    allowance_megabytes: writable memory of the interpreter itself, beyond the function's limit.
    search_paths: variables that list folders, and these.
    is_ours: whether it is a bootstrap of ours, which takes its invocations from descriptor 3.
    """

    argv: tuple[str, ...] | None
    mounts: tuple[Mount, ...]
    allowance_megabytes: int
    search_paths: Mapping[str, tuple[str, ...]]
    is_ours: bool = False


def launcher(runtime: str, memory_megabytes: int) -> Launcher:
    """The launcher of a runtime, by its name as in CreateFunction; raises RuntimeMissing."""
    if runtime.startswith("python"):
        packages = f"{LAYERS}/python/lib/{runtime}/site-packages"
        paths = _search_paths("PYTHONPATH", packages, f"{LAYERS}/python")
        return Launcher(None, (), _PYTHON_ALLOWANCE, paths, is_ours=True)
    if runtime.startswith("nodejs"):
        return _node(runtime, memory_megabytes)
    if runtime.startswith("provided"):
        return Launcher((f"{TASK_ROOT}/bootstrap",), (), _OTHER_ALLOWANCE, _search_paths())
    raise RuntimeMissing(f"Cloudarium does not run {runtime} functions.")


def _search_paths(name: str = "", *folders: str) -> dict[str, tuple[str, ...]]:
    paths = {"PATH": _PROGRAMS, "LD_LIBRARY_PATH": _LIBRARIES}
    return {**paths, name: folders} if name else paths


def _node(runtime: str, memory_megabytes: int) -> Launcher:
    found = shutil.which("node")
    if found is None:
        raise RuntimeMissing(f"{runtime} needs Node.js, and this machine has no `node`.")
    node = str(Path(found).resolve())
    mounts = [Mount(str(NODE.parent), RUNTIME_FOLDER)]
    if not node.startswith(_SYSTEM_FOLDERS):
        prefix = str(Path(node).parents[1])
        mounts.append(Mount(prefix, prefix))
    heap = f"--max-old-space-size={max(memory_megabytes * 9 // 10, 64)}"
    argv = (node, heap, f"{RUNTIME_FOLDER}/{NODE.name}")
    modules = f"{LAYERS}/nodejs/node{runtime[6:].partition('.')[0]}/node_modules"
    paths = _search_paths(
        "NODE_PATH", modules, f"{LAYERS}/nodejs/node_modules", RUNTIME_FOLDER, TASK_ROOT
    )
    return Launcher(argv, tuple(mounts), _NODE_ALLOWANCE, paths, is_ours=True)
