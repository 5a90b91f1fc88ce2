"""A deployment that is cut off anywhere goes on after a restart, and ends as if it had not been.

Cut off here means: the job ends after its n-th commit, or before or after its n-th call to another
service. A stride of 1 tries every n there is; the tests take every fifth to be quick.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cloudarium.core.dispatch import Dispatcher
from cloudarium.core.store import Store
from cloudarium.pytest_plugin import CloudUnderTest
from cloudarium.services.cloudformation.deployment.run import opened

STRIDE = 5


class Scissors:
    """Cuts a deployment off at its n-th chance."""

    def __init__(self) -> None:
        self.wanted: int | None = None
        self.left: int | None = None

    def arm(self) -> None:
        """Begin to count chances: a deployment's job begins."""
        if self.wanted is not None:
            self.left, self.wanted = self.wanted, None

    def chance(self) -> None:
        """Cut off now, if it is time."""
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            raise asyncio.CancelledError


@pytest.fixture(params=["commit", "before a call", "after a call"])
def scissors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Scissors:
    """Scissors that cut at commits or at calls, as the parameter says."""
    made, dispatch, transaction = Scissors(), Dispatcher.__call__, Store.transaction

    async def arming(*args: Any) -> Any:
        made.arm()
        return await opened(*args)

    async def cut_dispatch(self: Any, *args: Any, **kwargs: Any) -> Any:
        inner = kwargs.get("idempotency_key") is not None
        if inner and request.param == "before a call":
            made.chance()
        answer = await dispatch(self, *args, **kwargs)
        if inner and request.param == "after a call":
            made.chance()
        return answer

    @contextmanager
    def cut_transaction(self: Store) -> Iterator[Any]:
        with transaction(self) as connection:
            yield connection
        if self.path.name == "cloudformation.db" and request.param == "commit":
            made.chance()

    monkeypatch.setattr("cloudarium.services.cloudformation.deployment.engine.opened", arming)
    monkeypatch.setattr(Dispatcher, "__call__", cut_dispatch)
    monkeypatch.setattr(Store, "transaction", cut_transaction)
    return made


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def names(cloud: CloudUnderTest) -> list[str]:
    urls = cloud.client("sqs").list_queues().get("QueueUrls", [])
    return sorted(url.rsplit("/", 1)[-1] for url in urls)


OLD = {
    "A": queue(QueueName="a"),
    "B": queue(QueueName="b", DelaySeconds=1),
    "C": queue(QueueName="c"),
}
NEW = {"A": queue(QueueName="a2"), "B": queue(QueueName="b", DelaySeconds=2)}
BAD = {**NEW, "D": {**queue(QueueName="d", DelaySeconds=-1), "DependsOn": ["A", "B"]}}


def cut_off(
    cloud: CloudUnderTest, stacks: Any, scissors: Scissors, begin: Callable[[], Any]
) -> Iterator[dict[str, Any]]:
    """Begin something and cut it off, later each time, until it is too late; yield each outcome."""
    for chance in range(0, 500, STRIDE):
        scissors.wanted = chance
        begin()
        cloud.settle()
        was_cut, scissors.left = scissors.left is None, None
        if was_cut:
            cloud.restart()
            cloud.settle()
        yield stacks.described("s")
        stacks.client.delete_stack(StackName="s")
        cloud.settle()
        assert names(cloud) == []
        if not was_cut:
            return


def test_a_creation(cloud: CloudUnderTest, stacks: Any, scissors: Scissors) -> None:
    def create() -> None:
        stacks.client.create_stack(StackName="s", TemplateBody=stacks.template(NEW))

    for stack in cut_off(cloud, stacks, scissors, create):
        assert stack["StackStatus"] == "CREATE_COMPLETE"
        assert names(cloud) == ["a2", "b"]
        assert len(stacks.events("s")) == 8


@pytest.mark.parametrize(
    ("wanted", "status", "left"),
    [
        (NEW, "UPDATE_COMPLETE", ["a2", "b"]),
        (BAD, "UPDATE_ROLLBACK_COMPLETE", ["a", "b", "c"]),
    ],
)
def test_an_update(
    cloud: CloudUnderTest,
    stacks: Any,
    scissors: Scissors,
    wanted: dict[str, Any],
    status: str,
    left: list[str],
) -> None:
    def update() -> None:
        chance, scissors.wanted = scissors.wanted, None
        stacks.create("s", OLD)
        scissors.wanted = chance
        stacks.client.update_stack(StackName="s", TemplateBody=stacks.template(wanted))

    for stack in cut_off(cloud, stacks, scissors, update):
        assert stack["StackStatus"] == status
        assert names(cloud) == left
        reported = [event[:2] for event in stacks.events("s")]
        assert reported.count(("s", status)) == 1
        assert reported.count(("A", "UPDATE_COMPLETE")) == (1 if wanted is NEW else 2)
