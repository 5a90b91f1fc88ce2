"""The CodeCommit source action: the tip of a branch as a zip file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.services.codepipeline import artifacts
from cloudarium.services.codepipeline.work import Done, Failure, Outcome, Work


async def step(work: Work) -> Outcome:
    """Fetch the revision the execution asks for, or the branch's tip, and store it."""
    name = work.configuration["RepositoryName"]
    branch = work.configuration["BranchName"]
    commit_id = work.execution.revisions.get(work.action.name) or await _tip(work, name, branch)
    params = {"repositoryName": name, "commitId": commit_id}
    answer = await work.call("codecommit", "GetCommit", params)
    commit = answer["commit"]
    data = await _archive(work, name, commit_id)
    output = work.declared["outputArtifacts"][0]["name"]
    await artifacts.write(work, output, data, commit_id)
    message = commit["message"].strip()
    revision = {
        "name": output,
        "revisionId": commit_id,
        "revisionChangeIdentifier": commit_id,
        "revisionSummary": message[:2048] or commit_id,
        "created": work.ctx.now,
        "revisionUrl": _url(work, name, commit_id),
    }
    variables = {
        "RepositoryName": name,
        "BranchName": branch,
        "CommitId": commit_id,
        "CommitMessage": message,
        "AuthorDate": _date(commit["author"]),
        "CommitterDate": _date(commit["committer"]),
    }
    return Done(variables, revision, external_id=commit_id, summary=message[:2048] or None)


async def _tip(work: Work, name: str, branch: str) -> str:
    params = {"repositoryName": name, "branchName": branch}
    try:
        answer = await work.call("codecommit", "GetBranch", params)
    except AwsError as error:
        if error.code == "BranchDoesNotExistException":
            raise Failure(
                "ConfigurationError",
                f"The action failed because no branch named {branch} was found in the selected "
                f"AWS CodeCommit repository {name}. Make sure you are using the correct branch "
                "name, and then try again. Error: null",
            ) from error
        raise
    commit_id: str = answer["branch"]["commitId"]
    return commit_id


async def _archive(work: Work, name: str, commit_id: str) -> bytes:
    """Return the commit as a zip file.

    On AWS this is CodeCommit's UploadArchive, which the public API model does not have; so
    CodeCommit is asked for it by name instead of by `ctx.call`. It checks the same permission.
    """
    codecommit = work.ctx.runtime.kernel.runtime("codecommit")
    upload_archive = codecommit.load("archive:upload_archive")
    ctx = codecommit.context(work.ctx.account, work.region, await work.principal())
    data: bytes = await upload_archive(ctx, name, commit_id)
    return data


def _date(person: dict[str, Any]) -> str:
    seconds = int(person["date"].split()[0])
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _url(work: Work, name: str, commit_id: str) -> str:
    return (
        f"https://{work.region}.console.aws.amazon.com/codecommit/home"
        f"#/repository/{name}/commit/{commit_id}"
    )
