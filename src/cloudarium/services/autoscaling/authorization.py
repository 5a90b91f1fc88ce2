"""What each operation needs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
"""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.autoscaling import targets
from cloudarium.services.autoscaling.targets import Key


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Return the action on the scalable target, or `*` for those that describe many."""
    action = f"application-autoscaling:{operation}"
    if operation.startswith("Describe"):
        yield Access(action, "*")
    elif "ResourceARN" in request:
        yield Access(action, request["ResourceARN"])
    else:
        target = targets.lookup(ctx, Key.of(request))
        arn = target.arn if target else ctx.arn("scalable-target/*")
        yield Access(action, arn)
        if request.get("Tags"):
            yield Access("application-autoscaling:TagResource", arn)
