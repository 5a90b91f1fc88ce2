"""A query's commands, joined by `|`: what each does to the records before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudarium.core.matching import Expression
from cloudarium.services.logs.insights import stats
from cloudarium.services.logs.insights.expressions import Compute, Reader, regular, shown, unquoted
from cloudarium.services.logs.insights.lexer import MalformedQuery, tokens
from cloudarium.services.logs.insights.records import Record
from cloudarium.services.logs.insights.stats import Column
from cloudarium.services.logs.patterns.grammar import number

Step = Callable[[list[Record]], list[Record]]
_DEFAULT_COLUMNS = ["@timestamp", "@message"]


@dataclass
class Query:
    """A query: its steps and the columns its results show."""

    steps: list[Step] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    displayed: list[str] | None = None
    aggregated: bool = False
    limit: int | None = None

    def run(self, records: list[Record]) -> list[Record]:
        """Return the records that result, with all they hold."""
        for step in self.steps:
            records = step(records)
        return records if self.limit is None else records[: self.limit]

    @property
    def shown_columns(self) -> list[str]:
        """The columns of a result, in order."""
        if self.displayed is not None:
            return self.displayed
        return self.columns or _DEFAULT_COLUMNS


def parse(text: str) -> Query:
    """Return the query a text is. Raises MalformedQuery."""
    query, reader = Query(), Reader(tokens(text), text)
    while True:
        command = _COMMANDS.get(reader.take().word)
        if command is None:
            raise MalformedQuery("a query consists of commands such as fields, filter and stats")
        command(query, reader)
        if not reader.accept("|"):
            break
    if reader.ahead.kind != "end":
        raise MalformedQuery(f"unexpected symbol found {reader.ahead.text}")
    return query


def _columns(reader: Reader) -> list[Column]:
    found = [_column(reader)]
    while reader.accept(","):
        found.append(_column(reader))
    return found


def _column(reader: Reader) -> Column:
    start = reader.place
    compute = reader.condition()
    name = reader.text_since(start)
    return Column(_alias(reader) or name, compute)


def _alias(reader: Reader) -> str:
    return reader.take().text.strip("`") if reader.accept("as") else ""


def _extended(columns: list[Column]) -> Step:
    def step(records: list[Record]) -> list[Record]:
        for column in columns:
            records = [{**record, column.name: column.compute(record)} for record in records]
        return records

    return step


def _fields(query: Query, reader: Reader) -> None:
    columns = _columns(reader)
    query.steps.append(_extended(columns))
    query.columns += [column.name for column in columns if column.name not in query.columns]


def _display(query: Query, reader: Reader) -> None:
    columns = _columns(reader)
    query.steps.append(_extended(columns))
    query.displayed = [column.name for column in columns]


def _filter(query: Query, reader: Reader) -> None:
    condition = reader.condition()
    query.steps.append(lambda records: [record for record in records if condition(record)])


def _limit(query: Query, reader: Reader) -> None:
    token = reader.take()
    if token.kind != "number" or not token.text.isdecimal():
        raise MalformedQuery("limit expects a number")
    query.limit = int(token.text)


def _sort(query: Query, reader: Reader) -> None:
    orders: list[tuple[Compute, bool]] = []
    while True:
        compute = reader.condition()
        descending = reader.accept("desc")
        if not descending:
            reader.accept("asc")
        orders.append((compute, descending))
        if not reader.accept(","):
            break

    def step(records: list[Record]) -> list[Record]:
        found = list(records)
        for compute, descending in reversed(orders):
            found.sort(key=lambda record: _rank(compute(record)), reverse=descending)
        return found

    query.steps.append(step)


def _rank(value: Any) -> tuple[int, float, str]:
    found = number(value)
    if found is not None:
        return (1, found, "")
    return (0, 0.0, "") if value is None else (2, 0.0, shown(value))


def _dedup(query: Query, reader: Reader) -> None:
    columns = _columns(reader)

    def step(records: list[Record]) -> list[Record]:
        kept: dict[tuple[str, ...], Record] = {}
        for record in records:
            kept.setdefault(tuple(shown(each.compute(record)) for each in columns), record)
        return list(kept.values())

    query.steps.append(step)


def _stats(query: Query, reader: Reader) -> None:
    aggregates: list[tuple[str, stats.Aggregate]] = []
    while True:
        start = reader.place
        aggregate = stats.read_aggregate(reader)
        name = reader.text_since(start)
        aggregates.append((_alias(reader) or name, aggregate))
        if not reader.accept(","):
            break
    by = _columns(reader) if reader.accept("by") else []
    query.steps.append(lambda records: stats.grouped(records, aggregates, by))
    query.columns = [column.name for column in by] + [name for name, _ in aggregates]
    query.displayed, query.aggregated = None, True


def _parse(query: Query, reader: Reader) -> None:
    source: Compute = lambda record: record.get("@message")  # noqa: E731
    if reader.ahead.kind == "field":
        source = reader.value()
    token = reader.take()
    if token.kind == "regex":
        pattern = regular(token.text)
        names = pattern.names
    elif token.kind == "string":
        pattern = _glob(unquoted(token.text))
        names = []
    else:
        raise MalformedQuery("parse expects a pattern")
    if reader.accept("as"):
        names = [reader.take().text]
        while reader.accept(","):
            names.append(reader.take().text)
    if len(names) != pattern.groups:
        raise MalformedQuery("parse expects as many names as its pattern has parts")

    def step(records: list[Record]) -> list[Record]:
        return [{**record, **_parsed(pattern, names, source(record))} for record in records]

    query.steps.append(step)


def _glob(text: str) -> Expression:
    parts = [re.escape(part) for part in text.split("*")]
    ending = "$" if text.endswith("*") else ""
    return Expression("(?s)" + "(.*?)".join(parts) + ending)


def _parsed(pattern: Expression, names: list[str], value: Any) -> Record:
    found = pattern.search(value) if isinstance(value, str) else None
    return dict(zip(names, found.groups(), strict=True)) if found else {}


_COMMANDS: Mapping[str, Callable[[Query, Reader], None]] = {
    "dedup": _dedup,
    "display": _display,
    "fields": _fields,
    "filter": _filter,
    "limit": _limit,
    "parse": _parse,
    "sort": _sort,
    "stats": _stats,
}
