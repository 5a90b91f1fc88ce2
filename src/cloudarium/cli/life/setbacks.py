"""A change that arrives, and two that must not: a failing test, a template that cannot deploy."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from cloudarium.cli.life.clients import until

if TYPE_CHECKING:
    from cloudarium.cli.life.story import Story
    from cloudarium.cli.life.use import Session

_PAGE = "src/profiles/page.py"


class Setbacks:
    """Three pushes to profile."""

    def __init__(self, story: Story, session: Session) -> None:
        self._story = story
        self._session = session

    def befall(self) -> None:
        """Push all three, one after the other."""
        self._good_change()
        self._failing_test()
        self._failing_stack()

    def _good_change(self) -> None:
        story = self._story
        with story.progress.stage("A line is changed, and the new version served"):
            self._write("Last changed")
            execution = self._push("Say when a profile was last changed")
            pushed = time.monotonic()
            status = story.delivery.execution_ended("profile", execution, expected="Succeeded")
            served = status == "Succeeded" and until(
                "the new version", lambda: self._session.page_has("Last changed")
            )
            story.report.change_to_live_seconds = round(time.monotonic() - pushed, 2)
        story.check("new_version_served", bool(served))

    def _failing_test(self) -> None:
        story = self._story
        with story.progress.stage("A failing test stops the pipeline, the old version stays"):
            self._write("Never served")
            test = story.workshop.copy("profile") / "tests" / "test_broken.py"
            test.write_text("def test_broken() -> None:\n    assert False, 'a bad commit'\n")
            execution = self._push("Break a test")
            status = story.delivery.execution_ended("profile", execution, expected="Failed")
            stopped = status == "Failed" and story.delivery.failed_stage("profile") == "Build"
            told = until("the failure in the build's log", self._failure_is_told, patience=5)
            test.unlink()
        served = self._session.page_has("Last changed")
        story.check("failing_test_stops", stopped and told and served)

    def _failing_stack(self) -> None:
        story = self._story
        with story.progress.stage("A stack that cannot deploy rolls back, the old version stays"):
            story.workshop.replace("profile", "template.yaml", "MemorySize: 512", "MemorySize: 64")
            execution = self._push("Ask for less memory than there can be")
            status = story.delivery.execution_ended("profile", execution, expected="Failed")
            state = story.delivery.stack("profile")["StackStatus"]
            stopped = status == "Failed" and story.delivery.failed_stage("profile") == "Deploy"
        served = self._session.page_has("Last changed")
        story.check(
            "failing_stack_rolls_back", stopped and state == "UPDATE_ROLLBACK_COMPLETE" and served
        )

    def _failure_is_told(self) -> bool:
        return any("a bad commit" in line for line in self._story.delivery.build_log("profile"))

    def _write(self, words: str) -> None:
        """Change what the page's footer says."""
        path = self._story.workshop.copy("profile") / _PAGE
        text = path.read_text()
        start = text.index("<footer>") + len("<footer>")
        path.write_text(text[:start] + words + text[text.index(" {updated}") :])

    def _push(self, message: str) -> str:
        """Commit, push, and return the pipeline execution it started."""
        story = self._story
        commit = story.workshop.commit("profile", message)
        story.workshop.push("profile", story.remote("profile"))
        return story.delivery.execution_of("profile", commit.id)
