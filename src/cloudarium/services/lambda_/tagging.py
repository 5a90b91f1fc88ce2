"""What has tags: functions, event source mappings, code signing configurations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from cloudarium.core.context import Context
from cloudarium.services.lambda_ import code_signing, errors, functions, limits, names
from cloudarium.services.lambda_.sources import mappings

Tags = dict[str, str]


class Tagged(NamedTuple):
    """The tags of something, and how to store others."""

    tags: Tags
    put: Callable[[Tags], None]


def checked(tags: Tags) -> Tags:
    """Tags that something may have; raises InvalidParameterValueException."""
    if sum(not key.startswith("aws:") for key in tags) > limits.TAGS:
        raise errors.invalid(errors.TOO_MANY_TAGS)
    return tags


def find(ctx: Context, arn: str) -> Tagged:
    """The tags of what an ARN names; raises ResourceNotFoundException."""
    *_, kind, identity = arn.split(":", 6)
    if kind == "event-source-mapping":
        mapping = mappings.find(ctx, identity)
        return Tagged(mapping.tags, lambda tags: mappings.put(ctx, replace(mapping, tags=tags)))
    if kind == "code-signing-config":
        config = code_signing.find(ctx, arn)
        return Tagged(
            code_signing.tags_of(ctx, config), lambda tags: code_signing.tag(ctx, config, tags)
        )
    name = names.parse(ctx, arn)
    if name.qualifier:
        raise errors.invalid(errors.TAGS_OF_VERSION)
    function = functions.find(ctx, name)

    def put(tags: Tags) -> None:
        functions.update(ctx, replace(function, tags=tags))
        functions.renew(ctx, functions.find_version(ctx, name))

    return Tagged(function.tags, put)
