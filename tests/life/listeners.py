"""Functions that tell what they were invoked with, for tests of what invokes them."""

from __future__ import annotations

import json
from typing import Any

from tests.life.server import Server, until
from tests.life.test_functions import role, zipped

_SOURCE = """
import json, os, boto3

def handle(event, context):
    url = os.environ["QUEUE"]
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody=json.dumps(event))
    return {"told": event}
"""
_TOLD = "listeners-told-"


class Listener:
    """A function whose events the test sees: each goes to a queue of its own."""

    def __init__(self, server: Server, name: str, *actions: str, source: str = _SOURCE) -> None:
        """`actions` are what its role may do besides; `source` defines `handle`."""
        self.server = server
        self.name = name
        self._queue = server.client("sqs").create_queue(QueueName=_TOLD + name)["QueueUrl"]
        lambda_ = server.client("lambda")
        made = lambda_.create_function(
            FunctionName=name,
            Role=role(server, f"{name}-role", "sqs:SendMessage", *actions),
            Runtime="python3.13",
            Handler="index.handle",
            Code={"ZipFile": zipped("index.py", source)},
            Timeout=20,
            Environment={"Variables": {"QUEUE": self._queue}},
        )
        lambda_.get_waiter("function_active_v2").wait(FunctionName=name)
        self.arn: str = made["FunctionArn"]

    def allow(self, service: str, source_arn: str = "") -> Listener:
        """Let a service invoke it (for one source); return itself."""
        condition = {"SourceArn": source_arn} if source_arn else {}
        self.server.client("lambda").add_permission(
            FunctionName=self.name,
            StatementId=service.partition(".")[0],
            Action="lambda:InvokeFunction",
            Principal=service,
            **condition,
        )
        return self

    def told(self) -> Any:
        """Wait for the next event."""
        sqs = self.server.client("sqs")

        def look() -> dict[str, str] | None:
            found = sqs.receive_message(QueueUrl=self._queue, WaitTimeSeconds=5).get("Messages")
            return found[0] if found else None

        message = until(look, f"an event of {self.name}")
        sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        return json.loads(message["Body"])

    def told_nothing(self) -> bool:
        """Whether no event waits."""
        found = self.server.client("sqs").receive_message(QueueUrl=self._queue)
        return "Messages" not in found
