"""The action types there are: their provider, configuration keys and how many artifacts they take.

Source: AWS CodePipeline User Guide, "Action structure reference".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.services.codepipeline import limits


@dataclass(frozen=True)
class ActionType:
    """An action type: what AWS lets such actions be configured with."""

    category: str
    provider: str
    required: frozenset[str]
    optional: frozenset[str]
    inputs: tuple[int, int]
    outputs: tuple[int, int]
    seconds: int
    values: Mapping[str, frozenset[str]]


def _keys(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _codebuild(category: str) -> ActionType:
    return ActionType(
        category,
        "CodeBuild",
        required=_keys("ProjectName"),
        optional=_keys("PrimarySource EnvironmentVariables"),
        inputs=(1, 5),
        outputs=(0, 5),
        seconds=limits.CODEBUILD_SECONDS,
        values={},
    )


_TYPES = (
    ActionType(
        "Source",
        "CodeCommit",
        required=_keys("RepositoryName BranchName"),
        optional=_keys("PollForSourceChanges OutputArtifactFormat"),
        inputs=(0, 0),
        outputs=(1, 1),
        seconds=limits.SOURCE_SECONDS,
        values={
            "PollForSourceChanges": _keys("true false"),
            "OutputArtifactFormat": _keys("CODE_ZIP"),
        },
    ),
    ActionType(
        "Source",
        "S3",
        required=_keys("S3Bucket S3ObjectKey"),
        optional=_keys("PollForSourceChanges AllowOverrideForS3ObjectKey"),
        inputs=(0, 0),
        outputs=(1, 1),
        seconds=limits.SOURCE_SECONDS,
        values={
            "PollForSourceChanges": _keys("true false"),
            "AllowOverrideForS3ObjectKey": _keys("true false"),
        },
    ),
    _codebuild("Build"),
    _codebuild("Test"),
    ActionType(
        "Deploy",
        "CloudFormation",
        required=_keys("ActionMode StackName"),
        optional=_keys(
            "ChangeSetName TemplatePath TemplateConfiguration ParameterOverrides "
            "Capabilities RoleArn OutputFileName"
        ),
        inputs=(0, 10),
        outputs=(0, 1),
        seconds=limits.CLOUDFORMATION_SECONDS,
        values={
            "ActionMode": _keys(
                "CHANGE_SET_REPLACE CHANGE_SET_EXECUTE CREATE_UPDATE DELETE_ONLY REPLACE_ON_FAILURE"
            )
        },
    ),
    ActionType(
        "Deploy",
        "S3",
        required=_keys("BucketName Extract"),
        optional=_keys("ObjectKey KMSEncryptionKeyARN CannedACL CacheControl"),
        inputs=(1, 1),
        outputs=(0, 0),
        seconds=limits.S3_DEPLOY_SECONDS,
        values={"Extract": _keys("true false")},
    ),
    ActionType(
        "Approval",
        "Manual",
        required=frozenset(),
        optional=_keys("NotificationArn CustomData ExternalEntityLink"),
        inputs=(0, 0),
        outputs=(0, 0),
        seconds=limits.APPROVAL_SECONDS,
        values={},
    ),
    ActionType(
        "Invoke",
        "Lambda",
        required=_keys("FunctionName"),
        optional=_keys("UserParameters"),
        inputs=(0, 5),
        outputs=(0, 5),
        seconds=limits.LAMBDA_SECONDS,
        values={},
    ),
)


def find(type_id: Mapping[str, Any]) -> ActionType | None:
    """Return the action type of an ActionTypeId, or None if there is none such."""
    if type_id["owner"] != "AWS" or type_id["version"] != "1":
        return None
    wanted = (type_id["category"], type_id["provider"])
    return next((one for one in _TYPES if (one.category, one.provider) == wanted), None)
