"""Environments of provisioned concurrency: started ahead, kept, and again after a restart."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import service_principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.functions.runtimes import RuntimeMissing
from cloudarium.functions.sandbox import SandboxError
from cloudarium.services.lambda_ import aliases, errors, functions, invocations, names
from cloudarium.services.lambda_.aliases import Alias
from cloudarium.services.lambda_.functions import Version
from cloudarium.services.lambda_.invocations import Executions
from cloudarium.services.lambda_.names import Reference
from cloudarium.services.lambda_.provisioned import configs
from cloudarium.services.lambda_.provisioned.configs import FAILED, IN_PROGRESS, READY, Provision

_AT_A_TIME = 8
_INIT_FAILED = "FUNCTION_ERROR_INIT_FAILURE"


def schedule(ctx: Context, reference: Reference) -> None:
    """Have the environments of a version's or alias's configuration started, or ended."""
    ctx.schedule("provision", {"function": reference.arn}, key=reference.arn)


def follow_alias(ctx: Context, before: Alias, after: Alias) -> Alias:
    """An alias is changed: its environments are to be those of its versions now.

    Return the alias as it is to be meanwhile: all goes to the version that it pointed to until the
    new one's environments are there (seen on AWS, which shows it in `RoutingConfig`:
    https://github.com/hashicorp/terraform-provider-aws/pull/48116).
    Raises InvalidParameterValueException.
    """
    provision = configs.get(ctx, after.reference)
    versions = {before.version, *before.weights}
    if provision is None or (before.version, before.weights) == (after.version, after.weights):
        return after
    if before.version != after.version:
        if after.weights == before.weights and after.weights:
            raise errors.invalid(errors.PROVISION_OF_MOVING)
        (serving,) = before.weights if before.is_moving else (before.version,)
        if not after.weights and serving != after.version:
            after = replace(after, weights={serving: 1.0})
        configs.put(ctx, replace(provision, status=IN_PROGRESS, allocated=0, modified=ctx.now))
    schedule(ctx, after.reference)
    for version in sorted(versions):
        schedule(ctx, after.reference.qualified(version))
    return after


async def open_existing(runtime: ServiceRuntime) -> None:
    """Start what was provisioned before the cloud was stopped."""
    with runtime.store.transaction():
        for provision in configs.everywhere(_context(runtime, "", "")):
            reference = provision.reference
            schedule(_context(runtime, reference.account, reference.region), reference)


def _context(runtime: ServiceRuntime, account: str, region: str) -> Context:
    principal = service_principal(runtime.service.principal, account)
    return runtime.context(account, region, principal)


async def allocate(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: start or end environments of versions until they have as many as are requested."""
    reference = names.parse(ctx, payload["function"])
    with ctx.transaction():
        provision = configs.get(ctx, reference)
        wanted = [
            (version, configs.requested(ctx, reference, number))
            for number in configs.versions_of(ctx, reference)
            if (version := functions.lookup_version(ctx, reference, number))
        ]
    if not wanted:
        return
    reasons = [await _fill(ctx, version, count) for version, count in wanted]
    with ctx.transaction():
        # The configuration may have been replaced meanwhile: its own job follows.
        if provision and configs.get(ctx, reference) == provision:
            _settle(ctx, provision, "".join(reasons[:1]) or "".join(reasons[1:]))


def _settle(ctx: Context, provision: Provision, reason: str) -> None:
    """The environments are there, or `reason` is why they are not."""
    status, allocated = (FAILED, 0) if reason else (READY, provision.requested)
    configs.put(ctx, replace(provision, status=status, allocated=allocated, reason=reason))
    alias = aliases.get(ctx, provision.reference)
    if not reason and provision.status == IN_PROGRESS and alias and alias.is_moving:
        aliases.put(ctx, replace(alias, weights={}, revision_id=ctx.ids.uuid()))
        for version in alias.weights:
            schedule(ctx, alias.reference.qualified(version))


async def _fill(ctx: Context, version: Version, wanted: int) -> str:
    """Make it `wanted` environments; why that failed, "" if it did not."""
    pool = ctx.state(Executions).pool
    key = invocations.provisioned_key(ctx, version)
    while (missing := wanted - pool.count(key)) > 0:
        starts = [_start(ctx, version, key) for _ in range(min(missing, _AT_A_TIME))]
        if not all(await asyncio.gather(*starts)):
            return _INIT_FAILED
    pool.trim(key, wanted)
    return ""


async def _start(ctx: Context, version: Version, key: str) -> bool:
    """Start one environment; whether its initialization went well."""
    executions = ctx.state(Executions)
    try:
        environment = await invocations.started(ctx, version, key, provisioned=True)
        failure = await environment.prepare(ctx.request_id)
    except (AwsError, RuntimeMissing, SandboxError):
        return False
    executions.pool.release(environment)
    return failure is None
