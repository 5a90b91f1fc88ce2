"""Request validation at work."""

from __future__ import annotations

from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import Failure
from cloudarium.services.apigateway.serving.validation import RequestCheck


def validate(exchange: Exchange, check: RequestCheck) -> None:
    """Raise the 400 Failure unless parameters and body are as the method's validator asks."""
    parameters = exchange.parameters
    missing = check.missing(parameters["path"], parameters["querystring"], exchange.request.headers)
    if missing:
        raise Failure(
            "BAD_REQUEST_PARAMETERS",
            f"Missing required request parameters: [{', '.join(missing)}]",
        )
    if problem := check.problem(exchange.content_type, exchange.body):
        raise Failure("BAD_REQUEST_BODY", "Invalid request body", validation=problem)
