"""`cloudarium aws ...`: the AWS CLI against this cloud, and never another."""

from __future__ import annotations

import argparse
import os
import sys

from cloudarium.cli import place


def run(options: argparse.Namespace) -> int:
    """Become the AWS CLI."""
    settings = place.environment(place.required(options.dir))
    # A profile of the user's could name another endpoint; it must not be read.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    kept |= settings | {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    words = options.words[1:] if options.words[:1] == ["--"] else options.words
    # The endpoint is given as an option too: the CLI's SQS and RDS do not heed the variable.
    endpoint = ("--endpoint-url", settings["AWS_ENDPOINT_URL"])
    os.execve(sys.executable, [sys.executable, "-m", "awscli", *endpoint, *words], kept)
