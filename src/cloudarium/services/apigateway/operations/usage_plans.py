"""Usage plans, their keys, and what the keys used."""

from __future__ import annotations

from datetime import date, timedelta

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import errors, holdings, keys, paging, plans

_DAYS = 90


def create_usage_plan(ctx: Context, request: Request) -> Response:
    """Create a usage plan."""
    return plans.answer(plans.create(ctx, request))


def get_usage_plan(ctx: Context, request: Request) -> Response:
    """Return a usage plan."""
    return {"tags": {}, **plans.answer(plans.find(ctx, request["usagePlanId"]))}


def get_usage_plans(ctx: Context, request: Request) -> Response:
    """Return a page of usage plans, or of those of `keyId`."""
    found = holdings.load(ctx, holdings.USAGE_PLAN)
    if request.get("keyId"):
        of_key = {plan["id"] for plan in plans.of_key(ctx, request["keyId"])}
        found = [plan for plan in found if plan["id"] in of_key]
    return paging.page(request, found, lambda plan: str(plan["id"]), plans.answer)


def update_usage_plan(ctx: Context, request: Request) -> Response:
    """Patch a usage plan."""
    before = plans.find(ctx, request["usagePlanId"])
    plan = plans.patched(before, request.get("patchOperations"))
    plans.put(ctx, plan, before)
    return {"tags": {}, **plans.answer(plan)}


def delete_usage_plan(ctx: Context, request: Request) -> None:
    """Delete a usage plan that has no stages, with what it knows of its keys."""
    plan = plans.find(ctx, request["usagePlanId"])
    if plan["apiStages"]:
        stage = "{apiId}:{stage}".format(**plan["apiStages"][0])
        raise errors.UsagePlanInUse(plan_id=plan["id"], stage=stage)
    holdings.delete(ctx, holdings.USAGE_PLAN, plan["id"])
    for table in ("usage_plan_keys", "usage"):
        ctx.db.execute(f"DELETE FROM {table} WHERE plan_id = ?", (plan["id"],))


def create_usage_plan_key(ctx: Context, request: Request) -> Response:
    """Put a key into a plan."""
    plan = plans.find(ctx, request["usagePlanId"])
    if request["keyType"] != "API_KEY":
        raise errors.KeyTypeInvalid()
    key = keys.find(ctx, request["keyId"])
    if key["id"] in plans.keys_of(ctx, plan["id"]):
        raise errors.PlanKeyExists()
    _check_stages(ctx, plan, key["id"])
    ctx.db.execute("INSERT INTO usage_plan_keys VALUES (?, ?)", (plan["id"], key["id"]))
    return _shown(key)


def _check_stages(ctx: Context, plan: Response, key_id: str) -> None:
    """Raise if another plan of the key has one of the plan's stages already."""
    wanted = {(one["apiId"], one["stage"]) for one in plan["apiStages"]}
    for other in plans.of_key(ctx, key_id):
        if wanted & {(one["apiId"], one["stage"]) for one in other["apiStages"]}:
            raise errors.PlanKeyElsewhere()


def get_usage_plan_key(ctx: Context, request: Request) -> Response:
    """Return a plan's key."""
    return _shown(_find_key(ctx, request))


def get_usage_plan_keys(ctx: Context, request: Request) -> Response:
    """Return a page of a plan's keys, those whose names begin with `nameQuery`."""
    plan = plans.find(ctx, request["usagePlanId"])
    found = [keys.find(ctx, one) for one in plans.keys_of(ctx, plan["id"])]
    wanted = [
        one for one in found if one.get("name", "").startswith(request.get("nameQuery") or "")
    ]
    return paging.page(request, wanted, lambda key: str(key["id"]), _shown)


def delete_usage_plan_key(ctx: Context, request: Request) -> None:
    """Take a key out of a plan."""
    key = _find_key(ctx, request)
    ctx.db.execute(
        "DELETE FROM usage_plan_keys WHERE plan_id = ? AND key_id = ?",
        (request["usagePlanId"], key["id"]),
    )


def get_usage(ctx: Context, request: Request) -> Response:
    """Return, by key and for each day, how many requests were made and how many are left."""
    plan = plans.find(ctx, request["usagePlanId"])
    first, last = _date(request["startDate"]), _date(request["endDate"])
    if not 0 <= (last - first).days < _DAYS:
        raise errors.UsageDatesInvalid()
    wanted = [request["keyId"]] if request.get("keyId") else plans.keys_of(ctx, plan["id"])
    items = {key: _days(ctx, plan, key, first, last) for key in wanted}
    return {
        "usagePlanId": plan["id"],
        "startDate": request["startDate"],
        "endDate": request["endDate"],
        "items": items,
    }


def update_usage(ctx: Context, request: Request) -> Response:
    """Grant a key more requests in the period that now is (`/remaining`)."""
    plan = plans.find(ctx, request["usagePlanId"])
    key = _find_key(ctx, request)
    day = plans.today(ctx.now)
    for operation in request.get("patchOperations") or ():
        left = plans.remaining(ctx, plan, key["id"], day)
        value = operation.get("value") or ""
        if operation.get("path") != "/remaining" or not value.isdigit() or left is None:
            raise errors.PatchPathInvalid(path=operation.get("path"))
        plans.count(ctx, plan["id"], key["id"], day, extra=int(value) - left)
    return {
        "usagePlanId": plan["id"],
        "startDate": day.isoformat(),
        "endDate": day.isoformat(),
        "items": {key["id"]: _days(ctx, plan, key["id"], day, day)},
    }


def _days(ctx: Context, plan: Response, key_id: str, first: date, last: date) -> list[list[int]]:
    found = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        made, _ = plans.used(ctx, plan["id"], key_id, day, day)
        found.append([made, plans.remaining(ctx, plan, key_id, day) or 0])
    return found


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise errors.UsageDatesInvalid() from None


def _find_key(ctx: Context, request: Request) -> Response:
    plan = plans.find(ctx, request["usagePlanId"])
    if request["keyId"] not in plans.keys_of(ctx, plan["id"]):
        raise errors.PlanKeyNotFound(plan_id=plan["id"])
    return keys.find(ctx, request["keyId"])


def _shown(key: Response) -> Response:
    """Return the reference's UsagePlanKey."""
    shown = {"id": key["id"], "type": "API_KEY", "name": key.get("name", "")}
    return {**shown, "value": key["value"]}
