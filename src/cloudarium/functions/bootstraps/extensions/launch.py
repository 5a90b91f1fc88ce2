"""Starts a function's external extensions, and the runtime once all have registered.

    python launch.py WRAPPER EXTENSION... -- RUNTIME ARGUMENT...

Runs inside a function's environment, standard library only. WRAPPER is AWS_LAMBDA_EXEC_WRAPPER or
empty: a program that is given the runtime's command. A line of an extension's output begins with
the group separator (0x1d), so that the server tells it from the function's.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

_MARK = b"\x1d"
_BASE = "/rapid/extensions/"
# "Extensions can access the function's environment variables, except for the following".
_VARIABLES = """
    AWS_EXECUTION_ENV AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME
    AWS_XRAY_CONTEXT_MISSING AWS_XRAY_DAEMON_ADDRESS LAMBDA_RUNTIME_DIR LAMBDA_TASK_ROOT
    _AWS_XRAY_DAEMON_ADDRESS _AWS_XRAY_DAEMON_PORT _HANDLER
"""
_HIDDEN = frozenset(_VARIABLES.split())


def main() -> None:
    """Become the runtime, with the extensions beside it."""
    wrapper, *words = sys.argv[1:]
    split = words.index("--")
    extensions, command = words[:split], words[split + 1 :]
    if extensions:
        _beside(extensions)
        _ask("GET", "registered")
    if wrapper:
        command = [wrapper, *command]
    os.execvp(command[0], command)


def _beside(extensions: list[str]) -> None:
    """Watch over the extensions in a process that is no child of the runtime's."""
    middle = os.fork()
    if middle == 0:
        if os.fork() == 0:
            _watch(extensions)
        os._exit(0)
    os.waitpid(middle, 0)


def _watch(extensions: list[str]) -> None:
    os.closerange(3, 4)  # the runtime's own connection, if it has one
    threads = [threading.Thread(target=_run, args=(path,)) for path in extensions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _run(path: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in _HIDDEN}
    try:
        process = subprocess.Popen(
            [path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd="/",
        )
    except OSError as error:
        reason = f"fork/exec {path}: {(error.strerror or '').lower()}"
        _ask("POST", "ended", {"name": Path(path).name, "reason": reason, "launched": False})
        return
    assert process.stdout
    for line in process.stdout:
        os.write(1, _MARK + line.rstrip(b"\n") + b"\n")
    status = process.wait()
    reason = _reason(status)
    _ask("POST", "ended", {"name": Path(path).name, "reason": reason, "launched": True})


def _reason(status: int) -> str:
    if status < 0:
        return f"signal: {-status}"
    return f"exit status {status}" if status else "exit code 0"


def _ask(method: str, what: str, body: object = None) -> None:
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    connection.request(method, _BASE + what, json.dumps(body).encode())
    connection.getresponse().read()


if __name__ == "__main__":
    main()
