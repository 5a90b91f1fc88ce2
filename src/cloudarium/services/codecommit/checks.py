"""What several operations check the same way: names, descriptions, tags."""

from __future__ import annotations

import re

from cloudarium.services.codecommit import errors, limits

_REPOSITORY_NAME = re.compile(r"[\w.-]{1,100}", re.ASCII)


def repository_name(name: str) -> str:
    """Return `name` or raise InvalidRepositoryNameException (a name may not end in `.git`)."""
    if not _REPOSITORY_NAME.fullmatch(name) or name.endswith(".git"):
        raise errors.InvalidRepositoryName()
    return name


def description(text: str | None) -> str | None:
    """Return the description, None for an empty one."""
    if text is not None and len(text) > limits.DESCRIPTION_CHARACTERS:
        raise errors.InvalidRepositoryDescription()
    return text or None


def tags(given: dict[str, str]) -> dict[str, str]:
    """Return the tags or raise for reserved keys, wrong lengths or too many."""
    if len(given) > limits.TAGS_PER_REPOSITORY:
        raise errors.TooManyTags(limit=limits.TAGS_PER_REPOSITORY)
    for key, value in given.items():
        if key.lower().startswith("aws:"):
            raise errors.InvalidSystemTagUsage()
        if not 1 <= len(key) <= 128 or len(value) > 256:
            raise errors.InvalidTagsMap()
    return given
