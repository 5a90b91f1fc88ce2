"""The few Linux calls that Python's standard library does not offer, each raising OSError."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import signal
import struct
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWIPC = 0x20000, 0x10000000, 0x20000000, 0x08000000
_NAMESPACES = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x1000, 0x4000, 0x40000

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 36, 38
_PR_SET_DUMPABLE, _PR_SET_SECUREBITS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 4, 28, 47, 2
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_CAP_DAC_READ_SEARCH = 2
MAY_KILL = 1 << 5  # CAP_KILL
_KEYCTL_JOIN_SESSION_KEYRING = 1
_MNT_DETACH, _AT_FDCWD, _AT_RECURSIVE = 2, -100, 0x8000
_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID = 0x1, 0x2
_SYS_MOUNT_SETATTR, _SYS_LANDLOCK = 442, 444
_NS_GET_USERNS = 0xB701
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_SYS_KEYCTL = {"x86_64": 250, "aarch64": 219}
_SYS_CLONE = {"x86_64": 56, "aarch64": 220}
_CAPABILITY_VERSION_3 = 0x20080522

# Landlock's file rights (linux/landlock.h), as masks.
LANDLOCK_READ = 1 << 0 | 1 << 2 | 1 << 3  # execute, read a file, read a folder
_LANDLOCK_ABI_1 = (1 << 13) - 1
_LANDLOCK_SCOPES = 1 << 0 | 1 << 1  # abstract sockets and signals stay inside
_PATH_BENEATH, _CREATE_RULESET_VERSION, _O_PATH = 1, 1, 0o10000000

_libc = ctypes.CDLL(None, use_errno=True)
_locked = ctypes.PyDLL(None, use_errno=True)  # keeps the interpreter's lock during a call


def _number(by_machine: dict[str, int]) -> int:
    """A system call's number here."""
    if platform.machine() not in by_machine:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    return by_machine[platform.machine()]


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _prctl(option: int, value: int, more: int = 0) -> None:
    _checked(_libc.prctl(option, value, more, 0, 0), "prctl")


def die_with_parent(signal_number: int) -> None:
    """The calling process gets this signal when the process that forked it ends."""
    _prctl(_PR_SET_PDEATHSIG, signal_number)


def become_subreaper() -> None:
    """Orphaned descendants become children of the calling process."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def fork_into_namespaces() -> int:
    """`os.fork`, but that the child is in new namespaces of every kind, and there process 1.

    It is one fork where `unshare` takes two, since only children of who leaves a PID namespace are
    in the new one. The interpreter is told as it wants to be ("Process and interpreter
    finalization", Python/C API: `PyOS_BeforeFork` and so on, for any call that clones a process).
    """
    number, flags = ctypes.c_long(_number(_SYS_CLONE)), ctypes.c_ulong(_NAMESPACES | signal.SIGCHLD)
    _locked.PyOS_BeforeFork()
    process: int = _locked.syscall(number, flags, None, None, None, None)
    error = ctypes.get_errno()
    if process == 0:
        _locked.PyOS_AfterFork_Child()
        return 0
    _locked.PyOS_AfterFork_Parent()
    ctypes.set_errno(error)
    return _checked(process, "clone")


def unshare(flags: int) -> None:
    """Leave the given namespaces for new ones."""
    _checked(_libc.unshare(flags), "unshare")


def join(mounts: int) -> None:
    """Go into a mount namespace (its descriptor) and the user namespace that it belongs to."""
    users = fcntl.ioctl(mounts, _NS_GET_USERNS)
    for namespace, flag in ((users, CLONE_NEWUSER), (mounts, CLONE_NEWNS)):
        _checked(_libc.setns(namespace, flag), "setns")
    os.close(users)


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    """Mount, see mount(2)."""
    arguments = (source.encode(), target.encode(), kind.encode() or None)
    _checked(_libc.mount(*arguments, ctypes.c_ulong(flags), data.encode() or None), "mount")


def make_read_only(target: str, recursive: bool = True) -> None:
    """Make a mount, and those below it if `recursive`, read-only."""
    attributes = struct.pack("QQQQ", _MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID, 0, 0, 0)
    flags = _AT_RECURSIVE if recursive else 0
    arguments = (_AT_FDCWD, target.encode(), flags, attributes, ctypes.c_size_t(32))
    _checked(_libc.syscall(_SYS_MOUNT_SETATTR, *arguments), "mount_setattr")


def enter_root(root: str) -> None:
    """Make `root` the root of the file system and let go of the old one."""
    os.chdir(root)
    _checked(_libc.syscall(_number(_SYS_PIVOT_ROOT), b".", b"."), "pivot_root")
    _checked(_libc.umount2(b".", _MNT_DETACH), "umount2")
    os.chdir("/")


def drop_privileges(kept: int = 0) -> None:
    """Give up every capability but those `kept` (a mask), for good: no exec brings one back."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    capabilities = struct.pack("IIIIII", kept, kept, kept, 0, 0, 0)
    _checked(_libc.capset(header, capabilities), "capset")


def become(user: int) -> None:
    """Be this user and no other group, with no right of root's but to read any file.

    Only a superuser of its namespace can do this, and it is for good. The right counts for
    access(2) too, which else looks at users alone.
    """
    _prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    drop_privileges(1 << _CAP_DAC_READ_SEARCH)
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_READ_SEARCH)
    _prctl(_PR_SET_DUMPABLE, 1)  # its own /proc/self is its own again


def leave_keyring() -> None:
    """Have a keyring of one's own instead of the session's, whose keys would be the program's."""
    number = _number(_SYS_KEYCTL)
    _checked(_libc.syscall(number, _KEYCTL_JOIN_SESSION_KEYRING, None), "keyctl")


def landlock_version() -> int:
    """The version of Landlock's interface, 0 where the kernel has none."""
    version: int = _libc.syscall(
        _SYS_LANDLOCK, None, ctypes.c_size_t(0), ctypes.c_uint(_CREATE_RULESET_VERSION)
    )
    return max(version, 0)


def landlock(readable: list[str], writable: list[str]) -> None:
    """Restrict the calling process and its descendants to these files and folders."""
    version = landlock_version()
    # Later interface versions add: 2 moving between folders, 3 truncating, 5 device ioctls.
    handled = _LANDLOCK_ABI_1 | (version >= 2) << 13 | (version >= 3) << 14 | (version >= 5) << 15
    scopes = _LANDLOCK_SCOPES if version >= 6 else 0
    attributes = struct.pack("QQQ", handled, 0, scopes)
    size = 24 if version >= 6 else 8
    ruleset = _checked(
        _libc.syscall(_SYS_LANDLOCK, attributes, ctypes.c_size_t(size), 0), "landlock"
    )
    for rights, paths in ((LANDLOCK_READ, readable), (handled, writable)):
        for path in paths:
            _allow(ruleset, path, rights)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _checked(_libc.syscall(_SYS_LANDLOCK + 2, ruleset, 0), "landlock_restrict_self")
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    if not Path(path).exists():
        return
    if not Path(path).is_dir():
        rights &= 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15  # those a file can have
    folder = os.open(path, _O_PATH | os.O_CLOEXEC)
    rule = struct.pack("=Qi", rights, folder)
    arguments = (ruleset, _PATH_BENEATH, rule, ctypes.c_uint(0))
    _checked(_libc.syscall(_SYS_LANDLOCK + 1, *arguments), "landlock_add_rule")
    os.close(folder)
