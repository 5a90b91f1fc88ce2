"""Every error SNS raises: shape name, HTTP status and message (SNS API reference)."""

from cloudarium.core.errors import ErrorType

BatchEntryIdsNotDistinct = ErrorType(
    "BatchEntryIdsNotDistinctException",
    400,
    "Two or more batch entries in the request have the same Id.",
)
BatchRequestTooLong = ErrorType(
    "BatchRequestTooLongException",
    400,
    "The length of all the messages put together is more than the limit.",
)
EmptyBatchRequest = ErrorType(
    "EmptyBatchRequestException", 400, "The batch request doesn't contain any entries."
)
InvalidBatchEntryId = ErrorType(
    "InvalidBatchEntryIdException",
    400,
    "The Id of a batch entry in a batch request doesn't abide by the specification. ",
)
InvalidParameter = ErrorType("InvalidParameterException", 400, "Invalid parameter: {reason}")
InvalidParameterValue = ErrorType("InvalidParameterValueException", 400, "{message}")
NotFound = ErrorType("NotFoundException", 404, "{what} does not exist")
ResourceNotFound = ErrorType("ResourceNotFoundException", 404, "Resource does not exist")
TagLimitExceeded = ErrorType(
    "TagLimitExceededException",
    400,
    "Could not complete request: tag quota of per resource exceeded",
)
TooManyEntriesInBatchRequest = ErrorType(
    "TooManyEntriesInBatchRequestException",
    400,
    "The batch request contains more entries than permissible.",
)
