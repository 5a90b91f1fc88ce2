"""The errors of streams: their specifications, shards, iterators and records."""

from cloudarium.core.errors import ErrorType

from .errors import invalid, value

StreamNotFound = ErrorType(
    "ResourceNotFoundException", 400, "Requested resource not found: Stream: {arn} not found"
)
ShardNotFound = ErrorType(
    "ResourceNotFoundException",
    400,
    "Requested resource not found: Shard: {shard} in Stream: {arn} not found",
)
StreamEnabled = invalid("Table already has an enabled stream: TableName: {name}")
StreamMissing = invalid("Table has no stream to disable: TableName: {name}")
StreamViewMissing = value("StreamViewType is required when StreamEnabled is true")
StreamViewUnwanted = value("StreamViewType cannot be specified when StreamEnabled is false")
SequenceMissing = invalid(
    "SequenceNumber is required for AT_SEQUENCE_NUMBER and AFTER_SEQUENCE_NUMBER"
)
TimestampMissing = invalid("Timestamp is required for AT_TIMESTAMP")
BadIterator = invalid("Invalid ShardIterator")
IteratorExpired = ErrorType(
    "ExpiredIteratorException",
    400,
    "Iterator expired. The iterator was created more than 15 minutes ago.",
)
Trimmed = ErrorType(
    "TrimmedDataAccessException",
    400,
    "The operation attempted to read past the oldest stream record in a shard",
)
