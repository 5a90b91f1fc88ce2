"""Where records of invocations go: which targets there may be, and whether a role may send there.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

from __future__ import annotations

from typing import Any, NamedTuple

from cloudarium.core.context import Context
from cloudarium.core.identity import Access, Principal
from cloudarium.services.lambda_ import destination_errors, errors, functions
from cloudarium.services.lambda_.names import Reference, parse


class _Service(NamedTuple):
    """`operation` sends to it, under the same name in IAM; `noun` is what it has."""

    name: str
    operation: str
    noun: str


_SERVICES = {
    "sqs": _Service("SQS", "SendMessage", "queue"),
    "sns": _Service("SNS", "Publish", "topic"),
    "s3": _Service("S3", "PutObject", "bucket"),
    "lambda": _Service("Lambda", "InvokeFunction", "function"),
    "events": _Service("EventBridge", "PutEvents", "event bus"),
}
_DEAD_LETTERS = ("sqs", "sns")
_OF_MAPPINGS = ("sqs", "sns", "s3")
Arns = dict[str, str]


def _service(arn: str) -> str:
    return arn.split(":")[2] if arn.count(":") >= 5 else ""


def _region(arn: str) -> str:
    return arn.split(":")[3]


def _is_denied(ctx: Context, arn: str, role: Principal) -> bool:
    service = _service(arn)
    resource = f"{arn}/*" if service == "s3" else arn
    action = f"{service}:{_SERVICES[service].operation}"
    return not ctx.allowed(Access(action, resource), role)


def check_dead_letter(ctx: Context, arn: str, role: Principal) -> None:
    """Raise InvalidParameterValueException for what events that fail cannot be sent to."""
    problem, service = "", _SERVICES.get(_service(arn))
    if _region(arn) != ctx.region:
        problem = destination_errors.DEAD_LETTER_REGION
    elif service is None or _service(arn) not in _DEAD_LETTERS:
        problem = destination_errors.DEAD_LETTER_SERVICE
    elif arn.endswith(".fifo"):
        problem = destination_errors.DEAD_LETTER_FIFO.format(
            service=service.name, noun=service.noun
        )
    elif _is_denied(ctx, arn, role):
        text = destination_errors.DEAD_LETTER_DENIED
        raise errors.invalid(text.format(operation=service.operation, service=service.name))
    if problem:
        raise errors.invalid(destination_errors.DEAD_LETTER + problem)


def check_of_mapping(ctx: Context, arn: str, role: Principal) -> None:
    """The same for batches of a stream that fail."""
    if _service(arn) not in _OF_MAPPINGS:
        raise errors.invalid(destination_errors.SERVICE)
    service = _SERVICES[_service(arn)]
    if arn.endswith(".fifo"):
        raise errors.invalid(_fifo(service))
    if _is_denied(ctx, arn, role):
        text = destination_errors.MAPPING_DENIED
        raise errors.invalid(text.format(operation=service.operation, service=service.name))


def _fifo(service: _Service) -> str:
    return destination_errors.FIFO.format(service=service.name, noun=service.noun)


def checked(ctx: Context, function: Reference, config: dict[str, Any]) -> Arns:
    """The ARNs of a function's DestinationConfig: {"OnSuccess": ..., "OnFailure": ...}, if set.

    Raises InvalidParameterValueException.
    """
    given = {kind: (config.get(kind) or {}).get("Destination") for kind in config}
    found = {kind: arn for kind, arn in given.items() if arn}
    for kind, arn in found.items():
        if _service(arn) == "sns" and arn.endswith(".fifo"):
            raise errors.invalid(_fifo(_SERVICES["sns"]))
        if not _is_possible(ctx, kind, arn):
            raise errors.invalid(_bad(config, given))
        if _service(arn) == "lambda":
            _check_function(ctx, function, arn)
    version = functions.find_version(ctx, function)
    role = ctx.role_session(version.configuration["Role"], function.session_name)
    for arn in found.values():
        if _is_denied(ctx, arn, role):
            text = destination_errors.DENIED
            operation = _SERVICES[_service(arn)].operation
            raise errors.invalid(text.format(operation=operation, arn=arn))
    return found


def _is_possible(ctx: Context, kind: str, arn: str) -> bool:
    service = _service(arn)
    if service == "s3":
        return kind == "OnFailure"
    return service in _SERVICES and _region(arn) == ctx.region and not arn.endswith(".fifo")


def _bad(config: dict[str, Any], given: dict[str, Any]) -> str:
    shown = {
        kind: f"{kind}(destination={'null' if given[kind] is None else given[kind]})"
        for kind in config
    }
    return destination_errors.CONFIG.format(
        success=shown.get("OnSuccess", "null"), failure=shown.get("OnFailure", "null")
    )


def _check_function(ctx: Context, function: Reference, arn: str) -> None:
    wanted = parse(ctx, arn)
    if wanted.account == ctx.account and functions.get(ctx, wanted) is None:
        raise errors.invalid(destination_errors.NO_FUNCTION.format(arn=arn))
    if wanted.qualified("") == function.qualified(""):
        raise errors.invalid(destination_errors.ITSELF)
