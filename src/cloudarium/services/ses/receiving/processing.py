"""What happens to a message that was taken: the rules' actions, one after the other.

The rules are those of the moment the message came in. An action that fails is tried again, and
what follows waits for it, for four hours; then the next one has its turn (developer guide,
"Viewing metrics for Amazon SES email receiving").
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.ses import limits
from cloudarium.services.ses.receiving import actions
from cloudarium.services.ses.receiving.actions import Disposition, Step

_FIRST_DELAY = 30.0
_LONGEST_DELAY = 900.0


async def receive(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: do what the rules say, from where an earlier try left off."""
    first_rule, first_action = payload["position"]
    if payload["attempt"] == 0:
        _count(ctx, "Received", "RuleSetName", payload["rule_set"])
    for number in range(first_rule, len(payload["plan"])):
        rule = payload["plan"][number]["rule"]
        begin = first_action if number == first_rule else 0
        for position in range(begin, len(rule["Actions"])):
            step = Step(ctx, payload, number, position)
            disposition = await _done(step)
            if disposition is Disposition.LATER:
                return
            if disposition is not Disposition.CONTINUE:
                break
        else:
            continue
        if disposition is Disposition.STOP_RULE_SET:
            break
    ctx.blobs.delete(payload["digest"])


async def _done(step: Step) -> Disposition:
    """Run an action; plan another try of one that fails, until its time is over."""
    ctx, rule = step.ctx, step.rule["Name"]
    try:
        disposition = await actions.run(step)
    except AwsError:
        if _try_again(step):
            _count(ctx, "PublishFailure", "RuleName", rule)
            return Disposition.LATER
        _count(ctx, "PublishExpired", "RuleName", rule)
        return Disposition.CONTINUE
    _count(ctx, "PublishSuccess", "RuleName", rule)
    return disposition


def _try_again(step: Step) -> bool:
    ctx, payload = step.ctx, step.payload
    deadline = payload["received_at"] + limits.RETRY_SECONDS
    if ctx.now >= deadline:
        return False
    delay = min(_FIRST_DELAY * 2.0 ** payload["attempt"], _LONGEST_DELAY)
    later = {
        **payload,
        "position": [step.number, step.position],
        "attempt": payload["attempt"] + 1,
    }
    with ctx.transaction():
        ctx.schedule("receive", later, min(ctx.now + delay, deadline))
    return True


def _count(ctx: Context, name: str, dimension: str, value: str) -> None:
    ctx.telemetry.metric("AWS/SES", name, 1, "Count", {dimension: value})
