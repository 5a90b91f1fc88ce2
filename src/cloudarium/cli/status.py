"""`cloudarium status`: whether the cloud runs, and where."""

from __future__ import annotations

import argparse

from cloudarium.cli import place


def run(options: argparse.Namespace) -> int:
    """Print one line a fact; 3 as the status if no cloud runs, as service managers have it."""
    cloud = place.running(options.dir)
    if cloud is None:
        print(f"No cloud runs over {options.dir}.")
        return 3
    health = place.control(cloud, "health")
    time = place.control(cloud, "time")
    print(f"Running at {cloud.endpoint} (process {cloud.pid}), version {health['version']}.")
    print(f"Git over SSH at port {cloud.ports['ssh']}, mail in at port {cloud.ports['smtp']}.")
    print(f"Services: {', '.join(sorted(health['services']))}.")
    if time["offset"] > 1 or time["frozen"]:
        state = "frozen" if time["frozen"] else "running"
        print(f"The clock is {time['offset']:.0f} s ahead and {state}.")
    return 0
