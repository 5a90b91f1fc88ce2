"""Structural validation speaks AWS's words."""

from typing import Any

import pytest

from cloudarium.core.errors import AwsError
from cloudarium.services.cloudformation.template import references
from cloudarium.services.cloudformation.template.structure import checked

QUEUE = {"Type": "AWS::SQS::Queue"}


def refusal(document: dict[str, Any]) -> str:
    with pytest.raises(AwsError) as refused:
        references.check(checked(document))
    return refused.value.message


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "Template format error: At least one Resources member must be defined."),
        (
            {"Resources": {"A": "x"}},
            "Template format error: Any Resources member must be an object.",
        ),
        (
            {"Resources": {"A": {"Properties": {}}}},
            "Template format error: [/Resources/A] "
            "Every Resources object must contain a Type member.",
        ),
        (
            {"Resources": {"A": {**QUEUE, "Invalid": 1}}},
            "Invalid template resource property 'Invalid'",
        ),
        (
            {"Resources": {"my-queue": QUEUE}},
            "Template format error: Resource name my-queue is non alphanumeric.",
        ),
        (
            {"Resource": {}, "Resources": {"A": QUEUE}},
            "Invalid template property or properties [Resource]",
        ),
        (
            {"AWSTemplateFormatVersion": "2011-01-01", "Resources": {"A": QUEUE}},
            "Template format error: unsupported value for AWSTemplateFormatVersion.",
        ),
        (
            {"Resources": {"A": QUEUE}, "Outputs": {"O": {"Description": "d"}}},
            "Template format error: Every Outputs member must contain a Value object",
        ),
        (
            {"Resources": {"A": QUEUE}, "Mappings": {"M": {"A": "x"}}},
            "Template format error: Every Mappings member A must be a map",
        ),
        (
            {"Resources": {"A": QUEUE}, "Mappings": {"M": {"A": {"B": {"C": "x"}}}}},
            "Template format error: Every Mappings attribute must be a String or a List.",
        ),
        (
            {"Resources": {"A": QUEUE}, "Parameters": {"P": {"Default": "x"}}},
            "Template format error: Every Parameters object must contain a Type member.",
        ),
        (
            {"Resources": {"A": {**QUEUE, "DeletionPolicy": "Keep"}}},
            "Template format error: Unrecognized DeletionPolicy Keep for resource A",
        ),
        (
            {"Resources": {"A": {**QUEUE, "CreationPolicy": {}}}},
            "[/Resources/A/CreationPolicy] The resource attribute CreationPolicy is not supported",
        ),
        (
            {"Resources": {f"A{n}": QUEUE for n in range(501)}},
            "Template format error: Number of resources, 501, is greater than maximum allowed, 500",
        ),
    ],
)
def test_a_malformed_template_is_refused(document: dict[str, Any], message: str) -> None:
    assert refusal(document) == message


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (
            {"Resources": {"A": {**QUEUE, "Properties": {"QueueName": {"Ref": "Nope"}}}}},
            "Template format error: Unresolved resource dependencies [Nope] "
            "in the Resources block of the template",
        ),
        (
            {"Resources": {"A": {**QUEUE, "DependsOn": "Nope"}}},
            "Template format error: Unresolved resource dependencies [Nope] "
            "in the Resources block of the template",
        ),
        (
            {"Resources": {"A": QUEUE}, "Outputs": {"O": {"Value": {"Fn::Sub": "${Nope}"}}}},
            "Template format error: Unresolved resource dependencies [Nope] "
            "in the Outputs block of the template",
        ),
        (
            {"Resources": {"A": QUEUE}, "Outputs": {"O": {"Value": {"Fn::Sub": "${Nope.Arn}"}}}},
            "Template error: instance of Fn::Sub references invalid resource attribute Nope.Arn",
        ),
        (
            {"Resources": {"A": QUEUE}, "Outputs": {"O": {"Value": {"Fn::GetAtt": ["B", "Arn"]}}}},
            "Template error: instance of Fn::GetAtt references undefined resource B",
        ),
        (
            {"Resources": {"A": QUEUE}, "Outputs": {"O": {"Value": {"Fn::GetAtt": ["A", ""]}}}},
            "Template error: every Fn::GetAtt object requires two non-empty parameters, "
            "the resource name and the resource attribute",
        ),
        (
            {"Resources": {"A": {**QUEUE, "Condition": "Nope"}}},
            "Template format error: Condition Nope is not defined.",
        ),
        (
            {"Resources": {"A": QUEUE}, "Conditions": {"C": {"Fn::Equals": [{"Ref": "A"}, "x"]}}},
            "Template format error: Unresolved dependencies [A]. "
            "Cannot reference resources in the Conditions block of the template",
        ),
        (
            {
                "Resources": {
                    "A": {**QUEUE, "Properties": {"QueueName": {"Ref": "B"}}},
                    "B": {**QUEUE, "DependsOn": ["A"]},
                    "C": QUEUE,
                    "D": {**QUEUE, "DependsOn": ["A"]},
                }
            },
            "Circular dependency between resources: [A, B]",
        ),
    ],
)
def test_a_dangling_reference_is_refused(document: dict[str, Any], message: str) -> None:
    assert refusal(document) == message


def test_resources_come_after_what_they_depend_on() -> None:
    template = checked(
        {
            "Resources": {
                "A": {**QUEUE, "Properties": {"QueueName": {"Fn::Sub": "${B.QueueName}-a"}}},
                "B": {**QUEUE, "DependsOn": "C"},
                "C": QUEUE,
            }
        }
    )
    graph = {name: references.dependencies(template, name) for name in template.resources}
    assert references.order(graph) == ["C", "B", "A"]
