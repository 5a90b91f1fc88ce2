"""DynamoDB's cost as work grows: a table of many items beside one of ten thousand.

    python -m benchmarks.dynamodb.scale [--items 300000] [--seconds 3] [--rounds 3]

Both tables are in one server, and are measured in turn, so that what else the machine does weighs
on both alike. With --items 10000000 it takes some 12 GB of disk and twenty minutes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path

from benchmarks.dynamodb import run, servers

_SMALL = 10_000
_OPERATIONS = ("GetItem", "Query of 10")


def rates(
    port: int, tables: dict[str, int], given: argparse.Namespace
) -> dict[tuple[str, int], list[list[float]]]:
    """Return the answers per second of each table in each round, by operation and connections."""
    found: dict[tuple[str, int], list[list[float]]] = {}
    for operation in _OPERATIONS:
        requests = {name: run.mix(items, name)[operation] for name, items in tables.items()}
        for connections in (1, 16):
            found[operation, connections] = [
                [
                    run.load(port, requests[name], connections, given.seconds)["rate"]
                    for name in tables
                ]
                for _ in range(given.rounds)
            ]
    return found


def report(found: dict[tuple[str, int], list[list[float]]], items: int) -> None:
    """Print the medians, and the median of the rounds' ratios."""
    print(f"| operation | {_SMALL:,} items, ops/s | {items:,} items, ops/s | small / large |")
    print("| --- | ---: | ---: | ---: |")
    for (operation, connections), rounds in found.items():
        small, large = (statistics.median(each) for each in zip(*rounds, strict=True))
        ratio = statistics.median(one[0] / one[1] for one in rounds)
        print(f"| {operation} c={connections} | {small:,.0f} | {large:,.0f} | {ratio:.2f}x |")


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, default=300_000, help="items of the large table")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder, port = Path(temporary), servers.free_port()
        with servers.running(servers.ours(folder / "ours", port), port, folder / "log") as process:
            run.prepare(port, _SMALL, "small")
            run.prepare(port, 0, "large")
            print(f"filled with {run.fill(port, 0, given.items, 'large'):,.0f} items/s", flush=True)
            print(f"memory after filling: {run.memory(process):.0f} MB", flush=True)
            tables = {"small": _SMALL, "large": given.items}
            report(rates(port, tables, given), given.items)
            print(f"memory after reading: {run.memory(process):.0f} MB; cores: {os.cpu_count()}")


if __name__ == "__main__":
    main()
