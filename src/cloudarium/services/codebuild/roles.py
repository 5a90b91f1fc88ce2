"""Service roles of projects."""

from __future__ import annotations

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.codebuild.errors import RoleNotAssumable


def check(ctx: Context, arn: str) -> None:
    """Raise InvalidInputException unless CodeBuild may assume the role.

    Source: "Troubleshooting AWS CodeBuild", User Guide; the words are those of its later answers.
    """
    try:
        ctx.role_session(arn, "check")
    except AwsError as error:
        raise RoleNotAssumable() from error
