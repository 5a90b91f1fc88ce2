"""The developer's own machine: an SSH key, working copies, the real git."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_PATIENCE = 120.0
# What running the tests or the bundler leaves behind.
_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".pytest_cache", "build", "packaged.yaml")


class GitFailed(Exception):
    """git did not do it; the text is what it said."""


@dataclass(frozen=True)
class Commit:
    """A commit of a working copy."""

    id: str
    message: str


class Workshop:
    """A folder with a key and a working copy per service."""

    def __init__(self, folder: Path, source: Path) -> None:
        self._folder = folder
        self._source = source
        self._folder.mkdir(parents=True, exist_ok=True)
        self.key = folder / "id_rsa"

    def public_key(self) -> str:
        """Return the developer's public key, making the pair on first use."""
        if not self.key.exists():
            # IAM takes RSA keys only.
            words = ["ssh-keygen", "-q", "-t", "rsa", "-b", "3072", "-N", "", "-C", "developer"]
            subprocess.run([*words, "-f", str(self.key)], check=True)
        return self.key.with_suffix(".pub").read_text().strip()

    def copy(self, service: str) -> Path:
        """Return a service's working copy, made from its source on first use."""
        folder = self._folder / service
        if not (folder / ".git").exists():
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self._source / service, folder, ignore=_LEFT_OUT)
            self.git(service, "init", "--quiet", "--initial-branch=main")
        return folder

    def refresh(self, service: str) -> None:
        """Put the source as it is now into the working copy, keeping its history."""
        folder = self.copy(service)
        for entry in folder.iterdir():
            if entry.name != ".git":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        shutil.copytree(self._source / service, folder, ignore=_LEFT_OUT, dirs_exist_ok=True)

    def connect(self, service: str, url: str) -> None:
        """Let a plain `git push` in the working copy do."""
        settings = {
            "core.sshCommand": self._ssh,
            "remote.origin.url": url,
            "remote.origin.fetch": "+refs/heads/*:refs/remotes/origin/*",
            "branch.main.remote": "origin",
            "branch.main.merge": "refs/heads/main",
            "user.name": "Developer",
            "user.email": "developer@example.com",
        }
        for name, value in settings.items():
            self.git(service, "config", name, value)

    @property
    def _ssh(self) -> str:
        known_hosts = self._folder / "known_hosts"
        return (
            f"ssh -i '{self.key}' -o IdentitiesOnly=yes -o StrictHostKeyChecking=accept-new "
            f"-o UserKnownHostsFile='{known_hosts}' -o LogLevel=ERROR"
        )

    def commit(self, service: str, message: str) -> Commit:
        """Commit everything; a commit is made even if nothing changed."""
        self.git(service, "add", "--all")
        self.git(service, "commit", "--quiet", "--allow-empty", "--message", message)
        return Commit(self.git(service, "rev-parse", "HEAD").strip(), message)

    def push(self, service: str, url: str) -> str:
        """Push main and return what git said. Raises GitFailed."""
        return self.git(service, "push", url, "HEAD:refs/heads/main")

    def replace(self, service: str, name: str, old: str, new: str) -> None:
        """Replace text in a file. Raises ValueError if it is not there once."""
        path = self.copy(service) / name
        text = path.read_text()
        if text.count(old) != 1:
            raise ValueError(f"{name} holds {old!r} {text.count(old)} times")
        path.write_text(text.replace(old, new))

    def git(self, service: str, *words: str) -> str:
        """Run git in a working copy; return what it wrote. Raises GitFailed."""
        author = {"NAME": "Developer", "EMAIL": "developer@example.com"}
        environment = {
            **os.environ,
            "GIT_SSH_COMMAND": self._ssh,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_AUTHOR_{name}": value for name, value in author.items()},
            **{f"GIT_COMMITTER_{name}": value for name, value in author.items()},
        }
        try:
            done = subprocess.run(
                ["git", *words],
                cwd=self._folder / service,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                timeout=_PATIENCE,
            )
        except subprocess.TimeoutExpired:
            raise GitFailed(f"git {words[0]} took longer than {_PATIENCE:.0f} s") from None
        if done.returncode != 0:
            raise GitFailed(done.stderr.strip() or done.stdout.strip())
        return done.stdout + done.stderr
