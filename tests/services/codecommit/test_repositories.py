"""Repositories: create, describe, list, change, delete."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


def refused(call: Any, **parameters: Any) -> tuple[str, str]:
    """Return code and message of the error a call is answered with."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_new_repository_is_described_as_on_aws(cloud: CloudUnderTest, codecommit: Any) -> None:
    port = cloud.ports["http"]
    made = codecommit.create_repository(
        repositoryName="profile", repositoryDescription="Who is who", tags={"team": "people"}
    )["repositoryMetadata"]
    assert made["Arn"] == "arn:aws:codecommit:us-east-1:000000000000:profile"
    assert made["cloneUrlHttp"] == f"http://127.0.0.1:{port}/v1/repos/profile"
    assert made["cloneUrlSsh"] == f"ssh://127.0.0.1:{cloud.ports['ssh']}/v1/repos/profile"
    assert made["repositoryDescription"] == "Who is who"
    assert "defaultBranch" not in made
    assert made["creationDate"].timestamp() == cloud.now
    found = codecommit.get_repository(repositoryName="profile")["repositoryMetadata"]
    assert found == made
    tags = codecommit.list_tags_for_resource(resourceArn=made["Arn"])["tags"]
    assert tags == {"team": "people"}


def test_a_name_is_taken_once_per_region(cloud: CloudUnderTest, codecommit: Any) -> None:
    codecommit.create_repository(repositoryName="profile")
    assert refused(codecommit.create_repository, repositoryName="profile") == (
        "RepositoryNameExistsException",
        "Repository named profile already exists",
    )
    elsewhere = cloud.client("codecommit", region="eu-west-1")
    assert elsewhere.create_repository(repositoryName="profile")["repositoryMetadata"]


@pytest.mark.parametrize("name", ["a b", "a/b", "profile.git", "x" * 101])
def test_a_bad_name_is_refused(codecommit: Any, name: str) -> None:
    code, message = refused(codecommit.create_repository, repositoryName=name)
    assert code == "InvalidRepositoryNameException"
    assert message.startswith("The repository name is not valid.")
    assert codecommit.list_repositories()["repositories"] == []


def test_bad_input_makes_no_repository(codecommit: Any) -> None:
    create = codecommit.create_repository
    code, _ = refused(create, repositoryName="a", repositoryDescription="x" * 1001)
    assert code == "InvalidRepositoryDescriptionException"
    code, _ = refused(create, repositoryName="a", kmsKeyId="alias/mine")
    assert code == "EncryptionKeyNotFoundException"
    code, _ = refused(create, repositoryName="a", tags={"aws:x": "y"})
    assert code == "InvalidSystemTagUsageException"
    assert codecommit.list_repositories()["repositories"] == []


def test_what_does_not_exist_is_named(codecommit: Any) -> None:
    assert refused(codecommit.get_repository, repositoryName="nix") == (
        "RepositoryDoesNotExistException",
        "nix does not exist",
    )
    assert "repositoryId" not in codecommit.delete_repository(repositoryName="nix")


def test_repositories_are_listed_in_the_order_asked_for(
    cloud: CloudUnderTest, codecommit: Any
) -> None:
    for name in ("beta", "alpha"):
        codecommit.create_repository(repositoryName=name)
        cloud.advance(10)
    names = [one["repositoryName"] for one in codecommit.list_repositories()["repositories"]]
    assert names == ["alpha", "beta"]
    answer = codecommit.list_repositories(sortBy="lastModifiedDate", order="descending")
    assert [one["repositoryName"] for one in answer["repositories"]] == ["alpha", "beta"]
    answer = codecommit.list_repositories(order="descending")
    assert [one["repositoryName"] for one in answer["repositories"]] == ["beta", "alpha"]
    code, _ = refused(codecommit.list_repositories, nextToken="?")
    assert code == "InvalidContinuationTokenException"


def test_several_are_described_at_once(codecommit: Any, profile: dict[str, Any]) -> None:
    answer = codecommit.batch_get_repositories(repositoryNames=["profile", "nix"])
    assert answer["repositories"] == [profile]
    assert answer["repositoriesNotFound"] == ["nix"]
    code, _ = refused(codecommit.batch_get_repositories, repositoryNames=[])
    assert code == "RepositoryNamesRequiredException"
    code, _ = refused(codecommit.batch_get_repositories, repositoryNames=["x"] * 101)
    assert code == "MaximumRepositoryNamesExceededException"


def test_name_and_description_can_change(codecommit: Any, profile: dict[str, Any]) -> None:
    codecommit.create_repository(repositoryName="taken")
    code, _ = refused(codecommit.update_repository_name, oldName="profile", newName="taken")
    assert code == "RepositoryNameExistsException"
    codecommit.update_repository_name(oldName="profile", newName="people")
    codecommit.update_repository_description(
        repositoryName="people", repositoryDescription="All of them"
    )
    found = codecommit.get_repository(repositoryName="people")["repositoryMetadata"]
    assert found["repositoryId"] == profile["repositoryId"]
    assert found["repositoryDescription"] == "All of them"
    assert found["Arn"].endswith(":people")
    codecommit.update_repository_description(repositoryName="people")
    found = codecommit.get_repository(repositoryName="people")["repositoryMetadata"]
    assert "repositoryDescription" not in found


def test_a_deleted_repository_is_gone_from_disk_too(
    cloud: CloudUnderTest, codecommit: Any, profile: dict[str, Any]
) -> None:
    folder = cloud.folder / "git" / cloud.account / cloud.region
    assert len(list(folder.iterdir())) == 1
    answer = codecommit.delete_repository(repositoryName="profile")
    assert answer["repositoryId"] == profile["repositoryId"]
    cloud.settle()
    assert list(folder.iterdir()) == []
    assert codecommit.list_repositories()["repositories"] == []


def test_tags_are_added_changed_and_removed(codecommit: Any, profile: dict[str, Any]) -> None:
    arn = profile["Arn"]
    codecommit.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
    codecommit.tag_resource(resourceArn=arn, tags={"b": "3"})
    codecommit.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert codecommit.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "3"}
    many = {str(number): "x" for number in range(50)}
    code, _ = refused(codecommit.tag_resource, resourceArn=arn, tags=many)
    assert code == "TooManyTagsException"
    code, _ = refused(codecommit.list_tags_for_resource, resourceArn="profile")
    assert code == "InvalidResourceArnException"
