"""HTTP endpoints as subscriptions."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


class Endpoint(ThreadingHTTPServer):
    """Takes posts; answers with the statuses planned, then 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.posts: list[tuple[dict[str, str], str]] = []
        self.planned: list[int] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class Handler(BaseHTTPRequestHandler):
    """Notes each post."""

    server: Endpoint

    def do_POST(self) -> None:
        """Take a post."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.posts.append((headers, body))
        self.send_response(self.server.planned.pop(0) if self.server.planned else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""


@pytest.fixture
def hook() -> Iterator[Endpoint]:
    """A listening endpoint."""
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def confirmed(cloud: CloudUnderTest, hook: Endpoint, **attributes: str) -> tuple[str, str]:
    """A topic the endpoint is subscribed to: its ARN and the subscription's."""
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=hook.url, Attributes=attributes)
    cloud.settle()
    headers, body = hook.posts.pop()
    assert headers["x-amz-sns-message-type"] == "SubscriptionConfirmation"
    token = json.loads(body)["Token"]
    answer = sns.confirm_subscription(TopicArn=topic, Token=token)
    return topic, answer["SubscriptionArn"]


def test_a_confirmed_endpoint_gets_the_envelope(cloud: CloudUnderTest, hook: Endpoint) -> None:
    topic, subscription = confirmed(cloud, hook)
    published = cloud.client("sns").publish(TopicArn=topic, Message="hello")
    cloud.settle()
    ((headers, body),) = hook.posts
    assert headers["x-amz-sns-message-type"] == "Notification"
    assert headers["x-amz-sns-message-id"] == published["MessageId"]
    assert headers["x-amz-sns-topic-arn"] == topic
    assert headers["x-amz-sns-subscription-arn"] == subscription
    assert json.loads(body)["Message"] == "hello"


def test_raw_delivery(cloud: CloudUnderTest, hook: Endpoint) -> None:
    topic, _ = confirmed(cloud, hook, RawMessageDelivery="true")
    cloud.client("sns").publish(TopicArn=topic, Message="hello")
    cloud.settle()
    ((headers, body),) = hook.posts
    assert (headers["x-amz-sns-rawdelivery"], body) == ("true", "hello")


def test_a_failing_endpoint_is_tried_four_times(cloud: CloudUnderTest, hook: Endpoint) -> None:
    topic, _ = confirmed(cloud, hook)
    hook.planned = [500, 429]
    cloud.client("sns").publish(TopicArn=topic, Message="hello")
    cloud.settle()
    assert len(hook.posts) == 1
    cloud.advance(100)
    assert len(hook.posts) == 3
    hook.planned = [503] * 9
    cloud.client("sns").publish(TopicArn=topic, Message="again")
    cloud.advance(200)
    assert len(hook.posts) == 3 + 4


def test_a_refusal_is_not_tried_again(cloud: CloudUnderTest, hook: Endpoint) -> None:
    topic, _ = confirmed(cloud, hook)
    hook.planned = [403]
    cloud.client("sns").publish(TopicArn=topic, Message="hello")
    cloud.advance(100)
    assert len(hook.posts) == 1


def test_the_scheme_must_be_the_protocol(cloud: CloudUnderTest) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="t")["TopicArn"]
    with pytest.raises(ClientError, match="Endpoint must match the specified protocol"):
        sns.subscribe(TopicArn=topic, Protocol="https", Endpoint="http://a.example/")
