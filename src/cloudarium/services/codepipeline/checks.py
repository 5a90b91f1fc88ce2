"""What several operations check the same way: tags, pages."""

from __future__ import annotations

from cloudarium.services.codepipeline import errors, limits


def tags(given: dict[str, str]) -> dict[str, str]:
    """Return the tags or raise for reserved keys or too many."""
    for key in given:
        if key.lower().startswith("aws:"):
            raise errors.InvalidTags(key=key)
    if len(given) > limits.TAGS_PER_PIPELINE:
        raise errors.TooManyTags(limit=limits.TAGS_PER_PIPELINE)
    return given
