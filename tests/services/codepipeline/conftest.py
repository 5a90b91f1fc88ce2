"""A role, a bucket, a repository, and pipelines over them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.services.codepipeline.support import BUCKET, Pipelines
from tests.services.functions import make_role

from cloudarium.pytest_plugin import CloudUnderTest


@pytest.fixture
def pipelines(cloud: CloudUnderTest) -> Pipelines:
    """CodePipeline with a role, a bucket and a repository with one commit."""
    make_role(cloud, "pipeline", "*", service="codepipeline")
    cloud.client("s3").create_bucket(Bucket=BUCKET)
    codecommit = cloud.client("codecommit")
    codecommit.create_repository(repositoryName="profile")
    codecommit.create_commit(
        repositoryName="profile",
        branchName="main",
        authorName="Alice",
        email="alice@example.com",
        commitMessage="Begin",
        putFiles=[
            {"filePath": "src/app.py", "fileContent": b"print(1)\n"},
            {"filePath": "run.sh", "fileContent": b"true\n", "fileMode": "EXECUTABLE"},
        ],
    )
    return Pipelines(cloud, cloud.client("codepipeline"))


@pytest.fixture
def push(cloud: CloudUnderTest) -> Callable[[str], str]:
    """Commit another version of `src/app.py` to `main` and return the commit's id."""
    codecommit = cloud.client("codecommit")

    def commit(content: str) -> str:
        where = {"repositoryName": "profile", "branchName": "main"}
        tip = codecommit.get_branch(**where)["branch"]["commitId"]
        answer = codecommit.put_file(
            **where, filePath="src/app.py", fileContent=content.encode(), parentCommitId=tip
        )
        commit_id: str = answer["commitId"]
        return commit_id

    return commit
