"""`cloudarium down`: stop the cloud that runs over the state folder."""

from __future__ import annotations

import argparse
import os
import select
import signal

from cloudarium.cli import place

_PATIENCE_MS = 30_000


def run(options: argparse.Namespace) -> int:
    """Stop it and wait until it has ended; nothing to stop is no error."""
    cloud = place.running(options.dir)
    if cloud is None:
        print("No cloud runs here.")
        return 0
    end = os.pidfd_open(cloud.pid)
    signal.pidfd_send_signal(end, signal.SIGTERM)
    poll = select.poll()
    poll.register(end, select.POLLIN)
    ended = bool(poll.poll(_PATIENCE_MS))
    print("Stopped." if ended else f"The cloud (process {cloud.pid}) has not ended yet.")
    return 0 if ended else 1
