"""A CodeCommit client, a repository, and git as its users have it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

Git = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def codecommit(cloud: CloudUnderTest) -> Any:
    """CodeCommit as the account's root."""
    return cloud.client("codecommit")


@pytest.fixture
def profile(codecommit: Any) -> dict[str, Any]:
    """An empty repository called `profile`."""
    answer = codecommit.create_repository(repositoryName="profile")
    metadata: dict[str, Any] = answer["repositoryMetadata"]
    return metadata


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Run git in a working copy of its own, without the machine's configuration."""
    folder = tmp_path / "work"
    folder.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "Alice",
        "GIT_AUTHOR_EMAIL": "alice@example.com",
        "GIT_COMMITTER_NAME": "Alice",
        "GIT_COMMITTER_EMAIL": "alice@example.com",
    }

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ("git", *arguments),
            cwd=folder,
            env={**environment, **variables},
            capture_output=True,
            text=True,
            timeout=60,
        )

    run("init", "--initial-branch=main")
    return run
