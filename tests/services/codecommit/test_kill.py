"""A push that was acknowledged outlives the process, and is announced exactly once."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3
import pytest

SERVER = """
import asyncio, sys
from pathlib import Path
from cloudarium.cloud import Cloud

async def main():
    ports = {"http": int(sys.argv[2]), "ssh": 0, "smtp": 0}
    cloud = Cloud(Path(sys.argv[1]), ports=ports)
    await cloud.start()
    await cloud.listen()
    print("Ready.", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
KILLS = 4
Git = Callable[..., "subprocess.CompletedProcess[str]"]


class Server:
    """A cloud in a process of its own, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()

    def start(self) -> None:
        """Start; return when it answers."""
        command = (sys.executable, "-c", SERVER, str(self._folder), str(self.port))
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "Ready.\n"

    def kill(self) -> None:
        """Kill it as `kill -9` does."""
        self._process.kill()
        self._process.wait()

    def client(self, service: str) -> Any:
        """Return a boto3 client as the account's root."""
        session = boto3.Session("test", "test", region_name="us-east-1")
        return session.client(service, endpoint_url=f"http://127.0.0.1:{self.port}")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A real cloud on disk."""
    running = Server(tmp_path / "cloud")
    yield running
    running.kill()


def prepared(server: Server) -> tuple[str, str]:
    """Make a repository, a user and a queue for the events; return git's URL and the queue's."""
    iam, sqs, events = server.client("iam"), server.client("sqs"), server.client("events")
    server.client("codecommit").create_repository(repositoryName="profile")
    allow = {"Effect": "Allow", "Action": "codecommit:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.create_user(UserName="alice")
    iam.put_user_policy(UserName="alice", PolicyName="git", PolicyDocument=policy)
    answer = iam.create_service_specific_credential(
        UserName="alice", ServiceName="codecommit.amazonaws.com"
    )["ServiceSpecificCredential"]
    open_ = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [open_]})
    queue = sqs.create_queue(QueueName="told", Attributes={"Policy": policy})["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:000000000000:told"
    events.put_rule(Name="all", EventPattern=json.dumps({"source": ["aws.codecommit"]}))
    events.put_targets(Rule="all", Targets=[{"Id": "queue", "Arn": arn}])
    who = f"{answer['ServiceUserName']}:{quote(answer['ServicePassword'], safe='')}"
    return f"http://{who}@127.0.0.1:{server.port}/v1/repos/profile", queue


def push_until_killed(
    server: Server, git: Git, url: str, moment: float, number: int
) -> tuple[str, int]:
    """Push commit after commit, kill the server at `moment`; return the last one acknowledged."""
    acknowledged = ""
    while True:
        number += 1
        git("commit", "--allow-empty", "-m", str(number))
        head = git("rev-parse", "HEAD").stdout.strip()
        folder = git("rev-parse", "--show-toplevel").stdout.strip()
        command = ("git", "push", "-q", url, "main")
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "GIT_CONFIG_NOSYSTEM": "1"}
        pushing = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL)
        while pushing.poll() is None and time.monotonic() < moment:
            time.sleep(0.002)
        killed = time.monotonic() >= moment
        if killed:
            server.kill()
        if pushing.wait() == 0:
            acknowledged = head
        if killed:
            return acknowledged, number


def told(server: Server, queue: str) -> list[dict[str, Any]]:
    """Return the details of all events; they are there a little after the last start."""
    sqs = server.client("sqs")
    found: list[dict[str, Any]] = []
    while messages := sqs.receive_message(
        QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=2
    ).get("Messages"):
        found += [json.loads(message["Body"])["detail"] for message in messages]
    return found


def test_a_kill_loses_no_acknowledged_push(server: Server, git: Git) -> None:
    url, queue = prepared(server)
    chance, number = random.Random(1), 0
    for _ in range(KILLS):
        moment = time.monotonic() + chance.uniform(0.1, 0.6)
        acknowledged, number = push_until_killed(server, git, url, moment, number)
        server.start()
        tip = git("ls-remote", url, "main").stdout.partition("\t")[0]
        kept = git("rev-list", tip).stdout.split() if tip else []
        assert acknowledged in [*kept, ""]
    events = told(server, queue)
    following = {one.get("oldCommitId"): one["commitId"] for one in events}
    assert len(following) == len(events)
    commit: str | None = None
    while commit in following:
        commit = following[commit]
    assert commit == (tip or None)
