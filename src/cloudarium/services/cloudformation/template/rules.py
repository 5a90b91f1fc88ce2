"""The section `Rules`: what the parameters' values must satisfy together.

"CloudFormation template Rules syntax" and "Rule-specific intrinsic functions", User Guide.
"""

from __future__ import annotations

from typing import Any

from cloudarium.services.cloudformation.errors import (
    format_error,
    invalid,
    template_error,
    unsupported,
)
from cloudarium.services.cloudformation.template import functions
from cloudarium.services.cloudformation.template.evaluate import Evaluator

_MEMBERS = ("RuleCondition", "Assertions")
_ASSERTION = ("Assert", "AssertDescription")
_FUNCTIONS = ("Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn")
# They look a property of a parameter's EC2 or Route 53 resource up, of which there are none here.
_LOOKUPS = ("Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll")


def check_structure(section: dict[str, Any]) -> None:
    """Raise `Template format error` unless every rule is one."""
    for name, rule in section.items():
        assertions = rule.get("Assertions")
        if any(key not in _MEMBERS for key in rule):
            raise format_error(f"Rule {name} can only have RuleCondition and Assertions.")
        if not isinstance(assertions, list) or not assertions:
            raise format_error(f"Rule {name} must have Assertions.")
        for assertion in assertions:
            known = isinstance(assertion, dict) and all(key in _ASSERTION for key in assertion)
            if not known or "Assert" not in assertion:
                raise format_error(f"Every Assertions member of Rule {name} must have an Assert.")


def check(evaluator: Evaluator) -> None:
    """Raise ValidationError with the descriptions of the assertions that do not hold."""
    rules = _RuleEvaluator(evaluator.template, evaluator.values, evaluator.pseudo)
    failed: list[str] = []
    for name, rule in evaluator.template.document.get("Rules", {}).items():
        if "RuleCondition" in rule and not rules.holds(rule["RuleCondition"]):
            continue
        failed += [
            str(each.get("AssertDescription", f"An assertion of rule {name} does not hold."))
            for each in rule["Assertions"]
            if not rules.holds(each["Assert"])
        ]
    if failed:
        raise invalid(f"Rule validation error: {' '.join(failed)}")


class _RuleEvaluator(Evaluator):
    """Carries out the functions of rules, which know no resources and no conditions."""

    def holds(self, value: Any) -> bool:
        """Return the value of a rule's condition or assertion."""
        return functions.boolean(self.evaluate(value))

    def evaluate(self, value: Any) -> Any:
        """Return `value` with its functions carried out, those of rules among them."""
        if isinstance(value, dict) and len(value) == 1:
            name, argument = next(iter(value.items()))
            if name in _LOOKUPS:
                raise unsupported(f"The rule function {name}")
            if name in _FUNCTIONS:
                return self._pair(name, argument)
        return super().evaluate(value)

    def _pair(self, name: str, argument: Any) -> bool:
        given = super().evaluate(argument)
        if not isinstance(given, list) or len(given) != 2 or not isinstance(given[0], list):
            raise template_error(f"every {name} object requires a list and what it is held against")
        members, against = given
        if name == "Fn::Contains":
            return against in members
        if name == "Fn::EachMemberEquals":
            return all(member == against for member in members)
        return isinstance(against, list) and all(member in against for member in members)
