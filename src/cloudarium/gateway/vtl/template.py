"""Templates: text with references and directives, compiled once.

Directives: `#set #if #elseif #else #foreach #break #define #macro #evaluate #stop`, comments, and
`#[[verbatim]]#`. Source: Velocity User Guide. `#include` and `#parse` would read files: there are
none here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.gateway.vtl import values
from cloudarium.gateway.vtl.expressions import (
    START,
    Evaluate,
    Expressions,
    Reference,
)
from cloudarium.gateway.vtl.rendering import (
    Defined,
    Macro,
    Render,
    backslashed,
    expand,
    loop,
    nested,
    printed,
    raising,
    written,
)
from cloudarium.gateway.vtl.values import (
    Break,
    Frame,
    RenderError,
    Stop,
    Unsupported,
    as_text,
)

Scope = Mapping[str, Any]

_NESTING = 100
_NEXT = re.compile(r"\\+[$#]|\$|#")
_SPECIAL = re.compile(r"#\{?(\w+)\}?|##[^\n]*\n?|#\*.*?\*#|#\[\[(.*?)\]\]#", re.DOTALL | re.ASCII)
_LINE_END = re.compile(r"[ \t]*\r?\n")
# What parts this directive from the one before, on the same line or the next, is not printed.
_SET = re.compile(r"#(?:set|\{set\})[ \t]*\(")
_OPEN = re.compile(r"[ \t]*\(")
_NAME = re.compile(r"\s*([A-Za-z_][\w-]*)")
_FILES = ("include", "parse")
_DIRECTIVES = frozenset(
    {"set", "if", "foreach", "break", "define", "macro", "evaluate", "stop", *_FILES}
)
_ENDS = frozenset({"end", "else", "elseif"})


class Template:
    """A compiled template; `constant` is its text if there is nothing to fill in.

    Raises Unsupported if the text is none.
    """

    def __init__(self, text: str) -> None:
        compiler = _Compiler(text)
        self._body = compiler.block(frozenset())[0]
        self._macros = compiler.macros
        self.constant = None if "$" in text or "#" in text else text.encode()

    def render(self, scope: Scope) -> str:
        """Return the text with its references filled in from `scope` (root name -> value).

        Raises RenderError.
        """
        out: list[str] = []
        try:
            self._body(Frame(dict(scope), dict(self._macros)), out)
        except (Stop, Break):
            pass
        except RecursionError as error:
            raise RenderError("the template nests too deeply") from error
        return values.written("".join(out))


def _interpolated(text: str) -> Evaluate:
    """Return a double-quoted string, in which references and directives are filled in."""
    if "$" not in text and "#" not in text:
        return lambda frame: text
    compiler = _Compiler(text)
    body = compiler.block(frozenset())[0]

    def evaluate(frame: Frame) -> str:
        frame.go_on()
        out: list[str] = []
        frame.macros = {**compiler.macros, **frame.macros}
        body(frame, out)
        return values.bounded("".join(out))

    return evaluate


class _Compiler(Expressions):
    """Compiles one template. Its `macros`, of each name the first, are there from the beginning."""

    def __init__(self, text: str, nesting: int = 0) -> None:
        super().__init__(text, _interpolated)
        self._nesting = nesting
        self.macros: dict[str, Macro] = {}
        self._parsers: Mapping[str, Callable[[], Render]] = {
            "set": self._set,
            "if": self._if,
            "foreach": self._foreach,
            "define": self._define,
            "macro": self._macro,
            "evaluate": self._evaluate,
        }

    def block(self, ends: frozenset[str]) -> tuple[Render, str]:
        """Return what stands up to one of the directives `ends` (or the text's end), and which."""
        self._nesting += 1
        if self._nesting > _NESTING:
            raise Unsupported("directives nested too deeply")
        parts: list[Render] = []
        plain: list[str] = []
        while True:
            found = _NEXT.search(self.text, self.at)
            plain.append(self.text[self.at : found.start() if found else len(self.text)])
            if found is None:
                self.at = len(self.text)
                if ends:
                    raise Unsupported("#end is missing")
                return self._closed(parts, plain), ""
            self.at = found.start()
            if _SET.match(self.text, self.at) and not "".join(plain).strip(" \t"):
                plain = []
            part = self._part(ends)
            if isinstance(part, _End):
                return self._closed(parts, plain), part.name
            if isinstance(part, str):
                plain.append(part)
                continue
            if text := "".join(plain):
                parts.append(written(text))
            plain = []
            parts.append(part)

    def _closed(self, parts: list[Render], plain: list[str]) -> Render:
        self._nesting -= 1
        if text := "".join(plain):
            parts.append(written(text))
        if len(parts) == 1:
            return parts[0]
        whole = tuple(parts)

        def render(frame: Frame, out: list[str]) -> None:
            for one in whole:
                one(frame, out)

        return render

    def _part(self, ends: frozenset[str]) -> Render | str | _End:
        mark = self.text[self.at]
        if mark == "\\":
            return self._escaped()
        if mark == "$":
            start = START.match(self.text, self.at)
            if start is None:
                self.at += 1
                return mark
            begin = self.at
            reference = self.reference(start)
            return printed(reference, self.text[begin : reference.end])
        return self._hash(ends)

    def _escaped(self) -> Render | str:
        """Backslashes before a reference or directive: two make one, an odd one makes it text."""
        begin = self.at
        while self.text.startswith("\\", self.at):
            self.at += 1
        count = self.at - begin
        if start := START.match(self.text, self.at):
            begins = self.at
            reference = self.reference(start)
            raw = self.text[begins : reference.end]
            return backslashed(reference, raw, count)
        special = _SPECIAL.match(self.text, self.at)
        if special and special.group(1) in _DIRECTIVES | _ENDS:
            if count % 2:
                self.at += 1
                return "\\" * (count // 2) + "#"
            return "\\" * (count // 2)
        return "\\" * count

    def _hash(self, ends: frozenset[str]) -> Render | str | _End:
        special = _SPECIAL.match(self.text, self.at)
        if special is None:
            self.at += 1
            return "#"
        name = special.group(1)
        if name is None:
            self.at = special.end()
            return special.group(2) or ""
        if name in _ENDS:
            if name not in ends:
                raise Unsupported(f"#{name}")
            self.at = special.end()
            if name != "elseif":
                self._skip_line_end()
            return _End(name)
        if name not in _DIRECTIVES and not _OPEN.match(self.text, special.end()):
            self.at += 1
            return "#"
        return self._directive(name, special.end())

    def _directive(self, name: str, end: int) -> Render:
        if name in _FILES:
            raise Unsupported(f"#{name}")
        self.at = end
        if name == "stop":
            return raising(Stop)
        if name == "break":
            return raising(Break)
        opened = _OPEN.match(self.text, end)
        if opened is None:
            raise Unsupported(f"#{name}")
        begin, self.at = self.at, opened.end()
        parser = self._parsers.get(name)
        return parser() if parser else self._called(name, self.text.rfind("#", 0, begin))

    def _skip_line_end(self) -> None:
        if line_end := _LINE_END.match(self.text, self.at):
            self.at = line_end.end()

    def _close(self) -> None:
        self.expect(")")
        self._skip_line_end()

    def _target(self) -> Reference:
        self.take("")
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1
        start = START.match(self.text, self.at)
        if start is None:
            raise self.fail()
        return self.reference(start)

    def _set(self) -> Render:
        target = self._target()
        self.expect("=")
        value = self.expression()
        self._close()
        assign = target.assign
        if assign is None:
            raise Unsupported("#set of a method's result")

        def render(frame: Frame, out: list[str]) -> None:
            frame.go_on()
            assign(frame, value(frame))

        return render

    def _if(self) -> Render:
        branches: list[tuple[Evaluate, Render]] = []
        otherwise: Render | None = None
        while True:
            condition = self.expression()
            self._close()
            body, end = self.block(frozenset({"end", "else", "elseif"}))
            branches.append((condition, body))
            if end == "elseif":
                self.expect("(")
                continue
            if end == "else":
                otherwise, _ = self.block(frozenset({"end"}))
            break

        def render(frame: Frame, out: list[str]) -> None:
            for condition, body in branches:
                if values.is_true(condition(frame)):
                    return body(frame, out)
            return otherwise(frame, out) if otherwise else None

        return render

    def _foreach(self) -> Render:
        target = self._target()
        name = _NAME.match(self.text, self.at)
        if name is None or name.group(1) != "in":
            raise self.fail()
        self.at = name.end()
        items = self.expression()
        self._close()
        body, _ = self.block(frozenset({"end"}))
        return lambda frame, out: loop(frame, out, target.root, items(frame), body)

    def _define(self) -> Render:
        target = self._target()
        self._close()
        body, _ = self.block(frozenset({"end"}))
        return lambda frame, out: frame.names.__setitem__(target.root, Defined(body, frame))

    def _macro(self) -> Render:
        name = _NAME.match(self.text, self.at)
        if name is None:
            raise self.fail()
        self.at = name.end()
        parameters: list[str] = []
        while not self.take(")"):
            self.take(",")
            parameters.append(self._target().root)
        self._skip_line_end()
        body, _ = self.block(frozenset({"end"}))
        self.macros.setdefault(name.group(1), Macro(tuple(parameters), body))
        return written("")

    def _called(self, name: str, begin: int) -> Render:
        """A call of a macro; its arguments are parted by space or commas."""
        arguments: list[Evaluate] = []
        while not self.take(")"):
            self.take(",")
            arguments.append(self._argument())
        raw = self.text[begin : self.at]
        return lambda frame, out: expand(frame, out, name, [one(frame) for one in arguments], raw)

    def _argument(self) -> Evaluate:
        return self._primary()

    def _evaluate(self) -> Render:
        text = self.expression()
        self.expect(")")

        def render(frame: Frame, out: list[str]) -> None:
            frame.step()
            compiler = _Compiler(as_text(text(frame)))
            try:
                body = compiler.block(frozenset())[0]
            except Unsupported as error:
                raise RenderError(f"#evaluate: {error}") from error
            frame.macros = {**compiler.macros, **frame.macros}
            nested(frame, out, body)

        return render


@dataclass(frozen=True)
class _End:
    """A directive that closes a block."""

    name: str
