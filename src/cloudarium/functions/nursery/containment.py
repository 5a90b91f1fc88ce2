"""What a contained program can see and use.

Two ways, the better one that the kernel allows (see `mode`):

* `namespaces`: a root of its own in new user, mount, PID and IPC namespaces: system folders and
  the given mounts at their targets, a /tmp of limited size, no other process to be seen.
* `landlock`: the host's root, with Landlock refusing everything but system folders and the
  given mounts (at their sources), and signals to other processes.

`none` is neither: an own session and clean environment, no more.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cloudarium.functions.nursery import users
from cloudarium.functions.nursery.kernel import (
    CLONE_NEWIPC,
    CLONE_NEWPID,
    MS_BIND,
    MS_NODEV,
    MS_NOSUID,
    MS_PRIVATE,
    MS_REC,
    enter_root,
    fork_into_namespaces,
    join,
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
        "host.conf",
        "hosts",
        "ld.so.cache",
        "ld.so.conf",
        "ld.so.conf.d",
        "localtime",
        "mime.types",
        "nsswitch.conf",
        "pki",
        "protocols",
        "resolv.conf",
        "services",
        "ssl",
    )
)
# Who there is, for the program: users and groups of this machine are nothing to it. Its own is that
# of AWS's functions; without a home there, Node.js's os.homedir() throws, and with it AWS's SDK.
_USERS = (("/etc/passwd", users.PASSWD), ("/etc/group", users.GROUP))
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_DEVICE_LINKS = (
    ("/dev/fd", "/proc/self/fd"),
    ("/dev/stdin", "/proc/self/fd/0"),
    ("/dev/stdout", "/proc/self/fd/1"),
    ("/dev/stderr", "/proc/self/fd/2"),
)


def mode(root: str, wanted: str, is_separate: bool) -> str:
    """The best way of containment here, up to `wanted`; `root` is an empty folder to try it on."""
    if wanted == "namespaces" and _namespaces_work(root, is_separate):
        return "namespaces"
    return "landlock" if landlock_version() and wanted != "none" else "none"


def _namespaces_work(root: str, is_separate: bool) -> bool:
    _common()
    go, go_write = os.pipe()
    try:
        child = fork_into_namespaces()
    except OSError:
        return False
    if child == 0:
        try:
            users.await_admission(go)
            build_root(root, [], 1)
            os._exit(0)
        except OSError:
            os._exit(1)
    users.admit(child, go_write, is_separate)
    for end in (go, go_write):
        os.close(end)
    return os.waitpid(child, 0)[1] == 0


def works(action: Callable[[], None]) -> bool:
    """Whether an action raises no OSError, tried by a child process."""
    child = os.fork()
    if child == 0:
        try:
            action()
            os._exit(0)
        except OSError:
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def enter_again(mounts: int) -> None:
    """Go where an ended program has been, to its files; processes and IPC are new.

    `mounts` is the descriptor of its mount namespace. The *next child* is the first process of the
    new PID namespace, and has to `renew_root`.
    """
    join(mounts)
    unshare(CLONE_NEWPID | CLONE_NEWIPC)


def renew_root() -> None:
    """Show the processes of this PID namespace in a root that another one has had."""
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV)


class _Found(NamedTuple):
    """What is to be mounted: where it really is, and whether it is a folder."""

    real: str
    target: str
    is_folder: bool


def _find(source: str, target: str) -> list[_Found]:
    path = Path(source)
    return [_Found(str(path.resolve()), target, path.is_dir())] if path.exists() else []


@lru_cache(maxsize=1)
def _common() -> tuple[list[tuple[str, str]], list[_Found], list[_Found]]:
    """What every program sees: links of the system, its folders and files, devices.

    It is looked up once, before any program is forked.
    """
    links = [(path, str(Path(path).readlink())) for path in _SYSTEM if Path(path).is_symlink()]
    folders = [path for path in _SYSTEM if not Path(path).is_symlink()]
    read = [found for path in (*folders, *_ETC) for found in _find(path, path)]
    return (
        [*links, *_DEVICE_LINKS],
        read,
        [found for path in _DEVICES for found in _find(path, path)],
    )


def build_root(root: str, mounts: list[tuple[str, str, bool]], tmp_megabytes: int) -> None:
    """Build the program's own root on `root` and enter it."""
    links, read, devices = _common()
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=4m")
    for name in ("etc", "dev", "tmp", "proc"):
        Path(root, name).mkdir()
    for found in read:
        _bind(root, found, writable=False)
    for path, text in _USERS:
        Path(root + path).write_text(text)
    for found in devices:
        _bind(root, found, writable=True)
    for path, target in links:
        Path(root + path).symlink_to(target)
    mount("tmpfs", root + "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, f"size={tmp_megabytes}m")
    mount("proc", root + "/proc", "proc", MS_NOSUID | MS_NODEV)
    for source, target, writable in mounts:
        for found in _find(source, target):
            Path(root + target).parent.mkdir(parents=True, exist_ok=True)
            _bind(root, found, writable)
    make_read_only(root, recursive=False)
    enter_root(root)


def _bind(root: str, found: _Found, writable: bool) -> None:
    place = Path(root + found.target)
    if found.is_folder:
        place.mkdir(parents=True, exist_ok=True)
    elif not place.exists():
        place.touch(exist_ok=False)
    mount(found.real, str(place), flags=MS_BIND | MS_REC)
    if not writable:
        make_read_only(str(place))


def shut(memory_bytes: int) -> None:
    """Let the program make no namespaces, and no more shared memory than it has of its own.

    In namespaces of its own it would have rights, and file systems in memory that nothing limits.
    Not every kernel has these limits, or lets an ordinary user's programs set them.
    """
    limits = {"user/max_user_namespaces": 0}
    if memory_bytes:
        limits["kernel/shmall"] = memory_bytes // resource.getpagesize()
    for name, value in limits.items():
        with contextlib.suppress(OSError):
            Path("/proc/sys", name).write_text(str(value))


def restrict_files(mounts: list[tuple[str, str, bool]]) -> None:
    """Landlock's way: only system folders and the mounts' sources, at their own paths."""
    readable = [*_SYSTEM, *_ETC, *(path for path, _ in _USERS), "/proc"]
    readable += [source for source, _, rw in mounts if not rw]
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

    All is stopped before any is killed: what is stopped does not fork, and still counts against
    the limit that holds a fork bomb, so that there comes a round with nobody new.
    """
    stopped: set[int] = set()
    while found := _descendants(os.getpid()) - stopped:
        _signal(found, signal.SIGSTOP)
        stopped |= found
    _signal(stopped, signal.SIGKILL)
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _signal(processes: set[int], number: int) -> None:
    for process in processes:
        try:
            os.kill(process, number)
        except ProcessLookupError:
            continue


def _descendants(process: int) -> set[int]:
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):  # noqa: PTH208 - thousands of them, and quickly
        if name.isdigit():
            try:
                fields = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(name))
    found: set[int] = set()
    waiting = [process]
    while waiting:
        below = children.get(waiting.pop(), [])
        found.update(below)
        waiting += below
    return found
