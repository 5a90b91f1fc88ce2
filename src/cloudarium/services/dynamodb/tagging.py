"""Tags: their rules.

Source: Developer Guide, "Adding tags and labels to resources": 50 a table, `aws:` is reserved.
"""

from . import errors, limits


def merged(tags: dict[str, str], given: list[dict[str, str]]) -> dict[str, str]:
    """`tags` with those of a `Tags` list added. Raises ValidationException."""
    added: dict[str, str] = {}
    for tag in given:
        if tag["Key"] in added:
            raise errors.DuplicateTags(key=tag["Key"])
        added[tag["Key"]] = tag["Value"]
    for key in added:
        if key.startswith("aws:") and not key.startswith("aws:cloudformation:"):
            raise errors.ReservedTag(key=key)
    found = tags | added
    if sum(not key.startswith("aws:") for key in found) > limits.TABLE_TAGS:
        raise errors.TooManyTags()
    return found
