"""ListStreams, DescribeStream, GetShardIterator and GetRecords."""

from typing import Any

from cloudarium.core.context import Context, Request, Response

from .. import limits, metrics, stream_errors, streams
from ..streams import Stream


def list_streams(ctx: Context, request: Request) -> Response:
    """Lists streams, of one table or all, up to 100 a page."""
    limit = _limit(request, limits.STREAMS_PAGE)
    start = request.get("ExclusiveStartStreamArn", "")
    if start:
        streams.check_arn(start)
    found = [each for each in streams.listed(ctx, request.get("TableName")) if each.arn > start]
    answer: Response = {
        "Streams": [
            {"StreamArn": each.arn, "TableName": each.table_name, "StreamLabel": each.label}
            for each in found[:limit]
        ]
    }
    if len(found) > limit:
        answer["LastEvaluatedStreamArn"] = found[limit - 1].arn
    return answer


def describe_stream(ctx: Context, request: Request) -> Response:
    """Describes a stream and its one shard."""
    _limit(request, limits.STREAMS_PAGE)
    stream = streams.find(ctx, request["StreamArn"])
    span = {"StartingSequenceNumber": streams.text(int(stream.created * 1_000_000))}
    if stream.disabled is not None:
        span["EndingSequenceNumber"] = streams.text(streams.end(ctx, stream))
    shards = [{"ShardId": stream.shard, "SequenceNumberRange": span}]
    if request.get("ExclusiveStartShardId", "") >= stream.shard:
        shards = []
    description = {
        "StreamArn": stream.arn,
        "StreamLabel": stream.label,
        "StreamStatus": "ENABLED" if stream.disabled is None else "DISABLED",
        "StreamViewType": stream.view,
        "CreationRequestDateTime": stream.created,
        "TableName": stream.table_name,
        "KeySchema": stream.keys,
        "Shards": shards,
    }
    return {"StreamDescription": description}


def get_shard_iterator(ctx: Context, request: Request) -> Response:
    """Gives a place in a shard to read from, good for 15 minutes."""
    stream = streams.find(ctx, request["StreamArn"])
    if request["ShardId"] != stream.shard:
        raise stream_errors.ShardNotFound(shard=request["ShardId"], arn=stream.arn)
    position = _position(ctx, stream, request)
    return {"ShardIterator": streams.iterator(stream, position, ctx.now)}


def _limit(request: Request, most: int) -> int:
    """How many are asked for. ValidationException if more than there are `most` in a page."""
    limit: int = request.get("Limit", most)
    if limit > most:
        raise stream_errors.LimitTooHigh(limit=limit, most=most)
    return limit


def _position(ctx: Context, stream: Stream, request: Request) -> int:
    kind, given = request["ShardIteratorType"], request.get("SequenceNumber")
    if given is not None and kind in ("TRIM_HORIZON", "LATEST"):
        raise stream_errors.SequenceUnwanted()
    if kind == "TRIM_HORIZON":
        return 0
    if kind == "LATEST":
        return streams.end(ctx, stream)
    if kind == "AT_TIMESTAMP":
        if "Timestamp" not in request:
            raise stream_errors.TimestampMissing()
        return max(0, int(request["Timestamp"] * 1_000_000))
    if given is None:
        raise stream_errors.SequenceMissing()
    sequence = streams.number(given)
    if sequence < streams.horizon(ctx):
        raise stream_errors.Trimmed()
    return sequence + int(kind == "AFTER_SEQUENCE_NUMBER")


def get_records(ctx: Context, request: Request) -> Response:
    """Reads up to 1,000 records or 1 MB from an iterator's place, and gives the next iterator.

    There is no next iterator once a closed shard is read to its end.
    """
    began = ctx.now
    limit = _limit(request, limits.STREAM_PAGE)
    arn, position, given = streams.opened(request["ShardIterator"])
    stream = streams.find(ctx, arn)
    if ctx.now - given > limits.ITERATOR_SECONDS:
        raise stream_errors.IteratorExpired()
    found: list[dict[str, Any]] = []
    size = 0
    for sequence, record in streams.records(ctx, stream, position):
        size += record["dynamodb"]["SizeBytes"]
        if len(found) == limit or (found and size > limits.PAGE_BYTES):
            break
        found.append(record)
        position = sequence + 1
    if not found and stream.disabled is None:
        streams.read_to_end(ctx, stream)
    _count_read(ctx, stream, found, ctx.now - began)
    answer: Response = {"Records": found}
    if stream.disabled is None or position < streams.end(ctx, stream):
        answer["NextShardIterator"] = streams.iterator(stream, position, ctx.now)
    return answer


def _count_read(ctx: Context, stream: Stream, found: list[dict[str, Any]], seconds: float) -> None:
    dimensions = {
        "TableName": stream.table_name,
        "Operation": "GetRecords",
        "StreamLabel": stream.label,
    }
    for name, value, unit in (
        ("ReturnedRecordsCount", len(found), "Count"),
        ("ReturnedBytes", sum(record["dynamodb"]["SizeBytes"] for record in found), "Bytes"),
        ("SuccessfulRequestLatency", round(seconds * 1000, 2), "Milliseconds"),
    ):
        ctx.telemetry.metric(metrics.NAMESPACE, name, value, unit, dimensions)
