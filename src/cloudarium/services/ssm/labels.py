"""Labels: names of one's own for versions of a parameter.

API reference, LabelParameterVersion and UnlabelParameterVersion.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cloudarium.core.context import Context
from cloudarium.services.ssm import errors, limits

_LABEL = re.compile(r"(?!\d|aws|ssm)[a-z0-9_.-]+", re.I)


def is_valid(label: str) -> bool:
    """Tell whether a label may be one."""
    return _LABEL.fullmatch(label) is not None


def of(ctx: Context, name: str) -> dict[str, int]:
    """Return the versions that the labels of a parameter name, by label."""
    rows = ctx.db.execute(
        "SELECT label, version FROM labels WHERE account = ? AND region = ? AND name = ?"
        " ORDER BY label",
        (ctx.account, ctx.region, name),
    )
    return {row["label"]: row["version"] for row in rows}


def on(ctx: Context, name: str, version: int) -> list[str]:
    """Return the labels of one version."""
    return [label for label, labelled in of(ctx, name).items() if labelled == version]


def attach(ctx: Context, name: str, version: int, labels: Iterable[str]) -> None:
    """Put labels on a version, off the ones they are on. Raises ...LabelLimitExceeded."""
    given = list(dict.fromkeys(labels))
    if len({*on(ctx, name, version), *given}) > limits.LABELS:
        raise errors.TooManyLabels()
    ctx.db.executemany(
        "INSERT OR REPLACE INTO labels VALUES (?, ?, ?, ?, ?)",
        [(ctx.account, ctx.region, name, label, version) for label in given],
    )


def detach(ctx: Context, name: str, labels: Iterable[str] | None = None) -> None:
    """Take labels of a parameter away, all of them without `labels`."""
    gone = of(ctx, name) if labels is None else labels
    ctx.db.executemany(
        "DELETE FROM labels WHERE account = ? AND region = ? AND name = ? AND label = ?",
        [(ctx.account, ctx.region, name, label) for label in gone],
    )
