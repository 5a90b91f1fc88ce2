"""The handler's second argument."""

from __future__ import annotations

import json
import os
import time
from typing import Any, ClassVar

from awslambdaric.logs import write_event

_W3C_FIELDS = ("traceparent", "tracestate", "baggage")


class _Shown:
    """The context, or a part of it, which shows what it has."""

    __slots__ = ()
    _names: ClassVar[tuple[str, ...]] = ()

    def __repr__(self) -> str:
        fields = ",".join(f"{name}={getattr(self, name)}" for name in self._names)
        return f"{type(self).__name__}([{fields}])"


class CognitoIdentity(_Shown):
    """`context.identity`."""

    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")
    _names = __slots__

    def __init__(self, text: str) -> None:
        fields = json.loads(text) if text else {}
        self.cognito_identity_id = fields.get("cognitoIdentityId")
        self.cognito_identity_pool_id = fields.get("cognitoIdentityPoolId")


class Client(_Shown):
    """`context.client_context.client`: the mobile application."""

    _names = (
        *("installation_id", "app_title", "app_version_name", "app_version_code"),
        "app_package_name",
    )

    def __init__(self, fields: dict[str, Any]) -> None:
        for name in self._names:
            setattr(self, name, fields.get(name))


class ClientContext(_Shown):
    """`context.client_context`."""

    _names = ("custom", "env", "client")

    def __init__(self, fields: dict[str, Any]) -> None:
        client = fields.get("client")
        self.custom = fields.get("custom")
        self.env = fields.get("env")
        self.client = None if client is None else Client(client)


class LambdaContext(_Shown):
    """The handler's second argument."""

    _names = (
        *("aws_request_id", "log_group_name", "log_stream_name", "function_name"),
        *("memory_limit_in_mb", "function_version", "invoked_function_arn", "client_context"),
        *("identity", "tenant_id"),
    )
    log_group_name = log_stream_name = function_name = None
    memory_limit_in_mb = function_version = tenant_id = None

    @classmethod
    def prepare(cls) -> None:
        """What is the same for every invocation."""
        cls.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        cls.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        cls.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        cls.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        cls.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")

    def __init__(self, headers: dict[str, str]) -> None:
        client = json.loads(headers.get("Lambda-Runtime-Client-Context", "null"))
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers.get("Lambda-Runtime-Invoked-Function-Arn")
        self._w3c = _w3c(client)
        self.client_context = None if client is None else ClientContext(client)
        self.identity = CognitoIdentity(headers.get("Lambda-Runtime-Cognito-Identity", ""))
        self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds left before the function times out, not below zero."""
        return max(self._deadline_ms - int(time.time() * 1000), 0)

    def w3c(self) -> dict[str, str]:
        """The W3C trace context that the invocation's client context has."""
        return dict(self._w3c)

    def log(self, message: object) -> None:
        """Write to the function's log: one event."""
        write_event(str(message))


def _w3c(client: Any) -> dict[str, str]:
    found = client.get("w3c") if isinstance(client, dict) else None
    fields = found if isinstance(found, dict) else {}
    return {name: fields[name] for name in _W3C_FIELDS if isinstance(fields.get(name), str)}
