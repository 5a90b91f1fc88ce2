"""Git over HTTP, with the real git."""

from __future__ import annotations

import base64
import gc
import gzip
import json
import logging
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.services.codecommit.git import packets

Git = Callable[..., "subprocess.CompletedProcess[str]"]
ALLOW = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["codecommit:GitPull", "codecommit:GitPush"],
            "Resource": "arn:aws:codecommit:us-east-1:000000000000:profile",
        }
    ],
}


@pytest.fixture
def alice(cloud: CloudUnderTest) -> str:
    """An IAM user's git credentials as they stand in a URL; she may pull and push `profile`."""
    iam = cloud.client("iam")
    iam.create_user(UserName="alice")
    iam.put_user_policy(UserName="alice", PolicyName="git", PolicyDocument=json.dumps(ALLOW))
    answer = iam.create_service_specific_credential(
        UserName="alice", ServiceName="codecommit.amazonaws.com"
    )
    credential = answer["ServiceSpecificCredential"]
    return f"{credential['ServiceUserName']}:{quote(credential['ServicePassword'], safe='')}"


def url(cloud: CloudUnderTest, who: str, name: str = "profile") -> str:
    """Return the repository's HTTP URL with credentials."""
    return f"{cloud.endpoint.replace('//', f'//{who}@')}/v1/repos/{name}"


def commit(git: Git, path: str, content: str) -> str:
    """Commit one file and return the commit's id."""
    folder = Path(git("rev-parse", "--show-toplevel").stdout.strip())
    (folder / path).write_text(content)
    git("add", "-A")
    assert git("commit", "-m", f"Write {path}").returncode == 0
    return git("rev-parse", "HEAD").stdout.strip()


def test_push_clone_and_pull(
    cloud: CloudUnderTest, codecommit: Any, profile: Any, alice: str, git: Git, tmp_path: Path
) -> None:
    first = commit(git, "big", "x" * 3_000_000)
    pushed = git("push", url(cloud, alice), "main")
    assert pushed.returncode == 0, pushed.stderr
    found = codecommit.get_repository(repositoryName="profile")["repositoryMetadata"]
    assert found["defaultBranch"] == "main"
    copy = str(tmp_path / "copy")
    cloned = git("clone", url(cloud, alice), copy)
    assert cloned.returncode == 0, cloned.stderr
    assert git("-C", copy, "rev-parse", "HEAD").stdout.strip() == first
    second = commit(git, "app.py", "print(1)")
    assert git("push", url(cloud, alice), "main").returncode == 0
    assert git("-C", copy, "pull").returncode == 0
    assert git("-C", copy, "rev-parse", "HEAD").stdout.strip() == second


def test_a_large_push_streams(
    cloud: CloudUnderTest, profile: Any, alice: str, git: Git, codecommit: Any
) -> None:
    first = commit(git, "noise", secrets.token_hex(4_000_000))
    pushed = git("-c", "http.postBuffer=65536", "push", url(cloud, alice), "main")
    assert pushed.returncode == 0, pushed.stderr
    branch = codecommit.get_branch(repositoryName="profile", branchName="main")["branch"]
    assert branch["commitId"] == first


def test_bad_credentials_are_asked_for_again(
    cloud: CloudUnderTest, profile: Any, alice: str, git: Git
) -> None:
    answer = git("ls-remote", url(cloud, "alice-at-000000000000:wrong"))
    assert answer.returncode != 0
    assert "Authentication failed" in answer.stderr
    answer = git("ls-remote", f"{cloud.endpoint}/v1/repos/profile")
    assert "terminal prompts disabled" in answer.stderr


def test_a_push_without_permission_is_refused_with_the_reason(
    cloud: CloudUnderTest, codecommit: Any, profile: Any, alice: str, git: Git
) -> None:
    policy = {**ALLOW, "Statement": [{**ALLOW["Statement"][0], "Action": "codecommit:GitPull"}]}  # type: ignore[dict-item]
    cloud.client("iam").put_user_policy(
        UserName="alice", PolicyName="git", PolicyDocument=json.dumps(policy)
    )
    commit(git, "a", "1")
    pushed = git("push", url(cloud, alice), "main")
    assert pushed.returncode != 0
    assert (
        "remote: User: arn:aws:iam::000000000000:user/alice is not authorized to perform: "
        "codecommit:GitPush on resource: arn:aws:codecommit:us-east-1:000000000000:profile"
    ) in pushed.stderr
    assert codecommit.list_branches(repositoryName="profile")["branches"] == []
    assert git("ls-remote", url(cloud, alice)).returncode == 0


def test_a_branch_can_be_protected_by_policy(
    cloud: CloudUnderTest, codecommit: Any, profile: Any, alice: str, git: Git
) -> None:
    deny = {
        "Effect": "Deny",
        "Action": "codecommit:GitPush",
        "Resource": "*",
        "Condition": {
            "StringEqualsIfExists": {"codecommit:References": ["refs/heads/main"]},
            "Null": {"codecommit:References": "false"},
        },
    }
    policy = {**ALLOW, "Statement": [*ALLOW["Statement"], deny]}
    cloud.client("iam").put_user_policy(
        UserName="alice", PolicyName="git", PolicyDocument=json.dumps(policy)
    )
    commit(git, "a", "1")
    pushed = git("push", url(cloud, alice), "main")
    assert pushed.returncode != 0
    assert "[remote rejected] main -> main" in pushed.stderr
    assert "remote: User: arn:aws:iam::000000000000:user/alice" in pushed.stderr
    assert git("push", url(cloud, alice), "main:feature").returncode == 0
    assert codecommit.list_branches(repositoryName="profile")["branches"] == ["feature"]


def test_a_missing_repository_is_not_found(cloud: CloudUnderTest, alice: str, git: Git) -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "codecommit:*", "Resource": "*"}],
    }
    cloud.client("iam").put_user_policy(
        UserName="alice", PolicyName="git", PolicyDocument=json.dumps(policy)
    )
    answer = git("ls-remote", url(cloud, alice, "nix"))
    assert "nix does not exist" in answer.stderr
    assert "not found" in answer.stderr


def test_the_aws_credential_helper_signs_in(
    cloud: CloudUnderTest, codecommit: Any, profile: Any, git: Git
) -> None:
    aws = f"{sys.executable} -m awscli codecommit credential-helper"
    helper = f'!f() {{ test "$1" = get && {aws} get --ignore-host-check; }}; f'
    options = ("-c", f"credential.helper={helper}", "-c", "credential.useHttpPath=true")
    keys = {"AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    commit(git, "a", "1")
    where = f"{cloud.endpoint}/v1/repos/profile"
    pushed = git(*options, "push", where, "main", AWS_ACCESS_KEY_ID="test", **keys)
    assert pushed.returncode == 0, pushed.stderr
    assert codecommit.list_branches(repositoryName="profile")["branches"] == ["main"]
    wrong = {**keys, "AWS_SECRET_ACCESS_KEY": "wrong"}
    answer = git(*options, "ls-remote", where, AWS_ACCESS_KEY_ID="test", **wrong)
    assert "Authentication failed" in answer.stderr


def test_a_tag_is_pushed_and_resolved(
    cloud: CloudUnderTest, codecommit: Any, profile: Any, alice: str, git: Git
) -> None:
    first = commit(git, "a", "1")
    git("tag", "-a", "v1", "-m", "One")
    assert git("push", url(cloud, alice), "main", "v1").returncode == 0
    file = codecommit.get_file(repositoryName="profile", filePath="a", commitSpecifier="v1")
    assert file["commitId"] == first
    gone = git("push", url(cloud, alice), ":main")
    assert "deletion of the current branch prohibited" in gone.stderr
    assert git("push", url(cloud, alice), ":v1").returncode == 0
    tip = codecommit.get_branch(repositoryName="profile", branchName="main")["branch"]["commitId"]
    with pytest.raises(codecommit.exceptions.BranchNameIsTagNameException):
        git("push", url(cloud, alice), "main:refs/tags/v2")
        codecommit.put_file(
            repositoryName="profile",
            branchName="v2",
            filePath="b",
            fileContent=b"1",
            parentCommitId=tip,
        )


def test_only_smart_http_is_served(cloud: CloudUnderTest, profile: Any) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{cloud.endpoint}/v1/repos/profile/info/refs", timeout=30)
    assert caught.value.code == 403


def sent(cloud: CloudUnderTest, who: str, what: str, body: bytes) -> tuple[int, bytes]:
    """Send what says of itself that it is packed; the answer's status and body."""
    headers = {"Authorization": f"Basic {base64.b64encode(unquote(who).encode()).decode()}"}
    headers["Content-Encoding"] = "gzip"
    place = f"{cloud.endpoint}/v1/repos/profile/git-{what}"
    try:
        with urllib.request.urlopen(
            urllib.request.Request(place, body, headers), timeout=30
        ) as got:
            return got.status, got.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@pytest.mark.parametrize(
    "body", [b"junk", b"", gzip.compress(b"0000junk", mtime=0)[:-12], b"\x1f\x8b"]
)
def test_what_cannot_be_unpacked_ends(
    cloud: CloudUnderTest, alice: str, profile: Any, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    assert sent(cloud, alice, "upload-pack", body) == (200, b"")
    assert sent(cloud, alice, "receive-pack", body)[0] in (200, 400)
    gc.collect()
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


def test_a_packed_request_may_be_long(cloud: CloudUnderTest, alice: str, profile: Any) -> None:
    many = b"".join(packets.packet(b"no command of a push, but a line %d" % n) for n in range(9999))
    assert sent(cloud, alice, "receive-pack", gzip.compress(many + b"0000") + b"more") == (200, b"")
