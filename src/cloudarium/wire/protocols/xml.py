"""Compiled conversion between a model's shapes and XML elements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser
from xml.sax.saxutils import quoteattr

from cloudarium.core.errors import AwsError
from cloudarium.wire.model import Shape
from cloudarium.wire.protocols import values

Write = Callable[[str, Any, list[str]], None]

# What XML cannot hold is written as AWS writes it, by number, although XML 1.0 has no such
# references either: boto/botocore issue 3496, basho/riak_cs pull request 1255.
_CONTROLS = {code: f"&#x{code:x};" for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)}
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}) | _CONTROLS

MalformedXml = AwsError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
)


def escape(text: str) -> str:
    """Return a text as it stands in an element."""
    return text.translate(_ESCAPES)


def parse_document(body: bytes) -> Element:
    """Return the root element. Raises AwsError MalformedXML; expat bounds entities."""
    parser = XMLParser()
    try:
        parser.feed(body)
        root: Element = parser.close()
    except (ParseError, ValueError):
        raise AwsError(MalformedXml.code, MalformedXml.message) from None
    return root


def parse(shape: Shape, element: Element) -> Any:
    """Return the value of `shape` written as `element`."""
    if shape.type == "structure":
        return _parse_structure(shape, element)
    if shape.type == "list":
        return [parse(shape.element, child) for child in element]
    if shape.type == "map":
        return dict(_parse_entry(shape, entry) for entry in element)
    text = element.text or ""
    if shape.type == "timestamp":
        return values.parse_timestamp(text.strip())
    if shape.type == "blob":
        return values.decode_blob(text.strip())
    if shape.type != "string":
        return values.parse_text(text.strip(), shape.type)
    return text


def _parse_structure(shape: Shape, element: Element) -> dict[str, Any]:
    parsed: dict[str, Any] = {}
    children: dict[str, list[Element]] = {}
    for child in element:
        children.setdefault(_local(child.tag), []).append(child)
    for name, member in shape.members.items():
        wire_name = member.wire_name(name)
        if member.traits.get("xmlAttribute"):
            attribute = _attribute(element, wire_name)
            if attribute is not None:
                parsed[name] = attribute
            continue
        if member.type == "list" and member.traits.get("flattened"):
            found = children.get(member.element.traits.get("locationName", wire_name), [])
            if found := (found or children.get(wire_name, [])):
                parsed[name] = [parse(member.element, each) for each in found]
        elif wire_name in children:
            parsed[name] = parse(member, children[wire_name][0])
    return parsed


def _parse_entry(shape: Shape, entry: Element) -> tuple[str, Any]:
    parts = {_local(child.tag): child for child in entry}
    key = parts[shape.key.traits.get("locationName", "key")].text or ""
    return key, parse(shape.value, parts[shape.value.traits.get("locationName", "value")])


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attribute(element: Element, wire_name: str) -> str | None:
    local = wire_name.rpartition(":")[2]
    for key, value in element.attrib.items():
        if _local(key) == local:
            return value
    return None


class XmlWriter:
    """Compiles writers: a value to XML text, `None` left out, unknown members refused."""

    def __init__(self, timestamp_format: str = "iso8601") -> None:
        self._timestamp_format = timestamp_format
        self._compiled: dict[str, Write] = {}

    def compile(self, shape: Shape) -> Write:
        """Return the writer of `shape`: `write(element name, value, parts)` appends text."""
        if shape.type == "structure":
            return self._cached(shape, self._structure)
        if shape.type == "list":
            return self._list(shape)
        if shape.type == "map":
            return self._map(shape)
        return self._leaf(shape)

    def _cached(self, shape: Shape, build: Callable[[Shape], Write]) -> Write:
        if shape.name not in self._compiled:
            self._compiled[shape.name] = lambda name, value, parts: self._compiled[shape.name](
                name, value, parts
            )
            self._compiled[shape.name] = build(shape)
        return self._compiled[shape.name]

    def _structure(self, shape: Shape) -> Write:
        attributes, members = {}, {}
        for name, member in shape.members.items():
            wire_name = member.wire_name(name)
            if member.traits.get("xmlAttribute"):
                attributes[name] = wire_name
            elif member.location is None:
                members[name] = (wire_name, self.compile(member))
        namespace = _namespaces(shape)

        def write(tag: str, value: dict[str, Any], parts: list[str]) -> None:
            parts.append(f"<{tag}{namespace}")
            for name, wire_name in attributes.items():
                if value.get(name) is not None:
                    parts.append(f" {wire_name}={quoteattr(value[name])}")
            parts.append(">")
            for name, element in value.items():
                if element is None or name in attributes:
                    continue
                if name not in members:
                    raise LookupError(f"{shape.name} has no member {name}")
                members[name][1](members[name][0], element, parts)
            parts.append(f"</{tag}>")

        return write

    def _list(self, shape: Shape) -> Write:
        element = self.compile(shape.element)
        element_name = shape.element.traits.get("locationName", "member")

        def write_flat(tag: str, value: list[Any], parts: list[str]) -> None:
            for each in value:
                element(tag, each, parts)

        def write(tag: str, value: list[Any], parts: list[str]) -> None:
            parts.append(f"<{tag}>")
            for each in value:
                element(element_name, each, parts)
            parts.append(f"</{tag}>")

        return write_flat if shape.traits.get("flattened") else write

    def _map(self, shape: Shape) -> Write:
        key_name = shape.key.traits.get("locationName", "key")
        value_name = shape.value.traits.get("locationName", "value")
        element = self.compile(shape.value)
        flattened = shape.traits.get("flattened")

        def write(tag: str, value: dict[str, Any], parts: list[str]) -> None:
            entry = tag if flattened else "entry"
            if not flattened:
                parts.append(f"<{tag}>")
            for key, each in value.items():
                parts.append(f"<{entry}><{key_name}>{escape(key)}</{key_name}>")
                element(value_name, each, parts)
                parts.append(f"</{entry}>")
            if not flattened:
                parts.append(f"</{tag}>")

        return write

    def _leaf(self, shape: Shape) -> Write:
        kind = shape.type
        form = shape.traits.get("timestampFormat", self._timestamp_format)

        def write(tag: str, value: Any, parts: list[str]) -> None:
            if kind == "timestamp":
                text = values.timestamp_text(value, form)
            elif kind == "blob":
                text = values.encode_blob(value)
            else:
                text = escape(values.text_of(value, kind))
            parts.append(f"<{tag}>{text}</{tag}>")

        return write


def _namespaces(shape: Shape) -> str:
    found = shape.traits.get("xmlNamespace")
    if not isinstance(found, dict):
        return ""
    prefix = f":{found['prefix']}" if found.get("prefix") else ""
    return f' xmlns{prefix}="{found["uri"]}"' if prefix else ""
