"""The settings of a REST API: defaults, checks, and what patch operations may change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cloudarium.services.apigateway import errors, limits, security_policies
from cloudarium.services.apigateway.patches import (
    ALL_OPS,
    RFC_OPS,
    Patches,
    Rule,
    element,
    flag,
    text,
)

Document = dict[str, Any]

_ENDPOINT_TYPES = ("REGIONAL", "EDGE", "PRIVATE")
_COPIED = (
    "name",
    "description",
    "version",
    "policy",
    "minimumCompressionSize",
    "tags",
    "securityPolicy",
    "endpointAccessMode",
)


def new(given: Mapping[str, Any]) -> Document:
    """Return the settings of a new API for what CreateRestApi is given, checked."""
    if not given.get("name"):
        raise errors.EmptyName()
    if given.get("description") == "":
        raise errors.EmptyDescription()
    settings: Document = {name: given[name] for name in _COPIED if given.get(name) is not None}
    settings["apiKeySource"] = given.get("apiKeySource") or "HEADER"
    settings["disableExecuteApiEndpoint"] = bool(given.get("disableExecuteApiEndpoint"))
    settings["endpointConfiguration"] = endpoint(given.get("endpointConfiguration"))
    if given.get("binaryMediaTypes"):
        settings["binaryMediaTypes"] = given["binaryMediaTypes"]
    check(settings)
    return settings


def endpoint(given: Mapping[str, Any] | None) -> Document:
    """Return an endpoint configuration with its defaults: EDGE over IPv4."""
    configuration: Document = dict(given or {})
    types = configuration.get("types", ["EDGE"])
    if not types:
        raise errors.EndpointTypesEmpty()
    if len(types) > 1:
        raise errors.EndpointTypesMany()
    if types[0] not in _ENDPOINT_TYPES:
        raise errors.EndpointTypeInvalid()
    is_private = types == ["PRIVATE"]
    kind = configuration.get("ipAddressType") or ("dualstack" if is_private else "ipv4")
    if kind not in ("ipv4", "dualstack"):
        raise errors.AddressTypeInvalid()
    if is_private and kind != "dualstack":
        raise errors.PrivateNeedsDualstack()
    return {**configuration, "types": types, "ipAddressType": kind}


def check(settings: Document) -> None:
    """Raise unless the settings are ones that can be."""
    size = settings.get("minimumCompressionSize")
    if size is not None and not 0 <= size <= limits.COMPRESSION_BYTES:
        raise errors.CompressionSizeInvalid()
    configuration = settings["endpointConfiguration"]
    if configuration.get("vpcEndpointIds") and configuration["types"] != ["PRIVATE"]:
        raise errors.EndpointsNeedPrivate()
    security_policies.check(settings)
    if settings.get("policy"):
        try:
            statements = json.loads(settings["policy"])["Statement"]
        except (ValueError, KeyError, TypeError):
            raise errors.PolicyInvalid() from None
        if not statements:
            raise errors.PolicyInvalid()


def _compression(document: Document, op: str, key: str, value: str | None) -> None:
    if not value:
        document.pop("minimumCompressionSize", None)
        return
    if not value.isdigit():
        raise errors.CompressionSizeInvalid()
    document["minimumCompressionSize"] = int(value)


def _endpoint_type(document: Document, op: str, key: str, value: str | None) -> None:
    if op not in ALL_OPS:
        raise errors.EndpointTypeOpInvalid()
    if op == "remove":
        return
    configuration = {**document["endpointConfiguration"], "types": [value]}
    if value == "PRIVATE":
        configuration["ipAddressType"] = "dualstack"
    document["endpointConfiguration"] = endpoint(configuration)


def _address_type(document: Document, op: str, key: str, value: str | None) -> None:
    configuration = {**document["endpointConfiguration"], "ipAddressType": value}
    document["endpointConfiguration"] = endpoint(configuration)


def _vpc_endpoint(document: Document, op: str, key: str, value: str | None) -> None:
    configuration = document["endpointConfiguration"]
    kept = [one for one in configuration.get("vpcEndpointIds", ()) if one != value]
    if op == "add" and value:
        kept.append(value)
    configuration["vpcEndpointIds"] = kept
    if not kept:
        del configuration["vpcEndpointIds"]


def _name(document: Document, op: str, key: str, value: str | None) -> None:
    if not value:
        raise errors.EmptyName()
    document["name"] = value


def _key_source(document: Document, op: str, key: str, value: str | None) -> None:
    if value not in ("HEADER", "AUTHORIZER"):
        raise errors.BadRequest(
            message="Invalid API Key source specified. Must be one of: [HEADER, AUTHORIZER]"
        )
    document["apiKeySource"] = value


def access_mode(document: Document, op: str, key: str, value: str | None) -> None:
    """Set the mode of access an enhanced security policy needs; an empty one takes it away."""
    if value and value not in ("BASIC", "STRICT"):
        raise errors.EndpointAccessModeInvalid()
    document.pop("endpointAccessMode", None)
    if value:
        document["endpointAccessMode"] = value


PATCHES = Patches(
    {
        "/name": Rule(_name),
        "/description": text("description", ("replace", "remove", "add")),
        "/version": text("version", ("replace", "remove", "add")),
        "/policy": text("policy", ("replace", "remove")),
        "/apiKeySource": Rule(_key_source),
        "/disableExecuteApiEndpoint": flag("disableExecuteApiEndpoint"),
        "/minimumCompressionSize": Rule(_compression),
        "/securityPolicy": text("securityPolicy"),
        "/endpointAccessMode": Rule(access_mode),
        "/binaryMediaTypes/*": element("binaryMediaTypes"),
        "/endpointConfiguration/types/*": Rule(_endpoint_type, RFC_OPS),
        "/endpointConfiguration/vpcEndpointIds": Rule(_vpc_endpoint, ("add", "remove")),
        "/endpointConfiguration/ipAddressType": Rule(_address_type),
    }
)
