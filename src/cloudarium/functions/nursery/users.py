"""Who contained programs are.

The programs of an ordinary user are that user. Root's are a user each that nobody else is, for
two reasons: the kernel holds no limit on the number of processes against root, and files of the
kernel's (`/proc/sys/kernel/core_pattern`) look at the user alone.

Such a program has one right beyond its own: to read (CAP_DAC_READ_SEARCH), so that code in
folders of root's is code all the same. What it can see at all is up to its containment.
"""

from __future__ import annotations

import os
from pathlib import Path

from cloudarium.functions.nursery.kernel import become, drop_privileges

USER = 993  # the user functions run as on AWS (sbx_user1051 in Amazon Linux 2023's image)
_NAME = "sbx_user1051"
PASSWD = f"""root:x:0:0:root:/root:/sbin/nologin
{_NAME}:x:{USER}:{USER}::/home/{_NAME}:/sbin/nologin
"""
GROUP = f"""root:x:0:
{_NAME}:x:{USER}:
"""
_FIRST_USER = 1_900_000_000  # systemd's "Users, Groups, UIDs and GIDs": unused from 1879048192 on
_COMMON_USERS = 65_536
_ADMITTED, _REFUSED = b"!", b"-"


def separate(process: int) -> int:
    """A user of this machine for one program: a number that no user has, by a process's own."""
    return _FIRST_USER + process


def try_another_user() -> None:
    """Become another user, for good. Raises OSError where root may not (in some containers)."""
    become(_FIRST_USER)


def give(mounts: list[tuple[str, str, bool]], user: int) -> None:
    """Make all in the writable mounts the user's own; what it makes there is root's to delete."""
    for source, _, writable in mounts:
        for folder, _, files in os.walk(source) if writable else ():
            os.lchown(folder, user, user)
            for name in files:
                os.lchown(f"{folder}/{name}", user, user)


def await_admission(go: int) -> None:
    """Wait, in a new user namespace, for whoever is outside to `admit` us."""
    if os.read(go, 1) != _ADMITTED:
        raise OSError("no users in the new namespace")


def admit(child: int, go: int, is_separate: bool) -> None:
    """Give a child in a new user namespace its users there: only the program's, unless separate.

    Where it is, the machine's users are there too, so that their files can be mounted and read.
    Only who is outside may give a namespace more than one user.
    """
    user, group = os.geteuid(), os.getegid()
    maps = [("uid_map", f"{USER} {user} 1"), ("gid_map", f"{USER} {group} 1")]
    if is_separate:
        rest = f"{USER + 1} {USER + 1} {_COMMON_USERS - USER - 1}"
        all_of_them = f"0 0 {USER}\n{USER} {separate(child)} 1\n{rest}"
        maps = [("uid_map", all_of_them), ("gid_map", all_of_them)]
    else:
        maps.insert(0, ("setgroups", "deny"))
    try:
        for name, text in maps:
            Path(f"/proc/{child}", name).write_text(text)
    except OSError:
        os.write(go, _REFUSED)
    else:
        os.write(go, _ADMITTED)


def leave_rights_behind(user: int) -> None:
    """Give up what rights there are, for good; `user` is who to be from now on, 0 for the same."""
    if user:
        become(user)
    else:
        drop_privileges()
