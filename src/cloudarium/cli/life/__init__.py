"""`cloudarium life`: the reference system's life, from the first push to the alarm's recovery."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from pathlib import Path

from cloudarium.cli.life.hosting import Hosting
from cloudarium.cli.life.progress import Progress
from cloudarium.cli.life.report import Report
from cloudarium.cli.life.story import Story, StoryEnded
from cloudarium.cli.settings import SettingsError

SERVICES = ("authentication", "location", "profile")


def run(options: argparse.Namespace) -> int:
    """Live the life; return 0 only if every check holds."""
    # The cloud started for it ends with it, however it is asked to end.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    services = _services(options.service)
    source = _source(options.source)
    progress = Progress(quiet=options.json)
    report = Report()
    begun = time.monotonic()
    hosting = Hosting(options, progress)
    try:  # not `with`: it can be asked to end between the cloud's start and the block's
        hosting.start()
        story = Story(hosting.cloud, hosting.folder, source, services, progress, report)
        try:
            story.tell()
        except StoryEnded as end:
            progress.failed(str(end))
        report.seconds_total = round(time.monotonic() - begun, 2)
        if options.json:
            json.dump(report.as_json(), sys.stdout, indent=2)
            print()
        else:
            progress.summary(report, hosting, story)
        if not options.once and report.good:
            hosting.stay()
    finally:
        hosting.stop()
    return 0 if report.good else 1


def _services(wanted: str | None) -> list[str]:
    if wanted is None:
        return list(SERVICES)
    if wanted not in SERVICES:
        raise SettingsError(f"there is no service {wanted}; there are {', '.join(SERVICES)}")
    return list(SERVICES[: SERVICES.index(wanted) + 1])


def _source(given: Path | None) -> Path:
    """Return the folder of the services' sources: given, here, or beside this package."""
    beside = Path(__file__).resolve().parents[4] / "microservices"
    for folder in (given, Path("microservices"), beside):
        if folder is not None and (folder / "profile" / "pipeline.yaml").is_file():
            return folder.resolve()
    raise SettingsError("the services' sources are not here; say where with --source")
