"""Invoke: answers, errors, logs, limits, warm environments."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

HELLO = "def handler(event, context):\n    return {'hello': event}\n"


def test_a_function_answers_with_what_its_handler_returns(functions: Any) -> None:
    functions.make(HELLO)
    answer, payload = functions.invoke({"name": "Ada"})
    assert payload == {"hello": {"name": "Ada"}}
    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer
    assert "LogResult" not in answer
    assert functions.call() == {"hello": {}}
