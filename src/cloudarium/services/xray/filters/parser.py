"""From a filter expression's words to a predicate.

or    := and (OR and)*            and  := unary ([AND] unary)*
unary := "!" unary | "(" or ")" | service | edge | keyword [operator value]
service := service([name]) [{or}]   edge := edge([name], [name]) [{or}]
name  := "text" | id(name: "text", type: "text", account.id: "text")
"""

from __future__ import annotations

from collections.abc import Callable

from cloudarium.services.xray import limits
from cloudarium.services.xray.filters import keywords, scopes
from cloudarium.services.xray.filters.lexer import SyntaxProblem, Token, tokens
from cloudarium.services.xray.filters.scopes import Scope, Selector, ServiceName

__all__ = ["Lookup", "Predicate", "SyntaxProblem", "parsed", "selector"]

Predicate = Callable[[Scope], bool]
Lookup = Callable[[str, str], Predicate]

_DEEPEST = 50
_OPERATORS = frozenset(("=", "!=", "<", "<=", ">", ">=", "contains", "beginswith", "endswith"))
_GROUPS = {"group.name": "name", "group.arn": "arn"}
_ID_FIELDS = {"name": "name", "type": "type", "account.id": "account"}


def parsed(text: str, lookup: Lookup) -> Predicate:
    """Return the predicate an expression spells; `lookup` gives those of groups.

    Raises SyntaxProblem.
    """
    if len(text) > limits.EXPRESSION_CHARACTERS:
        raise SyntaxProblem(f"it is longer than {limits.EXPRESSION_CHARACTERS} characters")
    return _Parser(tokens(text), lookup).whole()


def selector(text: str) -> Selector:
    """Return the selector a text spells: service, edge or id. Raises SyntaxProblem."""
    return _Parser(tokens(text), _refused).selector()


def _refused(key: str, value: str) -> Predicate:
    raise SyntaxProblem("groups cannot be named here")


class _Parser:
    def __init__(self, words: list[Token], lookup: Lookup) -> None:
        self._words = words
        self._lookup = lookup
        self._at = 0
        self._depth = 0
        self._place = "trace"

    @property
    def _next(self) -> Token:
        return self._words[self._at]

    def _take(self) -> Token:
        token = self._words[self._at]
        self._at = min(self._at + 1, len(self._words) - 1)
        return token

    def _takes(self, text: str) -> bool:
        if self._next.lower != text:
            return False
        self._take()
        return True

    def _expect(self, text: str) -> None:
        if not self._takes(text):
            raise SyntaxProblem(f"expected {text} before {self._next.text or 'the end'}")

    def _end(self) -> None:
        if self._next.kind != "end":
            raise SyntaxProblem(f"unexpected {self._next.text}")

    def whole(self) -> Predicate:
        predicate = self._any()
        self._end()
        return predicate

    def selector(self) -> Selector:
        if self._next.lower == "id":
            name = self._name()
            found: Selector = lambda trace: scopes.services(trace, name)  # noqa: E731
        else:
            found = self._function(self._take())
        self._end()
        return found

    def _any(self) -> Predicate:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise SyntaxProblem("it is nested too deeply")
        parts = [self._all()]
        while self._takes("or"):
            parts.append(self._all())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else lambda scope: any(part(scope) for part in parts)

    def _all(self) -> Predicate:
        parts = [self._unary()]
        while self._takes("and") or self._begins():
            parts.append(self._unary())
        return parts[0] if len(parts) == 1 else lambda scope: all(part(scope) for part in parts)

    def _begins(self) -> bool:
        token = self._next
        return token.lower in ("!", "(") or (token.kind == "word" and token.lower != "or")

    def _unary(self) -> Predicate:
        is_negated = False
        while self._takes("!"):
            is_negated = not is_negated
        predicate = self._primary()
        return (lambda scope: not predicate(scope)) if is_negated else predicate

    def _primary(self) -> Predicate:
        if self._takes("("):
            predicate = self._any()
            self._expect(")")
            return predicate
        token = self._take()
        if token.kind != "word":
            raise SyntaxProblem(f"expected a keyword, not {token.text or 'the end'}")
        if token.lower in ("service", "edge"):
            if self._place != "trace":
                raise SyntaxProblem(f"{token.lower} cannot stand within braces")
            picks = self._function(token)
            return lambda scope: bool(picks(scope.trace))
        return self._comparison(token)

    def _function(self, token: Token) -> Selector:
        """Return what `service(...) {...}` or `edge(...) {...}` picks of a trace."""
        if token.lower not in ("service", "edge"):
            raise SyntaxProblem(f"expected service or edge, not {token.text or 'the end'}")
        self._expect("(")
        first = self._name()
        second = ServiceName()
        if token.lower == "edge":
            self._expect(",")
            second = self._name()
        self._expect(")")
        fits = self._braces(token.lower)
        if token.lower == "service":
            return lambda trace: [each for each in scopes.services(trace, first) if fits(each)]
        return lambda trace: [each for each in scopes.edges(trace, first, second) if fits(each)]

    def _braces(self, place: str) -> Predicate:
        if not self._takes("{"):
            return lambda scope: True
        outer, self._place = self._place, place
        predicate = self._any()
        self._place = outer
        self._expect("}")
        return predicate

    def _name(self) -> ServiceName:
        if self._next.kind == "string":
            return ServiceName(name=self._take().text)
        if not self._takes("id"):
            return ServiceName()
        self._expect("(")
        fields: dict[str, str] = {}
        while not self._takes(")"):
            key = _ID_FIELDS.get(self._take().lower)
            self._expect(":")
            value = self._take()
            if key is None or value.kind != "string":
                raise SyntaxProblem('id takes name: "...", type: "..." and account.id: "..."')
            fields[key] = value.text
            if self._next.lower != ")":
                self._expect(",")
        return ServiceName(**fields)

    def _comparison(self, token: Token) -> Predicate:
        name = token.text if token.lower.startswith("annotation.") else token.lower
        if token.lower == "annotation" and self._takes("["):
            name = f"annotation.{self._take().text}"
            self._expect("]")
        keyword = keywords.find(name, self._place)
        if keyword is None and name not in _GROUPS:
            raise SyntaxProblem(f"unknown keyword {token.text}")
        if self._next.lower not in _OPERATORS:
            if keyword is None:
                raise SyntaxProblem(f"{name} must be compared")
            return keyword.is_set
        operator, value = self._take().lower, self._take()
        if value.kind not in ("string", "number", "word"):
            raise SyntaxProblem(f"expected a value after {operator}")
        if keyword is not None:
            return keyword.compared(operator, value)
        if operator not in ("=", "!="):
            raise SyntaxProblem(f"{name} takes = and != only")
        predicate = self._lookup(_GROUPS[name], value.text)
        return predicate if operator == "=" else lambda scope: not predicate(scope)
