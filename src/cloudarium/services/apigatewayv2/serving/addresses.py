"""Where a request goes: API, stage and the path below it.

Source: Developer Guide, "Stages for HTTP APIs in API Gateway".
"""

from __future__ import annotations

from dataclasses import dataclass

from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import domain_routing, requests
from cloudarium.gateway.domains import DomainNames
from cloudarium.services.apigatewayv2 import stages
from cloudarium.services.apigatewayv2.serving.served import Served, ServedStage
from cloudarium.wire.http import HttpRequest


@dataclass(frozen=True)
class Address:
    """The stage a request is for, and the path below it, still encoded.

    `domain` is the custom domain name it came to, `shown` the whole path the caller sees,
    `base_path` what chose the API below the domain.
    """

    stage: ServedStage
    path: str
    shown: str
    domain: str = ""
    base_path: str = ""


def claims(runtime: ServiceRuntime, request: HttpRequest) -> bool:
    """Tell whether a request is to an HTTP or WebSocket API, or to a domain mapped to such."""
    where = requests.place(request)
    if where is None:
        return False
    name, path = where
    if "." in name:
        target = _target(runtime, request, name, path)
        return target is not None and runtime.state(Served).knows(target.api_id)
    return runtime.state(Served).knows(name)


def resolve(runtime: ServiceRuntime, request: HttpRequest) -> Address | None:
    """Return where a request goes; None if there is no such stage."""
    where = requests.place(request)
    if where is None:
        return None
    name, path = where
    if "." in name:
        return _of_domain(runtime, request, name, path)
    served = runtime.state(Served)
    first, _, rest = path.removeprefix("/").partition("/")
    stage = served.stage(name, first) if first and first != stages.DEFAULT else None
    if stage is not None:
        return None if _is_disabled(stage) else Address(stage, f"/{rest}", path)
    stage = served.stage(name, stages.DEFAULT)
    return None if stage is None or _is_disabled(stage) else Address(stage, path, path)


def _is_disabled(stage: ServedStage) -> bool:
    return bool(stage.api.document.get("DisableExecuteApiEndpoint"))


def _of_domain(
    runtime: ServiceRuntime, request: HttpRequest, name: str, path: str
) -> Address | None:
    target = _target(runtime, request, name, path)
    stage = runtime.state(Served).stage(target.api_id, target.stage) if target else None
    if target is None or stage is None:
        return None
    return Address(stage, target.path, path, name, target.base_path)


def _target(
    runtime: ServiceRuntime, request: HttpRequest, name: str, path: str
) -> domain_routing.Target | None:
    """Return what a custom domain name makes of a request, if it is one and it fits."""
    domain = runtime.kernel.state(DomainNames).find(name)
    return domain_routing.resolve(domain, path, request.headers) if domain else None
