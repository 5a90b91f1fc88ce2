"""The real git against CodeCommit: over HTTP in both its ways, and over SSH."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from cloudarium.cli.life.workshop import Workshop
from tests.life.server import COMMAND, Server, run

SERVICE = "codecommit.amazonaws.com"
# The helper serves Amazon's hosts alone unless it is told not to look.
HELPER = '!f() { test "$1" = get && aws codecommit credential-helper get --ignore-host-check; }; f'
WHO = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
PLAIN = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}",
}


def git(folder: Path, *words: str | Path, environment: Mapping[str, str] | None = None) -> str:
    """Run git, which must succeed; return what it wrote."""
    done = run("git", *WHO, *words, cwd=folder, environment={**PLAIN, **(environment or {})})
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(folder: Path, *words: str, environment: Mapping[str, str] | None = None) -> str:
    """Run git, which must fail; return what it says."""
    done = run("git", *WHO, *words, cwd=folder, environment={**PLAIN, **(environment or {})})
    assert done.returncode != 0
    return done.stderr


def user(server: Server, name: str, *actions: str) -> None:
    """Make a user who may do these actions."""
    iam = server.client("iam")
    iam.create_user(UserName=name)
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=name, PolicyName="git", PolicyDocument=policy)


@pytest.fixture(scope="module")
def writer(shared: Server) -> str:
    """`user:password@` of git credentials that allow everything."""
    return credentials(shared, "writer", "codecommit:GitPull", "codecommit:GitPush")


def credentials(server: Server, name: str, *actions: str) -> str:
    """Make a user with git credentials; return them as they stand in a URL."""
    user(server, name, *actions)
    made = server.client("iam").create_service_specific_credential(
        UserName=name, ServiceName=SERVICE
    )["ServiceSpecificCredential"]
    return f"{quote(made['ServiceUserName'])}:{quote(made['ServicePassword'], safe='')}@"


def repository(server: Server, name: str, who: str = "") -> str:
    """Make a repository; return its HTTP URL."""
    server.client("codecommit").create_repository(repositoryName=name)
    return address(server, name, who)


def address(server: Server, name: str, who: str = "") -> str:
    """Return a repository's HTTP URL with credentials in it."""
    return f"http://{who}localhost:{server.cloud.ports['http']}/v1/repos/{name}"


def work(folder: Path, **files: str) -> Path:
    """Make a working copy with one commit of these files."""
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder, **files)
    return folder


def commit(folder: Path, message: str = "A change", **files: str) -> str:
    """Commit files by name; return the commit's id."""
    for name, text in files.items():
        (folder / name).write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD").strip()


def heads(url: str, folder: Path) -> dict[str, str]:
    """Return what a remote has, by name."""
    lines = git(folder, "ls-remote", url).splitlines()
    return {name: identifier for identifier, name in (line.split("\t") for line in lines)}


def test_git_credentials_push_and_clone(shared: Server, writer: str, tmp_path: Path) -> None:
    url = repository(shared, "over-http", writer)
    here = work(tmp_path / "here", README="first\n")
    git(here, "push", "--quiet", url, "main")
    git(tmp_path, "clone", "--quiet", url, "there")
    assert (tmp_path / "there" / "README").read_text() == "first\n"
    tip = commit(tmp_path / "there", README="second\n")
    git(tmp_path / "there", "push", "--quiet")
    git(here, "pull", "--quiet", url, "main")
    assert git(here, "rev-parse", "HEAD").strip() == tip
    branch = shared.client("codecommit").get_branch(repositoryName="over-http", branchName="main")
    assert branch["branch"]["commitId"] == tip


def test_the_aws_clis_credential_helper(shared: Server, tmp_path: Path) -> None:
    url = repository(shared, "helped")
    here = work(tmp_path / "here", README="first\n")
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    keys["AWS_DEFAULT_REGION"] = "us-east-1"
    helped = ("-c", f"credential.helper={HELPER}", "-c", "credential.UseHttpPath=true")
    git(here, *helped, "push", "--quiet", url, "main", environment=keys)
    git(tmp_path, *helped, "clone", "--quiet", url, "there", environment=keys)
    assert (tmp_path / "there" / "README").read_text() == "first\n"
    wrong = {**keys, "AWS_SECRET_ACCESS_KEY": "guessed"}
    assert "Authentication failed" in refused(here, *helped, "fetch", url, environment=wrong)


def test_over_ssh(shared: Server, tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "shop", tmp_path / "source")
    user(shared, "ssh-user", "codecommit:GitPull", "codecommit:GitPush")
    uploaded = shared.client("iam").upload_ssh_public_key(
        UserName="ssh-user", SSHPublicKeyBody=shop.public_key()
    )
    name = uploaded["SSHPublicKey"]["SSHPublicKeyId"]
    repository(shared, "over-ssh")
    url = f"ssh://{name}@localhost:{shared.cloud.ports['ssh']}/v1/repos/over-ssh"
    ssh = (
        f"ssh -i {shop.key} -o IdentitiesOnly=yes -o StrictHostKeyChecking=accept-new "
        f"-o UserKnownHostsFile={tmp_path / 'known_hosts'} -o LogLevel=ERROR"
    )
    secure = {"GIT_SSH_COMMAND": ssh}
    here = work(tmp_path / "here", README="first\n")
    git(here, "push", "--quiet", url, "main", environment=secure)
    git(tmp_path, "clone", "--quiet", url, "there", environment=secure)
    assert (tmp_path / "there" / "README").read_text() == "first\n"
    stranger = url.replace(name, "APKAAAAAAAAAAAAAAAAA")
    assert "Permission denied" in refused(here, "fetch", stranger, environment=secure)
    iam = shared.client("iam")
    iam.update_ssh_public_key(UserName="ssh-user", SSHPublicKeyId=name, Status="Inactive")
    assert "Permission denied" in refused(here, "fetch", url, environment=secure)


def test_a_denied_push_says_why(shared: Server, writer: str, tmp_path: Path) -> None:
    url = repository(shared, "guarded", writer)
    here = work(tmp_path / "here", README="first\n")
    git(here, "push", "--quiet", url, "main")
    reader = address(shared, "guarded", credentials(shared, "reader", "codecommit:GitPull"))
    git(tmp_path, "clone", "--quiet", reader, "there")
    commit(tmp_path / "there", README="mine\n")
    said = refused(tmp_path / "there", "push", reader, "main")
    assert "user/reader is not authorized to perform: codecommit:GitPush" in said
    assert "arn:aws:codecommit:us-east-1:000000000000:guarded" in said
    assert heads(url, here)["refs/heads/main"] == git(here, "rev-parse", "HEAD").strip()
    nobody = address(shared, "guarded", "somebody-at-000000000000:guess@")
    assert "Authentication failed" in refused(here, "fetch", nobody)
    assert "not found" in refused(here, "fetch", address(shared, "no-such", writer)).lower()


def test_megabytes(shared: Server, writer: str, tmp_path: Path) -> None:
    """A few megabytes of random, so incompressible, bytes in many files and commits."""
    url = repository(shared, "large", writer)
    chance = random.Random(7)
    here = work(tmp_path / "here", README="first\n")
    for number in range(4):
        for part in range(25):
            (here / f"{number}-{part}.bin").write_bytes(chance.randbytes(50_000))
        tip = commit(here, f"Part {number}")
    git(here, "push", "--quiet", url, "main")
    git(tmp_path, "clone", "--quiet", url, "there")
    assert git(tmp_path / "there", "rev-parse", "HEAD").strip() == tip
    git(tmp_path / "there", "fsck", "--strict")
    git(tmp_path, "clone", "--quiet", "--depth", "1", url, "shallow")
    assert git(tmp_path / "shallow", "rev-list", "--count", "HEAD") == "1\n"
    assert (tmp_path / "shallow" / "0-0.bin").read_bytes() == (here / "0-0.bin").read_bytes()
    git(tmp_path / "shallow", "fetch", "--quiet", "--unshallow")
    assert git(tmp_path / "shallow", "rev-list", "--count", "HEAD") == "5\n"


def test_tags_force_pushes_and_deletions(shared: Server, writer: str, tmp_path: Path) -> None:
    url = repository(shared, "moving", writer)
    here = work(tmp_path / "here", README="first\n")
    git(here, "tag", "light")
    git(here, "tag", "--annotate", "--message", "One", "v1")
    git(here, "push", "--quiet", url, "main", "light", "v1", "main:side")
    found = heads(url, here)
    assert found["refs/tags/light"] == found["refs/heads/main"] == found["refs/tags/v1^{}"]
    assert found["HEAD"] == found["refs/heads/main"]
    commit(here, README="second\n")
    git(here, "push", "--quiet", url, "main")
    git(here, "commit", "--quiet", "--amend", "--message", "Better")
    assert "non-fast-forward" in refused(here, "push", url, "main")
    git(here, "push", "--quiet", "--force", url, "main")
    git(here, "push", "--quiet", url, "--delete", "side", "light")
    found = heads(url, here)
    assert found["refs/heads/main"] == git(here, "rev-parse", "HEAD").strip()
    assert sorted(found) == ["HEAD", "refs/heads/main", "refs/tags/v1", "refs/tags/v1^{}"]
    listed = shared.client("codecommit").list_branches(repositoryName="moving")["branches"]
    assert listed == ["main"]


def test_the_default_branch_stays(shared: Server, writer: str, tmp_path: Path) -> None:
    url = repository(shared, "rooted", writer)
    here = work(tmp_path / "here", README="first\n")
    git(here, "push", "--quiet", url, "main")
    assert "main" in refused(here, "push", url, "--delete", "main")
    assert "refs/heads/main" in heads(url, here)
