"""DynamoDB's speed: ours beside dynalite, beside the least Python can do, and a constant answer.

    python -m benchmarks.dynamodb.run [--items 10000] [--batch 100000] [--seconds 2] [--rounds 3]
        [--only ours] [--dynalite FOLDER]

All servers run at the same time and are asked in turns; figures are medians of the rounds. All keep
their data on disk; ours and the bare one answer a write when it is synced, dynalite (LevelDB) does
not sync, nor does it check signatures. The load is a process of its own (load.py) on the same
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
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import boto3
from botocore.config import Config

from benchmarks.dynamodb import servers
from benchmarks.dynamodb.signed import Request, signed

_TABLE = "bench"
_PAGE = 10
_REQUESTS = 3000
_TEXT = "x" * 960
_OURS, _DYNALITE, _BARE, _FLOOR = "ours", "dynalite", "bare", "floor"
_BARE_OPERATIONS = ("PutItem", "GetItem")
Figures = dict[str, Any]


class Server(NamedTuple):
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int


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


def puts(items: int, table: str = _TABLE) -> list[Request]:
    """Return PutItem requests of so many items."""
    return [("PutItem", {"TableName": table, "Item": item(n)}) for n in range(items)]


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
    sending = 0.0
    for begin in range(first, first + items, 100_000):
        some = list(batches(begin, min(100_000, first + items - begin), table))
        figures = load(port, some, 16, 0)
        sending += len(some) / figures["rate"]
    return items / sending


def rates(
    ports: dict[str, int], given: argparse.Namespace
) -> Iterator[tuple[str, dict[str, Figures]]]:
    """Yield each operation's figures at one and at sixteen connections: medians of the rounds.

    The servers are asked in turns, so that what else the machine does weighs on all alike.
    """
    for operation, requests in mix(given.items).items():
        for connections in (1, 16):
            asked = [name for name in ports if name != _BARE or operation in _BARE_OPERATIONS]
            found: dict[str, list[Figures]] = {name: [] for name in asked}
            for _ in range(given.rounds):
                for name in asked:
                    one = load(ports[name], requests, connections, given.seconds)
                    found[name].append(one)
            yield (
                f"{operation} c={connections}",
                {
                    name: {
                        figure: statistics.median(one[figure] for one in each)
                        for figure in ("rate", "p99")
                    }
                    for name, each in found.items()
                },
            )


def memory(process: subprocess.Popen[bytes]) -> float:
    """Return a process's resident memory in MB."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def start(stack: contextlib.ExitStack, name: str, given: argparse.Namespace) -> Server:
    """Start a server that stops with the stack."""
    folder = given.dynalite if name == _DYNALITE and given.dynalite else given.folder / name
    port, command = servers.free_port(), getattr(servers, name)
    log = given.folder / f"{name}.log"
    return Server(stack.enter_context(servers.running(command(folder, port), port, log)), port)


def rows(found: dict[str, Server], given: argparse.Namespace) -> Iterator[list[str]]:
    """Yield the table's rows."""
    for operation, figures in rates({name: one.port for name, one in found.items()}, given):
        texts = {name: f"{one['rate']:,.0f} ({one['p99']:.2f})" for name, one in figures.items()}
        yield [operation, *(texts.get(name, "-") for name in found), _ratio(figures)]
    filled = {
        name: {"rate": fill(one.port, given.items, given.batch)}
        for name, one in found.items()
        if name != _BARE
    }
    sizes = {name: {"rate": memory(found[name].process)} for name in filled}
    for what, each in ((f"BatchWriteItem, {given.batch:,} items", filled), ("memory (MB)", sizes)):
        texts = {name: f"{one['rate']:,.0f}" for name, one in each.items()}
        yield [what, *(texts.get(name, "-") for name in found), _ratio(each)]


def _ratio(figures: dict[str, Figures]) -> str:
    if _OURS not in figures or _DYNALITE not in figures:
        return "-"
    return f"{figures[_OURS]['rate'] / figures[_DYNALITE]['rate']:.2f}x"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, default=10_000, help="items there are beforehand")
    parser.add_argument("--batch", type=int, default=100_000, help="items put by BatchWriteItem")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=(_OURS, _DYNALITE, _BARE))
    parser.add_argument("--dynalite", type=Path, help="folder where dynalite is or will be")
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        given.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cores = os.cpu_count()
        print(f"Python {platform.python_version()}, {cores} cores, load {os.getloadavg()[0]:.1f}")
        floor = start(stack, _FLOOR, given)
        for connections in (1, 16):
            rate = load(floor.port, mix(1000)["GetItem"], connections, given.seconds)["rate"]
            print(f"floor (constant 1 KB), c={connections}: {rate:,.0f}/s")
        names = [given.only] if given.only else [_BARE, _DYNALITE, _OURS]
        found = {name: start(stack, name, given) for name in names}
        for name, server in found.items():
            if name == _BARE:
                load(server.port, puts(given.items), 16, 0)
            else:
                prepare(server.port, given.items)
        print(
            "\n| operation (1 KB items) | " + " | ".join(f"{n}, ops/s (p99 ms)" for n in found),
            end="",
        )
        print(f" | {_OURS} / {_DYNALITE} |\n| --- |" + " ---: |" * (len(found) + 1), flush=True)
        for row in rows(found, given):
            print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
