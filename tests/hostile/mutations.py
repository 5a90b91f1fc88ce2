"""Makes parameters of a call wrong, one place at a time."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

from botocore.model import Shape

_TEXTS = [
    *["", " ", "\x00", "\n", "é☃", "😀", "\ud800", "a" * 5000, "9" * 40, "1" + "0" * 400],
    *[
        "-1",
        "0",
        "1.0",
        "1e999",
        "true",
        "null",
        "{}",
        "[]",
        "{",
        "*",
        "$",
        "#",
        "/",
        "//",
        "../..",
    ],
    *["[" * 5000, "- " * 5000, "(" * 500, '{"a":' * 2000, "not " * 500],
    *["%2e%2e", "${a}", "a.b", "a[0]", "a=1&b=2", "arn:aws", "arn:::::"],
    "arn:aws:iam::000000000000:role/x",
    "arn:aws:lambda:us-east-1:000000000000:function:x",
    *["rate(0 minutes)", "cron(* * * * * *)", "cron(61 0 1 1 ? 2026)"],
]
_LETTERS: list[str] = ["", "\x00", "é", *"{}\"'\\$#[]():,. 0"]
_NUMBERS = [0, -1, 1, 2**31, 2**63, 10**30]
_VALUES: list[Any] = [
    *[*_NUMBERS, 1.5, 1e308, float("nan"), True, False, None],
    *[[], {}, [{}], {"a": 1}, ["a"], {"S": "a"}, b"", b"\xff"],
]
_WAITS = ("wait", "timeout")  # what would only make a test slow

Place = tuple[str | int, ...]


class Mutations:
    """Spoils parameters; what it does hangs on `chance` alone."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def mutated(self, params: dict[str, Any], shape: Shape | None) -> dict[str, Any]:
        """Return a copy of `params` with one thing changed, or one more member of `shape`."""
        made = copy.deepcopy(params)
        missing = [name for name in shape.members if name not in made] if shape else []
        missing = [name for name in missing if not _is_wait(name)]
        if shape and missing and self._chance.random() < 0.25:
            name = self._chance.choice(missing)
            made[name] = self._sample(shape.members[name], 0)
            return made
        places = [place for place in _places(made) if not _is_wait(str(place[-1]))]
        if places:
            self._change(made, places)
        return made

    def _change(self, made: dict[str, Any], places: list[Place]) -> None:
        place = self._chance.choice(places)
        holder, key = _at(made, place[:-1]), place[-1]
        if self._chance.random() < 0.2:
            del holder[key]
        elif self._chance.random() < 0.1:
            holder[key] = copy.deepcopy(_at(made, self._chance.choice(places)))
        else:
            holder[key] = self._spoilt(holder[key])

    def _spoilt(self, value: Any) -> Any:
        """Return something near `value`, or something of another kind."""
        if self._chance.random() < 0.2:
            return self._chance.choice([*_TEXTS, *_VALUES])
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return value * self._chance.choice((2, 30))
        if isinstance(value, dict):
            return {**value, self._chance.choice(_TEXTS): self._chance.choice([*_TEXTS, *_VALUES])}
        return self._chance.choice(_NUMBERS)

    def _text(self, text: str) -> str:
        if self._chance.random() < 0.5:
            return self._chance.choice(_TEXTS)
        at = self._chance.randrange(len(text) + 1)
        letter = self._chance.choice(_LETTERS)
        return text[:at] + letter + text[at + self._chance.randrange(2) :]

    def _sample(self, shape: Shape, depth: int) -> Any:
        kind = shape.type_name
        if kind == "structure":
            return {
                name: self._sample(shape.members[name], depth + 1)
                for name in self._some(shape, depth)
            }
        if kind == "list":
            return [self._sample(shape.member, depth + 1) for _ in range(self._chance.randrange(3))]
        if kind == "map":
            names = self._chance.sample(_TEXTS, self._chance.randrange(3))
            return {name: self._sample(shape.value, depth + 1) for name in names}
        if kind == "string":
            return self._chance.choice(tuple(getattr(shape, "enum", ())) or _TEXTS)
        return self._chance.choice(_SAMPLES.get(kind, _NUMBERS))

    def _some(self, shape: Shape, depth: int) -> list[str]:
        if depth > 4:
            return []
        required = shape.required_members
        return [name for name in shape.members if name in required or self._chance.random() < 0.3]


_SAMPLES = {
    "float": (0.0, 1.5, -1.0, 1e300),
    "double": (0.0, 1.5, -1.0, 1e300),
    "boolean": (True, False),
    "timestamp": (0, 1.8e9, 1e12, -1),
    "blob": (b"", b"{}", b"\xff"),
}


def _is_wait(name: str) -> bool:
    return any(word in name.lower() for word in _WAITS)


def _places(value: Any, place: Place = ()) -> Iterator[Place]:
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in inside:
        yield (*place, key)
        if isinstance(each, dict | list):
            yield from _places(each, (*place, key))


def _at(value: Any, place: Place) -> Any:
    for key in place:
        value = value[key]
    return value
