"""Tags of groups and sampling rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cloudarium.core import tags
from cloudarium.services.xray import errors, limits

_SYSTEM = "aws:"


def added(current: Mapping[str, str], wanted: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """Return tags with those of a list added. Raises TooManyTagsException."""
    merged = {**current, **tags.from_list(wanted)}
    if len(merged) > limits.TAGS:
        raise errors.TooManyTags(limit=limits.TAGS)
    return merged


def removed(current: Mapping[str, str], keys: Iterable[str]) -> dict[str, str]:
    """Return tags without those of `keys`. Raises InvalidRequestException for AWS's own."""
    gone = set(keys)
    for key in sorted(gone):
        if key.startswith(_SYSTEM):
            raise errors.SystemTag(key=key)
    return {key: value for key, value in current.items() if key not in gone}
