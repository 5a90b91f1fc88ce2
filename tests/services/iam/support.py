"""What IAM's tests share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

SignIn = Callable[..., tuple[str, str]]


def policy(*statements: dict[str, Any]) -> str:
    """Return a policy document with these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    """Return a statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "*", resource: Any = "*", **more: Any) -> dict[str, Any]:
    """Return a statement that denies."""
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def trust(who: Any = None, action: Any = "sts:AssumeRole", **more: Any) -> str:
    """Return a trust policy for `who` (Lambda if not said)."""
    principal = who or {"Service": "lambda.amazonaws.com"}
    return policy({"Effect": "Allow", "Principal": principal, "Action": action, **more})


@contextmanager
def fails(code: str, message: str | None = None, status: int | None = None) -> Iterator[None]:
    """Expect an AWS error: its code, and its whole message and HTTP status if said."""
    with pytest.raises(ClientError) as caught:
        yield
    answer = caught.value.response
    assert answer["Error"]["Code"] == code, answer
    if message is not None:
        assert answer["Error"]["Message"] == message
    if status is not None:
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
