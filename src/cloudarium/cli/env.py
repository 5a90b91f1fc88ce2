"""`cloudarium env`: settings for AWS tools, as a shell reads them."""

from __future__ import annotations

import argparse
import shlex

from cloudarium.cli import place


def run(options: argparse.Namespace) -> int:
    """Print `export` lines."""
    for name, value in place.environment(place.required(options.dir)).items():
        print(f"export {name}={shlex.quote(value)}")
    return 0
