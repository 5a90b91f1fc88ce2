"""Repositories: made, described, set up, removed; in stacks; who may."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

RULE = {
    "rulePriority": 1,
    "selection": {
        "tagStatus": "untagged",
        "countType": "imageCountMoreThan",
        "countNumber": 3,
    },
    "action": {"type": "expire"},
}
LIFECYCLE = json.dumps({"rules": [RULE]})
PULL = {"Effect": "Allow", "Action": "ecr:BatchGetImage", "Principal": {"AWS": "111111111111"}}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [PULL]})


@pytest.fixture
def ecr(cloud: CloudUnderTest) -> Any:
    """A client."""
    return cloud.client("ecr")


def refused(call: Any, **params: Any) -> str:
    """The code of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    return str(caught.value.response["Error"]["Code"])


def test_a_repository(cloud: CloudUnderTest, ecr: Any) -> None:
    made = ecr.create_repository(repositoryName="shop/web", imageTagMutability="IMMUTABLE")
    repository = made["repository"]
    assert repository["repositoryArn"] == "arn:aws:ecr:us-east-1:000000000000:repository/shop/web"
    assert repository["repositoryUri"].endswith(".dkr.ecr.us-east-1.amazonaws.com/shop/web")
    assert refused(ecr.create_repository, repositoryName="shop/web") == (
        "RepositoryAlreadyExistsException"
    )
    ecr.put_image_tag_mutability(repositoryName="shop/web", imageTagMutability="MUTABLE")
    ecr.put_image_scanning_configuration(
        repositoryName="shop/web", imageScanningConfiguration={"scanOnPush": True}
    )
    cloud.restart()
    ecr = cloud.client("ecr")
    (shown,) = ecr.describe_repositories()["repositories"]
    assert (shown["imageTagMutability"], shown["imageScanningConfiguration"]) == (
        "MUTABLE",
        {"scanOnPush": True},
    )
    assert ecr.list_images(repositoryName="shop/web")["imageIds"] == []
    assert ecr.describe_images(repositoryName="shop/web")["imageDetails"] == []
    named = {"repositoryName": "shop/web", "imageIds": [{"imageTag": "v1"}]}
    assert refused(ecr.describe_images, **named) == "ImageNotFoundException"
    ecr.delete_repository(repositoryName="shop/web")
    gone = refused(ecr.describe_repositories, repositoryNames=["shop/web"])
    assert gone == "RepositoryNotFoundException"


def test_pages(ecr: Any) -> None:
    for name in ("aa", "bb", "cc"):
        ecr.create_repository(repositoryName=name)
    pages = ecr.get_paginator("describe_repositories").paginate(PaginationConfig={"PageSize": 2})
    names = [each["repositoryName"] for page in pages for each in page["repositories"]]
    assert names == ["aa", "bb", "cc"]


def test_policies(ecr: Any) -> None:
    ecr.create_repository(repositoryName="shop")
    named = {"repositoryName": "shop"}
    missing = "RepositoryPolicyNotFoundException"
    assert refused(ecr.get_repository_policy, **named) == missing
    ecr.set_repository_policy(**named, policyText=POLICY)
    assert ecr.get_repository_policy(**named)["policyText"] == POLICY
    ecr.delete_repository_policy(**named)
    assert refused(ecr.get_repository_policy, **named) == missing
    assert refused(ecr.set_repository_policy, **named, policyText="{}") == (
        "InvalidParameterException"
    )
    ecr.put_lifecycle_policy(**named, lifecyclePolicyText=LIFECYCLE)
    assert ecr.get_lifecycle_policy(**named)["lifecyclePolicyText"] == LIFECYCLE
    ecr.delete_lifecycle_policy(**named)
    assert refused(ecr.get_lifecycle_policy, **named) == "LifecyclePolicyNotFoundException"


def test_tags(ecr: Any) -> None:
    tags = [{"Key": "a", "Value": "1"}]
    made = ecr.create_repository(repositoryName="shop", tags=tags)["repository"]
    target = {"resourceArn": made["repositoryArn"]}
    ecr.tag_resource(**target, tags=[{"Key": "b", "Value": "2"}])
    ecr.untag_resource(**target, tagKeys=["a"])
    assert ecr.list_tags_for_resource(**target)["tags"] == [{"Key": "b", "Value": "2"}]
    assert refused(ecr.list_tags_for_resource, resourceArn="x") == "InvalidParameterException"


@pytest.mark.parametrize(
    "params",
    [
        {"encryptionConfiguration": {"encryptionType": "KMS"}},
        {"imageTagMutability": "MUTABLE_WITH_EXCLUSION"},
        {"registryId": "111111111111"},
        {"repositoryName": "Shop"},
    ],
)
def test_what_is_refused_makes_nothing(ecr: Any, params: dict[str, Any]) -> None:
    asked = {"repositoryName": "shop", **params}
    assert refused(ecr.create_repository, **asked) == "InvalidParameterException"
    assert ecr.describe_repositories()["repositories"] == []


def test_a_repositorys_policy_denies(cloud: CloudUnderTest, ecr: Any) -> None:
    ecr.create_repository(repositoryName="shop")
    deny = {"Effect": "Deny", "Principal": "*", "Action": "ecr:ListImages"}
    ecr.set_repository_policy(
        repositoryName="shop", policyText=json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    )
    assert refused(ecr.list_images, repositoryName="shop") == "AccessDeniedException"
    assert ecr.describe_images(repositoryName="shop")["imageDetails"] == []


def test_a_repository_lives_with_its_stack(cloud: CloudUnderTest, ecr: Any) -> None:
    stacks = cloud.client("cloudformation")

    def body(**properties: Any) -> str:
        named = {"RepositoryName": "shop", **properties}
        resource = {"Type": "AWS::ECR::Repository", "Properties": named}
        outputs = {"Uri": {"Value": {"Fn::GetAtt": ["R", "RepositoryUri"]}}}
        return json.dumps({"Resources": {"R": resource}, "Outputs": outputs})

    first = body(
        RepositoryPolicyText=json.loads(POLICY), LifecyclePolicy={"LifecyclePolicyText": LIFECYCLE}
    )
    stacks.create_stack(StackName="s", TemplateBody=first)
    cloud.settle()
    (stack,) = stacks.describe_stacks(StackName="s")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert stack["Outputs"][0]["OutputValue"].endswith("/shop")
    kept = ecr.get_repository_policy(repositoryName="shop")["policyText"]
    assert json.loads(kept) == json.loads(POLICY)
    second = body(ImageTagMutability="IMMUTABLE", Tags=[{"Key": "a", "Value": "1"}])
    stacks.update_stack(StackName="s", TemplateBody=second)
    cloud.settle()
    (shown,) = ecr.describe_repositories()["repositories"]
    assert shown["imageTagMutability"] == "IMMUTABLE"
    for missing in (ecr.get_repository_policy, ecr.get_lifecycle_policy):
        assert refused(missing, repositoryName="shop").endswith("PolicyNotFoundException")
    tags = ecr.list_tags_for_resource(resourceArn=shown["repositoryArn"])["tags"]
    assert {"Key": "a", "Value": "1"} in tags
    stacks.delete_stack(StackName="s")
    cloud.settle()
    assert ecr.describe_repositories()["repositories"] == []
