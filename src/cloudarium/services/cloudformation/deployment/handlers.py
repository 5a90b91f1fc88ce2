"""Calling a resource type's functions: what they are given, and what their failures read like.

Failure texts have the form stack events show: `Resource handler returned message: …` with the
handler error codes of the CloudFormation CLI's user guide ("Handler error codes").
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.core.resources import ResourceRequest
from cloudarium.services.cloudformation.stacks import Stack

log = logging.getLogger(__name__)
T = TypeVar("T")

_SUFFIX = 12
_SERVICE_NAMES = {
    "apigateway": "ApiGateway",
    "cloudwatch": "CloudWatch",
    "codebuild": "CodeBuild",
    "codecommit": "CodeCommit",
    "codepipeline": "CodePipeline",
    "dynamodb": "DynamoDb",
    "events": "EventBridge",
    "logs": "CloudWatchLogs",
}
_HANDLER_CODES = (
    ("AccessDenied", ("AccessDenied", "Unauthorized", "AuthorizationError", "NotAuthorized")),
    ("AlreadyExists", ("AlreadyExist", "NameExists", "AlreadyOwned", "Duplicate")),
    ("NotFound", ("NotFound", "NoSuch", "DoesNotExist", "NonExistent")),
    ("Throttling", ("Throttl", "TooManyRequests", "RequestLimitExceeded")),
    ("ServiceLimitExceeded", ("LimitExceeded", "QuotaExceeded", "ServiceQuota")),
    ("InvalidRequest", ("Invalid", "Validation", "Malformed", "BadRequest", "Missing")),
    ("ResourceConflict", ("Conflict", "InUse", "Concurrent")),
)


class NotYet(Exception):
    """What a handler waits for has not come about: look again later."""


class Failed(Exception):
    """A handler failed; `reason` is the text for the event.

    `physical_id` is what it made nevertheless, to be deleted when the stack is rolled back.
    """

    def __init__(self, reason: str, physical_id: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.physical_id = physical_id


@dataclass
class Request:
    """`core.resources.ResourceRequest` for one step of a deployment.

    A handler may be run again after a restart or a wait: `key` makes its calls the same ones.
    """

    ctx: Context
    stack: Stack
    principal: Principal
    key: str
    logical_id: str
    resource_type: str
    properties: dict[str, Any]
    previous: dict[str, Any] = field(default_factory=dict)
    tags_before: Mapping[str, str] | None = None
    physical_id: str = ""
    failed_call: tuple[str, AwsError] | None = None
    _calls: int = 0
    _polling: bool = False

    @property
    def stack_id(self) -> str:
        """The stack's ARN."""
        return self.stack.stack_id

    @property
    def stack_name(self) -> str:
        """The stack's name."""
        return self.stack.name

    @property
    def account(self) -> str:
        """The stack's account."""
        return self.stack.account

    @property
    def region(self) -> str:
        """The stack's region."""
        return self.stack.region

    @property
    def tags(self) -> dict[str, str]:
        """The stack's tags and AWS's own."""
        return self._tagged(self.stack.config.tags)

    @property
    def previous_tags(self) -> dict[str, str]:
        """Those tags before an update; empty on create, and where it is not known any more."""
        return {} if self.tags_before is None else self._tagged(self.tags_before)

    def _tagged(self, of_stack: Mapping[str, str]) -> dict[str, str]:
        return {
            **of_stack,
            "aws:cloudformation:stack-name": self.stack.name,
            "aws:cloudformation:stack-id": self.stack.stack_id,
            "aws:cloudformation:logical-id": self.logical_id,
        }

    def generated_name(self, limit: int = 64, *, lower: bool = False) -> str:
        """Return `<stack>-<logical id>-<suffix>`, the same over restarts."""
        digest = hashlib.sha256(f"{self.stack_id}/{self.logical_id}/{self.key}".encode()).digest()
        suffix = base64.b32encode(digest).decode()[:_SUFFIX]
        room = limit - _SUFFIX - 1
        name = f"{f'{self.stack_name}-{self.logical_id}'[:room].rstrip('-')}-{suffix}"
        return name.lower() if lower else name

    async def call(self, model: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """Call a service as the stack's principal; done once however often it is retried."""
        self._calls += 1
        try:
            return await self.ctx.call(
                model,
                operation,
                params,
                principal=self.principal,
                account=self.account,
                region=self.region,
                idempotency_key=None if self._polling else f"{self.key}/{self._calls}",
            )
        except AwsError as error:
            self.failed_call = (model, error)
            raise

    async def poll(self, check: Callable[[], Awaitable[bool]]) -> None:
        """Go on once `check` answers true; until then the step is put off."""
        self._polling = True
        answered = await check()
        self._polling = False
        if not answered:
            raise NotYet


def own(resource: ResourceRequest) -> Request:
    """Return what CloudFormation's own resource types are given: more than others'."""
    if not isinstance(resource, Request):
        raise TypeError("CloudFormation's resource types are driven by CloudFormation")
    return resource


async def invoke(request: Request, handler: Callable[[Any], Awaitable[T]]) -> T:
    """Return what `handler` makes of `request`; raises `Failed` or `NotYet`, nothing else.

    The handler runs as a task so that whatever goes wrong in it is this step's failure.
    """
    task = asyncio.ensure_future(handler(request))
    try:
        await asyncio.wait({task})
    finally:
        task.cancel()
    error = task.exception()
    if error is None:
        return task.result()
    if isinstance(error, NotYet | Failed):
        raise error
    raise Failed(_reason(request, error))


def _reason(request: Request, error: BaseException) -> str:
    token = request.ctx.ids.uuid()
    if not isinstance(error, AwsError):
        log.error("the handler of %s failed", request.logical_id, exc_info=error)
        return handler_message("Internal Failure", token, "InternalFailure")
    message = error.message
    if request.failed_call is not None and request.failed_call[1] is error:
        model = request.failed_call[0]
        service = _SERVICE_NAMES.get(model, model.capitalize())
        message = (
            f"{message} (Service: {service}, Status Code: {error.status},"
            f" Request ID: {request.ctx.ids.uuid()})"
        )
    return handler_message(message, token, _handler_code(error))


def handler_message(message: str, token: str, code: str) -> str:
    """Return the text of a handler's failure."""
    return (
        f'Resource handler returned message: "{message}"'
        f" (RequestToken: {token}, HandlerErrorCode: {code})"
    )


def _handler_code(error: AwsError) -> str:
    if error.status >= 500:
        return "ServiceInternalError"
    for code, parts in _HANDLER_CODES:
        if any(part in error.code for part in parts):
            return code
    return "GeneralServiceException"
