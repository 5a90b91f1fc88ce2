"""Facts: in order, exactly once for plain subscribers, again after a failure or a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cloudarium.core.clock import Clock
from cloudarium.core.context import Context
from cloudarium.core.identity import root
from cloudarium.core.kernel import CloudInfo, Kernel
from cloudarium.core.service import Endpoint, Service
from tests.core.toys.deliveries import Told

_TELLER = Service("teller", "tests.core.toys", (Endpoint("sqs", "sqs"),))
_HEARER = Service(
    "hearer",
    "tests.core.toys",
    (Endpoint("sns", "sns"),),
    subscriptions={Told: "deliveries:on_told"},
)


def _run(folder: Path, tell: Callable[[Context], None], *, settle: bool = True) -> list[str]:
    """Tell facts in a kernel over the folder; return what was heard, in order."""

    async def endpoint() -> str:
        return ""

    def identity(_: Kernel) -> Any:
        return None

    async def run() -> list[str]:
        kernel = Kernel(
            CloudInfo(folder),
            [_TELLER, _HEARER],
            identity=identity,
            endpoint=endpoint,
            clock=Clock(frozen_at=1000.0),
            durable=False,
        )
        await kernel.start()
        runtime = kernel.runtime("teller")
        ctx = runtime.context("000000000000", "us-east-1", root("000000000000"))
        tell(ctx)
        if settle:
            await kernel.settle()
            left = runtime.store.connection.execute("SELECT count(*) FROM _outbox").fetchone()[0]
            assert left == 0
        heard = kernel.runtime("hearer").store.connection.execute("SELECT text FROM notes")
        found = [row[0] for row in heard]
        await kernel.close()
        return found

    return asyncio.run(run())


def _tell(*facts: Told) -> Callable[[Context], None]:
    def tell(ctx: Context) -> None:
        for fact in facts:
            with ctx.transaction():
                ctx.emit(fact)

    return tell


def test_facts_arrive_once_and_in_order(tmp_path: Path) -> None:
    texts = [str(number) for number in range(250)]
    assert _run(tmp_path, _tell(*map(Told, texts))) == texts


def test_a_failed_delivery_leaves_nothing_and_comes_again_before_the_next(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL")
    assert _run(tmp_path, _tell(Told("a", fail=True), Told("b"))) == ["a", "b"]


def test_a_fact_survives_a_restart(tmp_path: Path) -> None:
    assert _run(tmp_path, _tell(Told("a")), settle=False) == []
    assert _run(tmp_path, _tell()) == ["a"]


def test_a_fact_nobody_asks_for_or_that_is_rolled_back_is_not_kept(tmp_path: Path) -> None:
    def tell(ctx: Context) -> None:
        with ctx.transaction():
            ctx.emit(Context)
            assert ctx.db.execute("SELECT count(*) FROM _outbox").fetchone()[0] == 0
        with pytest.raises(KeyError), ctx.transaction():
            ctx.emit(Told("never"))
            raise KeyError

    assert _run(tmp_path, tell) == []
