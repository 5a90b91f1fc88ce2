"""Every error CodeBuild raises, and why a phase of a build fails."""

from __future__ import annotations

from cloudarium.core.errors import AwsError, ErrorType

ProjectExists = ErrorType("ResourceAlreadyExistsException", 400, "Project already exists: {arn}")
ProjectNotFound = ErrorType("ResourceNotFoundException", 400, "Project cannot be found: {arn}")
BuildNotFound = ErrorType("ResourceNotFoundException", 400, "Build cannot be found: {id}")
Unsupported = ErrorType("InvalidInputException", 400, "{what} is not supported by Cloudarium.")
BadSource = ErrorType("InvalidInputException", 400, "Invalid project source: {reason}")
BadArtifacts = ErrorType("InvalidInputException", 400, "Invalid artifacts: {reason}")
Invalid = ErrorType("InvalidInputException", 400, "{message}")
RoleNotAssumable = ErrorType(
    "InvalidInputException",
    400,
    "CodeBuild is not authorized to perform: sts:AssumeRole on service role. Please verify that: "
    "1) The provided service role exists, 2) The role name is case-sensitive and matches exactly, "
    "and 3) The role has the necessary trust policy configured.",
)
InvalidNextToken = ErrorType("InvalidInputException", 400, "Invalid next token")


def invalid_input(reason: str) -> AwsError:
    """Return the refusal of settings that do not go together."""
    return Invalid(message=f"Invalid input: {reason}")


class PhaseFailed(Exception):
    """A phase of a build cannot go on: the phase context's status code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
