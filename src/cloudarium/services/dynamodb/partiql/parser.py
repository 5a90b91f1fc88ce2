"""Statements of PartiQL as DynamoDB has it.

Source of the grammar: Developer Guide, "PartiQL - a SQL-compatible query language for Amazon
DynamoDB", the references of SELECT, INSERT, UPDATE and DELETE statements.
"""

from collections.abc import Iterable
from functools import lru_cache

from cloudarium.core.errors import AwsError

from . import errors
from .syntax import (
    Assignment,
    Call,
    Delete,
    Exists,
    Insert,
    Is,
    Path,
    Select,
    Source,
    Statement,
    Term,
    Tuple,
    Update,
)
from .terms import TermReader


@lru_cache(1024)
def parse(text: str) -> tuple[Statement, int]:
    """The statement a text is, and how many parameters it takes. ValidationException if none."""
    reader = _StatementReader(text)
    found = reader.statement()
    reader.finish()
    return found, reader.parameters


def source_of(statement: Statement) -> Source:
    """The table or index a statement is about."""
    return statement.select.source if isinstance(statement, Exists) else statement.source


def tables_named(texts: Iterable[str]) -> Iterable[str]:
    """The names of the tables these statements are about, without those that are none."""
    found: dict[str, None] = {}
    for text in texts:
        try:
            found[source_of(parse(text)[0]).table.rpartition("/")[2]] = None
        except AwsError:
            continue  # the operation itself says what is wrong with the statement
    return found


class _StatementReader(TermReader):
    def statement(self) -> Statement:
        """Reads a statement."""
        if self.take("SELECT"):
            return self._select()
        if self.take("INSERT"):
            return self._insert()
        if self.take("UPDATE"):
            return self._update()
        if self.take("DELETE"):
            return self._delete()
        if self.take("FROM"):
            return self._update_from()
        if self.sees("EXISTS") and self.tokens[self.at + 1].text == "(":
            return self._exists()
        if self._names_something() and isinstance(self.term(), Is):
            raise errors.UnsupportedOperation(name="IsType")
        raise errors.NotWellFormed(detail=errors.ExpectedManipulation)

    def _select(self) -> Select:
        columns: list[Path] = []
        counts = self._count()
        if not counts and not self.take("*"):
            columns.append(self._column())
            while self.take(","):
                columns.append(self._column())
        self.expect("FROM")
        if self.token.kind == "end":
            raise errors.NotWellFormed(detail=errors.UnexpectedTerm)
        source = self._aliasless_source()
        where = self._where()
        order: list[tuple[str, bool]] = []
        if self.take("ORDER"):
            self.expect("BY")
            order.append(self._order())
            while self.take(","):
                order.append(self._order())
        return Select(source, tuple(columns), where, tuple(order), counts)

    def _count(self) -> bool:
        """Reads COUNT(*), which is refused once it is known of what."""
        texts = [token.text.upper() for token in self.tokens[self.at : self.at + 4]]
        found = texts == ["COUNT", "(", "*", ")"]
        self.at += 4 * found
        return found

    def _column(self) -> Path:
        found = self.sum()
        if isinstance(found, Call):
            raise errors.BadColumn(at=found.at)
        if not isinstance(found, Path):
            raise errors.NotWellFormed(detail=errors.UnexpectedTerm)
        if self.sees("AS") or self._names_something():
            raise errors.Aliasing()
        return found

    def _order(self) -> tuple[str, bool]:
        name = str(self.path().elements[0])
        descends = self.take("DESC")
        if not descends:
            self.take("ASC")
        return name, descends

    def _where(self) -> Term | None:
        return self.term() if self.take("WHERE") else None

    def _source(self) -> Source:
        parts = [self.name(errors.ExpectedTable)]
        while self.take("."):
            parts.append(self.name(errors.BadDotComponent))
        if not all(parts):
            raise errors.EmptyComponent()
        if len(parts) > 2:
            raise errors.TooManyComponents()
        return Source(*parts)

    def _aliasless_source(self) -> Source:
        found = self._source()
        if self.sees("AS") or self._names_something():
            raise errors.Aliasing()
        return found

    def _names_something(self) -> bool:
        return self.token.kind == "quoted" or (
            self.token.kind == "name" and not self.token.is_keyword
        )

    def _written_source(self) -> Source:
        found = self._aliasless_source()
        if found.index is not None:
            raise errors.WriteOnIndex()
        return found

    def _insert(self) -> Insert:
        self.expect("INTO")
        source = self._source()
        if source.index is not None:
            raise errors.InsertIntoIndex()
        self.expect("VALUE", errors.LeftOver)
        at, item = self.token.at, self.sum()
        if not isinstance(item, Tuple):
            raise errors.NotAStruct(at=at)
        return Insert(source, item)

    def _update(self) -> Update:
        source = self._written_source()
        assignments = self._assignments()
        where = self._where()
        return Update(source, assignments, where, self._returning())

    def _update_from(self) -> Update:
        source = self._written_source()
        where = self._where()
        return Update(source, self._assignments(), where, self._returning())

    def _assignments(self) -> tuple[Assignment, ...]:
        found: list[Assignment] = []
        while self.sees("SET", "REMOVE"):
            removes = self.next().text.upper() == "REMOVE"
            found.append(self._assignment(removes))
            while self.take(","):
                found.append(self._assignment(removes))
        if not found:
            raise errors.NotWellFormed(detail=errors.ExpectedManipulation)
        return tuple(found)

    def _assignment(self, removes: bool) -> Assignment:
        path = self.path()
        if removes:
            return Assignment(path, None)
        self.expect("=")
        return Assignment(path, self.sum())

    def _returning(self) -> str | None:
        if not self.take("RETURNING"):
            return None
        words = [self.next().text.upper(), self.next().text.upper()]
        self.expect("*")
        if words[0] not in ("ALL", "MODIFIED") or words[1] not in ("OLD", "NEW"):
            raise errors.NotWellFormed(detail=errors.UnexpectedTerm)
        return " ".join(words)

    def _delete(self) -> Delete:
        self.expect("FROM")
        source = self._written_source()
        where = self._where()
        returning = self._returning()
        if returning not in (None, "ALL OLD"):
            raise errors.BadReturning(clause=returning)
        return Delete(source, where, returning)

    def _exists(self) -> Exists:
        self.next()
        self.expect("(")
        self.expect("SELECT")
        found = self._select()
        self.expect(")")
        return Exists(found)
