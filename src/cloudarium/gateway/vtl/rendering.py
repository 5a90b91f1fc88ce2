"""What compiled templates do when they are rendered: print, loop, expand macros."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.gateway.vtl import values
from cloudarium.gateway.vtl.expressions import Reference
from cloudarium.gateway.vtl.values import Break, Frame, RenderError, as_text
from cloudarium.gateway.vtl.views import Iterator

_COUNTERS = ("foreach", "velocityCount", "velocityHasNext")

Render = Callable[[Frame, list[str]], None]


@dataclass(frozen=True)
class Macro:
    """A `#macro`: the names of its parameters, and its body."""

    parameters: tuple[str, ...]
    body: Render


class Defined:
    """What `#define` names: a piece of template, rendered where it is printed."""

    def __init__(self, body: Render, frame: Frame) -> None:
        self._body = body
        self._frame = frame

    def __str__(self) -> str:
        out: list[str] = []
        self._frame.step()
        nested(self._frame, out, self._body)
        return values.bounded("".join(out))


def written(text: str) -> Render:
    """Return what writes a text."""
    return lambda frame, out: frame.write(out, text)


def raising(kind: type[Exception]) -> Render:
    """Return what raises `kind`."""

    def render(frame: Frame, out: list[str]) -> None:
        raise kind

    return render


def printed(reference: Reference, raw: str) -> Render:
    """An unknown variable prints as it is written, unless it is quiet."""
    root, evaluate, is_quiet = reference.root, reference.evaluate, reference.is_quiet

    def render(frame: Frame, out: list[str]) -> None:
        value = evaluate(frame)
        if value is not None:
            frame.write(out, as_text(value))
        elif root not in frame.names and not is_quiet:
            frame.write(out, raw)

    return render


def backslashed(reference: Reference, raw: str, count: int) -> Render:
    """Return what prints a reference after `count` backslashes; `raw` is how it is written."""
    root, evaluate = reference.root, reference.evaluate

    def render(frame: Frame, out: list[str]) -> None:
        if root not in frame.names:
            frame.write(out, "\\" * count + raw)
        elif count % 2:
            frame.write(out, "\\" * (count // 2) + raw)
        else:
            frame.write(out, "\\" * (count // 2) + as_text(evaluate(frame)))

    return render


def loop(frame: Frame, out: list[str], name: str, items: Any, body: Render) -> None:
    """Render `body` for each of `items`; a map's are its values. Raises RenderError."""
    if isinstance(items, Mapping):
        items = list(items.values())
    if isinstance(items, Iterator):
        items = items.rest()
    if not isinstance(items, list):
        return
    if len(items) > values.ITERATIONS:
        raise RenderError(f"#foreach goes round more than {values.ITERATIONS} times")
    kept = {key: frame.names[key] for key in (name, *_COUNTERS) if key in frame.names}
    last = len(items) - 1
    try:
        for at, item in enumerate(list(items)):
            frame.step()
            frame.names[name] = item
            frame.names["velocityCount"] = at + 1
            frame.names["velocityHasNext"] = at < last
            frame.names["foreach"] = {
                "index": at,
                "count": at + 1,
                "hasNext": at < last,
                "first": at == 0,
                "last": at == last,
                "parent": kept.get("foreach"),
            }
            body(frame, out)
    except Break:
        pass
    for key in (name, *_COUNTERS):
        frame.names.pop(key, None)
    frame.names.update(kept)


def expand(frame: Frame, out: list[str], name: str, given: list[Any], raw: str) -> None:
    """Render the macro `name` with the arguments `given`; an unknown one prints as written."""
    macro: Macro | None = frame.macros.get(name)
    if macro is None:
        frame.write(out, raw)
        return
    frame.step()
    kept = {key: frame.names[key] for key in macro.parameters if key in frame.names}
    frame.names.update(zip(macro.parameters, given, strict=False))
    nested(frame, out, macro.body)
    for key in macro.parameters:
        frame.names.pop(key, None)
    frame.names.update(kept)


def nested(frame: Frame, out: list[str], body: Render) -> None:
    """Render `body` one level deeper. Raises RenderError when that is too deep."""
    frame.depth += 1
    if frame.depth > values.DEPTH:
        raise RenderError("macros nest too deeply")
    try:
        body(frame, out)
    finally:
        frame.depth -= 1
