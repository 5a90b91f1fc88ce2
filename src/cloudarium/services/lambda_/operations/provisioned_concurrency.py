"""Provisioned concurrency: put, read, list, delete."""

from __future__ import annotations

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.lambda_ import aliases, concurrency, errors, functions, limits
from cloudarium.services.lambda_.invocations import Executions
from cloudarium.services.lambda_.names import LATEST, Reference, parse, reference
from cloudarium.services.lambda_.provisioned import allocation, configs
from cloudarium.services.lambda_.provisioned.configs import Provision


def put_provisioned_concurrency_config(ctx: Context, request: Request) -> Response:
    """PutProvisionedConcurrencyConfig of a version or an alias: IN_PROGRESS at first."""
    wanted = _existing(ctx, request, errors.PROVISION_OF_LATEST)
    if len(configs.versions_of(ctx, wanted)) > 1:
        raise errors.invalid(errors.PROVISION_OF_WEIGHTED)
    _check_shared(ctx, wanted)
    asked = request["ProvisionedConcurrentExecutions"]
    _check_figure(ctx, wanted, asked)
    provision = Provision(wanted, asked, ctx.now)
    configs.put(ctx, provision)
    allocation.schedule(ctx, wanted)
    return provision.described()


def _existing(
    ctx: Context, request: Request, refusal: str = errors.PROVISIONED_IS_LATEST
) -> Reference:
    """The published version or the alias that a request means; `refusal` of $LATEST."""
    wanted = reference(ctx, request)
    if aliases.is_alias(wanted.qualifier):
        if aliases.find(ctx, wanted).version == LATEST:
            raise errors.invalid(refusal)
    elif wanted.qualifier in ("", LATEST):
        raise errors.invalid(refusal)
    else:
        functions.find_version(ctx, wanted, wanted.qualifier)
    return wanted


def _check_shared(ctx: Context, wanted: Reference) -> None:
    """A version and an alias of it cannot both have a configuration."""
    versions = configs.versions_of(ctx, wanted)
    for other in configs.of_function(ctx, wanted):
        if other.reference == wanted:
            continue
        if not set(versions).isdisjoint(configs.versions_of(ctx, other.reference)):
            raise errors.provisioned_twice(of_alias=aliases.is_alias(wanted.qualifier))


def _check_figure(ctx: Context, wanted: Reference, asked: int) -> None:
    function = functions.find(ctx, wanted)
    others = [p for p in configs.of_function(ctx, wanted) if p.reference != wanted]
    existing = configs.get(ctx, wanted)
    if function.reserved is not None:
        if asked + sum(other.requested for other in others) > function.reserved:
            raise errors.invalid(errors.PROVISION_OVER_RESERVED)
        return
    share = concurrency.share(ctx, wanted.account, wanted.region)
    if asked > share.unreserved:
        text = errors.PROVISION_OVER_UNRESERVED.format(limit=share.unreserved)
        raise errors.over_limit(text)
    more = asked - (existing.requested if existing else 0)
    share.check(more, errors.PROVISION_LEAVES_TOO_LITTLE)


def get_provisioned_concurrency_config(ctx: Context, request: Request) -> Response:
    """GetProvisionedConcurrencyConfig."""
    return _described(ctx, configs.find(ctx, _existing(ctx, request)))


def _described(ctx: Context, provision: Provision) -> Response:
    versions = configs.versions_of(ctx, provision.reference)
    counts = ctx.state(Executions).provisioned
    busy = sum(counts[provision.reference.qualified(version).arn] for version in versions)
    return provision.described(min(busy, provision.requested))


def list_provisioned_concurrency_configs(ctx: Context, request: Request) -> Response:
    """ListProvisionedConcurrencyConfigs of a function, by qualifier."""
    name = parse(ctx, request["FunctionName"])
    functions.find(ctx, name)
    found = [
        {"FunctionArn": provision.reference.arn, **_described(ctx, provision)}
        for provision in configs.of_function(ctx, name)
    ]
    size = min(request.get("MaxItems") or limits.PAGE_ITEMS, limits.PAGE_ITEMS)
    shown, marker = pages.page(found, request.get("Marker"), size, errors.bad_marker())
    return {"ProvisionedConcurrencyConfigs": shown, "NextMarker": marker}


def delete_provisioned_concurrency_config(ctx: Context, request: Request) -> Response:
    """DeleteProvisionedConcurrencyConfig: its environments end."""
    wanted = _existing(ctx, request)
    for version in configs.versions_of(ctx, wanted):
        allocation.schedule(ctx, wanted.qualified(version))
    configs.delete(ctx, wanted)
    return {}
