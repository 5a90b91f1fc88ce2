"""Functions: create, read, update, delete, list."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.services.lambda_ import (
    aliases,
    code,
    code_signing,
    configuration,
    destinations,
    errors,
    functions,
    limits,
    tagging,
)
from cloudarium.services.lambda_.functions import Function, Version
from cloudarium.services.lambda_.invocations import Executions
from cloudarium.services.lambda_.layers import versions
from cloudarium.services.lambda_.names import LATEST, Reference, parse, reference
from cloudarium.services.lambda_.provisioned import configs
from cloudarium.services.lambda_.xray import invocation_traces

_PENDING = {
    "State": "Pending",
    "StateReason": "The function is being created.",
    "StateReasonCode": "Creating",
}
_UPDATING = {
    "State": "Active",
    "LastUpdateStatus": "InProgress",
    "LastUpdateStatusReason": "The function is being created.",
    "LastUpdateStatusReasonCode": "Creating",
}


async def create_function(ctx: Context, request: Request) -> Response:
    """CreateFunction: answers State Pending; it is Active, and another revision, right after."""
    name = parse(ctx, request["FunctionName"]).qualified("")
    _check_sizes(request, name.name)
    asked = {**request, "FunctionName": name.name}
    with ctx.transaction():
        config = configuration.created(_with_layers(ctx, asked))
    role = await _check_role(ctx, config["Role"])
    _check_sending(ctx, request, role)
    with ctx.transaction():
        if functions.get(ctx, name):
            raise errors.function_exists(name.name)
    blob = await code.store(ctx, request["Code"])
    with ctx.transaction():
        latest = Version(name, LATEST, config, blob.digest, blob.size, ctx.ids.uuid(), ctx.now)
        tags = tagging.checked(request.get("Tags") or {})
        functions.create(ctx, Function(name, tags=tags), latest)
        if request.get("CodeSigningConfigArn"):
            code_signing.attach(ctx, name, request["CodeSigningConfigArn"])
        if request.get("Publish"):
            published = functions.publish(ctx, name, None)
            functions.renew(ctx, published)
            return published.described(name.function_arn, **_PENDING)
        functions.renew(ctx, latest)
    return latest.described(name.function_arn, **_PENDING)


def _check_sizes(request: Request, name: str) -> None:
    """Refuse a request that is too large, by the package in it, and a name that is too long."""
    encoded = len(request["Code"].get("ZipFile") or b"") * 4 // 3
    if encoded > limits.REQUEST_BYTES:
        raise errors.request_too_large(limits.REQUEST_BYTES, "CreateFunction")
    if len(name) > limits.NAME_CHARACTERS:
        text = errors.NAME_TOO_LONG.format(name=name, limit=limits.NAME_CHARACTERS)
        raise errors.invalid(text)


def _with_layers(ctx: Context, request: Request) -> Request:
    if "Layers" not in request:
        return request
    return {**request, "Layers": versions.chosen(ctx, request["Layers"])}


def _check_sending(ctx: Context, request: Request, role: Principal) -> None:
    """Refuse a role that may not send what the configuration has it send."""
    if dead_letters := (request.get("DeadLetterConfig") or {}).get("TargetArn"):
        destinations.check_dead_letter(ctx, dead_letters, role)
    is_wanted = (request.get("TracingConfig") or {}).get("Mode") == "Active"
    if is_wanted and not invocation_traces.may_send(ctx, role):
        raise errors.invalid(errors.TRACING_DENIED)


async def _check_role(ctx: Context, role: str) -> Principal:
    try:
        return await ctx.assume_role(role, "cloudarium-lambda-check")
    except AwsError as error:
        if error.status >= 500:
            raise
        raise errors.invalid(errors.ROLE_NOT_ASSUMABLE) from None


def get_function_configuration(ctx: Context, request: Request) -> Response:
    """GetFunctionConfiguration."""
    return _described(ctx, reference(ctx, request))


async def get_function(ctx: Context, request: Request) -> Response:
    """GetFunction: the configuration, a URL of the code, tags, reserved concurrency.

    With a qualifier AWS leaves the concurrency out, as Terraform's provider notes.
    """
    wanted = reference(ctx, request)
    with ctx.transaction():
        function = functions.find(ctx, wanted)
        version = _version(ctx, wanted)
        described = version.described(wanted.arn, **functions.settled())
    answer: dict[str, Any] = {
        "Configuration": described,
        "Code": {"RepositoryType": "S3", "Location": await code.location(ctx, version.digest)},
    }
    if function.tags:
        answer["Tags"] = function.tags
    if function.reserved is not None and not wanted.qualifier:
        answer["Concurrency"] = {"ReservedConcurrentExecutions": function.reserved}
    return answer


def _version(ctx: Context, wanted: Reference) -> Version:
    qualifier = wanted.qualifier or LATEST
    if aliases.is_alias(qualifier):
        alias = aliases.get(ctx, wanted)
        if alias is None:
            raise errors.function_not_found(wanted.arn)
        qualifier = alias.version
    return functions.find_version(ctx, wanted, qualifier)


def _described(ctx: Context, wanted: Reference) -> Response:
    return _version(ctx, wanted).described(wanted.arn, **functions.settled())


async def update_function_code(ctx: Context, request: Request) -> Response:
    """UpdateFunctionCode: new code for $LATEST, with DryRun only checked."""
    name = parse(ctx, request["FunctionName"])
    with ctx.transaction():
        _checked_revision(ctx, name, request)
    if request.get("ImageUri"):
        raise errors.invalid(errors.IMAGE_OF_ZIP)
    blob = await code.store(ctx, request)
    with ctx.transaction():
        latest = _checked_revision(ctx, name, request)
        config = dict(latest.configuration)
        if request.get("Architectures"):
            config["Architectures"] = request["Architectures"]
        old = latest.digest
        latest = functions.changed(
            ctx, latest, configuration=config, digest=blob.digest, code_size=blob.size
        )
        if request.get("DryRun"):
            return latest.described(name.function_arn, **functions.settled())
        functions.put_update(ctx, latest)
        if old != latest.digest:
            code.let_go(ctx, old)
        published = functions.publish(ctx, name, None) if request.get("Publish") else None
        functions.renew(ctx, published or latest)
    _retire(ctx, name)
    if published:
        return published.described(**_PENDING)
    return latest.described(name.function_arn, **_UPDATING)


def _checked_revision(ctx: Context, name: Reference, request: Request) -> Version:
    latest = functions.find_version(ctx, name)
    if request.get("RevisionId") not in (None, latest.revision_id):
        raise errors.revision_differs()
    return latest


async def update_function_configuration(ctx: Context, request: Request) -> Response:
    """UpdateFunctionConfiguration of $LATEST."""
    name = parse(ctx, request["FunctionName"])
    with ctx.transaction():
        latest = _checked_revision(ctx, name, request)
    if {"Role", "TracingConfig", "DeadLetterConfig"} & request.keys():
        used = request.get("Role") or latest.configuration["Role"]
        _check_sending(ctx, request, await _check_role(ctx, used))
    with ctx.transaction():
        latest = _checked_revision(ctx, name, request)
        config = configuration.updated(latest.configuration, _with_layers(ctx, request))
        latest = functions.changed(ctx, latest, configuration=config)
        functions.put_update(ctx, latest)
        functions.renew(ctx, latest)
    _retire(ctx, name)
    return latest.described(name.function_arn, **_UPDATING)


def _retire(ctx: Context, name: Reference) -> None:
    executions = ctx.state(Executions)
    executions.pool.retire(name.function_arn)
    executions.credentials.forget(name.function_arn)


async def delete_function(ctx: Context, request: Request) -> Response:
    """DeleteFunction: all of it, or the published version that the qualifier names."""
    name = reference(ctx, request)
    if name.qualifier == LATEST:
        raise errors.invalid(errors.LATEST_NOT_DELETABLE)
    if aliases.is_alias(name.qualifier):
        raise errors.invalid(errors.ALIAS_NOT_DELETABLE_AS_VERSION)
    with ctx.transaction():
        functions.find(ctx, name.qualified(""))
        if name.qualifier:
            _delete_version(ctx, name)
        else:
            digests = {version.digest for version in functions.versions(ctx, name)}
            functions.delete(ctx, name)
            for digest in sorted(digests):
                code.let_go(ctx, digest)
    _retire(ctx, name)
    return {"StatusCode": 204}


def _delete_version(ctx: Context, name: Reference) -> None:
    version = functions.find_version(ctx, name, name.qualifier)
    using = [
        alias.reference.qualifier
        for alias in aliases.of_function(ctx, name)
        if name.qualifier in (alias.version, *alias.weights)
    ]
    if using:
        raise errors.version_in_use(using)
    functions.delete_version(ctx, name)
    configs.delete(ctx, name)
    code.let_go(ctx, version.digest)


def list_functions(ctx: Context, request: Request) -> Response:
    """ListFunctions, by name; with FunctionVersion=ALL every version of each.

    MasterRegion asks for Lambda@Edge's replicas, of which there are none.
    """
    if request.get("MasterRegion"):
        return {"Functions": []}
    size = min(request.get("MaxItems") or limits.PAGE_ITEMS, limits.PAGE_ITEMS)
    found = functions.names(ctx, request.get("Marker") or "", size + 1)
    listed: list[dict[str, Any]] = []
    for name in found[:size]:
        function = Reference(ctx.account, ctx.region, name)
        versions = functions.versions(ctx, function)
        if request.get("FunctionVersion") == "ALL":
            listed += [version.listed() for version in versions]
        else:
            listed.append(versions[0].listed(function.function_arn))
    return {"Functions": listed, "NextMarker": found[size - 1] if len(found) > size else None}
