"""The nursery: a small process that forks contained programs on the server's request.

Started as a script, with the descriptor of a SOCK_SEQPACKET socket, an empty folder and the
strongest containment to use:

    python -I nursery.py FD ROOT CONTAINMENT [BOOTSTRAP [PACKAGES]]

The first message out is `{"mode": ...}` (see `containment`). A message in is either
`{"id", "argv", "environment", "folder", "mounts", "limits", "tmp", "keeps_tmp", "nests",
"after"}` with the descriptor of the program's output and maybe another one, for the program's
descriptor 3, or `{"kill": id}`. A message out is `{"id", "pid"}` or `{"id", "exit"}`, an exit
status as a shell gives it (128 + n for signal n). The root of a program that `keeps_tmp` is kept
after its end, for one that comes `after` it, until `{"forget": id}`.

With a BOOTSTRAP (a Python file with `preload()` and `main()`) it imports that once; a program
without `argv` then is a fork that calls `main()`, ready in milliseconds. PACKAGES is a folder to
import from besides. Any Python from 3.9 on will do. When the server ends, the
socket closes and everything here ends with it.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

sys.path.insert(0, str(Path(__file__).parents[3]))
from cloudarium.functions.nursery import containment, kernel, users

del sys.path[0]

_MESSAGE_BYTES = 1 << 20
_CANNOT_START = 126
_OUT_OF_THE_WAY = 10


class Nursery:
    """Forks, kills and reaps; one loop, no threads."""

    def __init__(
        self, control: socket.socket, root: str, wanted: str, bootstrap: ModuleType | None
    ) -> None:
        self.control = control
        self.root = root
        self.bootstrap = bootstrap
        self.is_separate = os.geteuid() == 0 and containment.works(users.try_another_user)
        self.mode = containment.mode(root, wanted, self.is_separate)
        self.own_pid = os.getpid()
        self.pids: dict[int, int] = {}
        self.kept: dict[int, int] = {}  # mount namespaces

    def run(self) -> None:
        """Serve until the server's end of the socket closes."""
        kernel.become_subreaper()
        wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wake_write)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._send({"mode": self.mode})
        readers: list[Any] = [self.control, wake_read]
        while True:
            ready, _, _ = select.select(readers, [], [])
            if wake_read in ready:
                os.read(wake_read, 4096)
            if self.control in ready and not self._receive():
                break
            self._reap()
        for identity in list(self.pids):
            self._kill(identity)

    def _receive(self) -> bool:
        try:
            data, descriptors, _, _ = socket.recv_fds(self.control, _MESSAGE_BYTES, 2)
        except ConnectionError:
            data = b""
        if not data:
            return False
        message = json.loads(data)
        if "kill" in message:
            self._kill(message["kill"])
            return True
        if "forget" in message:
            self._forget(message["forget"])
            return True
        start = self._in_namespaces if self.mode == "namespaces" else self._beside
        try:
            pid = start(message, descriptors)
        except OSError:  # there can be no more processes, or namespaces
            pid = 0
        for descriptor in descriptors:
            os.close(descriptor)
        identity = message["id"]
        if pid:
            self.pids[identity] = pid
            self._send({"id": identity, "pid": pid})
        else:
            self._send({"id": identity, "exit": _CANNOT_START})
        return True

    def _beside(self, spec: dict[str, Any], given: list[int]) -> int:
        pid = os.fork()
        if pid == 0:
            _or_exit(given[0], lambda: self._keep(spec, given))
        return pid

    def _in_namespaces(self, spec: dict[str, Any], given: list[int]) -> int:
        earlier = self.kept.pop(spec.get("after", 0), None)
        first = self._anew(spec, given) if earlier is None else self._again(spec, given, earlier)
        if first and spec["keeps_tmp"]:
            self.kept[spec["id"]] = earlier or os.open(f"/proc/{first}/ns/mnt", os.O_RDONLY)
        return first

    def _anew(self, spec: dict[str, Any], given: list[int]) -> int:
        """Fork it into new namespaces, where it waits for its users."""
        go, go_write = os.pipe()
        try:
            first = kernel.fork_into_namespaces()
            if first == 0:
                _or_exit(given[0], lambda: self._admitted(spec, given, go))
            self._admit(spec, given, first, go_write)
        finally:
            os.close(go)
            os.close(go_write)
        return first

    def _admit(self, spec: dict[str, Any], given: list[int], first: int, go: int) -> None:
        """Give it its files and users; by a process of its own where the files may be many."""
        if not (self.is_separate and any(writable for _, _, writable in spec["mounts"])):
            users.admit(first, go, self.is_separate)
        elif os.fork() == 0:
            _or_exit(given[0], lambda: self._give_and_admit(spec, first, go))

    def _give_and_admit(self, spec: dict[str, Any], first: int, go: int) -> None:
        users.give(spec["mounts"], users.separate(first))
        users.admit(first, go, self.is_separate)

    def _admitted(self, spec: dict[str, Any], given: list[int], go: int) -> None:
        _close_all_but(go, *given)
        kernel.die_with_parent(signal.SIGKILL)
        users.await_admission(go)  # fails as well where the nursery has ended
        self._keep(spec, given)

    def _again(self, spec: dict[str, Any], given: list[int], earlier: int) -> int:
        """Fork twice: only the child of a process that left its PID namespace is in the new one.

        The middle process ends at once, and the first process of the namespace becomes our child.
        """
        answer_read, answer_write = os.pipe()
        gone_read, gone_write = os.pipe()
        middle = os.fork()
        if middle == 0:
            ends = answer_write, gone_read
            _or_exit(given[0], lambda: self._middle(spec, given, *ends, earlier))
        os.close(answer_write)
        first = int(os.read(answer_read, 32) or b"0")
        os.waitpid(middle, 0)
        # Only now are we the parent: whoever asks for a signal at its parent's death waits for it.
        os.write(gone_write, b"!")
        for descriptor in (answer_read, gone_read, gone_write):
            os.close(descriptor)
        return first

    def _middle(
        self, spec: dict[str, Any], given: list[int], answer: int, gone: int, earlier: int
    ) -> None:
        containment.enter_again(earlier)
        first = os.fork()
        if first:
            os.write(answer, str(first).encode())
            os._exit(0)
        _close_all_but(gone, *given)
        if not os.read(gone, 1):
            os._exit(_CANNOT_START)  # the nursery has ended
        kernel.die_with_parent(signal.SIGKILL)
        self._keep(spec, given, is_again=True)

    def _keep(self, spec: dict[str, Any], given: list[int], is_again: bool = False) -> None:
        """The program's keeper: starts it, outlives it just long enough to kill what it left."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        last = _first_descriptors(given)
        os.setsid()
        _or_exit(1, lambda: self._start(spec, last, is_again))

    def _start(self, spec: dict[str, Any], last: int, is_again: bool) -> NoReturn:
        if self.mode == "namespaces":
            if is_again:
                containment.renew_root()
            else:
                containment.build_root(self.root, spec["mounts"], spec["tmp"])
            if not spec["nests"]:
                containment.shut(spec["limits"].get("DATA", 0))
            user = users.USER if self.is_separate else 0
        else:
            kernel.become_subreaper()
            signal.signal(signal.SIGTERM, lambda *_: _leave(128 + signal.SIGKILL))
            kernel.die_with_parent(signal.SIGTERM)
            if os.getppid() != self.own_pid:
                _leave(_CANNOT_START)  # the nursery has ended before we asked
            user = users.separate(os.getpid()) if self.is_separate else 0
            if user:
                users.give(spec["mounts"], user)
        program = os.fork()
        if program == 0:
            _or_exit(1, lambda: self._program(spec, user))
        os.closerange(1, last + 1)
        if self.mode == "namespaces":
            kernel.drop_privileges(kernel.MAY_KILL)
        while True:
            process, status = os.wait()
            if process == program:
                code = os.waitstatus_to_exitcode(status)
                _leave(code if code >= 0 else 128 - code)

    def _program(self, spec: dict[str, Any], user: int) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.setsid()
        if self.mode == "landlock":
            containment.restrict_files(spec["mounts"])
        containment.limit_resources(spec["limits"])
        with contextlib.suppress(OSError):  # not every kernel has keyrings
            kernel.leave_keyring()
        users.leave_rights_behind(user)
        kernel.die_with_parent(signal.SIGKILL)  # only now: a change of the user would undo it
        os.chdir(spec["folder"])
        os.umask(0o022)
        if "argv" in spec:
            os.execvpe(spec["argv"][0], spec["argv"], spec["environment"])
        os.environ.clear()
        os.environ.update(spec["environment"])
        assert self.bootstrap is not None
        self.bootstrap.main()

    def _kill(self, identity: int) -> None:
        if identity in self.pids:
            number = signal.SIGKILL if self.mode == "namespaces" else signal.SIGTERM
            os.kill(self.pids[identity], number)

    def _forget(self, identity: int) -> None:
        mounts = self.kept.pop(identity, None)
        if mounts is not None:
            os.close(mounts)

    def _reap(self) -> None:
        while self.pids:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            for identity, known in list(self.pids.items()):
                if known == pid:
                    del self.pids[identity]
                    code = os.waitstatus_to_exitcode(status)
                    self._send({"id": identity, "exit": code if code >= 0 else 128 - code})

    def _send(self, message: dict[str, Any]) -> None:
        try:
            self.control.send(json.dumps(message).encode())
        except OSError:
            sys.exit(0)


def _or_exit(output: int, action: Callable[[], None]) -> NoReturn:
    """Run a forked process to its end; a fault on the way is told on its output."""
    status = _CANNOT_START
    try:
        action()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:  # nothing may return into the nursery's loop
        if sys.exc_info()[0] is not None:
            os.write(output, traceback.format_exc().encode())
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _leave(status: int) -> NoReturn:
    containment.kill_descendants()
    os._exit(status)


def _close_all_but(*kept: int) -> None:
    start = 3
    for descriptor in sorted(kept):
        os.closerange(start, descriptor)
        start = descriptor + 1
    os.closerange(start, 4096)


def _first_descriptors(given: list[int]) -> int:
    """Make them 0 (nothing), 1 and 2 (the first given) and 3 (the second), the only open ones."""
    output, *more = [fcntl.fcntl(each, fcntl.F_DUPFD, _OUT_OF_THE_WAY) for each in given]
    nothing = os.open("/dev/null", os.O_RDONLY)
    wanted = [nothing, output, output, *more]
    for number, descriptor in enumerate(wanted):
        os.dup2(descriptor, number)
    os.closerange(len(wanted), 4096)
    return len(wanted) - 1


def _load(path: str) -> ModuleType:
    sys.path.insert(0, str(Path(path).parent))
    bootstrap = importlib.import_module(Path(path).stem)
    del sys.path[0]
    bootstrap.preload()
    return bootstrap


def main() -> None:
    """Start as the module's description says."""
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    sys.path += sys.argv[5:]
    bootstrap = _load(sys.argv[4]) if len(sys.argv) > 4 else None
    gc.collect()
    gc.freeze()
    Nursery(control, sys.argv[2], sys.argv[3], bootstrap).run()


if __name__ == "__main__":
    main()
