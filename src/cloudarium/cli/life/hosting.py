"""The cloud a life is lived in: one that runs already, or one started for it."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cloudarium.cli import place
from cloudarium.cli.life.progress import Progress
from cloudarium.cli.settings import SettingsError

_PATIENCE = 30.0


class Hosting:
    """A running cloud; stopped at the end if it was started here."""

    cloud: place.Running

    def __init__(self, options: argparse.Namespace, progress: Progress) -> None:
        self.folder: Path = options.dir.resolve()
        self._options = options
        self._progress = progress
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Find the cloud that runs over the folder, or start one."""
        with self._progress.stage("The cloud starts"):
            self.cloud = place.running(self.folder) or self._start()

    def _start(self) -> place.Running:
        self.folder.mkdir(parents=True, exist_ok=True)
        words = ["up", "--dir", str(self.folder), "--port", str(self._options.port)]
        if self._options.ssh_port is not None:
            words += ["--ssh-port", str(self._options.ssh_port)]
        if self._options.smtp_port is not None:
            words += ["--smtp-port", str(self._options.smtp_port)]
        with tempfile.TemporaryFile() as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cloudarium", *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=(self.folder / "server.log").open("ab"),
                start_new_session=True,
            )
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            found = place.running(self.folder)
            if found is not None and found.pid == self._process.pid:
                return found
            if self._process.poll() is not None:
                break
            time.sleep(0.02)
        text = (self.folder / "server.log").read_text().strip().splitlines()
        raise SettingsError(f"the cloud did not start: {text[-1] if text else 'no word of why'}")

    def stay(self) -> None:
        """Keep the cloud until the user interrupts."""
        if self._process is None:
            return
        self._progress.say("The cloud stays up; Ctrl-C stops it.")
        try:
            self._process.wait()
        except KeyboardInterrupt:
            self._progress.say("Stopping.")

    def stop(self) -> None:
        """Stop the cloud if it was started here, however far that came."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
