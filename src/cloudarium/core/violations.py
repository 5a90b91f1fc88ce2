"""What is wrong with an operation's input, by its model."""

from dataclasses import dataclass
from typing import Any

from cloudarium.core.errors import AwsError


@dataclass(frozen=True, slots=True)
class Violation:
    """A value that is not as the model wants it.

    `path` says where it stands (`keySchema.1.member.keyType`), `shape` is its name in the model,
    `shown` what AWS's framework quotes of it: `'text'`, `null` where it is missing, and nothing of
    what is secret. What is wrong with a list's elements stands at the list, with their shape.
    """

    path: str
    value: Any
    shape: str
    shown: str
    constraint: str

    def __str__(self) -> str:
        value = f"Value {self.shown}" if self.shown else "Value"
        return f"{value} at '{self.path}' failed to satisfy constraint: {self.constraint}"


def detected(code: str, problems: list[str]) -> AwsError:
    """Return the error that lists these violations as AWS's framework does."""
    count = len(problems)
    noun = "error" if count == 1 else "errors"
    return AwsError(code, f"{count} validation {noun} detected: {'; '.join(problems)}", 400)
