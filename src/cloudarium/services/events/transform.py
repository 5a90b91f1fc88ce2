"""What a target is sent: the event, a part of it, a constant, or a template filled from it.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from cloudarium.services.events import errors
from cloudarium.services.events.rules import Rule, Target

_MISSING = object()
_WHOLE_EVENT = "aws.events.event.json"
_PREDEFINED = (
    "aws.events.rule-arn",
    "aws.events.rule-name",
    "aws.events.event.ingestion-time",
    "aws.events.event",
    _WHOLE_EVENT,
)
_STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\[(\d+)\]")
_PLACE = re.compile(r"<([A-Za-z0-9_.-]+)>")


def payload(target: Target, rule: Rule, event: dict[str, Any]) -> str:
    """Return the JSON text (or, from a text template, the text) that the target is sent."""
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        value = select(event, target["InputPath"])
        return orjson.dumps(None if value is _MISSING else value).decode()
    if "InputTransformer" in target:
        return _transformed(target["InputTransformer"], rule, event)
    return orjson.dumps(event).decode()


def check(target: Target) -> None:
    """Raise ValidationException for paths and templates as AWS refuses them."""
    transformer = target.get("InputTransformer", {})
    known = transformer.get("InputPathsMap", {})
    for path in (target.get("InputPath", "$"), *known.values()):
        if not path.startswith("$") or re.search(r"\[['\"]", path):
            raise errors.InvalidPath(id=target["Id"])
    template = transformer.get("InputTemplate", "")
    for name in _PLACE.findall(template):
        if name not in known and name not in _PREDEFINED:
            raise errors.UnknownPlace(id=target["Id"], name=name)
        if name == _WHOLE_EVENT and not template.lstrip().startswith("{"):
            raise errors.PlaceOfJson(id=target["Id"], name=name)


def select(event: Any, path: str) -> Any:
    """Return what a JSON path like `$.detail.items[0]` selects, `_MISSING` if there is nothing."""
    value = event
    for name, index in _STEP.findall(path.removeprefix("$")):
        try:
            value = value[int(index)] if index else value[name]
        except (KeyError, IndexError, TypeError):
            return _MISSING
    return value


def _transformed(transformer: dict[str, Any], rule: Rule, event: dict[str, Any]) -> str:
    values = {
        name: select(event, path) for name, path in transformer.get("InputPathsMap", {}).items()
    }
    values["aws.events.rule-arn"] = rule.arn
    values["aws.events.rule-name"] = rule.name
    values["aws.events.event.ingestion-time"] = event["time"]
    values["aws.events.event"] = _without_detail(event)
    values[_WHOLE_EVENT] = event
    template: str = transformer["InputTemplate"]

    def fill(found: re.Match[str]) -> str:
        value = values.get(found[1], _MISSING)
        quoted = _inside_quotes(template, found.start())
        if value is _MISSING:
            return "" if quoted else '""'
        if isinstance(value, str):
            text = orjson.dumps(value).decode()
            return text[1:-1] if quoted else text
        text = orjson.dumps(value).decode()
        return orjson.dumps(text).decode()[1:-1] if quoted else text

    return _PLACE.sub(fill, template)


def _without_detail(event: dict[str, Any]) -> dict[str, Any]:
    """<aws.events.event>, which calls the type of the detail `detailType`, as LocalStack saw."""
    return {
        "detailType" if key == "detail-type" else key: value
        for key, value in event.items()
        if key != "detail"
    }


def _inside_quotes(template: str, position: int) -> bool:
    before = template[:position].replace('\\"', "")
    return before.count('"') % 2 == 1
