"""The errors of contributor insights, as users of the service measured them."""

from cloudarium.core.errors import ErrorType

from .errors import invalid

NotActive = invalid(
    "Table or Index is not in a valid state to update Key Access Insights: "
    "{kind}Status must be ACTIVE to enable ContributorInsights."
)
IndexNotFound = ErrorType(
    "ResourceNotFoundException",
    400,
    "Requested resource not found: Index: {name} not found for table: {table}",
)
