"""AWS integrations other than Lambda: a signed request to the service, as its role.

The URI is `arn:aws:apigateway:{region}:{[subdomain.]service}:{action|path}/{…}` (PutIntegration,
`uri`). The request goes over the cloud's own wire, so every service and protocol is served alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import http_client, query_services
from cloudarium.gateway.http_client import Incoming, Outgoing
from cloudarium.gateway.parameters import Parameters, filled
from cloudarium.wire.model import Shape

_URI = re.compile(
    r"arn:aws[\w-]*:apigateway:(?P<region>[\w-]+):(?:(?P<subdomain>[^:]+)\.)?(?P<service>[\w-]+):"
    r"(?P<kind>action|path)/(?P<rest>.*)",
    re.DOTALL,
)
_QUEUE = re.compile(r"/\d{12}/[^/?]+")
# Services whose models have no query protocol, to which API Gateway speaks it all the same.
_FORMS = ("sqs", "ssm")
_MODELS = {"monitoring": "cloudwatch", "states": "stepfunctions", "email": "ses"}
_FORM = "application/x-www-form-urlencoded"
_MARGIN_SECONDS = 60


class RoleRefused(Exception):
    """An integration's role cannot be assumed; the message says so as AWS does."""


@dataclass(frozen=True)
class Target:
    """What an AWS integration's URI names; `rest` is the action or the path."""

    region: str
    subdomain: str
    service: str
    is_action: bool
    rest: str


def target(uri: str) -> Target | None:
    """Return what the URI names, or None if it is no such URI."""
    match = _URI.fullmatch(uri)
    if match is None:
        return None
    return Target(
        match["region"],
        match["subdomain"] or "",
        match["service"],
        match["kind"] == "action",
        match["rest"],
    )


@dataclass(frozen=True)
class Keys:
    """Temporary credentials."""

    access_key: str
    secret: str
    token: str


class RoleCredentials:
    """The credentials of integrations' roles, each until shortly before it expires."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._kept: dict[tuple[str, str], tuple[float, Keys]] = {}

    async def get(self, ctx: Context, role: str) -> Keys:
        """Return credentials of the role. Raises RoleRefused if it cannot be assumed."""
        key = (ctx.account, role)
        kept = self._kept.get(key)
        if kept is not None and ctx.now < kept[0]:
            return kept[1]
        params = {"RoleArn": role, "RoleSessionName": "BackplaneAssumeRoleSession"}
        try:
            answer = await ctx.call("sts", "AssumeRole", params)
        except AwsError as error:
            raise RoleRefused(
                "API Gateway does not have permission to assume the provided role"
            ) from error
        given = answer["Credentials"]
        found = Keys(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        self._kept[key] = (ctx.now + 3600 - _MARGIN_SECONDS, found)
        return found


async def send(
    ctx: Context, where: Target, http_method: str, mapped: Parameters, body: bytes, role: str
) -> Incoming:
    """Return the service's answer. Raises RoleRefused and ClientError."""
    endpoint = await ctx.endpoint()
    keys = await ctx.state(RoleCredentials).get(ctx, role)
    headers = dict(mapped.headers)
    path, query = _address(where, mapped)
    metadata = _metadata(ctx, where.service)
    is_json = "query" not in metadata.get("protocols", ()) and "targetPrefix" in metadata
    is_xml = any(name.lower() == "accept" and "xml" in one for name, one in headers.items())
    if where.service in _FORMS and not _has(headers, "X-Amz-Target"):
        form = {**dict(query), **_form(headers, body)}
        if _QUEUE.fullmatch(path):
            form.setdefault("QueueUrl", f"{endpoint}{unquote(path)}")
        if form or where.service == "sqs":
            request = Outgoing("POST", f"{endpoint}/", [], b"")
            return await _formed(ctx, request, where, keys, form, is_xml=is_xml)
    if where.is_action and is_json:
        if not _has(headers, "X-Amz-Target"):
            headers["X-Amz-Target"] = f"{metadata['targetPrefix']}.{where.rest.partition('&')[0]}"
        if not _has(headers, "Content-Type"):
            headers["Content-Type"] = f"application/x-amz-json-{metadata.get('jsonVersion', '1.1')}"
    elif where.is_action:
        query.append(("Action", where.rest.partition("&")[0]))
        query.append(("Version", str(metadata.get("apiVersion", ""))))
    url = f"{endpoint}{path}" + (f"?{urlencode(query, quote_via=quote)}" if query else "")
    request = Outgoing(http_method, url, list(headers.items()), body)
    answer = await http_client.send(_signed(request, _signer(where, metadata), keys))
    if "query" in metadata.get("protocols", ()) and not is_json and not is_xml:
        form = {**dict(query), **_form(headers, body)}
        action = where.rest.partition("&")[0] if where.is_action else form.get("Action", "")
        _, shape = _shapes(ctx, where.service, action)
        answer.body = query_services.of_xml(answer.body, action, shape)
    return answer


def _signer(where: Target, metadata: Mapping[str, Any]) -> Target:
    """Return the target by the name its service signs with: `email` is SES."""
    return replace(where, service=metadata.get("signingName", where.service))


def _address(where: Target, mapped: Parameters) -> tuple[str, list[tuple[str, str]]]:
    """Return path and query of the request."""
    if where.is_action:
        given = where.rest.partition("&")[2]
        return "/", [*mapped.query, *parse_qsl(given, keep_blank_values=True)]
    path, _, given = filled("/" + where.rest.lstrip("/"), mapped.path).partition("?")
    if where.subdomain:
        path = f"/{where.subdomain}{path}"
    return path, [*mapped.query, *parse_qsl(given, keep_blank_values=True)]


async def _formed(
    ctx: Context,
    request: Outgoing,
    where: Target,
    keys: Keys,
    form: dict[str, str],
    *,
    is_xml: bool,
) -> Incoming:
    """Send a form to a service that knows JSON alone here."""
    action = where.rest.partition("&")[0] if where.is_action else form.get("Action", "")
    metadata = _metadata(ctx, where.service)
    given, said = _shapes(ctx, where.service, action)
    headers = [
        ("X-Amz-Target", f"{metadata['targetPrefix']}.{action}"),
        ("Content-Type", f"application/x-amz-json-{metadata['jsonVersion']}"),
    ]
    body = json.dumps(query_services.members(where.service, form, given)).encode()
    answer = await http_client.send(
        _signed(replace(request, headers=headers, body=body), where, keys)
    )
    return query_services.answered(action, answer, said, is_xml=is_xml)


def _shapes(ctx: Context, service: str, action: str) -> tuple[Shape | None, Shape | None]:
    """Return the shapes of an action's input and output, as far as there are any."""
    try:
        found = ctx.runtime.kernel.models.load(_MODELS.get(service, service)).operation(action)
    except LookupError:
        return None, None
    return (found.input, found.output) if found is not None else (None, None)


def _has(headers: Mapping[str, str], name: str) -> bool:
    return any(one.lower() == name.lower() for one in headers)


def _form(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    kind = next((one for name, one in headers.items() if name.lower() == "content-type"), _FORM)
    if not kind.startswith(_FORM):
        return {}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _metadata(ctx: Context, service: str) -> Mapping[str, Any]:
    try:
        return ctx.runtime.kernel.models.load(_MODELS.get(service, service)).metadata
    except LookupError:
        return {}


def _signed(request: Outgoing, where: Target, keys: Keys) -> Outgoing:
    from botocore.auth import S3SigV4Auth, SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    signing = AWSRequest(request.method, request.url, dict(request.headers), request.body)
    signer = S3SigV4Auth if where.service == "s3" else SigV4Auth
    credentials = Credentials(keys.access_key, keys.secret, keys.token)
    signer(credentials, where.service, where.region).add_auth(signing)
    headers = [(name, str(value)) for name, value in signing.headers.items()]
    return Outgoing(request.method, request.url, headers, request.body)
