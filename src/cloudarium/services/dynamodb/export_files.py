"""What exports put into S3: gzipped JSON or Ion with manifests, file by file, by a job.

Source of the files' names and contents: Developer Guide, "DynamoDB table export output format".
"""

import gzip
import hashlib
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError

from . import codec, export_filters, exports, incremental_exports, ion, storage, transfers
from .export_filters import Filter
from .transfers import Description

_FILE_BYTES = 8 << 20

Payload = dict[str, Any]


async def write(ctx: Context, payload: Payload) -> None:
    """Writes one data file, then has the next written; at the end the manifests.

    Each file's name is its number's, so that one written again is the same.
    """
    with ctx.transaction():
        lines, following = _lines(ctx, payload)
    try:
        if not payload["file"]:
            await _put(ctx, payload, f"{payload['folder']}/_started", b"")
        if lines or not payload["file"]:
            payload = {**payload, "files": [*payload["files"], await _data(ctx, payload, lines)]}
        if following is None:
            await _manifests(ctx, payload)
    except AwsError as error:
        with ctx.transaction():
            failure = {"FailureCode": f"S3{error.code}", "FailureMessage": error.message}
            exports.finish(ctx, payload, ExportStatus="FAILED", **failure)
        return
    with ctx.transaction():
        if following is not None:
            ctx.schedule("export_write", {**payload, **following, "file": payload["file"] + 1})
            return
        key = f"{payload['folder']}/manifest-summary.json"
        count = sum(each["itemCount"] for each in payload["files"])
        done = {"ExportManifest": key, "ItemCount": count}
        done["BilledSizeBytes"] = payload.get("billed", 0)
        exports.finish(ctx, payload, ExportStatus="COMPLETED", **done)


def _lines(ctx: Context, payload: Payload) -> tuple[list[bytes], Payload | None]:
    """The items of one file, and where the next begins (None: there is none)."""
    start = bytes.fromhex(payload["partition"]), bytes.fromhex(payload["sort"])
    description = transfers.find(ctx, "export", payload["arn"]) or {}
    written = ion.line if payload.get("format") == "ION" else _json
    chosen = export_filters.filter_of(description.get("FilterSpecification"))
    lines: list[bytes] = []
    size = 0
    for partition, sort, data in storage.across(ctx, payload["space"], start, None):
        if size >= _FILE_BYTES:
            return lines, {"partition": start[0].hex(), "sort": start[1].hex()}
        start = partition, sort
        shown = _shown(payload, data, chosen)
        if shown is not None:
            lines.append(written(shown))
            size += len(lines[-1])
    return lines, None


def _json(shown: dict[str, Any]) -> bytes:
    return orjson.dumps(shown, default=transfers.portable) + b"\n"


def _shown(payload: Payload, kept: bytes, chosen: Filter) -> dict[str, Any] | None:
    if "view" in payload:
        return incremental_exports.shown(payload, kept, chosen)
    item = codec.decode(kept)
    return {"Item": chosen.picked(item)} if chosen.accepts(item) else None


async def _data(ctx: Context, payload: Payload, lines: list[bytes]) -> dict[str, Any]:
    body = gzip.compress(b"".join(lines), mtime=0)
    name = hashlib.sha256(f"{payload['arn']}/{payload['file']}".encode()).hexdigest()[:32]
    folder = payload.get("data", f"{payload['folder']}/data")
    key = f"{folder}/{name}.{'ion' if payload.get('format') == 'ION' else 'json'}.gz"
    etag = await _put(ctx, payload, key, body)
    md5 = b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
    return {"itemCount": len(lines), "md5Checksum": md5, "etag": etag, "dataFileS3Key": key}


async def _put(ctx: Context, payload: Payload, key: str, body: bytes) -> str:
    params = {"Bucket": payload["bucket"], "Key": key, "Body": body}
    if payload["encryption"]:
        params["ServerSideEncryption"] = payload["encryption"]
    principal = transfers.unpacked(payload["principal"])
    answer = await ctx.call("s3", "PutObject", params, principal=principal)
    return str(answer["ETag"]).strip('"')


async def _manifests(ctx: Context, payload: Payload) -> None:
    files = b"".join(orjson.dumps(each) + b"\n" for each in payload["files"])
    with ctx.transaction():
        description = transfers.find(ctx, "export", payload["arn"]) or {}
    summary = orjson.dumps(_summary(ctx, payload, description))
    for name, body in (("manifest-files", files), ("manifest-summary", summary)):
        key = f"{payload['folder']}/{name}"
        await _put(ctx, payload, f"{key}.json", body)
        md5 = b64encode(hashlib.md5(body, usedforsecurity=False).digest())
        await _put(ctx, payload, f"{key}.md5", md5)


def _summary(ctx: Context, payload: Payload, description: Description) -> dict[str, Any]:
    period = description.get("IncrementalExportSpecification")
    times = (
        {"exportTime": _text(description["ExportTime"])}
        if period is None
        else {
            "exportFromTime": _text(period["ExportFromTime"]),
            "exportToTime": _text(period["ExportToTime"]),
        }
    )
    return {
        "version": "2020-06-30" if period is None else "2023-08-01",
        "exportArn": payload["arn"],
        "startTime": _text(description["StartTime"]),
        "endTime": _text(ctx.now),
        "tableArn": description["TableArn"],
        "tableId": description["TableId"],
        **times,
        "s3Bucket": description["S3Bucket"],
        "s3Prefix": description.get("S3Prefix"),
        "s3SseAlgorithm": description["S3SseAlgorithm"],
        "s3SseKmsKeyId": description.get("S3SseKmsKeyId"),
        "manifestFilesS3Key": f"{payload['folder']}/manifest-files.json",
        "billedSizeBytes": payload.get("billed", 0),
        "itemCount": sum(each["itemCount"] for each in payload["files"]),
        "outputFormat": description["ExportFormat"],
        **({} if period is None else {"outputView": period["ExportViewType"]}),
        "exportType": description.get("ExportType", "FULL_EXPORT"),
    }


def _text(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
