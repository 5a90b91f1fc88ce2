"""Branches, commits, files, folders and differences by API."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

NO_COMMIT = "0" * 40


def refused(call: Any, **parameters: Any) -> tuple[str, str]:
    """Return code and message of the error a call is answered with."""
    with pytest.raises(ClientError) as caught:
        call(repositoryName="profile", **parameters)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture
def first(codecommit: Any, profile: dict[str, Any]) -> str:
    """The first commit of `profile`: a file, one in a folder, an executable one, a link."""
    answer = codecommit.create_commit(
        repositoryName="profile",
        branchName="main",
        authorName="Alice",
        email="alice@example.com",
        commitMessage="Begin",
        putFiles=[
            {"filePath": "README.md", "fileContent": b"# Profile\n"},
            {"filePath": "src/app.py", "fileContent": b"print(1)\n"},
            {"filePath": "run.sh", "fileContent": b"true\n", "fileMode": "EXECUTABLE"},
            {"filePath": "link", "fileContent": b"README.md", "fileMode": "SYMLINK"},
        ],
    )
    assert [one["absolutePath"] for one in answer["filesAdded"]] == [
        "README.md",
        "src/app.py",
        "run.sh",
        "link",
    ]
    commit_id: str = answer["commitId"]
    return commit_id


def test_the_first_commit_makes_the_default_branch(codecommit: Any, first: str) -> None:
    found = codecommit.get_repository(repositoryName="profile")["repositoryMetadata"]
    assert found["defaultBranch"] == "main"
    branch = codecommit.get_branch(repositoryName="profile", branchName="main")["branch"]
    assert branch == {"branchName": "main", "commitId": first}


def test_a_commit_is_described(cloud: CloudUnderTest, codecommit: Any, first: str) -> None:
    commit = codecommit.get_commit(repositoryName="profile", commitId=first)["commit"]
    person = {"name": "Alice", "email": "alice@example.com", "date": f"{int(cloud.now)} +0000"}
    assert commit["author"] == person
    assert commit["committer"] == person
    assert commit["message"] == "Begin"
    assert commit["parents"] == []
    answer = codecommit.batch_get_commits(repositoryName="profile", commitIds=[first, NO_COMMIT])
    assert answer["commits"] == [commit]
    assert answer["errors"][0]["commitId"] == NO_COMMIT
    assert refused(codecommit.get_commit, commitId="abc") == (
        "InvalidCommitIdException",
        "Invalid commit ID: abc",
    )
    assert refused(codecommit.get_commit, commitId=NO_COMMIT)[0] == "CommitIdDoesNotExistException"
    assert (
        refused(codecommit.batch_get_commits, commitIds=[])[0] == "CommitIdsListRequiredException"
    )


def test_files_and_folders_are_read(codecommit: Any, first: str) -> None:
    file = codecommit.get_file(repositoryName="profile", filePath="src/app.py")
    assert file["fileContent"] == b"print(1)\n"
    assert (file["fileMode"], file["fileSize"], file["commitId"]) == ("NORMAL", 9, first)
    blob = codecommit.get_blob(repositoryName="profile", blobId=file["blobId"])
    assert blob["content"] == b"print(1)\n"
    folder = codecommit.get_folder(
        repositoryName="profile", folderPath="/", commitSpecifier="refs/heads/main"
    )
    assert [one["relativePath"] for one in folder["subFolders"]] == ["src"]
    modes = {one["relativePath"]: one["fileMode"] for one in folder["files"]}
    assert modes == {"README.md": "NORMAL", "run.sh": "EXECUTABLE"}
    assert [one["absolutePath"] for one in folder["symbolicLinks"]] == ["link"]
    inner = codecommit.get_folder(repositoryName="profile", folderPath="src")
    assert [one["absolutePath"] for one in inner["files"]] == ["src/app.py"]


def test_what_is_not_there_is_refused(codecommit: Any, first: str) -> None:
    assert refused(codecommit.get_file, filePath="nix")[0] == "FileDoesNotExistException"
    assert refused(codecommit.get_file, filePath="src")[0] == "FileDoesNotExistException"
    assert refused(codecommit.get_file, filePath="../x")[0] == "InvalidPathException"
    assert refused(codecommit.get_folder, folderPath="link")[0] == "FolderDoesNotExistException"
    assert refused(codecommit.get_blob, blobId="x")[0] == "InvalidBlobIdException"
    assert refused(codecommit.get_blob, blobId=first)[0] == "BlobIdDoesNotExistException"
    assert refused(codecommit.get_file, filePath="link", commitSpecifier="other") == (
        "CommitDoesNotExistException",
        "Could not find commit other",
    )
    far = refused(codecommit.get_file, filePath="link", commitSpecifier="a" * 5000)
    assert far[0] == "CommitDoesNotExistException"


def test_an_empty_repository_has_no_commit_to_read(
    codecommit: Any, profile: dict[str, Any]
) -> None:
    assert refused(codecommit.get_file, filePath="x")[0] == "CommitDoesNotExistException"
    assert codecommit.list_branches(repositoryName="profile")["branches"] == []


def test_branches_are_made_listed_and_deleted(codecommit: Any, first: str) -> None:
    codecommit.create_branch(repositoryName="profile", branchName="next", commitId=first)
    assert codecommit.list_branches(repositoryName="profile")["branches"] == ["main", "next"]
    create, delete = codecommit.create_branch, codecommit.delete_branch
    taken = refused(create, branchName="next", commitId=first)
    assert taken[0] == "BranchNameExistsException"
    missing = refused(create, branchName="other", commitId=NO_COMMIT)
    assert missing[0] == "CommitDoesNotExistException"
    assert refused(create, branchName="other", commitId="x")[0] == "InvalidCommitIdException"
    for name in ("a..b", "a" * 251, "a/" * 128 + "a", "a" * 5000):
        assert refused(create, branchName=name, commitId=first)[0] == "InvalidBranchNameException"
    create(repositoryName="profile", branchName="a" * 250, commitId=first)
    nested = refused(create, branchName="next/one", commitId=first)
    assert nested[0] == "InvalidBranchNameException"
    assert refused(delete, branchName="main")[0] == "DefaultBranchCannotBeDeletedException"
    codecommit.update_default_branch(repositoryName="profile", defaultBranchName="next")
    gone = codecommit.delete_branch(repositoryName="profile", branchName="main")
    assert gone["deletedBranch"] == {"branchName": "main", "commitId": first}
    assert "deletedBranch" not in codecommit.delete_branch(
        repositoryName="profile", branchName="main"
    )
    assert refused(codecommit.get_branch, branchName="main")[0] == "BranchDoesNotExistException"
    missing = refused(codecommit.update_default_branch, defaultBranchName="main")
    assert missing[0] == "BranchDoesNotExistException"


def test_a_file_is_put_changed_and_deleted(codecommit: Any, first: str) -> None:
    where = {"repositoryName": "profile", "branchName": "main", "filePath": "src/app.py"}
    put = codecommit.put_file(**where, fileContent=b"print(2)\n", parentCommitId=first, name="Bob")
    commit = codecommit.get_commit(repositoryName="profile", commitId=put["commitId"])["commit"]
    assert commit["parents"] == [first]
    assert commit["treeId"] == put["treeId"]
    assert commit["author"]["name"] == "Bob"
    gone = codecommit.delete_file(**where, parentCommitId=put["commitId"], keepEmptyFolders=True)
    assert gone["blobId"] == put["blobId"]
    folder = codecommit.get_folder(repositoryName="profile", folderPath="src")
    assert [one["relativePath"] for one in folder["files"]] == [".gitkeep"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"parentCommitId": NO_COMMIT}, "ParentCommitDoesNotExistException"),
        ({"parentCommitId": "x"}, "InvalidParentCommitIdException"),
        ({"parentCommitId": ""}, "ParentCommitIdRequiredException"),
        ({"branchName": "other"}, "BranchDoesNotExistException"),
        ({"fileContent": b""}, "FileContentRequiredException"),
        ({"fileContent": b"# Profile\n"}, "SameFileContentException"),
        ({"fileContent": b"x" * 6291457}, "FileContentSizeLimitExceededException"),
        ({"filePath": "src"}, "FileNameConflictsWithDirectoryNameException"),
        ({"filePath": "README.md/x"}, "DirectoryNameConflictsWithFileNameException"),
        ({"filePath": ".git/config"}, "InvalidPathException"),
        ({"fileMode": "STICKY"}, "InvalidFileModeException"),
        ({"email": "x" * 255}, "InvalidEmailException"),
        ({"name": "x" * 256}, "NameLengthExceededException"),
        ({"commitMessage": "x" * 262145}, "CommitMessageLengthExceededException"),
    ],
)
def test_a_bad_put_is_refused_and_changes_nothing(
    codecommit: Any, first: str, change: dict[str, Any], code: str
) -> None:
    asked = {
        "branchName": "main",
        "filePath": "README.md",
        "fileContent": b"new\n",
        "parentCommitId": first,
    }
    assert refused(codecommit.put_file, **{**asked, **change})[0] == code
    branch = codecommit.get_branch(repositoryName="profile", branchName="main")["branch"]
    assert branch["commitId"] == first


def test_a_commit_upon_an_outdated_tip_is_refused(codecommit: Any, first: str) -> None:
    where = {"repositoryName": "profile", "branchName": "main", "parentCommitId": first}
    codecommit.put_file(**where, filePath="a", fileContent=b"1")
    del where["repositoryName"]
    code, _ = refused(codecommit.put_file, **where, filePath="b", fileContent=b"1")
    assert code == "ParentCommitIdOutdatedException"


def test_one_commit_moves_deletes_and_changes_modes(codecommit: Any, first: str) -> None:
    answer = codecommit.create_commit(
        repositoryName="profile",
        branchName="main",
        parentCommitId=first,
        putFiles=[
            {"filePath": "docs/README.md", "sourceFile": {"filePath": "README.md", "isMove": True}}
        ],
        deleteFiles=[{"filePath": "link"}],
        setFileModes=[{"filePath": "run.sh", "fileMode": "NORMAL"}],
    )
    assert [one["absolutePath"] for one in answer["filesAdded"]] == ["docs/README.md"]
    assert [one["absolutePath"] for one in answer["filesUpdated"]] == ["run.sh"]
    assert [one["absolutePath"] for one in answer["filesDeleted"]] == ["README.md", "link"]


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ({}, "FileEntryRequiredException"),
        ({"putFiles": [{"filePath": "a"}]}, "SourceFileOrContentRequiredException"),
        (
            {"putFiles": [{"filePath": "a", "fileContent": b"1"}] * 2},
            "SamePathRequestException",
        ),
        (
            {"putFiles": [{"filePath": path, "fileContent": b"1"} for path in ("a", "a/b")]},
            "PutFileEntryConflictException",
        ),
        (
            {
                "putFiles": [
                    {"filePath": "a", "fileContent": b"1", "sourceFile": {"filePath": "link"}}
                ]
            },
            "FileContentAndSourceFileSpecifiedException",
        ),
        ({"deleteFiles": [{"filePath": "nix"}]}, "FileDoesNotExistException"),
        ({"setFileModes": [{"filePath": "run.sh", "fileMode": "EXECUTABLE"}]}, "NoChangeException"),
        (
            {"deleteFiles": [{"filePath": str(number)} for number in range(101)]},
            "MaximumFileEntriesExceededException",
        ),
    ],
)
def test_a_bad_commit_is_refused(
    codecommit: Any, first: str, entries: dict[str, Any], code: str
) -> None:
    asked = {"branchName": "main", "parentCommitId": first, **entries}
    assert refused(codecommit.create_commit, **asked)[0] == code


def test_differences_between_commits(codecommit: Any, first: str) -> None:
    second = codecommit.create_commit(
        repositoryName="profile",
        branchName="main",
        parentCommitId=first,
        putFiles=[
            {"filePath": "src/app.py", "fileContent": b"print(2)\n"},
            {"filePath": "src/new.py", "fileContent": b""},
        ],
        deleteFiles=[{"filePath": "link"}],
    )["commitId"]
    both = {"beforeCommitSpecifier": first, "afterCommitSpecifier": second}
    answer = codecommit.get_differences(repositoryName="profile", **both)
    kinds = [(one["changeType"], _path(one)) for one in answer["differences"]]
    assert kinds == [("D", "link"), ("M", "src/app.py"), ("A", "src/new.py")]
    assert answer["differences"][0]["beforeBlob"]["mode"] == "120000"
    page = codecommit.get_differences(repositoryName="profile", **both, MaxResults=2)
    rest = codecommit.get_differences(repositoryName="profile", **both, NextToken=page["NextToken"])
    assert [_path(one) for one in rest["differences"]] == ["src/new.py"]
    inside = codecommit.get_differences(
        repositoryName="profile", **both, beforePath="src", afterPath="src"
    )
    assert [_path(one) for one in inside["differences"]] == ["src/app.py", "src/new.py"]
    all_ = codecommit.get_differences(repositoryName="profile", afterCommitSpecifier="main")
    assert {one["changeType"] for one in all_["differences"]} == {"A"}
    code, _ = refused(codecommit.get_differences, **both, afterPath="nix")
    assert code == "PathDoesNotExistException"
    code, _ = refused(codecommit.get_differences, **both, MaxResults=0)
    assert code == "InvalidMaxResultsException"


def _path(difference: dict[str, Any]) -> str:
    blob = difference.get("afterBlob") or difference["beforeBlob"]
    return str(blob["path"])
