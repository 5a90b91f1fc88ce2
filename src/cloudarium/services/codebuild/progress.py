"""How far a build is: its phases, recorded and announced as they begin and end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from cloudarium.core.context import Context
from cloudarium.services.codebuild import builds
from cloudarium.services.codebuild.builds import Build


class Progress:
    """Writes a build's phases into its row and its log."""

    def __init__(self, ctx: Context, build: Build) -> None:
        self._ctx = ctx
        self._build = build
        self.logging = False
        self._hidden: list[str] = []

    def restart(self) -> None:
        """Begin at the beginning: nothing of an interrupted attempt is kept but its start."""
        now = self._ctx.now
        self._build["phases"] = [
            {
                "phaseType": name,
                "phaseStatus": "SUCCEEDED",
                "startTime": now,
                "endTime": now,
                "durationInSeconds": 0,
            }
            for name in ("SUBMITTED", "QUEUED")
        ]
        with self._ctx.transaction():
            builds.save(self._ctx, self._build)

    def begin(self, name: str) -> None:
        """Enter a phase."""
        self._build["currentPhase"] = name
        self._build["phases"].append({"phaseType": name, "startTime": self._ctx.now})
        self.say(f"Entering phase {name}")
        with self._ctx.transaction():
            builds.save(self._ctx, self._build)

    def end(self, status: str, code: str = "", message: str = "") -> None:
        """Leave the phase."""
        phase = self._build["phases"][-1]
        phase["phaseStatus"] = status
        phase["endTime"] = self._ctx.now
        phase["durationInSeconds"] = int(phase["endTime"] - phase["startTime"])
        phase["contexts"] = [{"statusCode": code, "message": message}]
        self.say(f"Phase complete: {phase['phaseType']} State: {status}")
        self.say(f"Phase context status code: {code} Message: {message}")
        with self._ctx.transaction():
            builds.save(self._ctx, self._build)
            builds.announce_phase(self._ctx, self._build, phase)

    def finish(self, status: str) -> None:
        """End the build."""
        ctx, build = self._ctx, self._build
        build["currentPhase"] = "COMPLETED"
        build["phases"].append({"phaseType": "COMPLETED", "startTime": ctx.now})
        build["buildStatus"] = status
        build["buildComplete"] = True
        build["endTime"] = ctx.now
        with ctx.transaction():
            builds.save(ctx, build)
            builds.announce_state(ctx, build)
        project = {"ProjectName": build["projectName"]}
        outcome = "SucceededBuilds" if status == "SUCCEEDED" else "FailedBuilds"
        duration = build["endTime"] - build["startTime"]
        for dimensions in (project, {}):
            ctx.telemetry.metric("AWS/CodeBuild", "Builds", 1, "Count", dimensions)
            ctx.telemetry.metric("AWS/CodeBuild", outcome, 1, "Count", dimensions)
            ctx.telemetry.metric("AWS/CodeBuild", "Duration", duration, "Seconds", dimensions)

    def say(self, text: str) -> None:
        """Write a line of the container's own into the log."""
        moment = datetime.fromtimestamp(self._ctx.now, UTC)
        self(f"[Container] {moment:%Y/%m/%d %H:%M:%S.%f} {text}".encode())

    def hide(self, secrets: Iterable[str]) -> None:
        """Let what is secret stand as `***` in the log ("Data protection", User Guide)."""
        self._hidden = sorted(filter(None, secrets), key=len, reverse=True)

    def has_room(self, go_on: Callable[[], None]) -> bool:
        """Whether the log takes more lines now; if not, it calls `go_on` when it does."""
        return self._ctx.telemetry.has_room(go_on)

    def __call__(self, line: bytes) -> None:
        """Write a line of the build's commands into the log, if the build has one."""
        logs = self._build["logs"]
        if self.logging:
            text = line.decode("utf-8", "replace")
            for secret in self._hidden:
                text = text.replace(secret, "***")
            self._ctx.telemetry.log(logs["groupName"], logs["streamName"], text or " ")
