"""Invoking Lambda functions on behalf of APIs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from cloudarium.core.runtime import ServiceRuntime

_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")

# What integrations and authorizers name a function by (`IntegrationUri`, `uri`).
FUNCTION_URI = re.compile(
    r"arn:aws[\w-]*:apigateway:[\w-]+:lambda:path/{1,2}2015-03-31/functions/(?P<function>.+)/"
    r"invocations"
)
# What streamed integrations name a function by.
STREAMED_FUNCTION_URI = re.compile(
    r"arn:aws[\w-]*:apigateway:[\w-]+:lambda:path/{1,2}2021-11-15/functions/(?P<function>.+)/"
    r"response-streaming-invocations"
)


def with_variables(text: str, variables: Mapping[str, str]) -> str:
    """Return the text with its `${stageVariables.name}` filled in; unknown ones are empty."""
    if "${" not in text:
        return text
    return _VARIABLE.sub(lambda found: variables.get(found.group(1), ""), text)


class Invocations:
    """The invocations under way. One that is given up on goes on, as a function does on AWS."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def within(self, seconds: float, task: asyncio.Task[Any]) -> Any:
        """Return the task's result, or raise TimeoutError after `seconds`."""
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if not done:
            raise TimeoutError
        return task.result()

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()

    async def close(self) -> None:
        """Stop waiting for whatever is under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
