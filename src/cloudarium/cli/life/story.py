"""The story of the reference system, chapter by chapter."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from cloudarium.cli import place
from cloudarium.cli.life import people, use
from cloudarium.cli.life.clients import Clients, TookTooLong
from cloudarium.cli.life.delivery import Delivery
from cloudarium.cli.life.progress import Progress
from cloudarium.cli.life.report import Report, ServiceReport
from cloudarium.cli.life.setbacks import Setbacks
from cloudarium.cli.life.watch import Watch
from cloudarium.cli.life.workshop import GitFailed, Workshop

if TYPE_CHECKING:
    from cloudarium.cli.life.hosting import Hosting


class StoryEnded(Exception):
    """The story cannot go on; the text says why."""


class Story:
    """One life: what happens, and what must hold."""

    def __init__(
        self,
        cloud: place.Running,
        folder: Path,
        source: Path,
        services: list[str],
        progress: Progress,
        report: Report,
    ) -> None:
        self.cloud = cloud
        self.folder = folder
        self.services = services
        self.progress = progress
        self.report = report
        self.clients = Clients(cloud)
        self.workshop = Workshop(folder / "life", source)
        self.delivery = Delivery(self.clients, progress)
        self.source = source
        self.key_id = ""
        self.people: use.Session | None = None

    def tell(self) -> None:
        """Tell it all. Raises StoryEnded where it cannot go on."""
        try:
            self._people()
            for service in self.services:
                self._bring_up(service)
            if "profile" in self.services:
                self._whole_system()
            self.report.complete = True
        except (GitFailed, TookTooLong, ClientError, OSError, ValueError) as error:
            raise StoryEnded(f"{type(error).__name__}: {error}") from error

    def check(self, name: str, holds: bool) -> None:
        """Record whether something holds."""
        self.report.checks[name] = holds
        self.progress.check(name, holds)

    def remote(self, service: str) -> str:
        """Return the URL the developer pushes to."""
        port = self.cloud.ports["ssh"]
        return f"ssh://{self.key_id}@localhost:{port}/v1/repos/{service}"

    def _people(self) -> None:
        with self.progress.stage("A developer gets a key, a visitor gets none"):
            self.key_id = people.developer(self.clients, self.workshop.public_key())

    def _bring_up(self, service: str) -> None:
        with self.progress.stage(f"{service}: its pipeline is made"):
            stack = self.delivery.ensure_pipeline(service, self.source)
            status = self.delivery.stack(stack)["StackStatus"]
        if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            raise StoryEnded(f"the stack {stack} is {status}")
        with self.progress.stage(f"{service}: pushed, tested, bundled, deployed, live"):
            self.workshop.refresh(service)
            self.workshop.connect(service, self.remote(service))
            commit = self.workshop.commit(service, f"{service}, as it is now")
            self.workshop.push(service, self.remote(service))
            pushed = time.monotonic()
            execution = self.delivery.execution_of(service, commit.id)
            status = self.delivery.execution_ended(service, execution, expected="Succeeded")
            if status != "Succeeded":
                raise StoryEnded(f"the pipeline of {service} {status.lower()}")
            url = self.delivery.outputs(service)["ApiUrl"]
            use.until_live(service, url)
            live = round(time.monotonic() - pushed, 2)
        self.report.services[service] = ServiceReport(commit.id, execution, service, url, live)
        self.check(f"{service}_live", True)

    def _whole_system(self) -> None:
        self.check("ssh_push", True)
        self.check("http_push_denied", self._visitor_is_refused())
        urls = {name: service.url for name, service in self.report.services.items()}
        with self.progress.stage("A user registers, tells where she is, and has a page"):
            self.people = use.Session(urls, place.environment(self.cloud))
            for name, holds in self.people.live().items():
                self.check(name, holds)
        watch = Watch(self)
        watch.logs_and_metrics()
        watch.throttle()
        Setbacks(self, self.people).befall()

    def _visitor_is_refused(self) -> bool:
        with self.progress.stage("A visitor's push over HTTP is refused"):
            credential = people.visitor(self.clients)
            host = self.cloud.endpoint.removeprefix("http://")
            try:
                self.workshop.push("profile", f"http://{credential}@{host}/v1/repos/profile")
            except GitFailed as refusal:
                return "codecommit:GitPush" in str(refusal)
            return False

    def next_steps(self, hosting: Hosting) -> list[tuple[str, str]]:
        """Return what a person wants next, each with its command or address."""
        option = "" if hosting.folder.name == ".cloudarium" else f" --dir {hosting.folder}"
        steps = [("Use the AWS CLI", f"cloudarium aws{option} s3 ls")]
        if self.people is not None:
            copy = self.folder / "life" / "profile"
            steps = [
                ("Open a profile's page", self.people.page_url),
                ("Change a line of it", f"cd {copy} && $EDITOR src/profiles/page.py"),
                ("Push it", "git commit --all --message 'My change' && git push"),
                ("Watch the build", f"cloudarium logs{option} --follow /aws/codebuild/profile"),
                ("Read a function's log", f"cloudarium logs{option} profile"),
                ("See the alarms", f"cloudarium alarms{option}"),
                ("Read the mail", f"ls {self.folder / 'mail'}"),
                *steps,
            ]
        return steps
