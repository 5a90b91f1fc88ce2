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
from pathlib import Path

from cloudarium.functions.nursery import users
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
    enter_root,
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
_NAMESPACES = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC


def mode(root: str, wanted: str, is_separate: bool) -> str:
    """The best way of containment here, up to `wanted`; `root` is an empty folder to try it on."""
    if wanted == "namespaces" and _namespaces_work(root, is_separate):
        return "namespaces"
    return "landlock" if landlock_version() and wanted != "none" else "none"


def _namespaces_work(root: str, is_separate: bool) -> bool:
    ready_read, ready = os.pipe()
    go, go_write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            enter_namespaces(ready, go)
            os._exit(0 if works(lambda: build_root(root, [], 1)) else 1)
        except OSError:
            os._exit(1)
    os.close(ready)
    users.admit(child, ready_read, go_write, is_separate)
    for end in (ready_read, go, go_write):
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


def enter_namespaces(ready: int, go: int) -> None:
    """Go into new namespaces, where the process outside that reads `ready` must `admit` us.

    The *next child* is the first process of the new PID namespace.
    """
    unshare(_NAMESPACES)
    users.await_admission(ready, go)


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


def build_root(root: str, mounts: list[tuple[str, str, bool]], tmp_megabytes: int) -> None:
    """Build the program's own root on `root` and enter it."""
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=4m")
    for path in _SYSTEM:
        if Path(path).is_symlink():
            Path(root + path).symlink_to(Path(path).readlink())
        else:
            _bind(root, path, path, writable=False)
    for path in _ETC:
        _bind(root, path, path, writable=False)
    for path, text in _USERS:
        Path(root + path).write_text(text)
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


def _bind(root: str, source: str, target: str, writable: bool) -> None:
    if not Path(source).exists():
        return
    real, place = Path(source).resolve(), Path(root + target)
    if real.is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            place.touch()
    mount(str(real), str(place), flags=MS_BIND | MS_REC)
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
