"""`cloudarium env`: settings for AWS tools, as a shell reads them."""

from __future__ import annotations

import argparse
import shlex

from cloudarium.cli import place


def run(options: argparse.Namespace) -> int:
    """Print `export` lines, and last, for people, the ports that no variable tells."""
    cloud = place.required(options.dir)
    for name, value in place.environment(cloud).items():
        print(f"export {name}={shlex.quote(value)}")
    print(f"# Git over SSH at port {cloud.ports['ssh']}, mail in at port {cloud.ports['smtp']}.")
    return 0
