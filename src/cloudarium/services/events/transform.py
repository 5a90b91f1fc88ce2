"""What a target is sent: the event, a part of it, a constant, or a template filled from it.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from cloudarium.services.events.rules import Rule, Target

_STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\[(\d+)\]|\['([^']+)'\]")
_PLACE = re.compile(r"<([A-Za-z0-9_.-]+)>")


def payload(target: Target, rule: Rule, event: dict[str, Any]) -> str:
    """Return the JSON text (or, from a text template, the text) that the target is sent."""
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return orjson.dumps(select(event, target["InputPath"])).decode()
    if "InputTransformer" in target:
        return _transformed(target["InputTransformer"], rule, event)
    return orjson.dumps(event).decode()


def select(event: Any, path: str) -> Any:
    """Return what a JSON path like `$.detail.items[0]` selects, None if there is nothing."""
    value = event
    for name, index, quoted in _STEP.findall(path.removeprefix("$")):
        try:
            value = value[int(index)] if index else value[name or quoted]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _transformed(transformer: dict[str, Any], rule: Rule, event: dict[str, Any]) -> str:
    values = {
        name: select(event, path) for name, path in transformer.get("InputPathsMap", {}).items()
    }
    values["aws.events.rule-arn"] = rule.arn
    values["aws.events.rule-name"] = rule.name
    values["aws.events.event.ingestion-time"] = event["time"]
    values["aws.events.event"] = {key: each for key, each in event.items() if key != "detail"}
    values["aws.events.event.json"] = event
    template: str = transformer["InputTemplate"]

    def fill(found: re.Match[str]) -> str:
        if found[1] not in values:
            return found[0]
        value = values[found[1]]
        quoted = _inside_quotes(template, found.start())
        if isinstance(value, str):
            text = orjson.dumps(value).decode()
            return text[1:-1] if quoted else text
        text = orjson.dumps(value).decode() if value is not None else "null"
        return orjson.dumps(text).decode()[1:-1] if quoted else text

    return _PLACE.sub(fill, template)


def _inside_quotes(template: str, position: int) -> bool:
    before = template[:position].replace('\\"', "")
    return before.count('"') % 2 == 1
