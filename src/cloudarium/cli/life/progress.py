"""Live progress: which stage, since when, and what a failing step wrote."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.status import Status

if TYPE_CHECKING:
    from cloudarium.cli.life.hosting import Hosting
    from cloudarium.cli.life.report import Report
    from cloudarium.cli.life.story import Story


class Progress:
    """Writes to stderr when stdout is for the report, else to stdout."""

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(file=sys.stderr if quiet else sys.stdout, highlight=False)
        self._begun = time.monotonic()
        self._status: Status | None = None

    @contextmanager
    def stage(self, title: str) -> Iterator[None]:
        """Show a stage while the body runs, and how long it took."""
        begun = time.monotonic()
        with self._console.status(title) as self._status:
            yield
        self._status = None
        elapsed = time.monotonic() - begun
        since = time.monotonic() - self._begun
        self._console.print(f"[dim]{since:6.1f} s[/dim]  {title} [dim]({elapsed:.1f} s)[/dim]")

    def now(self, text: str) -> None:
        """Show what the stage is doing."""
        if self._status is not None:
            self._status.update(text)

    def check(self, name: str, holds: bool) -> None:
        """Show a check's outcome."""
        mark = "[green]✓[/green]" if holds else "[red]✗[/red]"
        self._console.print(f"          {mark} {name}")

    def tail(self, title: str, lines: list[str]) -> None:
        """Show the last lines of a failing step's log."""
        self._console.print(f"          [bold]{title}[/bold]")
        for line in lines[-30:]:
            self._console.print(f"          │ {line}", markup=False)

    def failed(self, text: str) -> None:
        """Show why the life ended early."""
        self._console.print(f"[red]{text}[/red]", markup=True)

    def say(self, text: str = "") -> None:
        """Show a line."""
        self._console.print(text, markup=False, soft_wrap=True)

    def summary(self, report: Report, hosting: Hosting, story: Story) -> None:
        """Show what a person wants next."""
        self.say()
        for name, service in report.services.items():
            self.say(f"  {name:<15} live {service.push_to_live_seconds:.1f} s after its push")
            self.say(f"                  {service.url}")
        if not report.good:
            bad = [name for name, holds in report.checks.items() if not holds]
            self.say(f"\nWhat did not hold: {', '.join(bad) or 'the story ended early'}")
            return
        self.say("\nWhat next")
        for text, command in story.next_steps(hosting):
            self.say(f"  {text:<28} {command}")
        self.say(f"\nEverything held, in {report.seconds_total:.0f} s.")
