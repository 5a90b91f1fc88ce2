"""Jobs: in their order, once, replaced by key, never after they were cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from cloudarium.core.clock import Clock
from cloudarium.core.context import Context
from cloudarium.core.identity import root
from cloudarium.core.kernel import CloudInfo, Kernel
from cloudarium.core.service import Endpoint, Service

_TOYS = Service(
    "toys",
    "tests.core.toys",
    (Endpoint("sqs", "sqs"),),
    jobs={name: f"jobs:{name}" for name in ("note", "again", "fail", "cancel_other")},
)


def _kernel(folder: Path, clock: Clock) -> Kernel:
    async def endpoint() -> str:
        return ""

    def identity(_: Kernel) -> Any:
        return None

    info = CloudInfo(folder)
    return Kernel(info, [_TOYS], identity=identity, endpoint=endpoint, clock=clock, durable=False)


def _run(folder: Path, work: Callable[[Kernel, Context], Coroutine[Any, Any, None]]) -> list[str]:
    """Run `work` in a kernel over the folder; return what its jobs noted, in order."""

    async def run() -> list[str]:
        kernel = _kernel(folder, Clock(frozen_at=1000.0))
        await kernel.start()
        runtime = kernel.runtime("toys")
        ctx = runtime.context("000000000000", "us-east-1", root("000000000000"))
        await work(kernel, ctx)
        notes = [row[0] for row in runtime.store.connection.execute("SELECT text FROM notes")]
        await kernel.close()
        return notes

    return asyncio.run(run())


def test_jobs_run_in_the_order_they_are_due(tmp_path: Path) -> None:
    async def work(kernel: Kernel, ctx: Context) -> None:
        with ctx.transaction():
            for delay in (30, 10, 20, 5000):
                ctx.schedule("note", {"text": str(delay)}, at=ctx.now + delay)
        await kernel.advance(60)

    assert _run(tmp_path, work) == ["10", "20", "30"]


def test_a_job_with_the_same_key_replaces_the_other(tmp_path: Path) -> None:
    async def work(kernel: Kernel, ctx: Context) -> None:
        with ctx.transaction():
            ctx.schedule("note", {"text": "old"}, at=ctx.now + 5, key="k")
            ctx.schedule("note", {"text": "new"}, at=ctx.now + 9, key="k")
        await kernel.advance(60)

    assert _run(tmp_path, work) == ["new"]


def test_a_job_cancelled_by_another_that_is_due_with_it_does_not_run(tmp_path: Path) -> None:
    async def work(kernel: Kernel, ctx: Context) -> None:
        with ctx.transaction():
            ctx.schedule("cancel_other", {}, at=ctx.now + 5)
            ctx.schedule("note", {"text": "never"}, at=ctx.now + 5, key="other")
        await kernel.advance(60)

    assert _run(tmp_path, work) == ["cancelled"]


def test_a_job_may_schedule_itself_again(tmp_path: Path) -> None:
    async def work(kernel: Kernel, ctx: Context) -> None:
        with ctx.transaction():
            ctx.schedule("again", {"left": 3}, key="k")
        await kernel.advance(60)

    assert _run(tmp_path, work) == ["3", "2", "1", "0"]


def test_a_job_that_fails_changes_nothing_and_is_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL")

    async def work(kernel: Kernel, ctx: Context) -> None:
        with ctx.transaction():
            ctx.schedule("fail", {})
        await kernel.advance(0.1)
        with ctx.transaction() as db:
            assert db.execute("SELECT count(*) FROM notes").fetchone()[0] == 0
            db.execute("INSERT INTO notes VALUES ('well')")
        await kernel.advance(60)

    assert _run(tmp_path, work) == ["well", "done"]


def test_a_job_survives_a_restart(tmp_path: Path) -> None:
    async def schedule(kernel: Kernel, ctx: Context) -> None:
        with ctx.transaction():
            ctx.schedule("note", {"text": "later"}, at=ctx.now + 5)

    async def later(kernel: Kernel, ctx: Context) -> None:
        await kernel.advance(60)

    assert _run(tmp_path, schedule) == []
    assert _run(tmp_path, later) == ["later"]
