"""DynamoDB's speed: ours beside dynalite and beside a constant answer, in one run.

    python -m benchmarks.dynamodb.run [--items 10000] [--batch 100000] [--seconds 4]
        [--only ours] [--dynalite FOLDER]

Both keep their data on disk; ours answers a write when it is synced, dynalite (LevelDB) does not
sync. Signatures are checked by ours only. The load is a process of its own (load.py) on the same
machine, so that server and load share its cores. dynalite needs npm, and is installed into a
temporary folder unless one is named: `dynalite --port PORT --path FOLDER`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pickle
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from benchmarks.dynamodb import servers
from benchmarks.dynamodb.signed import Request, signed

_TABLE = "bench"
_PAGE = 10
_REQUESTS = 3000
_TEXT = "x" * 960
Figures = dict[str, Any]


def key(number: int) -> dict[str, Any]:
    """Return the key of an item: partitions of ten."""
    return {"id": {"S": f"customer-{number // _PAGE:08}"}, "at": {"N": str(number % _PAGE)}}


def item(number: int) -> dict[str, Any]:
    """Return an item of 1 KB."""
    return {**key(number), "text": {"S": _TEXT}, "count": {"N": "1"}}


def mix(items: int, table: str = _TABLE) -> dict[str, list[Request]]:
    """Return the requests of each measured operation, over so many items of a table."""
    chosen = [random.randrange(items) for _ in range(_REQUESTS)]
    one = {":one": {"N": "1"}}
    return {
        "PutItem": [("PutItem", {"TableName": table, "Item": item(n)}) for n in chosen],
        "GetItem": [("GetItem", {"TableName": table, "Key": key(n)}) for n in chosen],
        "Query of 10": [("Query", _query(table, n)) for n in chosen],
        "UpdateItem ADD": [
            (
                "UpdateItem",
                {
                    "TableName": table,
                    "Key": key(n),
                    "UpdateExpression": "ADD #c :one",
                    "ExpressionAttributeNames": {"#c": "count"},
                    "ExpressionAttributeValues": one,
                },
            )
            for n in chosen
        ],
    }


def _query(table: str, number: int) -> dict[str, Any]:
    return {
        "TableName": table,
        "KeyConditionExpression": "id = :id",
        "ExpressionAttributeValues": {":id": key(number)["id"]},
    }


def batches(first: int, items: int, table: str = _TABLE) -> Iterator[Request]:
    """Return BatchWriteItem requests that put so many items."""
    for begin in range(first, first + items, 25):
        puts = [
            {"PutRequest": {"Item": item(n)}} for n in range(begin, min(begin + 25, first + items))
        ]
        yield "BatchWriteItem", {"RequestItems": {table: puts}}


def load(port: int, requests: list[Request], connections: int, seconds: float) -> Figures:
    """Send requests from a process of its own and return its figures."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(pickle.dumps(signed(port, requests)))
        file.flush()
        command = ["benchmarks.dynamodb.load", str(port), str(connections), str(seconds), file.name]
        output = subprocess.run(
            [sys.executable, "-m", *command], check=True, capture_output=True
        ).stdout
    figures: Figures = json.loads(output)
    if figures["failed"]:
        raise RuntimeError(f"{figures['failed']} requests failed: {figures['first_failure']}")
    return figures


def prepare(port: int, items: int, table: str = _TABLE) -> None:
    """Make a table and its items."""
    client = boto3.client(
        "dynamodb",
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}),
    )
    client.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "id", "KeyType": "HASH"},
            {"AttributeName": "at", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "at", "AttributeType": "N"},
        ],
    )
    client.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1})
    if items:
        fill(port, 0, items, table)


def fill(port: int, first: int, items: int, table: str = _TABLE) -> float:
    """Put items by BatchWriteItem over 16 connections; items per second."""
    began, sending = time.perf_counter(), 0.0
    for begin in range(first, first + items, 100_000):
        some = list(batches(begin, min(100_000, first + items - begin), table))
        figures = load(port, some, 16, 0)
        sending += len(some) / figures["rate"]
    assert time.perf_counter() > began
    return items / sending


def measure(port: int, given: argparse.Namespace) -> dict[str, Figures]:
    """Return the figures of each operation, at one and at sixteen connections."""
    found = {}
    for name, requests in mix(given.items).items():
        for connections in (1, 16):
            found[f"{name} c={connections}"] = load(port, requests, connections, given.seconds)
    return found


def memory(process: subprocess.Popen[bytes]) -> float:
    """Return a process's resident memory in MB."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measured(name: str, command: list[str], port: int, given: argparse.Namespace) -> Figures:
    """Start a server, fill it, measure it."""
    with servers.running(command, port, given.folder / f"{name}.log") as process:
        prepare(port, given.items)
        figures = measure(port, given)
        rate = fill(port, given.items, given.batch)
        figures[f"BatchWriteItem, {given.batch:,} items"] = {"rate": rate, "p99": 0.0}
        figures["memory"] = {"rate": memory(process), "p99": 0.0}
    return figures


def report(found: dict[str, Figures]) -> None:
    """Print the table of the figures, with ratios."""
    first = next(iter(found.values()))
    print("| operation (1 KB items) | " + " | ".join(f"{n} ops/s (p99 ms)" for n in found), end="")
    print(" | ratio |" if len(found) == 2 else " |")
    print("| --- |" + " ---: |" * (len(found) + (len(found) == 2)))
    for operation in first:
        each = [figures[operation] for figures in found.values()]
        row = [f"{figure['rate']:,.0f} ({figure['p99']:.2f})" for figure in each]
        if len(each) == 2:
            row.append(f"{each[1]['rate'] / each[0]['rate']:.2f}x")
        print(f"| {operation} | " + " | ".join(row) + " |")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, default=10_000, help="items there are beforehand")
    parser.add_argument("--batch", type=int, default=100_000, help="items put by BatchWriteItem")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement")
    parser.add_argument("--only", choices=("ours", "dynalite"))
    parser.add_argument("--dynalite", type=Path, help="folder where dynalite is or will be")
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        given.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cores = os.cpu_count()
        print(f"Python {platform.python_version()}, {cores} cores, load {os.getloadavg()[0]:.1f}")
        port = servers.free_port()
        with servers.running(servers.floor(port), port, given.folder / "floor.log"):
            gets = mix(1000)["GetItem"]
            for connections in (1, 16):
                rate = load(port, gets, connections, given.seconds)["rate"]
                print(f"floor (constant 1 KB), c={connections}: {rate:,.0f}/s")
        found = {}
        if given.only != "ours":
            folder = given.dynalite or given.folder / "dynalite"
            port = servers.free_port()
            found["dynalite"] = measured("dynalite", servers.dynalite(folder, port), port, given)
        if given.only != "dynalite":
            port = servers.free_port()
            found["ours"] = measured("ours", servers.ours(given.folder / "ours", port), port, given)
    print()
    report(found)


if __name__ == "__main__":
    main()
