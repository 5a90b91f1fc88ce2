"""The settings of a stage: checks, and what patch operations may change."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cloudarium.core import arn
from cloudarium.gateway import access_log, limits, templates
from cloudarium.services.apigateway import definitions, errors
from cloudarium.services.apigateway.patches import PatchOperation, is_true, unescape
from cloudarium.services.apigateway.serving import settings

Document = dict[str, Any]

_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
_METHODS = (*definitions.HTTP_METHODS, "*")
_VARIABLE_NAME = re.compile(r"\w+")
_VARIABLE_VALUE = re.compile(r"[A-Za-z0-9\-._~:/?#&=, ]+")

# CreateStage, `cacheClusterSize`: gigabytes.
_CACHE_SIZES = ("0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237")

_STRATEGIES = (
    "FAIL_WITH_403",
    "SUCCEED_WITH_RESPONSE_HEADER",
    "SUCCEED_WITHOUT_RESPONSE_HEADER",
)

_PROMOTIONS = (
    ("/canarySettings/deploymentId", "/deploymentId"),
    ("/canarySettings/stageVariableOverrides", "/variables"),
)

METHOD_DEFAULTS: Document = {
    "metricsEnabled": False,
    "dataTraceEnabled": False,
    "throttlingBurstLimit": limits.THROTTLE_BURST,
    "throttlingRateLimit": limits.THROTTLE_RATE,
    "cachingEnabled": False,
    "cacheTtlInSeconds": 300,
    "cacheDataEncrypted": False,
    "requireAuthorizationForCacheControl": True,
    "unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER",
}


def _level(value: str) -> str:
    """Return a logging level; AWS was seen to take `info` too (Cloud Custodian's recordings)."""
    if value.upper() not in ("OFF", "ERROR", "INFO"):
        raise ValueError(value)
    return value.upper()


def _strategy(value: str) -> str:
    # MethodSetting, `unauthorizedCacheControlHeaderStrategy`.
    if value not in _STRATEGIES:
        raise ValueError(value)
    return value


def _cache_ttl(value: str) -> int:
    if not value.isdigit() or int(value) > 3600:
        raise errors.CacheTtlInvalid()
    return int(value)


_METHOD_SETTINGS: dict[tuple[str, str], tuple[str, Callable[[str], Any]]] = {
    ("metrics", "enabled"): ("metricsEnabled", is_true),
    ("logging", "dataTrace"): ("dataTraceEnabled", is_true),
    ("logging", "loglevel"): ("loggingLevel", _level),
    ("throttling", "burstLimit"): ("throttlingBurstLimit", int),
    ("throttling", "rateLimit"): ("throttlingRateLimit", float),
    ("caching", "ttlInSeconds"): ("cacheTtlInSeconds", _cache_ttl),
    ("caching", "enabled"): ("cachingEnabled", is_true),
    ("caching", "dataEncrypted"): ("cacheDataEncrypted", is_true),
    ("caching", "requireAuthorizationForCacheControl"): (
        "requireAuthorizationForCacheControl",
        is_true,
    ),
    ("caching", "unauthorizedCacheControlHeaderStrategy"): (
        "unauthorizedCacheControlHeaderStrategy",
        _strategy,
    ),
}

# As AWS spells it in its answer, its missing commas included.
_PATHS = ", ".join(
    (
        "/deploymentId",
        "/description",
        "/cacheClusterEnabled",
        "/cacheClusterSize",
        "/clientCertificateId",
        "/accessLogSettings",
        "/accessLogSettings/destinationArn",
        "/accessLogSettings/format",
        "/{resourcePath}/{httpMethod}/metrics/enabled",
        "/{resourcePath}/{httpMethod}/logging/dataTrace",
        "/{resourcePath}/{httpMethod}/logging/loglevel",
        "/{resourcePath}/{httpMethod}/throttling/burstLimit"
        "/{resourcePath}/{httpMethod}/throttling/rateLimit"
        "/{resourcePath}/{httpMethod}/caching/ttlInSeconds",
        "/{resourcePath}/{httpMethod}/caching/enabled",
        "/{resourcePath}/{httpMethod}/caching/dataEncrypted",
        "/{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl",
        "/{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy",
        "/*/*/metrics/enabled",
        "/*/*/logging/dataTrace",
        "/*/*/logging/loglevel",
        "/*/*/throttling/burstLimit /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds",
        "/*/*/caching/enabled",
        "/*/*/caching/dataEncrypted",
        "/*/*/caching/requireAuthorizationForCacheControl",
        "/*/*/caching/unauthorizedCacheControlHeaderStrategy",
        "/variables/{variable_name}",
        "/tracingEnabled",
    )
)


def check_name(name: str) -> str:
    """Return a stage's name, if it is one."""
    if not name:
        raise errors.StageNameEmpty()
    if not _NAME.fullmatch(name):
        raise errors.StageNameInvalid()
    return name


def given(request: Mapping[str, Any]) -> Document:
    """Return what CreateStage or CreateDeployment says of a stage, checked; but no canary."""
    document: Document = {}
    if request.get("cacheClusterEnabled") is not None:
        set_cache(document, bool(request["cacheClusterEnabled"]))
    if request.get("cacheClusterSize"):
        document["cacheClusterSize"] = check_cache_size(request["cacheClusterSize"])
    if request.get("variables"):
        document["variables"] = request["variables"]
        check_variables(request["variables"])
    if request.get("tracingEnabled"):
        document["tracingEnabled"] = True
    return document


def canary(given: Mapping[str, Any], deployment_id: str) -> Document:
    """Return a stage's canary settings for what an operation is given, checked."""
    settings: Document = {
        "percentTraffic": float(given.get("percentTraffic") or 0.0),
        "deploymentId": given.get("deploymentId") or deployment_id,
        "useStageCache": bool(given.get("useStageCache")),
    }
    if given.get("stageVariableOverrides"):
        settings["stageVariableOverrides"] = given["stageVariableOverrides"]
        check_variables(given["stageVariableOverrides"])
    return _checked_canary(settings)


def _checked_canary(settings: Document) -> Document:
    if not 0 <= settings["percentTraffic"] <= 100:
        raise errors.CanaryTrafficInvalid()
    return settings


def set_cache(document: Document, enabled: bool) -> None:
    """Give the stage a cache cluster, or take it away."""
    document["cacheClusterEnabled"] = enabled
    document["cacheClusterStatus"] = "AVAILABLE" if enabled else "NOT_AVAILABLE"
    if enabled:
        document.setdefault("cacheClusterSize", "0.5")


def check_cache_size(size: str) -> str:
    """Return a cache cluster's size, if there is one such."""
    if size not in _CACHE_SIZES:
        raise errors.CacheSizeInvalid(sizes=", ".join(_CACHE_SIZES))
    return size


def check_variables(variables: Mapping[str, str]) -> None:
    """Raise unless names and values are ones stage variables can have."""
    for name, value in variables.items():
        if not _VARIABLE_NAME.fullmatch(name):
            raise errors.VariableNameInvalid(name=name)
        if not _VARIABLE_VALUE.fullmatch(value):
            raise errors.VariableValueInvalid(name=name)


def patch(document: Document, operations: Iterable[PatchOperation] | None) -> Document:
    """Return a stage's `document` (with its `deploymentId`) with `operations` applied."""
    patched = copy.deepcopy(document)
    for operation in operations or ():
        path = operation.get("path") or ""
        if operation.get("op") == "copy":
            _copy(patched, operation.get("from") or "", path)
            continue
        if operation.get("op") not in ("add", "replace", "remove"):
            raise errors.PatchOpInvalid(ops="add, remove, replace")
        value = None if operation["op"] == "remove" else operation.get("value")
        if operation["op"] == "add" and path == "/canarySettings/deploymentId":
            raise errors.StageAddInvalid(path=path)
        _apply(patched, path, [unescape(part) for part in path.split("/")[1:]], value)
    if "accessLogSettings" in patched:
        _check_access_log(patched)
    return patched


def _apply(document: Document, path: str, parts: list[str], value: str | None) -> None:
    match parts:
        case ["deploymentId"] if value:
            document["deploymentId"] = value
        case ["description"]:
            _set(document, "description", value)
        case ["documentationVersion"]:
            _set(document, "documentationVersion", value)
        case ["tracingEnabled"]:
            document["tracingEnabled"] = is_true(value)
        case ["cacheClusterEnabled"]:
            set_cache(document, is_true(value))
        case ["clientCertificateId"]:
            _set(document, "clientCertificateId", value)
        case ["cacheClusterSize"] if value:
            document["cacheClusterSize"] = check_cache_size(value)
        case ["canarySettings"] if value is None:
            document.pop("canarySettings", None)
        case ["canarySettings", *rest]:
            _patch_canary(document, path, rest, value)
        case ["variables", name]:
            variables = document.setdefault("variables", {})
            _set(variables, name, value)
            check_variables(variables)
            if not variables:
                del document["variables"]
        case ["accessLogSettings"] if value is None:
            document.pop("accessLogSettings", None)
        case ["accessLogSettings", ("destinationArn" | "format") as member]:
            _set(document.setdefault("accessLogSettings", {}), member, value)
        case _:
            _method_setting(document, path, parts, value)


def _copy(document: Document, source: str, path: str) -> None:
    """Promote a canary: its deployment, or its variables, become the stage's own."""
    if (source, path) not in _PROMOTIONS:
        raise errors.CopyInvalid(path=path, source=source)
    canary = document.get("canarySettings")
    if canary is None:
        raise errors.CanaryMissing()
    if path == "/deploymentId":
        document["deploymentId"] = canary["deploymentId"]
    elif overrides := canary.get("stageVariableOverrides"):
        document["variables"] = {**(document.get("variables") or {}), **overrides}


def _patch_canary(document: Document, path: str, parts: list[str], value: str | None) -> None:
    settings = document.setdefault(
        "canarySettings",
        {
            "percentTraffic": 0.0,
            "deploymentId": document["deploymentId"],
            "useStageCache": False,
        },
    )
    match parts:
        case ["percentTraffic"] if value and re.fullmatch(r"\d{1,3}(\.\d+)?", value):
            settings["percentTraffic"] = float(value)
        case ["deploymentId"] if value:
            settings["deploymentId"] = value
        case ["useStageCache"]:
            settings["useStageCache"] = is_true(value)
        case ["stageVariableOverrides", name]:
            overrides = settings.setdefault("stageVariableOverrides", {})
            _set(overrides, name, value)
            check_variables(overrides)
        case _:
            raise _unknown(path, value)
    _checked_canary(settings)


def _set(document: Document, member: str, value: str | None) -> None:
    if value:
        document[member] = value
    else:
        document.pop(member, None)


def _check_access_log(document: Document) -> None:
    given = document["accessLogSettings"]
    if not given:
        del document["accessLogSettings"]
        return
    text, destination = given.get("format", ""), given.get("destinationArn", "")
    try:
        templates.Template(text)
    except templates.Unsupported:
        raise errors.AccessLogFormatInvalid() from None
    if text and not access_log.has_request_id(text):
        raise errors.AccessLogIdMissing(format=text)
    if destination and access_log.group_of(destination) is None:
        _check_stream(destination)


def _check_stream(destination: str) -> None:
    target = arn.parse(destination)
    if target is None or target.service != "firehose":
        raise errors.AccessLogDestinationInvalid()
    if not target.resource.startswith("deliverystream/amazon-apigateway-"):
        raise errors.AccessLogStreamInvalid(name=target.resource)


def _method_setting(document: Document, path: str, parts: list[str], value: str | None) -> None:
    """Change `/{resource path}/{HTTP method}/{group}/{name}`; removing the method removes all."""
    all_settings = document.setdefault("methodSettings", {})
    if value is None and len(parts) >= 2 and (key := _key(parts)) in all_settings:
        del all_settings[key]
        return
    setting = _METHOD_SETTINGS.get((parts[-2], parts[-1])) if len(parts) >= 4 else None
    if setting is None or value is None or parts[-3] not in _METHODS:
        raise _unknown(path, value)
    name, read = setting
    try:
        read_value = read(value)
    except ValueError:
        raise errors.StageSettingInvalid(path=path, value=value) from None
    key = _key(parts[:-2])
    all_settings[key] = {**METHOD_DEFAULTS, **all_settings.get(key, {}), name: read_value}


def _unknown(path: str, value: str | None) -> Exception:
    """Return the error for a path there is not, or, without a value, nothing to remove at."""
    if value is None:
        return errors.StageSettingMissing(path=path.removeprefix("/"))
    return errors.StagePathInvalid(path=path, paths=_PATHS)


def _key(parts: list[str]) -> str:
    return settings.key("/".join(parts[:-1]), parts[-1])
