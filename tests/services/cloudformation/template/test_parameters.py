"""Parameter values and their constraints."""

from typing import Any

import pytest

from cloudarium.core.errors import AwsError
from cloudarium.services.cloudformation.template import parameters
from cloudarium.services.cloudformation.template.model import Template
from cloudarium.services.cloudformation.template.structure import checked


def declared(**bodies: dict[str, Any]) -> Template:
    return checked({"Resources": {"A": {"Type": "AWS::SQS::Queue"}}, "Parameters": bodies})


def value(body: dict[str, Any], text: str) -> str:
    return parameters.given(
        declared(P=body).parameters, [{"ParameterKey": "P", "ParameterValue": text}], None
    )["P"]


def test_defaults_given_and_previous_values() -> None:
    template = declared(A={"Type": "String", "Default": 1}, B={"Type": "String"})
    given = parameters.given(
        template.parameters, [{"ParameterKey": "B", "ParameterValue": "b"}], None
    )
    assert given == {"A": "1", "B": "b"}
    kept = [{"ParameterKey": "B", "UsePreviousValue": True}]
    assert parameters.given(template.parameters, kept, {"B": "old"}) == {"A": "1", "B": "old"}


def test_lists_are_split_at_commas() -> None:
    template = declared(L={"Type": "CommaDelimitedList"}, N={"Type": "List<Number>"})
    assert parameters.reference(template.parameters["L"], "a, b,c") == ["a", "b", "c"]
    assert parameters.reference(template.parameters["N"], "1,2") == ["1", "2"]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ([], "Parameters: [A, B] must have values"),
        (
            [{"ParameterKey": "X", "ParameterValue": "1"}],
            "Parameters: [X] do not exist in the template",
        ),
        ([{"UsePreviousValue": True}], "Parameters: [null] do not exist in the template"),
        ([{"ParameterKey": "A"}], "Parameter A should either have input value or default value"),
        (
            [{"ParameterKey": "A", "UsePreviousValue": True}],
            "Invalid input for parameter key A. Cannot specify usePreviousValue as true "
            "for a parameter key not in the previous template",
        ),
    ],
)
def test_missing_and_unknown_values(request_: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(AwsError) as refused:
        parameters.given(
            declared(A={"Type": "String"}, B={"Type": "Number"}).parameters, request_, None
        )
    assert refused.value.message == message


@pytest.mark.parametrize(
    ("body", "text", "message"),
    [
        ({"AllowedValues": ["a", 1]}, "2", "Parameter 'P' must be one of AllowedValues"),
        ({"AllowedPattern": "[a-z]+"}, "a1", "Parameter 'P' must match pattern [a-z]+"),
        ({"MinLength": 3}, "ab", "Parameter 'P' must contain at least 3 characters"),
        ({"MaxLength": "1"}, "ab", "Parameter 'P' must contain at most 1 characters"),
        ({"Type": "Number"}, "ab", "Parameter 'P' must be a number"),
        ({"Type": "Number", "MinValue": 5}, "4", "Parameter 'P' must be a number not less than 5"),
        (
            {"Type": "Number", "MaxValue": 5},
            "5.5",
            "Parameter 'P' must be a number not greater than 5",
        ),
        ({"Type": "List<Number>"}, "1,x", "Parameter 'P' must be a number"),
        (
            {"MinLength": 3, "ConstraintDescription": "three letters."},
            "ab",
            "Parameter P failed to satisfy constraint: three letters.",
        ),
        (
            {"Type": "Strin"},
            "ab",
            "Template format error: Unrecognized parameter type: Strin",
        ),
        (
            {"Type": "AWS::SSM::Parameter::Value<Number>"},
            "ab",
            "Template format error: Unrecognized parameter type: "
            "AWS::SSM::Parameter::Value<Number>",
        ),
    ],
)
def test_a_value_that_breaks_its_declaration(body: dict[str, Any], text: str, message: str) -> None:
    with pytest.raises(AwsError) as refused:
        value({"Type": "String", **body}, text)
    assert refused.value.message == message


def test_values_within_their_declaration() -> None:
    assert value({"Type": "String", "AllowedValues": ["a", 1]}, "1") == "1"
    assert value({"Type": "Number", "MinValue": 1, "MaxValue": 2}, "1.5") == "1.5"
    assert value({"Type": "AWS::EC2::VPC::Id"}, "vpc-1") == "vpc-1"
