"""All or nothing: steps that are all tried, and one error that says why each of them failed."""

from collections.abc import Callable
from typing import Any

from cloudarium.core.errors import AwsError

from . import errors

Step = Callable[[], Any]

_REASONS = {
    "ConditionalCheckFailedException": "ConditionalCheckFailed",
    "ProvisionedThroughputExceededException": "ProvisionedThroughputExceeded",
    "ValidationException": "ValidationError",
}


def attempt(steps: list[Step]) -> list[Any]:
    """What the steps gave. TransactionCanceledException, with a reason for each, if one failed.

    The caller's database transaction undoes the steps that did not fail.
    """
    answers: list[Any] = []
    reasons: list[dict[str, Any]] = []
    for step in steps:
        try:
            answers.append(step())
            reasons.append({"Code": "None"})
        except AwsError as error:
            if error.code not in _REASONS:
                raise
            reasons.append(
                {"Code": _REASONS[error.code], "Message": error.message, **error.members}
            )
    if len(answers) == len(steps):
        return answers
    codes = ", ".join(reason["Code"] for reason in reasons)
    raise errors.TransactionCancelled(codes=codes, members={"CancellationReasons": reasons})
