"""What services ask of each other."""

from __future__ import annotations

from typing import Any

from cloudarium.core.identity import root
from cloudarium.pytest_plugin import CloudUnderTest


def test_an_answer_has_no_members_that_are_none(cloud: CloudUnderTest) -> None:
    cloud.client("sns").create_topic(Name="news")
    ctx = cloud.kernel.runtime("sqs").context(cloud.account, cloud.region, root(cloud.account))

    async def ask() -> dict[str, Any]:
        answer: dict[str, Any] = await ctx.call("sns", "ListTopics", {}, principal=ctx.principal)
        return answer

    topic = f"arn:aws:sns:{cloud.region}:{cloud.account}:news"
    assert cloud.run(ask()) == {"Topics": [{"TopicArn": topic}]}
