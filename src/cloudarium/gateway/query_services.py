"""Services of the query protocol as integrations see them: forms in, JSON out.

API Gateway asks for JSON, and these services then answer with their XML's JSON twin, whole and in
the order of the alphabet, members that are not there being null:
`{"PublishResponse": {"PublishResult": {…}, "ResponseMetadata": {…}}}`. The models of SQS and SSM
name the JSON protocol alone, so their forms are turned into that one here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from cloudarium.gateway.http_client import Incoming
from cloudarium.wire.model import Shape

# SQS: the singular names of its query protocol -> the members they stand for. Source: Amazon SQS
# API Reference (query protocol).
_LISTS = {
    "AttributeName": "AttributeNames",
    "MessageAttributeName": "MessageAttributeNames",
    "MessageSystemAttributeName": "MessageSystemAttributeNames",
    "SendMessageBatchRequestEntry": "Entries",
    "DeleteMessageBatchRequestEntry": "Entries",
    "ChangeMessageVisibilityBatchRequestEntry": "Entries",
}
_MAPS = {
    "Attribute": "Attributes",
    "MessageAttribute": "MessageAttributes",
    "MessageSystemAttribute": "MessageSystemAttributes",
}
_SINGULARS = {"Messages": "Message", "QueueUrls": "QueueUrl", "queueUrls": "QueueUrl"}
_NUMBERS = frozenset(
    {"DelaySeconds", "MaxNumberOfMessages", "MaxResults", "VisibilityTimeout", "WaitTimeSeconds"}
)


def members(service: str, form: Mapping[str, str], shape: Shape | None) -> dict[str, Any]:
    """Return the JSON protocol's input, of that shape, for a form's fields."""
    tree = _tree(form)
    if service == "sqs":
        return _members(tree)
    found = _typed(tree, shape) if shape is not None else {}
    return found if isinstance(found, dict) else {}


def _tree(form: Mapping[str, str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in form.items():
        node, parts = tree, name.split(".")
        for part in parts[:-1]:
            below = node.setdefault(part, {})
            node = below if isinstance(below, dict) else {}
        node[parts[-1]] = value
    tree.pop("Action", None)
    tree.pop("Version", None)
    return tree


def _typed(value: Any, shape: Shape) -> Any:
    """Return what of a form is a value of that shape; what is none stays text, to be refused."""
    if isinstance(value, dict):
        if shape.type == "list":
            return [_typed(one, shape.element) for one in _numbered(value.get("member", value))]
        parts = shape.members
        return {name: _typed(value[name], one) for name, one in parts.items() if name in value}
    if shape.type == "boolean" and value in ("true", "false"):
        return value == "true"
    if shape.type in ("integer", "long") and re.fullmatch(r"-?\d{1,9}", value):
        return int(value)
    return value


def _members(tree: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, dict) and name in _LISTS:
            found[_LISTS[name]] = [
                _members(one) if isinstance(one, dict) else one for one in _numbered(value)
            ]
        elif isinstance(value, dict) and name.removesuffix("s") in _MAPS:
            entries = [one for one in _numbered(value) if isinstance(one, dict)]
            found[_MAPS[name.removesuffix("s")]] = {
                one.get("Name"): one.get("Value") for one in entries
            }
        elif name in _NUMBERS and isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value):
            found[name] = int(value)
        else:
            found[name] = value
    return found


def _numbered(tree: Mapping[str, Any]) -> list[Any]:
    keys = sorted((one for one in tree if one.isdigit()), key=int)
    return [tree[key] for key in keys]


def answered(action: str, answer: Incoming, shape: Shape | None, *, is_xml: bool) -> Incoming:
    """Return the query protocol's JSON, or XML, for what a service said in its JSON protocol."""
    said = json.loads(answer.body or b"{}")
    request_id = answer.header("x-amzn-requestid")
    if answer.status >= 400:
        code = str(said.get("__type", "")).rpartition("#")[2]
        code = answer.header("x-amzn-query-error").partition(";")[0] or code
        is_denied = code.startswith("AccessDenied")
        error = {
            "Type": "Sender",
            "Code": "AccessDenied" if is_denied else code,
            "Message": said.get("message"),
        }
        whole = {"Error": error, "RequestId": request_id}
        body = _xml("ErrorResponse", whole).encode() if is_xml else _encoded(whole)
        return Incoming(403 if is_denied else answer.status, answer.headers, body)
    if is_xml:
        whole = {f"{action}Result": said, "ResponseMetadata": {"RequestId": request_id}}
        return Incoming(answer.status, answer.headers, _xml(f"{action}Response", whole).encode())
    result: dict[str, Any] = {"ResponseMetadata": {"RequestId": request_id}}
    if shape is not None and shape.members:
        said = _whole(said, shape)
        if action == "ReceiveMessage":
            said = {"messages": said.get("Messages")}
        result[f"{action}Result"] = said
    return Incoming(answer.status, answer.headers, _encoded({f"{action}Response": result}))


def _xml(name: str, value: Any) -> str:
    """Return an element; lists and maps are flat, each entry under its singular name."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "".join(_xml(_SINGULARS.get(name, "member"), one) for one in value)
    if isinstance(value, dict) and (entry := name.removesuffix("s")) in _MAPS:
        return "".join(_xml(entry, {"Name": key, "Value": one}) for key, one in value.items())
    if isinstance(value, dict):
        inside = "".join(_xml(key, one) for key, one in value.items())
    else:
        inside = escape(str(value))
    return f"<{name}>{inside}</{name}>"


def of_xml(body: bytes, action: str, shape: Shape | None) -> bytes:
    """Return the JSON twin of a query service's XML; what is no XML stays as it is."""
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return body
    name = _name(root)
    inside = _value(root)
    result = f"{action}Result"
    if isinstance(inside, dict) and result in inside and shape is not None:
        inside[result] = _whole(inside[result], shape)
    return _encoded(inside if name == "ErrorResponse" else {name: inside})


def _whole(value: Any, shape: Shape) -> Any:
    """Return a value with all members of its shape, null where there is none."""
    if shape.type == "structure":
        given = value if isinstance(value, dict) else {}
        return {
            name: None if name not in given else _whole(given[name], one)
            for name, one in sorted(shape.members.items())
        }
    if shape.type == "list":
        return [_whole(one, shape.element) for one in value or ()]
    return value


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _value(element: ElementTree.Element) -> Any:
    names = {_name(child) for child in element}
    if not names:
        return element.text
    if names == {"member"}:
        return [_value(child) for child in element]
    if names == {"entry"}:
        pairs = [{_name(part): _value(part) for part in child} for child in element]
        return {one.get("key") or one.get("Name"): one.get("value") for one in pairs}
    return {_name(child): _value(child) for child in element}


def _encoded(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
