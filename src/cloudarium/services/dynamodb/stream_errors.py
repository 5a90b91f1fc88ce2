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
StreamViewMissing = value("If stream is being enabled then UpdateViewType is required")
StreamViewUnwanted = value("If stream is being disabled, then UpdateViewType must not be specified")
NewStreamViewMissing = value(
    "Table is being created with a stream enabled, UpdateViewType is required"
)
NewStreamViewUnwanted = value(
    "Table is being created with a stream disabled, UpdateViewType should not be specified"
)
SequenceMissing = invalid(
    "SequenceNumber is required for AT_SEQUENCE_NUMBER and AFTER_SEQUENCE_NUMBER"
)
TimestampMissing = invalid("Timestamp is required for AT_TIMESTAMP")
SequenceUnwanted = invalid("SequenceNumber must not be specified for TRIM_HORIZON and LATEST")
LimitTooHigh = invalid(
    "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: "
    "Member must have value less than or equal to {most}"
)
BadStreamArn = invalid("Invalid StreamArn")
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
