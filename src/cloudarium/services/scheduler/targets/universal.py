"""Universal targets: `arn:aws:scheduler:::aws-sdk:service:apiAction`, any operation that writes.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.arguments import Misfit, fitted
from cloudarium.core.arn import Arn
from cloudarium.core.context import Context
from cloudarium.core.documents import json_object
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.scheduler import errors
from cloudarium.services.scheduler.targets.templated import Call, Target

_READING = (
    *("get", "describe", "list", "poll", "receive", "search", "scan", "query", "select", "read"),
    *("lookup", "discover", "validate", "batchGet", "batchDescribe", "batchRead", "transactGet"),
    *("adminGet", "adminList", "testMigration", "retrieve", "testConnection"),
    *("translateDocument", "isAuthorized", "invokeModel"),
)


class Services:
    """The cloud's services by the names SDKs give them: the service id, small and in one word."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        kernel = runtime.kernel
        names = [endpoint.model for endpoint in kernel.endpoints]
        identifiers = {name: kernel.models.load(name).metadata["serviceId"] for name in names}
        self._models = {text.replace(" ", "").lower(): name for name, text in identifiers.items()}

    def model(self, service: str) -> str | None:
        """Return the model of a service, if the cloud has it."""
        return self._models.get(service)


def is_universal(parts: Arn) -> bool:
    """Tell whether an ARN is one of a universal target."""
    is_bare = not parts.region and not parts.account
    return parts.service == "scheduler" and is_bare and parts.resource.startswith("aws-sdk:")


def check(ctx: Context, target: Target) -> None:
    """Raise ValidationException unless the cloud has the operation and the input is an object."""
    arn = target["Arn"]
    service, action = _names(arn)
    if action.startswith(_READING):
        raise errors.ReadOnlyTarget(action=action)
    model = ctx.state(Services).model(service)
    if model is None:
        raise errors.UnsupportedTarget(arn=arn)
    kernel = ctx.runtime.kernel
    if kernel.models.load(model).operation(_operation(action)) is None:
        raise errors.UnknownTarget(arn=arn)
    if kernel.runtime_of(model).operation(model, _operation(action)) is None:
        raise errors.UnsupportedTarget(arn=arn)
    for name in target:
        if name.endswith("Parameters"):
            raise errors.ParametersNotSupported(name=name)
    if "Input" not in target:
        raise errors.InputNeeded()
    if json_object(target["Input"]) is None:
        raise errors.InputNotJson()


def call(ctx: Context, target: Target, text: str) -> Call:
    """Return the call a target stands for. Raises ValidationException for an unfit input."""
    service, action = _names(target["Arn"])
    model = ctx.state(Services).model(service)
    assert model is not None
    operation = ctx.runtime.kernel.models.load(model).operation(_operation(action))
    assert operation is not None
    given: dict[str, Any] = (json_object(text) or {}) if "Input" in target else {}
    if operation.input is None:
        return model, operation.name, {}
    try:
        return model, operation.name, fitted(operation.input, given)
    except Misfit as misfit:
        raise errors.Unfit(reason=str(misfit)) from None


def _names(arn: str) -> tuple[str, str]:
    service, _, action = arn.split(":", 5)[5].removeprefix("aws-sdk:").partition(":")
    return service, action


def _operation(action: str) -> str:
    return action[:1].upper() + action[1:]
