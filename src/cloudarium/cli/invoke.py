"""`cloudarium invoke`: call a function, show its log, print its answer."""

from __future__ import annotations

import argparse
import base64
import sys
from pathlib import Path

from cloudarium.cli import debugger, place
from cloudarium.cli.settings import SettingsError


def run(options: argparse.Namespace) -> int:
    """Print the answer on stdout and the log on stderr; 1 if the function failed."""
    cloud = place.required(options.dir)
    if options.debug:
        return debugger.run(cloud, options.function, _event(options.event), options.debug_port)
    client = place.client(cloud, "lambda")
    answer = client.invoke(
        FunctionName=options.function, LogType="Tail", Payload=_event(options.event)
    )
    print(base64.b64decode(answer["LogResult"]).decode(errors="replace"), file=sys.stderr)
    print(answer["Payload"].read().decode())
    return 1 if answer.get("FunctionError") else 0


def _event(file: str | None) -> bytes:
    if file is None:
        return b"{}"
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise SettingsError(f"cannot read {file}: {error.strerror}") from None
