"""Every error Service Quotas raises."""

from cloudarium.core.errors import ErrorType

NoSuchQuota = ErrorType(
    "NoSuchResourceException",
    400,
    "The request failed because the specified quota does not exist.",
)
BadValue = ErrorType("IllegalArgumentException", 400, "The desired value must be a whole number.")
BadToken = ErrorType("InvalidPaginationTokenException", 400, "Invalid pagination token.")
