"""What every protocol module offers, and what they share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from cloudarium.core.errors import AwsError
from cloudarium.wire.http import HttpRequest, HttpResponse
from cloudarium.wire.model import OperationModel, ServiceModel

Params = dict[str, Any]


class Codec(Protocol):
    """One protocol of one service: requests to params, answers and errors to responses."""

    def parse(
        self, operation: OperationModel, request: HttpRequest, labels: Mapping[str, str]
    ) -> Params:
        """Return the request's params. Raises AwsError when the bytes do not fit the model."""

    def answer(self, operation: OperationModel, result: Params, request_id: str) -> HttpResponse:
        """Return the response for an operation's answer."""

    def error(self, error: AwsError, request_id: str) -> HttpResponse:
        """Return the response for an error."""


def error_shape_name(model: ServiceModel, error: AwsError, member: str = "message") -> str:
    """Return the name of the error's message member (`message` or `Message`) in the model."""
    shape = model.errors.get(error.code)
    if shape is not None:
        for name in shape.members:
            if name.lower() == "message":
                return name
    return member


def wire_code(model: ServiceModel, error: AwsError) -> str:
    """Return the code the query and XML protocols show for an error (`NoSuchEntity`)."""
    shape = model.errors.get(error.code)
    if error.query_code or shape is None:
        return error.query_code or error.code
    return str(shape.traits.get("error", {}).get("code", error.code))


def status_of(model: ServiceModel, error: AwsError) -> int:
    """Return the HTTP status of an error: the model's if it names one, else the error's own."""
    shape = model.errors.get(error.code)
    if shape is None:
        return error.status
    return int(shape.traits.get("error", {}).get("httpStatusCode", error.status))


def sender_fault(model: ServiceModel, error: AwsError) -> bool:
    """Tell whether the caller is to blame."""
    shape = model.errors.get(error.code)
    if shape is not None and "senderFault" in shape.traits.get("error", {}):
        return bool(shape.traits["error"]["senderFault"])
    return error.status < 500
