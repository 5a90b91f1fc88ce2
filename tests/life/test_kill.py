"""The server is killed at ten random moments of a service's life, and nothing is lost.

The moments are drawn anew in every run; the seed is printed, and `KILL_SEED` sets it.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cloudarium.cli.life import people, use, web
from cloudarium.cli.life.clients import Clients
from cloudarium.cli.life.delivery import ALARM_EMAIL
from cloudarium.cli.life.workshop import GitFailed, Workshop
from tests.life.chaos import Chaos, Writer, impatient, persist
from tests.life.server import Server, until

SOURCE = Path(__file__).parents[2] / "microservices"
SERVICE = "authentication"
PASSWORD = "correct horse battery staple"
ALARM = "too-much"
ADVANCE = {"advance": 120}


class Life:
    """One service, from its pipeline's stack to its alarm, under a server that is killed."""

    def __init__(self, server: Server, folder: Path, seed: int) -> None:
        self.server = server
        self.chaos = Chaos(server, seed)
        self.workshop = Workshop(folder, SOURCE)
        self.key_id = people.developer(Clients(server.cloud), self.workshop.public_key())
        self._remote = f"ssh://{self.key_id}@localhost:{server.cloud.ports['ssh']}/v1/repos/"
        self.endpoint = server.endpoint
        self.users: list[str] = []

    def client(self, name: str) -> Any:
        """Return a client that tries once."""
        return impatient(self.endpoint, name)

    def make_pipeline(self) -> None:
        """Create the pipeline's stack and wait for its end."""
        base = f"{self.endpoint}/_aws/execute-api"
        parameters = {"ApiBase": base, "AlarmEmail": ALARM_EMAIL}
        request = {
            "StackName": f"{SERVICE}-pipeline",
            "TemplateBody": (SOURCE / SERVICE / "pipeline.yaml").read_text(),
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
            "Capabilities": ["CAPABILITY_IAM"],
        }
        cloudformation = self.client("cloudformation")
        persist(lambda: cloudformation.create_stack(**request), "AlreadyExistsException")
        assert self.settled(f"{SERVICE}-pipeline") == "CREATE_COMPLETE"

    def settled(self, name: str) -> str:
        """Wait until a stack is at rest; return its status."""
        cloudformation = self.client("cloudformation")

        def look() -> str | None:
            found = persist(lambda: cloudformation.describe_stacks(StackName=name))
            assert found is not None
            status: str = found["Stacks"][0]["StackStatus"]
            return None if status.endswith("_IN_PROGRESS") else status

        return until(look, f"stack {name}")

    def push(self, message: str) -> str:
        """Commit and push until git reports it done; return the commit."""
        commit = self.workshop.commit(SERVICE, message)

        def attempt() -> bool:
            try:
                self.workshop.push(SERVICE, f"{self._remote}{SERVICE}")
            except GitFailed:
                return False
            return True

        until(attempt, "the push")
        return commit.id

    def execution(self, commit: str) -> str:
        """Wait for the one pipeline execution of a commit; return its id."""
        codepipeline = self.client("codepipeline")

        def look() -> str | None:
            listed = persist(lambda: codepipeline.list_pipeline_executions(pipelineName=SERVICE))
            assert listed is not None
            found = [
                one["pipelineExecutionId"]
                for one in listed["pipelineExecutionSummaries"]
                if commit in [each.get("revisionId") for each in one["sourceRevisions"]]
            ]
            assert len(found) <= 1
            return found[0] if found else None

        return until(look, "the pipeline execution")

    def status(self, execution: str) -> str:
        """Return a pipeline execution's status."""
        codepipeline = self.client("codepipeline")
        found = persist(
            lambda: codepipeline.get_pipeline_execution(
                pipelineName=SERVICE, pipelineExecutionId=execution
            )
        )
        assert found is not None
        status: str = found["pipelineExecution"]["status"]
        return status

    def reach(self, execution: str, stage: str, action: str = "") -> None:
        """Wait until an execution has begun a stage, or an action of it."""
        codepipeline = self.client("codepipeline")

        def look() -> bool:
            found = persist(
                lambda: codepipeline.list_action_executions(
                    pipelineName=SERVICE, filter={"pipelineExecutionId": execution}
                )
            )
            assert found is not None
            return any(
                one["stageName"] == stage and action in ("", one["actionName"])
                for one in found["actionExecutionDetails"]
            )

        until(look, f"{stage} {action}")

    def succeed(self, execution: str) -> None:
        """Wait until an execution has succeeded and its stack is at rest."""
        until(lambda: self.status(execution) != "InProgress", "the pipeline")
        assert self.status(execution) == "Succeeded"
        assert self.settled(SERVICE) in ("CREATE_COMPLETE", "UPDATE_COMPLETE")

    @property
    def url(self) -> str:
        """Where the service answers."""
        found = self.client("cloudformation").describe_stacks(StackName=SERVICE)
        outputs: dict[str, str] = {
            one["OutputKey"]: one["OutputValue"] for one in found["Stacks"][0]["Outputs"]
        }
        return outputs["ApiUrl"]

    def register(self, url: str, count: int) -> None:
        """Register users, each asked for once; remember those the service said it has made."""
        for _ in range(count):
            user = f"user-{len(self.users)}-{self.chaos.kills}-{_}"
            body = {"user": user, "password": PASSWORD}
            try:
                answer = web.ask("POST", f"{url}/users", body)
            except OSError:
                continue
            # Nothing but a true answer, or the gateway's word that the function did not give one.
            assert answer.status in (201, 502, 503, 504), answer
            if answer.status == 201:
                self.users.append(user)


@pytest.fixture
def life(server: Server, tmp_path: Path) -> Iterator[Life]:
    """A developer and a server that will be killed."""
    seed = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"KILL_SEED={seed}")
    yield Life(server, tmp_path / "work", seed)


def test_ten_kills_lose_nothing(life: Life) -> None:
    with Writer(life.server.endpoint) as writer:
        first = deploy(life)
        use.until_live(SERVICE, life.url)
        visit(life)
        second = change(life)
        ring(life)
    assert life.chaos.kills == 10
    writer.check()
    listed = life.client("codepipeline").list_pipeline_executions(pipelineName=SERVICE)
    statuses = {
        one["pipelineExecutionId"]: one["status"] for one in listed["pipelineExecutionSummaries"]
    }
    # The third is the one that a new pipeline starts by itself, before there was a commit.
    assert (len(statuses), statuses[first], statuses[second]) == (3, "Succeeded", "Succeeded")
    answer = web.ask("POST", f"{life.url}/users", {"user": life.users[0], "password": PASSWORD})
    assert (answer.status, answer.json["message"]) == (409, "The new version knows this user.")
    for user in life.users:
        given = {"user": user, "password": PASSWORD}
        assert web.ask("POST", f"{life.url}/sessions", given).status == 201
    assert "Traceback" not in life.server.errors.read_text()


def deploy(life: Life) -> str:
    """From the pipeline's stack to the running service, through five kills."""
    with life.chaos.within(0.15):
        life.make_pipeline()
    life.workshop.copy(SERVICE)
    with life.chaos.within(0.6):
        commit = life.push("The service as it is")
        execution = life.execution(commit)
    life.reach(execution, "Build")
    with life.chaos.within(3.0):
        life.status(execution)
    life.reach(execution, "Deploy", "CreateChangeSet")
    with life.chaos.within(0.2):
        life.status(execution)
    life.reach(execution, "Deploy", "ExecuteChangeSet")
    with life.chaos.within(0.6):
        life.status(execution)
    life.succeed(execution)
    return execution


def visit(life: Life) -> None:
    """Register users, through two kills."""
    url = life.url
    for _ in range(2):
        with life.chaos.within(0.5):
            life.register(url, 6)
    life.register(url, 2)
    assert life.users


def change(life: Life) -> str:
    """Push a new version and see it served, through two kills."""
    life.workshop.replace(
        SERVICE,
        "src/authentication/logic.py",
        "There is a user of this name already.",
        "The new version knows this user.",
    )
    with life.chaos.within(3.0):
        execution = life.execution(life.push("Say it another way"))
        life.reach(execution, "Deploy")
    with life.chaos.within(0.6):
        life.status(execution)
    life.succeed(execution)
    return execution


def ring(life: Life) -> None:
    """Let an alarm fire, through a kill, and hear of it."""
    cloudwatch, sns, sqs = (life.client(name) for name in ("cloudwatch", "sns", "sqs"))
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    url = sqs.create_queue(QueueName="alarms", Attributes={"Policy": policy})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])
    cloudwatch.put_metric_alarm(
        AlarmName=ALARM,
        Namespace="life",
        MetricName="visitors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="ignore",
        AlarmActions=[topic],
    )
    point = {"MetricName": "visitors", "Value": 5.0}
    cloudwatch.put_metric_data(Namespace="life", MetricData=[point])
    with life.chaos.within(0.3):
        persist(lambda: web.ask("POST", f"{life.endpoint}/_cloudarium/time", ADVANCE))

    def told() -> bool:
        received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5).get("Messages", [])
        return any(ALARM in message["Body"] for message in received)

    until(told, "the alarm")
    state = cloudwatch.describe_alarms(AlarmNames=[ALARM])["MetricAlarms"][0]["StateValue"]
    assert state == "ALARM"
