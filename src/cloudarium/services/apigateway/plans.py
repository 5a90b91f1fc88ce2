"""Usage plans: which keys may call which stages, how fast and how often."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cloudarium.core.context import Context
from cloudarium.gateway import siblings
from cloudarium.services.apigateway import apis, errors, holdings
from cloudarium.services.apigateway.patches import PatchOperation, unescape

Document = dict[str, Any]

_COPIED = ("name", "description", "throttle", "quota", "tags", "productCode")
# A plan's own note: the day from which its quota counts.
_SINCE = "quotaSince"
# The greatest offset of a quota of each period.
_PERIODS = {"DAY": 0, "WEEK": 6, "MONTH": 27}
# What can be removed, as AWS lists it.
_REMOVED = (
    "/apiStages, /quota, /throttle, /productCode, "
    "/apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>, "
    "/apiStages/<apidId:stageName>/throttle"
)
_NUMBERS = {"rateLimit": float, "burstLimit": int, "limit": int, "offset": int, "period": str}


def create(ctx: Context, given: Mapping[str, Any]) -> Document:
    """Store a new usage plan and return the reference's UsagePlan."""
    plan: Document = {
        "id": apis.new_id(ctx),
        **{name: given[name] for name in _COPIED if given.get(name)},
        "apiStages": [
            {name: value for name, value in one.items() if value}
            for one in given.get("apiStages") or []
        ],
    }
    if "quota" in plan:
        plan["quota"] = {"offset": 0, **plan["quota"]}
    put(ctx, plan)
    return plan


def put(ctx: Context, plan: Document, before: Document | None = None) -> None:
    """Check and store a plan; its quota's first period is that in which it was given."""
    check(ctx, plan)
    periods = [(one or {}).get("quota", {}).get("period") for one in (before, plan)]
    if periods[1] is None:
        plan.pop(_SINCE, None)
    elif periods[0] != periods[1]:
        plan[_SINCE] = today(ctx.now).isoformat()
    holdings.put(ctx, holdings.USAGE_PLAN, plan["id"], plan)


def answer(plan: Document) -> Document:
    """Return the reference's UsagePlan."""
    return {name: one for name, one in plan.items() if name != _SINCE}


def find(ctx: Context, plan_id: str) -> Document:
    """Return the plan, or raise UsagePlanNotFound."""
    plan = holdings.get(ctx, holdings.USAGE_PLAN, plan_id)
    if plan is None:
        raise errors.UsagePlanNotFound()
    return plan


def check(ctx: Context, plan: Document) -> None:
    """Raise unless the plan is one that can be."""
    if not plan.get("name"):
        raise errors.UsagePlanNameEmpty()
    if plan.get("quota"):
        _check_quota(plan["quota"])
    throttle = plan.get("throttle")
    if throttle and min(throttle.get("rateLimit", 0), throttle.get("burstLimit", 0)) < 0:
        raise errors.PlanThrottleInvalid()
    for one in plan["apiStages"]:
        api_id, stage = one.get("apiId"), one.get("stage")
        if not api_id or not stage or not _is_stage(ctx, api_id, stage):
            raise errors.PlanStageNotFound(stage=stage, api_id=api_id)
        for method in one.get("throttle") or {}:
            if "/" not in method:
                raise errors.PlanMethodInvalid(path=method)


def _check_quota(quota: Document) -> None:
    period, offset = quota.get("period"), quota.get("offset", 0)
    if quota.get("limit", 0) < 1:
        raise errors.QuotaLimitInvalid()
    if period not in _PERIODS:
        raise errors.QuotaPeriodInvalid()
    if 0 <= offset <= _PERIODS[period]:
        return
    if period == "DAY":
        raise errors.DayOffsetInvalid()
    raise errors.QuotaOffsetInvalid(most=_PERIODS[period], period=period)


def _is_stage(ctx: Context, api_id: str, stage: str) -> bool:
    """Tell whether a REST or WebSocket API has a stage; raise PlansUnsupported for an HTTP API."""
    row = ctx.db.execute(
        "SELECT 1 FROM stages JOIN rest_apis ON rest_apis.id = stages.api_id "
        "WHERE api_id = ? AND name = ? AND account = ?",
        (api_id, stage, ctx.account),
    ).fetchone()
    if row is not None:
        return True
    protocol: str = siblings.run(ctx, siblings.V2, "stages:protocol", api_id, stage)
    if protocol == "HTTP":
        raise errors.PlansUnsupported()
    return bool(protocol)


def patched(plan: Document, operations: Iterable[PatchOperation] | None) -> Document:
    """Return the plan with patch operations applied."""
    changed = copy.deepcopy(plan)
    for operation in operations or ():
        path, op = operation.get("path") or "", operation.get("op")
        parts = [unescape(part) for part in path.split("/")[1:]]
        value = None if op == "remove" else operation.get("value")
        match parts:
            case [("name" | "description" | "productCode") as member]:
                _set(changed, member, value)
            case [("throttle" | "quota") as member] if op == "remove":
                changed.pop(member, None)
            case [("throttle" | "quota") as member, name] if name in _NUMBERS:
                _set(changed.setdefault(member, {}), name, _number(name, value))
            case ["apiStages"] if operation.get("value"):
                _stage(changed, str(op), operation["value"])
            case ["apiStages", place, "throttle", *rest]:
                _method_throttle(changed, place, rest, value)
            case _ if op == "remove":
                raise errors.PatchPathNotOneOf(path=path, op=op, paths=_REMOVED)
            case _:
                raise errors.PatchPathInvalid(path=path)
    return changed


def _set(document: Document, member: str, value: Any) -> None:
    if value in (None, ""):
        document.pop(member, None)
    else:
        document[member] = value


def _number(name: str, value: str | None) -> Any:
    if value is None:
        return None
    try:
        return _NUMBERS[name](value)
    except ValueError:
        is_quota = name in ("limit", "offset")
        raise (errors.QuotaLimitInvalid if is_quota else errors.PlanThrottleInvalid)() from None


def _stage(plan: Document, op: str, value: str) -> None:
    api_id, _, stage = value.partition(":")
    kept = [one for one in plan["apiStages"] if (one["apiId"], one["stage"]) != (api_id, stage)]
    if op == "add":
        if not stage or len(kept) != len(plan["apiStages"]):
            raise errors.PlanStageInvalid()
        kept.append({"apiId": api_id, "stage": stage})
    plan["apiStages"] = kept


def _method_throttle(plan: Document, place: str, rest: list[str], value: str | None) -> None:
    """Change `/apiStages/{api:stage}/throttle/{path}/{METHOD}/{limit}`, or remove all or one.

    The slashes of the path need not be escaped (terraform-provider-aws, usage_plan.go, does not).
    """
    api_id, _, stage = place.partition(":")
    for one in plan["apiStages"]:
        if (one["apiId"], one["stage"]) != (api_id, stage):
            continue
        limits = one.setdefault("throttle", {})
        if value is None:
            gone = "/".join(rest)
            one["throttle"] = {k: v for k, v in limits.items() if rest and k != gone}
        elif len(rest) > 1 and rest[-1] in ("rateLimit", "burstLimit"):
            limits.setdefault("/".join(rest[:-1]), {})[rest[-1]] = _number(rest[-1], value)
        else:
            raise errors.PlanStageInvalid()
        if not one["throttle"]:
            del one["throttle"]
        return
    raise errors.PlanStageInvalid()


def forget_stages(ctx: Context, api_id: str, stage: str | None = None) -> None:
    """Take an API's stage that is gone, or all of them, out of all plans."""
    for plan in holdings.load(ctx, holdings.USAGE_PLAN):
        kept = [
            one
            for one in plan["apiStages"]
            if one["apiId"] != api_id or stage not in (None, one["stage"])
        ]
        if len(kept) != len(plan["apiStages"]):
            holdings.put(ctx, holdings.USAGE_PLAN, plan["id"], {**plan, "apiStages": kept})


def keys_of(ctx: Context, plan_id: str) -> list[str]:
    """Return the ids of a plan's keys."""
    rows = ctx.db.execute(
        "SELECT key_id FROM usage_plan_keys WHERE plan_id = ? ORDER BY key_id", (plan_id,)
    )
    return [row["key_id"] for row in rows]


def of_key(ctx: Context, key_id: str) -> list[Document]:
    """Return the plans a key belongs to."""
    rows = ctx.db.execute("SELECT plan_id FROM usage_plan_keys WHERE key_id = ?", (key_id,))
    found = [holdings.get(ctx, holdings.USAGE_PLAN, row["plan_id"]) for row in rows.fetchall()]
    return [one for one in found if one is not None]


def today(now: float) -> date:
    """Return the day (UTC) of an instant in epoch seconds."""
    return datetime.fromtimestamp(now, UTC).date()


def period_start(period: str, day: date) -> date:
    """Return the first day of the quota's period that `day` is in: day, week (Sunday), month."""
    if period == "WEEK":
        return day - timedelta(days=(day.weekday() + 1) % 7)
    return day.replace(day=1) if period == "MONTH" else day


def used(ctx: Context, plan_id: str, key_id: str, first: date, last: date) -> tuple[int, int]:
    """Return how many requests a key made from `first` to `last`, and how many were granted."""
    row = ctx.db.execute(
        "SELECT coalesce(sum(used), 0), coalesce(sum(extra), 0) FROM usage "
        "WHERE plan_id = ? AND key_id = ? AND day BETWEEN ? AND ?",
        (plan_id, key_id, first.isoformat(), last.isoformat()),
    ).fetchone()
    return int(row[0]), int(row[1])


def count(
    ctx: Context, plan_id: str, key_id: str, day: date, used: int = 0, extra: int = 0
) -> None:
    """Add to a key's requests, or to what it is granted, of a day."""
    ctx.db.execute(
        "INSERT INTO usage VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
        "SET used = used + excluded.used, extra = extra + excluded.extra",
        (plan_id, key_id, day.isoformat(), used, extra),
    )


def remaining(ctx: Context, plan: Document, key_id: str, day: date) -> int | None:
    """Return how many requests a key has left in the period `day` is in; None without a quota.

    The quota's `offset` is taken off its first period (API reference, QuotaSettings).
    """
    quota = plan.get("quota")
    if not quota:
        return None
    first = period_start(quota["period"], day)
    made, extra = used(ctx, plan["id"], key_id, first, day)
    limit = int(quota["limit"]) + extra
    if first.isoformat() <= plan.get(_SINCE, ""):
        limit -= int(quota.get("offset", 0))
    return max(0, limit - made)
