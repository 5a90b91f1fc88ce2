"""Three pushes to a running service: a change that arrives, and two that must not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloudarium.cli.life import people, use, web
from cloudarium.cli.life.clients import Clients
from cloudarium.cli.life.delivery import Delivery
from cloudarium.cli.life.progress import Progress
from cloudarium.cli.life.workshop import Workshop
from tests.life.server import Server, until

SOURCE = Path(__file__).parents[2] / "microservices"
SERVICE = "authentication"
LOGIC = "src/authentication/logic.py"
ADA = {"user": "ada", "password": "correct horse battery staple"}


@dataclass
class Service:
    """The running service, and what its developer has."""

    workshop: Workshop
    delivery: Delivery
    clients: Clients
    remote: str
    url: str

    def push(self, message: str, *, expected: str) -> str:
        """Commit and push; return how the pipeline's execution ended."""
        commit = self.workshop.commit(SERVICE, message)
        self.workshop.push(SERVICE, self.remote)
        execution = self.delivery.execution_of(SERVICE, commit.id)
        return self.delivery.execution_ended(SERVICE, execution, expected=expected)

    def says(self) -> str:
        """Return what the version that is served says about a name that is taken."""
        answer = web.ask("POST", f"{self.url}/users", ADA)
        assert answer.status == 409
        text: str = answer.json["message"]
        return text

    def edit(self, path: str, old: str, new: str) -> None:
        """Change a file."""
        self.workshop.replace(SERVICE, path, old, new)

    def restore(self) -> None:
        """Take the last, unwanted commit's changes back."""
        self.workshop.git(SERVICE, "revert", "--no-edit", "HEAD")


@pytest.fixture(scope="module")
def service(shared: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service, pushed, tested, bundled and deployed by its pipeline."""
    clients = Clients(shared.cloud)
    workshop = Workshop(tmp_path_factory.mktemp("work"), SOURCE)
    delivery = Delivery(clients, Progress(quiet=True))
    key = people.developer(clients, workshop.public_key())
    delivery.ensure_pipeline(SERVICE, SOURCE)
    workshop.copy(SERVICE)
    remote = f"ssh://{key}@localhost:{shared.cloud.ports['ssh']}/v1/repos/{SERVICE}"
    found = Service(workshop, delivery, clients, remote, "")
    assert found.push("The service", expected="Succeeded") == "Succeeded"
    found.url = delivery.outputs(SERVICE)["ApiUrl"]
    use.until_live(SERVICE, found.url)
    assert web.ask("POST", f"{found.url}/users", ADA).status == 201
    yield found


def test_a_changed_line_is_served(service: Service) -> None:
    service.edit(LOGIC, service.says(), "Somebody has this name.")
    assert service.push("Say it shorter", expected="Succeeded") == "Succeeded"
    assert service.says() == "Somebody has this name."
    assert service.delivery.stack(SERVICE)["StackStatus"] == "UPDATE_COMPLETE"


def test_a_failing_test_stops_the_pipeline_at_the_build(service: Service) -> None:
    served = service.says()
    service.edit(LOGIC, served, "This is never served.")
    broken = service.workshop.copy(SERVICE) / "tests" / "test_broken.py"
    broken.write_text("def test_broken() -> None:\n    assert False, 'a bad commit'\n")
    before = service.delivery.stack(SERVICE)
    assert service.push("Break a test", expected="Failed") == "Failed"
    state = service.clients("codepipeline").get_pipeline_state(name=SERVICE)["stageStates"]
    statuses = [stage.get("latestExecution", {}).get("status") for stage in state]
    source, build, _ = state
    assert (statuses[0], statuses[1]) == ("Succeeded", "Failed")
    assert (
        build["latestExecution"]["pipelineExecutionId"]
        == source["latestExecution"]["pipelineExecutionId"]
        != state[2]["latestExecution"]["pipelineExecutionId"]
    )
    until(lambda: "a bad commit" in "\n".join(service.delivery.build_log(SERVICE)), "the log")
    assert service.delivery.stack(SERVICE) == before
    assert service.says() == served
    service.restore()


def test_a_template_that_cannot_deploy_rolls_back(service: Service) -> None:
    served = service.says()
    service.edit(LOGIC, served, "This is never served either.")
    service.edit("template.yaml", "MemorySize: 1024", "MemorySize: 64")
    assert service.push("Ask for too little memory", expected="Failed") == "Failed"
    assert service.delivery.failed_stage(SERVICE) == "Deploy"
    assert service.delivery.stack(SERVICE)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    events = service.clients("cloudformation").describe_stack_events(StackName=SERVICE)
    failed = [
        event
        for event in events["StackEvents"]
        if event["ResourceStatus"] == "UPDATE_FAILED" and event["LogicalResourceId"] == "Function"
    ]
    assert "greater than or equal to 128" in failed[0]["ResourceStatusReason"]
    assert service.says() == served
    service.restore()
    assert service.push("Ask for enough memory", expected="Succeeded") == "Succeeded"
    assert service.says() == served
