"""What a contained program can see and use.

Two ways, the better one that the kernel allows (see `mode`):

* `namespaces`: a root of its own in new user, mount, PID and IPC namespaces: system folders and
  the given mounts at their targets, a /tmp of limited size, no other process to be seen.
* `landlock`: the host's root, with Landlock refusing everything but system folders and the
  given mounts (at their sources), and signals to other processes.

`none` is neither: an own session and clean environment, no more.
"""

import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

from cloudarium.functions.nursery.kernel import (
    CLONE_NEWIPC,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    MS_BIND,
    MS_NODEV,
    MS_NOSUID,
    MS_PRIVATE,
    MS_REC,
    drop_privileges,
    enter_root,
    landlock,
    landlock_version,
    make_read_only,
    mount,
    unshare,
)

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store")
_ETC = tuple(
    f"/etc/{name}"
    for name in (
        "alternatives",
        "ca-certificates",
        "ca-certificates.conf",
        "crypto-policies",
        "group",
        "host.conf",
        "hosts",
        "ld.so.cache",
        "ld.so.conf",
        "ld.so.conf.d",
        "localtime",
        "mime.types",
        "nsswitch.conf",
        "passwd",
        "pki",
        "protocols",
        "resolv.conf",
        "services",
        "ssl",
    )
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_DEVICE_LINKS = (
    ("/dev/fd", "/proc/self/fd"),
    ("/dev/stdin", "/proc/self/fd/0"),
    ("/dev/stdout", "/proc/self/fd/1"),
    ("/dev/stderr", "/proc/self/fd/2"),
)
_NAMESPACES = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC
_USER = 993  # the user functions run as on AWS (sbx_user1051 in Amazon Linux 2023's image)


def mode(root: str, wanted: str) -> str:
    """The best way of containment here, up to `wanted`; `root` is an empty folder to try it on."""
    if wanted == "namespaces" and _in_child(lambda: _try_namespaces(root)) == 0:
        return "namespaces"
    return "landlock" if landlock_version() and wanted != "none" else "none"


def _in_child(action: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            action()
            os._exit(0)
        except OSError:
            os._exit(1)
    return os.waitpid(child, 0)[1]


def _try_namespaces(root: str) -> None:
    new_namespaces()
    if _in_child(lambda: build_root(root, [], 1)) != 0:
        raise OSError("no mounts here")


def new_namespaces() -> None:
    """Go into new namespaces; the *next child* is the first process of the new PID namespace."""
    user, group = os.geteuid(), os.getegid()
    unshare(_NAMESPACES)
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{_USER} {user} 1"),
        ("gid_map", f"{_USER} {group} 1"),
    ):
        Path("/proc/self", name).write_text(line)


def build_root(root: str, mounts: list[tuple[str, str, bool]], tmp_megabytes: int) -> None:
    """Build the program's own root on `root` and enter it, without privileges afterwards."""
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=4m")
    for path in _SYSTEM:
        if Path(path).is_symlink():
            Path(root + path).symlink_to(Path(path).readlink())
        else:
            _bind(root, path, path, writable=False)
    for path in _ETC:
        _bind(root, path, path, writable=False)
    for path in _DEVICES:
        _bind(root, path, path, writable=True)
    for path, target in _DEVICE_LINKS:
        Path(root + path).symlink_to(target)
    Path(root, "tmp").mkdir()
    mount("tmpfs", root + "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, f"size={tmp_megabytes}m")
    Path(root, "proc").mkdir()
    mount("proc", root + "/proc", "proc", MS_NOSUID | MS_NODEV)
    for source, target, writable in mounts:
        _bind(root, source, target, writable)
    make_read_only(root, recursive=False)
    enter_root(root)
    drop_privileges()


def _bind(root: str, source: str, target: str, writable: bool) -> None:
    if not Path(source).exists():
        return
    real, place = Path(source).resolve(), Path(root + target)
    if real.is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    mount(str(real), str(place), flags=MS_BIND | MS_REC)
    if not writable:
        make_read_only(str(place))


def restrict_files(mounts: list[tuple[str, str, bool]]) -> None:
    """Landlock's way: only system folders and the mounts' sources, at their own paths."""
    readable = [*_SYSTEM, *_ETC, "/proc", *(source for source, _, rw in mounts if not rw)]
    landlock(readable, [*_DEVICES, *(source for source, _, rw in mounts if rw)])


def limit_resources(limits: dict[str, int]) -> None:
    """Set the process's hard limits, by their names without RLIMIT_ (bytes or counts)."""
    for name, value in limits.items():
        number = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(number)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (value, value))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def kill_descendants() -> None:
    """Kill everything below the calling process, which must be a subreaper, until nothing is left.

    A process that forks while it is killed leaves children to us, which the next round gets.
    """
    while True:
        for child in _children(os.getpid()):
            _kill_tree(child)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _kill_tree(process: int) -> None:
    for child in _children(process):
        _kill_tree(child)
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def _children(process: int) -> list[int]:
    children = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == process:
                children.append(int(folder.name))
    return children
