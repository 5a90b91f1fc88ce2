"""A state folder: who runs over it, and at which ports."""

from __future__ import annotations

import fcntl
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from cloudarium.cli.settings import SettingsError, setting

_TRIES = 5


@dataclass(frozen=True)
class Running:
    """A running cloud."""

    pid: int
    endpoint: str
    ports: dict[str, int]


@contextmanager
def occupied(folder: Path) -> Iterator[None]:
    """Hold the state folder; raise SettingsError if another cloud does."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = (folder / "lock").open("w")
    except OSError as error:
        raise SettingsError(f"cannot keep state in {folder}: {error.strerror}") from None
    with held as lock:
        if not any(_lock(lock) for _ in range(_TRIES)):
            raise SettingsError(f"a cloud runs over {folder} already")
        yield


def _lock(file: IO[str]) -> bool:
    """Take the lock, or wait a little: whoever looks who runs holds it for a moment."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        time.sleep(0.02)
        return False
    return True


def announce(folder: Path, running: Running) -> None:
    """Write down who runs."""
    temporary = folder / "server.json.new"
    temporary.write_text(json.dumps(asdict(running)))
    temporary.replace(folder / "server.json")


def running(folder: Path) -> Running | None:
    """Return the cloud that runs over the folder, if one does."""
    try:
        found = Running(**json.loads((folder / "server.json").read_text()))
        with (folder / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return None
    except FileNotFoundError:
        return None
    except OSError:
        return found


def last_ports(folder: Path) -> dict[str, int]:
    """Return the ports of the cloud that last ran over the folder, none if there was none."""
    try:
        return Running(**json.loads((folder / "server.json").read_text())).ports
    except FileNotFoundError:
        return {}


def required(folder: Path) -> Running:
    """Return the cloud that runs over the folder. Raises SettingsError if none does."""
    found = running(folder)
    if found is None:
        raise SettingsError(f"no cloud runs over {folder}; start one with: cloudarium up")
    return found


def environment(cloud: Running) -> dict[str, str]:
    """Return what AWS tools need to reach the cloud as its root, and only it."""
    return {
        "AWS_ENDPOINT_URL": cloud.endpoint,
        "AWS_ACCESS_KEY_ID": setting("CLOUDARIUM_ROOT_ACCESS_KEY_ID", "test"),
        "AWS_SECRET_ACCESS_KEY": setting("CLOUDARIUM_ROOT_SECRET_ACCESS_KEY", "test"),
        "AWS_DEFAULT_REGION": setting("AWS_DEFAULT_REGION", "us-east-1"),
    }


def control(cloud: Running, path: str, order: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask the cloud's own pages; `order` is sent as JSON. Raises SettingsError."""
    request = urllib.request.Request(f"{cloud.endpoint}/_cloudarium/{path}")
    if order is not None:
        request.data = json.dumps(order).encode()
        request.add_header("content-type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=600) as response:
            answer: dict[str, Any] = json.load(response)
            return answer
    except urllib.error.HTTPError as error:
        raise SettingsError(json.load(error).get("message", str(error))) from None
    except OSError as error:
        raise SettingsError(f"the cloud does not answer: {error}") from None


def client(cloud: Running, service: str, attempts: int = 3) -> Any:
    """Return a boto3 client of the cloud as its root; it can reach nothing else."""
    import boto3
    from botocore.config import Config

    settings = environment(cloud)
    return boto3.client(
        service,
        endpoint_url=cloud.endpoint,
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
        region_name=settings["AWS_DEFAULT_REGION"],
        config=Config(retries={"total_max_attempts": attempts}),
    )
