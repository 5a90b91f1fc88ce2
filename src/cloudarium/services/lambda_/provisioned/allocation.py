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
from cloudarium.services.lambda_ import functions, invocations, names
from cloudarium.services.lambda_.functions import Version
from cloudarium.services.lambda_.invocations import Executions
from cloudarium.services.lambda_.names import Reference
from cloudarium.services.lambda_.provisioned import configs
from cloudarium.services.lambda_.provisioned.configs import FAILED, IN_PROGRESS, READY

_AT_A_TIME = 8
_INIT_FAILED = "FUNCTION_ERROR_INIT_FAILURE"


def schedule(ctx: Context, reference: Reference) -> None:
    """Have the environments of a version's or alias's configuration started, or ended."""
    ctx.schedule("provision", {"function": reference.arn}, key=reference.arn)


def follow_alias(ctx: Context, alias: Reference, old_version: str) -> None:
    """An alias points to another version now: its environments are to be that version's."""
    provision = configs.get(ctx, alias)
    if provision:
        configs.put(ctx, replace(provision, status=IN_PROGRESS, allocated=0, modified=ctx.now))
        schedule(ctx, alias)
        schedule(ctx, alias.qualified(old_version))


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
    """Job: start or end environments of a version until it has as many as are requested."""
    reference = names.parse(ctx, payload["function"])
    with ctx.transaction():
        provision = configs.get(ctx, reference)
        number = configs.version_of(ctx, reference)
        wanted = configs.requested(ctx, reference, number)
        found = functions.lookup_version(ctx, reference, number)
    if found is None:
        return
    reason = await _fill(ctx, found, wanted)
    with ctx.transaction():
        # The configuration may have been replaced meanwhile: its own job follows.
        if provision and configs.get(ctx, reference) == provision:
            status, allocated = (FAILED, 0) if reason else (READY, provision.requested)
            changed = replace(provision, status=status, allocated=allocated, reason=reason)
            configs.put(ctx, changed)


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
