"""Imports from S3: a new table given the items of objects, one object at a time, by a job.

Source of the formats: Developer Guide, "Amazon S3 import formats for DynamoDB".
"""

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson
import zstandard

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.wire.http import content

from . import errors, indexes, ion_reader, items, limits, tables, transfers, values, vectors
from .tables import Table
from .values import Item

LOG_GROUP = "/aws-dynamodb/imports"
COUNTS = ("ProcessedItemCount", "ImportedItemCount", "ErrorCount")
_AT_ONCE = 500
_SOME_INVALID = (
    "Some of the items failed validation checks and were not imported. "
    "Please check CloudWatch error logs for more details."
)
_NO_ITEM = "The line is no item"
_DECODER = json.JSONDecoder()
_NO_SPACE = re.compile(r"\S")

Payload = dict[str, Any]


async def read(ctx: Context, payload: Payload) -> None:
    """Reads one object, then has the next one read; at the end the table is ACTIVE."""
    principal = transfers.unpacked(payload["principal"])
    try:
        key = await _next_key(ctx, payload, principal)
        packed = b"" if key is None else await _object(ctx, payload, key, principal)
    except AwsError as error:
        with ctx.transaction():
            _fail(ctx, payload, f"S3{error.code}", str(error))
        return
    if key is None:
        with ctx.transaction():
            _complete(ctx, payload)
        return
    counts = dict.fromkeys(COUNTS, 0)
    body = _unpacked(payload, packed)
    found = iter((None,)) if body is None else _items(payload, body)
    while batch := list(islice(found, _AT_ONCE)):
        _put(ctx, {**payload, "key": key}, batch, counts)
    with ctx.transaction():
        _count(ctx, payload, counts, len(body or b""))
        ctx.schedule("import", {**payload, "after": key})


async def _next_key(ctx: Context, payload: Payload, principal: Principal) -> str | None:
    source = payload["source"]
    params = {"Bucket": source["S3Bucket"], "MaxKeys": 1, "Prefix": source.get("S3KeyPrefix", "")}
    if payload["after"]:
        params["StartAfter"] = payload["after"]
    answer = await ctx.call("s3", "ListObjectsV2", params, principal=principal)
    found = answer.get("Contents") or []
    return found[0]["Key"] if found else None


async def _object(ctx: Context, payload: Payload, key: str, principal: Principal) -> bytes:
    params = {"Bucket": payload["source"]["S3Bucket"], "Key": key}
    answer = await ctx.call("s3", "GetObject", params, principal=principal)
    return await content(answer["Body"])


def _unpacked(payload: Payload, packed: bytes) -> bytes | None:
    """What an object holds; None if it is not packed as it should be, which is one wrong item."""
    try:
        return _UNPACKED[payload["compression"]](packed)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError):
        return None


def _plain(body: bytes) -> bytes:
    return body


def _frames(body: bytes) -> bytes:
    """What the frames of a Zstandard file hold, one after the other. EOFError if one is cut off."""
    found = []
    while body:
        frame = zstandard.ZstdDecompressor().decompressobj()
        found.append(frame.decompress(body))
        if not frame.eof:
            raise EOFError("The last frame ended before its end was reached")
        body = frame.unused_data
    return b"".join(found)


_UNPACKED = {"NONE": _plain, "GZIP": gzip.decompress, "ZSTD": _frames}


def _items(payload: Payload, body: bytes) -> Iterator[Item | None]:
    """The items of an object; None for what is none, after which JSON or Ion is not read on."""
    if payload["format"] == "CSV":
        yield from _rows(payload, body)
        return
    if payload["format"] == "ION":
        yield from _ion(body)
        return
    try:
        for line in body.splitlines():
            for each in _objects(line):
                item = each["Item"]
                for value in item.values():
                    transfers.restore(value)
                yield item
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        yield None


def _objects(line: bytes) -> Iterator[Any]:
    """The objects of a line: one as a rule, but the service wants no end of line between them."""
    try:
        yield orjson.loads(line)
        return
    except orjson.JSONDecodeError:
        text = line.decode()
    start = _NO_SPACE.search(text)
    while start is not None:
        end = _DECODER.raw_decode(text, start.start())[1]
        yield orjson.loads(text[start.start() : end])
        start = _NO_SPACE.search(text, end)


def _ion(body: bytes) -> Iterator[Item | None]:
    try:
        yield from ion_reader.items(body.decode())
    except (ValueError, TypeError, KeyError, ArithmeticError):
        yield None


def _rows(payload: Payload, body: bytes) -> Iterator[Item | None]:
    options = payload["options"]
    reader = csv.reader(
        io.StringIO(body.decode("utf-8", "replace")), delimiter=options.get("Delimiter", ",")
    )
    header = options.get("HeaderList") or next(reader, [])
    for row in reader:
        if len(row) != len(header):
            yield None
            continue
        pairs = zip(header, row, strict=True)
        item: Item = {n: {payload["types"].get(n, "S"): value} for n, value in pairs}
        for value in item.values():
            transfers.restore(value)
        yield item


def _put(ctx: Context, payload: Payload, batch: list[Item | None], counts: dict[str, int]) -> None:
    with ctx.transaction():
        table = tables.find(ctx, payload["table"])
        for item in batch:
            problem = _NO_ITEM if table is None or item is None else _imported(ctx, table, item)
            if problem is not None:
                _log(ctx, payload, counts["ProcessedItemCount"], problem)
            counts["ProcessedItemCount"] += 1
            counts["ImportedItemCount" if problem is None else "ErrorCount"] += 1


def _imported(ctx: Context, table: Table, item: Item) -> str | None:
    """Puts an item into the new table; what is wrong with it, if it cannot be."""
    try:
        size = values.admit_item(item)
        key = items.key_in(table, item)
        indexes.check(table, item)
        vectors.check(table, item)
        if size > limits.ITEM_BYTES:
            raise errors.ItemTooLarge()
    except AwsError as error:
        return error.message
    except (TypeError, AttributeError):
        return _NO_ITEM
    old = items.find(ctx, table, key)
    items.replace(ctx, table, key, old, items.Stored(item, size), limited=False)
    return None


def _log(ctx: Context, payload: Payload, index: int, problem: str) -> None:
    """Tells CloudWatch Logs of an item of an object, counted from 0, that is not imported."""
    message = {
        "itemS3Pointer": {
            "bucket": payload["source"]["S3Bucket"],
            "key": payload["key"],
            "itemIndex": index,
        },
        "importArn": payload["arn"],
        "errorMessages": [problem],
    }
    stream = f"{payload['arn'].rpartition('/')[2]}/error"
    ctx.telemetry.log(LOG_GROUP, stream, orjson.dumps(message).decode())


def _count(ctx: Context, payload: Payload, counts: dict[str, int], size: int) -> None:
    description = transfers.find(ctx, "import", payload["arn"])
    if description is not None:
        for name, count in (*counts.items(), ("ProcessedSizeBytes", size)):
            description[name] = description.get(name, 0) + count
        transfers.save(ctx, "import", payload["arn"], description)


def _complete(ctx: Context, payload: Payload) -> None:
    """Ends an import; one with items that could not be imported has failed, though others were.

    Source: Developer Guide, "Validating an import".
    """
    description = transfers.find(ctx, "import", payload["arn"]) or {}
    if description.get("ErrorCount"):
        _fail(ctx, payload, "ItemValidationError", _SOME_INVALID)
    else:
        _finish(ctx, payload, ImportStatus="COMPLETED")


def _fail(ctx: Context, payload: Payload, code: str, message: str) -> None:
    _finish(ctx, payload, ImportStatus="FAILED", FailureCode=code, FailureMessage=message)


def _finish(ctx: Context, payload: Payload, **results: Any) -> None:
    """Ends an import; there is no table if nothing could be read."""
    description = transfers.find(ctx, "import", payload["arn"])
    table = tables.find(ctx, payload["table"])
    if description is not None:
        ended = {**description, "EndTime": ctx.now, **results}
        transfers.save(ctx, "import", payload["arn"], ended)
    if table is None or table.id != payload["id"]:
        return
    if results["ImportStatus"] == "FAILED" and not payload["after"]:
        tables.remove(ctx, table)
        for space in (table.space, *(index.space for index in table.indexes.values())):
            ctx.schedule("forget_space", {"space": space})
        return
    changed = tables.editable(ctx, table.name)
    changed.status = "ACTIVE"
    tables.save(ctx, changed)
