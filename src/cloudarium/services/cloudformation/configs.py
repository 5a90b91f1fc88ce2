"""What a stack is to be: its template, parameter values and settings, as one value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from cloudarium.services.cloudformation.template import structure
from cloudarium.services.cloudformation.template.dynamic import filled
from cloudarium.services.cloudformation.template.model import (
    LANGUAGE_EXTENSIONS,
    Template,
    transforms,
)


@dataclass(frozen=True)
class Config:
    """A stack's desired state.

    `body` is the template as submitted, `document` what its macros made of it, `macros` the names
    of those, `resolved` what Parameter Store had for the parameters that name one of it, and
    `references` what it had for dynamic references.
    """

    body: str = ""
    document: Mapping[str, Any] = field(default_factory=dict)
    macros: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    resolved: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    capabilities: tuple[str, ...] = ()
    role_arn: str | None = None
    disable_rollback: bool = False
    timeout_minutes: int | None = None
    notification_arns: tuple[str, ...] = ()

    @cached_property
    def template(self) -> Template:
        """The processed template, taken apart."""
        return structure.checked(dict(self.document))

    @property
    def values(self) -> dict[str, str]:
        """What `Ref` gives for each parameter."""
        return {**filled(dict(self.parameters), self.references), **self.resolved}

    @property
    def extended(self) -> bool:
        """Whether the template declares AWS::LanguageExtensions."""
        return LANGUAGE_EXTENSIONS in self.macros

    def to_json(self) -> str:
        """Return this config as it is kept in a row."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Config:
        """Return the config kept as `text`."""
        kept = json.loads(text)
        return cls(
            **{
                **kept,
                "macros": tuple(kept["macros"]),
                "capabilities": tuple(kept["capabilities"]),
                "notification_arns": tuple(kept["notification_arns"]),
            }
        )


def declared_macros(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the macros a template document declares, in order."""
    return tuple(transforms(document))
