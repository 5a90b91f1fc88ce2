"""Condition keys of API Gateway's control plane: what a request says, what there is, and tags.

Source: Service Authorization Reference, "Amazon API Gateway Management" and its V2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

Keys = dict[str, str | list[str]]
Scope = Literal["Request", "Resource"]


def of_members(scope: Scope, fields: Mapping[str, str], document: Mapping[str, Any]) -> Keys:
    """Return the keys of a document that has a value at their path, like `a/b`."""
    values = _flat(document)
    found: Keys = {}
    for name, path in fields.items():
        if values.get(path) not in (None, "", []):
            found[f"apigateway:{scope}/{name}"] = _shown(values[path])
    return found


def of_tags(
    given: Mapping[str, str] | None, gone: Iterable[str] | None, kept: Mapping[str, str]
) -> Keys:
    """Return the keys of tags a request gives or takes, and of those what it touches has."""
    keys = [*(given or ()), *(gone or ())]
    return {
        **{f"aws:RequestTag/{key}": one for key, one in (given or {}).items()},
        **({"aws:TagKeys": keys} if keys else {}),
        **{f"aws:ResourceTag/{key}": one for key, one in kept.items()},
    }


def _flat(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return members by path; one of documents in a list has all their values."""
    found: dict[str, Any] = {}
    for name, value in document.items():
        if isinstance(value, Mapping):
            found.update({f"{name}/{path}": one for path, one in _flat(value).items()})
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for each in value:
                for path, one in _flat(each).items():
                    several = one if isinstance(one, list) else [one]
                    found.setdefault(f"{name}/{path}", []).extend(several)
        else:
            found[name] = value
    return found


def _shown(value: Any) -> str | list[str]:
    if isinstance(value, list):
        return [str(_shown(one)) for one in value if one is not None]
    return str(value).lower() if isinstance(value, bool) else str(value)
