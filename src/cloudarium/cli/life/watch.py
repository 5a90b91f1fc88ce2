"""Watching the system: its logs, its metrics, its alarm and who is told."""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cloudarium.cli import place
from cloudarium.cli.life.clients import TookTooLong, until
from cloudarium.cli.life.delivery import ALARM_EMAIL
from cloudarium.cli.life.web import ask

if TYPE_CHECKING:
    from cloudarium.cli.life.story import Story

_BATCH = 100
_READERS = 8
_RECOVERY_SECONDS = 600


class Watch:
    """What CloudWatch shows of the life."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._clients = story.clients

    # Logs and metrics

    def logs_and_metrics(self) -> None:
        """Look for the lines and figures the users' requests left."""
        with self._story.progress.stage("Its logs and metrics are there"):
            self._check("logs", self._has_logs)
            self._check("metrics_lambda", lambda: self._has_metric("AWS/Lambda", "Invocations"))
            self._check("metrics_apigateway", lambda: self._has_metric("AWS/ApiGateway", "Count"))
            self._check(
                "metrics_dynamodb",
                lambda: self._has_metric("AWS/DynamoDB", "ConsumedReadCapacityUnits"),
            )

    def _check(self, name: str, look: Callable[[], bool], patience: float = 10) -> None:
        """Record whether something comes to hold within `patience` seconds."""
        try:
            self._story.check(name, until(name, look, patience))
        except TookTooLong:
            self._story.check(name, False)

    def _has_logs(self) -> bool:
        found = self._clients("logs").filter_log_events(logGroupName="/aws/lambda/profile")
        kinds = {event["message"].split(" ", 1)[0] for event in found["events"]}
        return {"START", "END", "REPORT"} <= kinds

    def _now(self) -> datetime:
        now = place.control(self._story.cloud, "time")["now"]
        return datetime.fromtimestamp(now, UTC)

    def _has_metric(self, namespace: str, name: str) -> bool:
        cloudwatch = self._clients("cloudwatch")
        metrics = cloudwatch.list_metrics(Namespace=namespace, MetricName=name)["Metrics"]
        now = self._now()
        for metric in metrics:
            points = cloudwatch.get_metric_statistics(
                **metric,
                StartTime=now - timedelta(hours=1),
                EndTime=now + timedelta(minutes=1),
                Period=60,
                Statistics=["Sum"],
            )["Datapoints"]
            if sum(point["Sum"] for point in points) > 0:
                return True
        return False

    # The alarm

    def throttle(self) -> None:
        """Read the location table past its capacity and see who hears of it."""
        story = self._story
        outputs = story.delivery.outputs("location")
        with story.progress.stage("The alarm's e-mail subscription is confirmed"):
            self._check("mail_confirmed", self._confirm_subscription)
        with story.progress.stage("The location table is read past its capacity"):
            story.check("throttled", self._drain(outputs["TableName"]))
        alarm = outputs["ReadThrottlesAlarmName"]
        with story.progress.stage("The alarm fires, an e-mail and a queue tell it"):
            self._check("alarm_fired", lambda: self._state(alarm) == "ALARM", patience=70)
            self._check("mail_delivered", lambda: self._mail(f'ALARM: "{alarm}"') is not None)
            self._check("queue_notified", lambda: self._queued(outputs["AlarmQueueUrl"], alarm))
        with story.progress.stage("Time passes, and the alarm recovers"):
            place.control(story.cloud, "time", {"advance": _RECOVERY_SECONDS})
            self._check("alarm_recovered", lambda: self._state(alarm) == "OK")
        story.report.alarm = self._transitions(alarm)

    def _state(self, alarm: str) -> str:
        found = self._clients("cloudwatch").describe_alarms(AlarmNames=[alarm])
        state: str = found["MetricAlarms"][0]["StateValue"]
        return state

    def _transitions(self, alarm: str) -> list[str]:
        history = self._clients("cloudwatch").describe_alarm_history(
            AlarmName=alarm, HistoryItemType="StateUpdate"
        )["AlarmHistoryItems"]
        changes = [json.loads(item["HistoryData"]) for item in history]
        return [change["newState"]["stateValue"] for change in reversed(changes)]

    def _drain(self, table: str) -> bool:
        """Use up the table's burst, then see the service answer that it is throttled."""
        dynamodb = place.client(self._story.cloud, "dynamodb", attempts=1)
        keys = [{"user": {"S": f"nobody-{number}"}} for number in range(_BATCH)]
        request = {table: {"Keys": keys, "ConsistentRead": True}}

        def read(_: int) -> bool:
            try:
                return bool(dynamodb.batch_get_item(RequestItems=request)["UnprocessedKeys"])
            except dynamodb.exceptions.ProvisionedThroughputExceededException:
                return True

        with ThreadPoolExecutor(_READERS) as readers:
            for _ in range(10):
                if all(readers.map(read, range(_READERS))):
                    break
        people = self._story.people
        if people is None:
            return False
        with ThreadPoolExecutor(_READERS) as readers:
            answers = list(readers.map(lambda _: people.read_location().status, range(40)))
        return 503 in answers and people.page_has("Ada Lovelace")

    # Notifications

    def _letters(self) -> list[email.message.EmailMessage]:
        folder = self._story.folder / "mail"
        paths = sorted(folder.glob("*.eml")) if folder.exists() else []
        letters: list[Any] = [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            for path in paths
        ]
        return [letter for letter in letters if letter["To"] == ALARM_EMAIL]

    def _mail(self, subject: str) -> email.message.EmailMessage | None:
        return next((each for each in self._letters() if subject in each["Subject"]), None)

    def _confirm_subscription(self) -> bool:
        """Click the link of the topic's confirmation letter, unless that was done already."""
        topic = self._story.delivery.outputs("location")["AlarmsTopicArn"]
        if self._is_confirmed(topic):
            return True
        for letter in self._letters():
            text = str(letter.get_content())
            link = re.search(r"https?://\S*Token=\w+", text)
            if "Confirmation" in letter["Subject"] and topic in text and link:
                ask("GET", link[0])
        return self._is_confirmed(topic)

    def _is_confirmed(self, topic: str) -> bool:
        listed = self._clients("sns").list_subscriptions_by_topic(TopicArn=topic)
        mine = [each for each in listed["Subscriptions"] if each["Protocol"] == "email"]
        return bool(mine) and all(each["SubscriptionArn"].startswith("arn:") for each in mine)

    def _queued(self, url: str, alarm: str) -> bool:
        found = self._clients("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        bodies = [json.loads(message["Body"]) for message in found.get("Messages", [])]
        return any(json.loads(body["Message"])["AlarmName"] == alarm for body in bodies)
