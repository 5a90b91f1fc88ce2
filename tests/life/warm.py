"""The AWS CLI without its start, which takes longer than all that most commands do.

`warm.py serve SOCKET` loads it and serves, each command in a fork; `warm.py SOCKET WORD...` has one
command run there, with the caller's folder, environment and streams.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path


def _serve(path: str) -> None:
    from awscli.clidriver import main

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        print("ready", flush=True)
        while True:
            connection, _ = listener.accept()
            with connection:
                if os.fork() == 0:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    status = _run(connection, main)
                    connection.sendall(str(status).encode())
                    os._exit(0)


def _run(connection: socket.socket, main: Callable[[], int]) -> int:
    message, streams, _, _ = socket.recv_fds(connection, 1 << 16, 3)
    while not message.endswith(b"\n"):
        message += connection.recv(1 << 16)
    given = json.loads(message)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(given["folder"])
    os.environ.update(given["environment"])
    sys.argv = ["aws", *given["words"]]
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def _ask(path: str, words: list[str]) -> int:
    given = {"words": words, "folder": str(Path.cwd()), "environment": dict(os.environ)}
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(path)
        message = json.dumps(given).encode() + b"\n"
        sent = socket.send_fds(server, [message], [0, 1, 2])
        server.sendall(message[sent:])
        return int(server.recv(16))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        _serve(sys.argv[2])
    sys.exit(_ask(sys.argv[1], sys.argv[2:]))
