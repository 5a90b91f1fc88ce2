"""How often a table's class, encryption and deletion protection may change.

Source: Developer Guide, "Quotas in Amazon DynamoDB", and the service's own messages.
"""

from datetime import UTC, datetime

from cloudarium.core.context import Context

from . import change_errors, limits
from .tables import Table


def note_class(ctx: Context, table: Table) -> None:
    """Notes a change of a table's class. LimitExceededException for one too many."""
    check_class(ctx, table)
    table.class_changes = [*_since(table.class_changes, ctx.now - limits.CLASS_SECONDS), ctx.now]


def check_class(ctx: Context, table: Table) -> None:
    """Raises LimitExceededException if no change is left, even if it would change nothing."""
    if len(_since(table.class_changes, ctx.now - limits.CLASS_SECONDS)) >= limits.CLASS_CHANGES:
        raise change_errors.TooManyClassChanges()


def note_encryption(ctx: Context, table: Table) -> None:
    """Notes a change of a table's encryption. LimitExceededException for one too many."""
    recent = _since(table.encryptions, ctx.now - limits.ENCRYPTION_SECONDS)
    if len(recent) >= limits.ENCRYPTIONS:
        following = recent[-1] + limits.ENCRYPTION_GAP_SECONDS
        if ctx.now < following:
            raise change_errors.TooManyEncryptions(
                end=_text(recent[0] + limits.ENCRYPTION_SECONDS),
                count=len(recent),
                last=_text(recent[-1]),
                following=_text(following),
            )
    table.encryptions = [*recent, ctx.now]


def note_protection(ctx: Context, table: Table) -> None:
    """Notes a change of a table's deletion protection. ThrottlingException soon after another."""
    changed = table.protection_changed
    if changed is not None and ctx.now < changed + limits.PROTECTION_SECONDS:
        at = _text(changed + limits.PROTECTION_SECONDS)
        raise change_errors.ProtectionJustChanged(name=table.name, at=at)
    table.protection_changed = ctx.now


def _since(times: list[float], start: float) -> list[float]:
    return [at for at in times if at > start]


def _text(at: float) -> str:
    moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return moment.replace("+00:00", "Z")
