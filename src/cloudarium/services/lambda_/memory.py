"""What invocations ask of Lambda's database again and again, remembered while it stays the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from cloudarium.core.context import Context
from cloudarium.core.runtime import ServiceRuntime

T = TypeVar("T")
_REMEMBERED = 10_000


class Memory:
    """Answers of functions that only read; all are forgotten when anything has been committed."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._store = runtime.store
        self._answers: dict[tuple[Any, ...], Any] = {}
        self._seen = -1

    def ask(self, read: Callable[..., T], ctx: Context, *about: object) -> T:
        """`read(ctx, *about)`, within a transaction that has written nothing; hashable arguments.

        It must depend on nothing but the database and its arguments, account and region included.
        What it raises is not remembered. Nobody may change what is returned.
        """
        if self._store.seen != self._seen or len(self._answers) >= _REMEMBERED:
            self._answers.clear()
            self._seen = self._store.seen
        key = (read, *about)
        try:
            return cast(T, self._answers[key])
        except KeyError:
            answer = self._answers[key] = read(ctx, *about)
            return answer


def ask(read: Callable[..., T], ctx: Context, *about: object) -> T:
    """`Memory.ask` of this cloud."""
    return ctx.state(Memory).ask(read, ctx, *about)
