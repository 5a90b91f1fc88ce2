"""Git over SSH, with the real git and the real OpenSSH client."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

Git = Callable[..., "subprocess.CompletedProcess[str]"]
Ssh = Callable[..., "subprocess.CompletedProcess[str]"]
PULL_AND_PUSH = ["codecommit:GitPull", "codecommit:GitPush"]


def allow(cloud: CloudUnderTest, *actions: str) -> None:
    """Let alice do `actions` on the repository `profile`."""
    statement = {
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": "arn:aws:codecommit:us-east-1:000000000000:profile",
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    cloud.client("iam").put_user_policy(
        UserName="alice", PolicyName="git", PolicyDocument=json.dumps(policy)
    )


@pytest.fixture
def alice(cloud: CloudUnderTest, tmp_path: Path) -> str:
    """The id of an IAM user's SSH public key; she may pull and push `profile`."""
    key = tmp_path / "id_rsa"
    command = ("ssh-keygen", "-q", "-t", "rsa", "-N", "", "-f", str(key))
    subprocess.run(command, check=True, timeout=30)
    iam = cloud.client("iam")
    iam.create_user(UserName="alice")
    allow(cloud, *PULL_AND_PUSH)
    answer = iam.upload_ssh_public_key(
        UserName="alice", SSHPublicKeyBody=key.with_suffix(".pub").read_text()
    )
    key_id: str = answer["SSHPublicKey"]["SSHPublicKeyId"]
    return key_id


@pytest.fixture
def ssh(tmp_path: Path, git: Git) -> Ssh:
    """Run git with OpenSSH, the key and an empty list of known hosts."""
    command = (
        f"ssh -F /dev/null -i {tmp_path / 'id_rsa'} -o BatchMode=yes"
        f" -o IdentitiesOnly=yes -o IdentityAgent=none -o StrictHostKeyChecking=accept-new"
        f" -o UserKnownHostsFile={tmp_path / 'known_hosts'}"
    )

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return git(*arguments, GIT_SSH_COMMAND=command)

    return run


def url(cloud: CloudUnderTest, key_id: str, name: str = "profile") -> str:
    """Return the repository's SSH URL."""
    return f"ssh://{key_id}@127.0.0.1:{cloud.ports['ssh']}/v1/repos/{name}"


def commit(git: Git, path: str, content: str) -> str:
    """Commit one file and return the commit's id."""
    folder = Path(git("rev-parse", "--show-toplevel").stdout.strip())
    (folder / path).write_text(content)
    git("add", "-A")
    assert git("commit", "-m", f"Write {path}").returncode == 0
    return git("rev-parse", "HEAD").stdout.strip()


def test_push_clone_and_pull(
    cloud: CloudUnderTest, codecommit: Any, profile: Any, alice: str, ssh: Ssh, tmp_path: Path
) -> None:
    first = commit(ssh, "big", "x" * 3_000_000)
    pushed = ssh("push", url(cloud, alice), "main")
    assert pushed.returncode == 0, pushed.stderr
    branch = codecommit.get_branch(repositoryName="profile", branchName="main")["branch"]
    assert branch["commitId"] == first
    copy = str(tmp_path / "copy")
    cloned = ssh("clone", url(cloud, alice), copy)
    assert cloned.returncode == 0, cloned.stderr
    second = commit(ssh, "app.py", "print(1)")
    assert ssh("push", url(cloud, alice), "main").returncode == 0
    assert ssh("-C", copy, "pull").returncode == 0
    assert ssh("-C", copy, "rev-parse", "HEAD").stdout.strip() == second
    assert "Everything up-to-date" in ssh("push", url(cloud, alice), "main").stderr


def test_the_host_key_stays_over_a_restart(
    cloud: CloudUnderTest, profile: Any, alice: str, ssh: Ssh
) -> None:
    assert ssh("ls-remote", url(cloud, alice)).returncode == 0
    path = cloud.folder / "git" / "ssh_host_ed25519_key"
    key = path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    cloud.restart()
    assert ssh("ls-remote", url(cloud, alice)).returncode == 0
    assert path.read_bytes() == key


def test_a_key_that_is_not_active_is_denied(
    cloud: CloudUnderTest, profile: Any, alice: str, ssh: Ssh
) -> None:
    unknown = ssh("ls-remote", url(cloud, "APKA" + "X" * 16))
    assert "Permission denied (publickey)" in unknown.stderr
    cloud.client("iam").update_ssh_public_key(
        UserName="alice", SSHPublicKeyId=alice, Status="Inactive"
    )
    assert "Permission denied (publickey)" in ssh("ls-remote", url(cloud, alice)).stderr


def test_a_push_without_permission_is_refused_with_the_reason(
    cloud: CloudUnderTest, codecommit: Any, profile: Any, alice: str, ssh: Ssh
) -> None:
    allow(cloud, "codecommit:GitPull")
    commit(ssh, "a", "1")
    pushed = ssh("push", url(cloud, alice), "main")
    assert pushed.returncode != 0
    assert (
        "User: arn:aws:iam::000000000000:user/alice is not authorized to perform: "
        "codecommit:GitPush on resource: arn:aws:codecommit:us-east-1:000000000000:profile"
    ) in pushed.stderr
    assert codecommit.list_branches(repositoryName="profile")["branches"] == []


def test_a_protected_branch_is_refused_by_name(
    cloud: CloudUnderTest, codecommit: Any, profile: Any, alice: str, ssh: Ssh
) -> None:
    references = {"codecommit:References": ["refs/heads/main"]}
    denied = {
        "Effect": "Deny",
        "Action": "codecommit:GitPush",
        "Resource": "*",
        "Condition": {
            "StringEqualsIfExists": references,
            "Null": {"codecommit:References": "false"},
        },
    }
    cloud.client("iam").put_user_policy(
        UserName="alice",
        PolicyName="protect",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [denied]}),
    )
    commit(ssh, "big", "x" * 3_000_000)
    pushed = ssh("push", url(cloud, alice), "main", "main:feature")
    assert pushed.returncode != 0
    assert "[remote rejected] main -> main" in pushed.stderr
    assert "remote: User: arn:aws:iam::000000000000:user/alice" in pushed.stderr
    assert codecommit.list_branches(repositoryName="profile")["branches"] == []
    assert ssh("push", url(cloud, alice), "main:feature").returncode == 0


def test_only_git_is_served(
    cloud: CloudUnderTest, profile: Any, alice: str, tmp_path: Path
) -> None:
    def run(*command: str) -> str:
        options = ("-F", "/dev/null", "-o", "StrictHostKeyChecking=no", "-o", "BatchMode=yes")
        known = ("-o", f"UserKnownHostsFile={tmp_path / 'known'}")
        key = ("-o", "IdentityAgent=none", "-i", str(tmp_path / "id_rsa"))
        where = ("-p", str(cloud.ports["ssh"]), f"{alice}@127.0.0.1")
        return subprocess.run(
            ("ssh", *options, *known, *key, *where, *command),
            capture_output=True,
            text=True,
            timeout=30,
        ).stderr

    assert "You have successfully authenticated over SSH." in run()
    assert "Invalid command: ls /" in run("ls /")
    assert "Invalid command" in run("git-upload-pack '/etc'")
    assert "is not authorized to perform: codecommit:GitPull" in run(
        "git-upload-pack '/v1/repos/nix'"
    )


@pytest.mark.parametrize(
    "said", [b"", b"x" * 300, b"SSH-2.0-x\r\n" + b"\0\0\0\x0c\x0b" + b"\0" * 11]
)
def test_a_client_that_speaks_no_ssh_is_left(
    cloud: CloudUnderTest, profile: Any, caplog: pytest.LogCaptureFixture, said: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", cloud.ports["ssh"]), timeout=20) as raw:
        raw.sendall(said)
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(1000):
            pass
    cloud.settle()
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []
