"""Tags: their rules.

Source: Developer Guide, "Adding tags and labels to resources": 50 a table, `aws:` is reserved, what
keys and values may have; and what users of the service measured: a change is under way for some
time, in which only tags that include those being changed can be given.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError

from . import limits
from . import resource_errors as errors
from .tables import Table

_SIGNS = frozenset("+-=._:/@")
_OWN = "aws:cloudformation:"  # which CloudFormation gives


def checked(given: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """A `Tags` list as a dict. ValidationException if one of them cannot be."""
    tags: dict[str, str] = {}
    for tag in given:
        key, value = tag.get("Key"), tag.get("Value")
        if not _is_fit(key, 1, limits.TAG_KEY):
            raise errors.BadTagKey(key="null" if key is None else key)
        if not _is_fit(value, 0, limits.TAG_VALUE):
            raise errors.BadTagValue(value="null" if value is None else value)
        if key in tags:
            raise errors.DuplicateTags(key=key)
        tags[str(key)] = str(value)
    for key in tags:
        _check_reserved(key)
    if len([key for key in tags if not key.startswith(_OWN)]) > limits.TABLE_TAGS:
        raise errors.TooManyTags()
    return tags


def _is_fit(text: str | None, least: int, most: int) -> bool:
    if text is None or not least <= len(text) <= most:
        return False
    return all(sign in _SIGNS or unicodedata.category(sign)[0] in "LNZ" for sign in text)


def add(ctx: Context, table: Table, given: list[dict[str, str]]) -> None:
    """Adds tags to a table. ValidationException and LimitExceededException."""
    tags = checked(given)
    pending = _pending(ctx, table)
    if pending is not None and not (pending and pending.items() <= tags.items()):
        raise errors.TagsBeingUpdated(name=table.name)
    found = table.tags | tags
    if sum(not key.startswith("aws:") for key in found) > limits.TABLE_TAGS:
        raise errors.TooManyTags()
    if found != table.tags:
        table.tags, table.tagging = found, {"at": ctx.now, "pairs": tags}


def remove(ctx: Context, table: Table, keys: list[str]) -> None:
    """Takes tags off a table; keys it does not have are passed over. Raises likewise."""
    for key in keys:
        if not _is_fit(key, 1, limits.TAG_KEY):
            raise errors.BadTagKey(key=key)
        _check_reserved(key)
    if len(keys) > limits.TABLE_TAGS:
        raise errors.TooManyTags()
    if _pending(ctx, table) is not None:
        raise errors.TagsBeingUpdated(name=table.name)
    left = {key: value for key, value in table.tags.items() if key not in keys}
    if left != table.tags:
        table.tags, table.tagging = left, {"at": ctx.now, "pairs": {}}


def check_settled(ctx: Context, table: Table) -> None:
    """Raises ResourceInUseException while a change of a table's tags is under way."""
    if _pending(ctx, table) is not None:
        raise errors.TagsInUse(name=table.name)


def _pending(ctx: Context, table: Table) -> dict[str, str] | None:
    """The tags that are being added, none if some are taken off; None if nothing is under way."""
    if table.tagging is None or ctx.now >= table.tagging["at"] + limits.TAGGING_SECONDS:
        return None
    pairs: dict[str, str] = table.tagging["pairs"]
    return pairs


def _check_reserved(key: str) -> None:
    if key.lower().startswith("aws:") and not key.startswith(_OWN):
        raise errors.ReservedTag(key=key)


def wrong(params: Mapping[str, Any]) -> AwsError | None:
    """What is wrong with a request's tags or their keys, in the service's words."""
    try:
        checked(params.get("Tags") or ())
        for key in params.get("TagKeys") or ():
            if not _is_fit(key, 1, limits.TAG_KEY):
                raise errors.BadTagKey(key=key)
    except AwsError as error:
        return error
    return None
