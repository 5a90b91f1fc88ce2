"""Working on a function's code: watched, and under a debugger; the real commands."""

from __future__ import annotations

import importlib.util
import json
import shutil
import signal
import socket
import subprocess
import threading
import urllib.request
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.life.server import CLEAN, COMMAND, PATIENCE, Server, until
from tests.life.test_functions import function, zipped

SLOW_NODE = """
exports.handle = async (event) => {
  debugger;
  await new Promise((resolve) => setTimeout(resolve, 1500));
  return { hello: event.name };
};
"""
ANSWER = "def handle(event, context):\n    print('number %d')\n    return %d\n"


def call(server: Server, name: str) -> Any:
    """Invoke; the answer."""
    return json.load(server.client("lambda").invoke(FunctionName=name)["Payload"])


def test_watched_files_are_served_at_once(shared: Server, tmp_path: Path) -> None:
    function(shared, "watched", Code={"ZipFile": zipped("index.py", ANSWER % (0, 0))})
    code = tmp_path / "index.py"
    code.write_text(ANSWER % (1, 1))
    words = [str(each) for each in (COMMAND, "watch", "--dir", shared.folder, "watched", tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, env=CLEAN, text=True) as watching:
        assert watching.stdout
        assert watching.stdout.readline().startswith(f"watched runs {tmp_path} as it is")
        for number in (1, 2, 3):
            code.write_text(ANSWER % (number, number))
            assert call(shared, "watched") == number
        patience = threading.Timer(PATIENCE, watching.kill)
        patience.start()
        assert any("number 3" in line for line in watching.stdout)
        patience.cancel()
        watching.send_signal(signal.SIGINT)
        assert watching.stdout.read().endswith("watched runs its own code again.\n")
        assert watching.wait(PATIENCE) == 130
    assert call(shared, "watched") == 0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def attached(port: int) -> list[str]:
    """Attach to a Node.js inspector and let it run through its breaks; where it stopped."""

    def look() -> Any:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
                return json.load(answer)
        except OSError:
            return None

    url = until(look, "the inspector")[0]["webSocketDebuggerUrl"]
    stopped: list[str] = []
    with connect(url) as inspector:
        for number, method in enumerate(
            ("Runtime.enable", "Debugger.enable", "Runtime.runIfWaitingForDebugger")
        ):
            inspector.send(json.dumps({"id": number, "method": method}))
        while len(stopped) < 2:
            message = json.loads(inspector.recv(timeout=PATIENCE))
            if message.get("method") == "Debugger.paused":
                stopped.append(message["params"]["callFrames"][0]["functionName"])
                inspector.send(json.dumps({"id": 9, "method": "Debugger.resume"}))
    return stopped


def test_a_node_function_under_a_debugger(shared: Server, tmp_path: Path) -> None:
    bundle = {"ZipFile": zipped("index.js", SLOW_NODE)}
    function(shared, "debugged", Runtime="nodejs22.x", Code=bundle, Timeout=1)
    event = tmp_path / "event.json"
    event.write_text('{"name": "Ada"}')
    port = free_port()
    words = ["invoke", "--dir", str(shared.folder), "debugged", "--event", str(event), "--debug"]
    with subprocess.Popen(
        [str(COMMAND), *words, "--debug-port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=CLEAN,
        text=True,
    ) as invoking:
        assert invoking.stdout and invoking.stderr
        assert f"127.0.0.1:{port}" in invoking.stderr.readline()
        if shutil.which("node"):
            assert attached(port)[1] == "exports.handle"
        answer = json.loads(invoking.stdout.read())
        log = invoking.stderr.read()
    if shutil.which("node"):
        assert (invoking.returncode, answer) == (0, {"hello": "Ada"})
        assert "REPORT RequestId" in log
    else:
        assert invoking.returncode == 1


def test_without_debugpy_it_says_so(shared: Server) -> None:
    function(shared, "python-debugged")
    if importlib.util.find_spec("debugpy") is None:
        done = shared.command("invoke", "python-debugged", "--debug")
        assert done.returncode == 2
        assert "pip install debugpy" in done.stderr
    done = shared.command("invoke", "nobody", "--debug")
    assert (done.returncode, "Function not found" in done.stderr) == (2, True)
