"""Every error the Resource Groups Tagging API raises."""

from cloudarium.core.errors import ErrorType

InvalidParameter = ErrorType("InvalidParameterException", 400, "{message}")
NoSuchToken = ErrorType(
    "PaginationTokenExpiredException", 400, "The PaginationToken is not one of this request's."
)

TOGETHER = "ResourceARNList cannot be used together with {name}."
NO_TYPE = "{type} is not a resource type of the form service[:resourceType]."
NOT_TAGGED_HERE = "The resource {arn} cannot be tagged through this API."
