"""Where a request goes: API, stage and the path below it.

Sources: Developer Guide, "Stages for HTTP APIs in API Gateway" and "Use API mappings to connect API
stages to a custom domain name for HTTP APIs".
"""

from __future__ import annotations

from dataclasses import dataclass

from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import requests
from cloudarium.services.apigatewayv2 import stages
from cloudarium.services.apigatewayv2.serving.served import Served, ServedStage
from cloudarium.wire.http import HttpRequest


@dataclass(frozen=True)
class Address:
    """The stage a request is for, and the path below it, still encoded.

    `domain` is the custom domain name it came to, `shown` the whole path the caller sees.
    """

    stage: ServedStage
    path: str
    shown: str
    domain: str = ""


def claims(runtime: ServiceRuntime, request: HttpRequest) -> bool:
    """Tell whether a request is to an HTTP or WebSocket API, or to a domain mapped to such."""
    where = requests.place(request)
    return where is not None and runtime.state(Served).knows(where[0])


def resolve(runtime: ServiceRuntime, request: HttpRequest) -> Address | None:
    """Return where a request goes; None if there is no such stage."""
    where = requests.place(request)
    if where is None:
        return None
    name, path = where
    if "." in name:
        return _of_domain(runtime, name, path)
    served = runtime.state(Served)
    first, _, rest = path.removeprefix("/").partition("/")
    stage = served.stage(name, first) if first and first != stages.DEFAULT else None
    if stage is not None:
        return None if _is_disabled(stage) else Address(stage, f"/{rest}", path)
    stage = served.stage(name, stages.DEFAULT)
    return None if stage is None or _is_disabled(stage) else Address(stage, path, path)


def _is_disabled(stage: ServedStage) -> bool:
    return bool(stage.api.document.get("DisableExecuteApiEndpoint"))


def _of_domain(runtime: ServiceRuntime, name: str, path: str) -> Address | None:
    """Return what a domain's mapping stands for; the longest key that fits wins."""
    served = runtime.state(Served)
    domain = served.domain(name)
    if domain is None:
        return None
    mappings = sorted(domain["mappings"].values(), key=lambda one: -len(one["ApiMappingKey"]))
    for one in mappings:
        prefix = f"/{one['ApiMappingKey']}" if one["ApiMappingKey"] else ""
        if not prefix or path == prefix or path.startswith(f"{prefix}/"):
            stage = served.stage(one["ApiId"], one["Stage"])
            below = path.removeprefix(prefix) or "/"
            return None if stage is None else Address(stage, below, path, name)
    return None
