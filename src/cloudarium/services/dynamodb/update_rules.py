"""Which changes one UpdateTable may ask for together.

Source: the service's own messages, as its users measured them.
"""

from typing import Any

from cloudarium.core.context import Request

from . import update_errors as errors
from . import vector_errors

_CHANGES = (
    "BillingMode",
    "DeletionProtectionEnabled",
    "GlobalSecondaryIndexUpdates",
    "OnDemandThroughput",
    "ProvisionedThroughput",
    "SSESpecification",
    "StreamSpecification",
    "TableClass",
    "VectorIndexUpdates",
    "WarmThroughput",
)
_ALONE = (
    ("SSESpecification", "Server-Side Encryption"),
    ("TableClass", "TableClass"),
    ("DeletionProtectionEnabled", "DeletionProtection"),
)
_ACTIONS = ("Create", "Update", "Delete")


def check(request: Request) -> None:
    """Raises ValidationException unless the request changes something, and all of it at once."""
    changes = {name for name in _CHANGES if request.get(name) not in (None, [])}
    if not changes:
        raise errors.NothingToUpdate()
    updates = request.get("GlobalSecondaryIndexUpdates")
    if updates is not None:
        _check_updates(updates)
    for each in request.get("VectorIndexUpdates") or ():
        if len(each) != 1:
            raise vector_errors.NoAction() if not each else vector_errors.SeveralActions()
    for member, name in _ALONE:
        if member in changes and len(changes) > 1:
            raise errors.NotAlone(name=name)
    makes_index = any("Update" not in each for each in updates or ())
    if "WarmThroughput" in changes and len(changes) > 1:
        raise errors.WarmAndIndex() if makes_index else errors.WarmNotAlone()
    if "OnDemandThroughput" in changes and changes - {"OnDemandThroughput", "BillingMode"}:
        raise errors.MaximumNotAlone()
    changes_units = "ProvisionedThroughput" in changes and "BillingMode" not in changes
    if changes_units and "StreamSpecification" in changes:
        raise errors.StreamAndThroughput()
    if changes_units and makes_index:
        raise errors.IndexAndThroughput()
    if "StreamSpecification" in changes and makes_index:
        raise errors.IndexAndStream()


def _check_updates(updates: list[dict[str, Any]]) -> None:
    if not updates:
        raise errors.UpdatesEmpty()
    seen: set[str] = set()
    for each in updates:
        actions = [each[action] for action in _ACTIONS if action in each]
        if not actions:
            raise errors.NoIndexAction()
        if len(actions) > 1:
            raise errors.SeveralIndexActions()
        name = actions[0]["IndexName"]
        if name in seen:
            raise errors.IndexTwice(name=name)
        seen.add(name)
        if "Update" in each and each["Update"].get("WarmThroughput") == {}:
            raise errors.WarmEmpty(name=name)
