"""Terms of a PartiQL statement: values, paths, functions and conditions, by precedence."""

from collections.abc import Callable

from .. import limits
from . import errors
from .keywords import OPERATORS, TYPES
from .lexer import Reader, unquoted
from .syntax import Call, Infix, Is, ListOf, Literal, Parameter, Path, Term, Tuple, is_condition

_COMPARATORS = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_WORDS = {"TRUE": Literal("BOOL", True), "FALSE": Literal("BOOL", False)}
_NULL = Literal("NULL", True)


class TermReader(Reader):
    """Reads terms, loosest first: OR, AND, NOT, comparisons, sums, then single ones."""

    _depth = 0
    _chained = 0

    def term(self) -> Term:
        """Reads a term."""
        self._depth += 1
        if self._depth > limits.STATEMENT_DEPTH:
            raise errors.NotWellFormed(detail="")
        found = self._joined("OR", lambda: self._joined("AND", self._negation))
        self._depth -= 1
        return found

    def _joined(self, operator: str, read: Callable[[], Term]) -> Term:
        found = [read()]
        while self.take(operator):
            self._require_operand()
            found.append(read())
        return found[0] if len(found) == 1 else Infix(operator, tuple(found))

    def _require_operand(self) -> None:
        if self.token.kind == "end":
            raise errors.NotWellFormed(detail=errors.MissingOperand)

    def _negation(self) -> Term:
        negations = 0
        while self.take("NOT"):
            negations += 1
        found = self._comparison()
        return Infix("NOT", (found,)) if negations % 2 else found

    def _comparison(self) -> Term:
        left = self.sum()
        while True:
            compared = self._compared(left)
            if compared is None:
                return left
            self._check_chain(left)
            left = compared

    def _check_chain(self, compared: Term) -> None:
        """What is compared may be a comparison itself: each nests the tree one deeper."""
        if isinstance(compared, Infix) and is_condition(compared):
            self._chained += 1
            if self._chained > limits.STATEMENT_DEPTH:
                raise errors.NotWellFormed(detail="")

    def _compared(self, left: Term) -> Term | None:
        if self.sees(*_COMPARATORS):
            operator = _COMPARATORS[self.next().text]
            self._require_operand()
            return Infix(operator, (left, self.sum()))
        if self.take("IS"):
            negated = self.take("NOT")
            return Is(left, self._type(), negated)
        negated = self.sees("NOT") and self.tokens[self.at + 1].text.upper() in ("IN", "BETWEEN")
        self.at += negated
        found: Term | None = None
        if self.take("BETWEEN"):
            low = self.sum()
            self.expect("AND")
            found = Infix("BETWEEN", (left, low, self.sum()))
        elif self.take("IN"):
            found = Infix("IN", (left, *self._choices(left)))
        return Infix("NOT", (found,)) if found is not None and negated else found

    def _choices(self, left: Term) -> tuple[Term, ...]:
        """Reads what `left` may be one of."""
        self._require_operand()
        is_sequence = self.sees("[", "(", "<<")
        choices = self.sum()
        found = choices.elements if isinstance(choices, ListOf) else (choices,)
        if not is_sequence or not found or not (isinstance(left, Path) or is_condition(left)):
            raise errors.NotInSequence()
        if len(found) > limits.IN_OPERANDS:
            raise errors.TooManyInOperands(count=len(found))
        return found

    def _type(self) -> str:
        first = self.next().text.upper()
        pair = f"{first} {self.token.text.upper()}"
        if pair in TYPES:
            self.next()
            return TYPES[pair]
        if first not in TYPES:
            raise errors.NotWellFormed(detail=errors.ExpectedTypeName)
        return TYPES[first]

    def sum(self) -> Term:
        """Reads a term without conditions: single ones, added and subtracted."""
        left = self._single()
        while self.sees("+", "-"):
            operator = self.next().text
            self._require_operand()
            left = Infix(operator, (left, self._single()))
        return left

    def _single(self) -> Term:
        token = self.token
        if token.kind == "number":
            return Literal("N", self.next().text)
        if token.kind == "string":
            return Literal("S", unquoted(self.next()))
        if token.kind == "name" and self.tokens[self.at + 1].text == "(":
            return self._call()
        if token.kind == "quoted" or (token.kind == "name" and not token.is_keyword):
            return self.path()
        return self._marked()

    def _marked(self) -> Term:
        for word, literal in _WORDS.items():
            if self.take(word):
                return literal
        if self.take("NULL"):
            return _NULL
        if self.sees("?"):
            self.parameters += 1
            return Parameter(self.parameters - 1, self.next().at)
        if self.sees("-", "+"):
            return self._signed()
        if self.take("("):
            found = self._list(")")
            return found.elements[0] if len(found.elements) == 1 else found
        if self.take("["):
            return self._list("]")
        if self.take("<<"):
            return ListOf(self._list(">>").elements, bag=True)
        if self.take("{"):
            return self._tuple()
        raise self.unexpected()

    def _signed(self) -> Literal:
        """Reads a number after its signs, of which there may be several."""
        sign = ""
        while self.sees("-", "+"):
            if self.next().text == "-":
                sign = "" if sign else "-"
        if self.token.kind != "number":
            raise self.unexpected()
        return Literal("N", sign + self.next().text)

    def unexpected(self) -> Exception:
        """The error that there is no term where one should begin."""
        detail = errors.UnexpectedTerm
        if self.sees(*OPERATORS):
            detail = errors.UnexpectedOperator
        elif self.token.is_keyword:
            detail = errors.UnexpectedKeyword
        return errors.NotWellFormed(detail=detail)

    def _list(self, end: str) -> ListOf:
        found: list[Term] = []
        if not self.sees(end) or end == ")":
            found.append(self.term())
            while self.take(","):
                found.append(self.term())
        self.expect(end)
        return ListOf(tuple(found))

    def _tuple(self) -> Tuple:
        pairs: list[tuple[str, Term]] = []
        while not self.take("}"):
            if pairs:
                self.expect(",")
            if self.token.kind not in ("string", "quoted"):
                raise self.unexpected()
            name = unquoted(self.next())
            self.expect(":")
            pairs.append((name, self.term()))
        return Tuple(tuple(pairs))

    def _call(self) -> Call:
        name = self.next()
        self.expect("(")
        operands: tuple[Term, ...] = ()
        if not self.take(")"):
            operands = self._list(")").elements
        return Call(name.text.lower(), operands, name.at)

    def path(self) -> Path:
        """Reads a path."""
        first = self.token
        elements: list[str | int] = [self.name(errors.UnexpectedTerm)]
        while True:
            if self.take("."):
                elements.append(self.name(errors.BadDotComponent))
            elif self.take("["):
                if self.token.kind == "string":
                    elements.append(unquoted(self.next()))
                else:
                    elements.append(self._index())
                self.expect("]")
            else:
                return Path(tuple(elements), first.at)

    def _index(self) -> int:
        sign = "-" if self.take("-") else ""
        if not self.token.text.isdigit():
            raise self.unexpected()
        token = self.next()
        index = sign + token.text
        if not 0 <= int(index) <= limits.STATEMENT_INDEX:
            raise errors.IndexOutOfRange(index=index, at=token.at)
        return int(index)

    def name(self, detail: str) -> str:
        """Reads a name that is no keyword or is quoted, or fails with this detail."""
        token = self.token
        if token.kind != "quoted" and (token.kind != "name" or token.is_keyword):
            raise errors.NotWellFormed(detail=detail)
        return unquoted(self.next())
