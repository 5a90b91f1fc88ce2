"""A template taken apart: what the other modules of this package work on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SERVERLESS = "AWS::Serverless-2016-10-31"
LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
INCLUDE = "AWS::Include"
_STORED = "AWS::SSM::Parameter::"


@dataclass(frozen=True)
class ParameterDefinition:
    """One entry of `Parameters`, as declared."""

    name: str
    type: str
    body: Mapping[str, Any]

    @property
    def no_echo(self) -> bool:
        """Whether describing the stack masks the value."""
        return str(self.body.get("NoEcho", "false")).lower() == "true"

    @property
    def is_stored(self) -> bool:
        """Whether the value given is the name of one in Parameter Store."""
        return self.type.startswith(_STORED)

    @property
    def stored_type(self) -> str | None:
        """The type of the value that Parameter Store has; None where only the name is asked for."""
        if not self.type.startswith(f"{_STORED}Value<"):
            return None
        return self.type.removeprefix(f"{_STORED}Value<").removesuffix(">")

    @property
    def is_list(self) -> bool:
        """Whether `Ref` gives a list."""
        kind = self.stored_type or self.type
        return kind == "CommaDelimitedList" or kind.startswith("List<")


@dataclass(frozen=True)
class ResourceDefinition:
    """One entry of `Resources`, as declared; functions not evaluated."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    condition: str | None = None
    depends_on: tuple[str, ...] = ()
    deletion_policy: Any = "Delete"
    update_replace_policy: Any = "Delete"
    metadata: Any = None


@dataclass(frozen=True)
class OutputDefinition:
    """One entry of `Outputs`, as declared."""

    name: str
    value: Any
    description: str | None = None
    condition: str | None = None
    export_name: Any = None


@dataclass(frozen=True)
class Template:
    """A structurally valid template."""

    document: Mapping[str, Any]
    parameters: Mapping[str, ParameterDefinition] = field(default_factory=dict)
    mappings: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    resources: Mapping[str, ResourceDefinition] = field(default_factory=dict)
    outputs: Mapping[str, OutputDefinition] = field(default_factory=dict)

    @property
    def description(self) -> str | None:
        """The template's description, if it has one."""
        return self.document.get("Description")


def transforms(document: Mapping[str, Any]) -> list[str]:
    """Return the names of the macros the template declares at its top level, in order."""
    declared = document.get("Transform", [])
    entries = declared if isinstance(declared, list) else [declared]
    return [entry["Name"] if isinstance(entry, dict) else entry for entry in entries]
