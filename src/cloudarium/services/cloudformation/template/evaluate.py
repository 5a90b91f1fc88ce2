"""Evaluation: a template's values with every function and condition carried out.

Functions, their arguments and where they may stand: "Intrinsic function reference", User Guide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudarium.services.cloudformation.errors import format_error, template_error
from cloudarium.services.cloudformation.template import functions, parameters, references
from cloudarium.services.cloudformation.template.dynamic import filled
from cloudarium.services.cloudformation.template.model import Template

NO_VALUE = object()


class NotYetKnown(Exception):
    """A value that exists only once a resource does. `entity` is `Resource` or `Resource.Attr`."""

    def __init__(self, entity: str) -> None:
        super().__init__(entity)
        self.entity = entity


def _unknown_resource(logical_id: str) -> str:
    raise NotYetKnown(logical_id)


def _unknown_attribute(logical_id: str, attribute: str) -> Any:
    raise NotYetKnown(f"{logical_id}.{attribute}")


def _no_export(name: str) -> str:
    raise template_error(f"No export named {name} found.")


@dataclass
class Evaluator:
    """Carries out the functions of one template with one set of parameter values.

    `pseudo` holds the pseudo parameters; `resource`, `attribute` and `export` answer Ref,
    Fn::GetAtt and Fn::ImportValue, and may raise `NotYetKnown`. `extended` says whether the
    template declares AWS::LanguageExtensions, `references` what dynamic references give.
    """

    template: Template
    values: Mapping[str, str]
    pseudo: Mapping[str, Any]
    resource: Callable[[str], str] = _unknown_resource
    attribute: Callable[[str, str], Any] = _unknown_attribute
    export: Callable[[str], str] = _no_export
    extended: bool = False
    references: Mapping[str, str] = field(default_factory=dict)
    _conditions: dict[str, bool | None] = field(default_factory=dict)
    _graph: dict[str, list[str]] | None = None

    def condition(self, name: str) -> bool:
        """Return the value of the condition `name`."""
        if name not in self.template.conditions:
            raise format_error(f"Condition {name} is not defined.")
        if name in self._conditions:
            known = self._conditions[name]
            if known is None:
                raise template_error(f"Found circular condition dependency with {name}")
            return known
        self._conditions[name] = None
        result = functions.boolean(self.evaluate(self.template.conditions[name]))
        self._conditions[name] = result
        return result

    def active(self, condition: str | None) -> bool:
        """Tell whether what depends on `condition` is there."""
        return condition is None or self.condition(condition)

    def evaluate(self, value: Any) -> Any:
        """Return `value` with its functions carried out; `NO_VALUE` where it is AWS::NoValue."""
        if isinstance(value, list):
            items = [self.evaluate(item) for item in value]
            return [item for item in items if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name == "Ref" and isinstance(argument, str):
                return self._ref(argument)
            if name == "Condition" and isinstance(argument, str):
                return self.condition(argument)
            if name.startswith("Fn::"):
                return functions.call(self, name, argument)
        pairs = ((key, self.evaluate(item)) for key, item in value.items())
        return {key: item for key, item in pairs if item is not NO_VALUE}

    def property(self, value: Any) -> Any:
        """Return what a property is: `value` evaluated, its dynamic references replaced."""
        return filled(self.evaluate(value), self.references)

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.values:
            return parameters.reference(self.template.parameters[name], self.values[name])
        if name in self.pseudo:
            return self.pseudo[name]
        self._must_exist(name)
        return self.resource(name)

    def get_att(self, logical_id: str, attribute: str) -> Any:
        """Return what `Fn::GetAtt` gives for a resource that is part of the stack."""
        self._must_exist(logical_id)
        return self.attribute(logical_id, attribute)

    def sub_variable(self, name: str) -> str:
        """Return the text for `${name}` in an `Fn::Sub`."""
        target, dot, attribute = name.partition(".")
        value = self.get_att(target, attribute) if dot else self._ref(target)
        if value is NO_VALUE or isinstance(value, dict | list):
            raise template_error(
                f"variable {name} in Fn::Sub expression does not resolve to a string"
            )
        return parameters.text(value)

    def _must_exist(self, logical_id: str) -> None:
        resource = self.template.resources.get(logical_id)
        if resource is None or not self.active(resource.condition):
            raise format_error(
                f"Unresolved resource dependencies [{logical_id}] "
                "in the Resources block of the template"
            )

    def resources(self) -> list[str]:
        """Return the logical ids whose condition holds, each after those it depends on."""
        return references.order(self.graph())

    def graph(self) -> dict[str, list[str]]:
        """Return, for each resource whose condition holds, those it waits for."""
        if self._graph is None:
            declared = self.template.resources
            present = {name for name, body in declared.items() if self.active(body.condition)}
            self._graph = {
                name: [n for n in references.dependencies(self.template, name) if n in present]
                for name in declared
                if name in present
            }
        return self._graph
