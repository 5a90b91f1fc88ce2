"""Every intrinsic function."""

from typing import Any

import pytest

from cloudarium.core.errors import AwsError
from cloudarium.services.cloudformation.template.evaluate import NO_VALUE, Evaluator, NotYetKnown
from cloudarium.services.cloudformation.template.structure import checked

DOCUMENT = {
    "Parameters": {
        "Env": {"Type": "String"},
        "Count": {"Type": "Number"},
        "Names": {"Type": "CommaDelimitedList"},
    },
    "Mappings": {"Sizes": {"prod": {"memory": 512, "zones": ["a", "b"]}}},
    "Conditions": {
        "Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
        "NotProd": {"Fn::Not": [{"Condition": "Prod"}]},
        "Either": {"Fn::Or": [{"Condition": "Prod"}, {"Condition": "NotProd"}]},
        "Both": {"Fn::And": [{"Condition": "Prod"}, {"Condition": "NotProd"}]},
        "Round": {"Fn::Not": [{"Condition": "Round"}]},
        "NoCondition": {"Fn::Sub": "x"},
    },
    "Resources": {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Absent": {"Type": "AWS::SQS::Queue", "Condition": "NotProd"},
    },
}


def evaluator(*, extended: bool = False) -> Evaluator:
    return Evaluator(
        checked(dict(DOCUMENT)),
        {"Env": "prod", "Count": "3", "Names": "x,y"},
        {"AWS::Region": "eu-west-1", "AWS::AccountId": "000000000000"},
        resource=lambda name: f"id-of-{name}",
        attribute=lambda name, attribute: f"{attribute}-of-{name}",
        export=lambda name: f"export-{name}",
        extended=extended,
    )


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ({"Ref": "Env"}, "prod"),
        ({"Ref": "Count"}, "3"),
        ({"Ref": "Names"}, ["x", "y"]),
        ({"Ref": "AWS::Region"}, "eu-west-1"),
        ({"Ref": "Queue"}, "id-of-Queue"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "Arn-of-Queue"),
        ({"Fn::GetAtt": "Queue.Arn"}, "Arn-of-Queue"),
        ({"Fn::GetAtt": ["Queue", {"Ref": "Env"}]}, "prod-of-Queue"),
        ({"Fn::Sub": "${Env}:${Queue}:${Queue.Arn}:${AWS::Region}"},
         "prod:id-of-Queue:Arn-of-Queue:eu-west-1"),
        ({"Fn::Sub": "${!Literal} $x {y}"}, "${Literal} $x {y}"),
        ({"Fn::Sub": ["${a}/${Env}", {"a": {"Ref": "Count"}}]}, "3/prod"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Env"}, 1]]}, "a-prod-1"),
        ({"Fn::Join": [",", {"Ref": "Names"}]}, "x,y"),
        ({"Fn::Join": [",", [{"Ref": "AWS::NoValue"}]]}, ""),
        ({"Fn::Select": [1, {"Ref": "Names"}]}, "y"),
        ({"Fn::Select": ["0", {"Fn::Split": ["-", "a-b"]}]}, "a"),
        ({"Fn::Split": [",", "a,b,"]}, ["a", "b", ""]),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Env"}, "memory"]}, 512),
        ({"Fn::FindInMap": ["Sizes", "prod", "zones"]}, ["a", "b"]),
        ({"Fn::Base64": {"Fn::Sub": "${Env}"}}, "cHJvZA=="),
        ({"Fn::GetAZs": ""}, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
        ({"Fn::GetAZs": {"Ref": "AWS::Region"}}, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
        ({"Fn::Cidr": ["10.0.0.0/24", 2, 5]}, ["10.0.0.0/27", "10.0.0.32/27"]),
        ({"Fn::ImportValue": {"Fn::Sub": "${Env}-url"}}, "export-prod-url"),
        ({"Fn::If": ["Prod", "big", "small"]}, "big"),
        ({"Fn::If": ["NotProd", "small", {"Ref": "AWS::NoValue"}]}, NO_VALUE),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [{"Ref": "AWS::NoValue"}, 1]}, {"b": [1]}),
        ({"a": {"Fn::If": ["NotProd", 1, {"Ref": "AWS::NoValue"}]}}, {}),
    ],
)  # fmt: skip
def test_a_function_gives_its_value(value: Any, result: Any) -> None:
    assert evaluator().evaluate(value) == result


@pytest.mark.parametrize(
    ("name", "result"), [("Prod", True), ("NotProd", False), ("Either", True), ("Both", False)]
)
def test_conditions(name: str, result: bool) -> None:
    assert evaluator().condition(name) is result


SUB_USAGE = (
    "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. "
    "Specify a string as first argument, and an optional second argument to specify "
    "a mapping of values to replace in the string"
)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"Fn::Sub": ["a", "b"]}, SUB_USAGE),
        ({"Fn::Sub": "${Names}"},
         "Template error: variable Names in Fn::Sub expression does not resolve to a string"),
        ({"Fn::Join": "x"},
         "Template error: every Fn::Join object requires two parameters, (1) a string delimiter "
         "and (2) a list of strings to be joined or a function that returns a list of strings "
         "(such as Fn::GetAZs) to be joined."),
        ({"Fn::Select": [5, ["a"]]},
         "Template error: Fn::Select cannot select nonexistent value at index 5"),
        ({"Fn::Select": "a"},
         "Template error: Fn::Select requires a list argument with two elements: "
         "an integer index and a list"),
        ({"Fn::Split": ["-"]},
         "Template error: every Fn::Split object requires two parameters, (1) a string delimiter "
         "and (2) a string to be split or a function that returns a string to be split."),
        ({"Fn::FindInMap": ["Sizes", "test", "memory"]},
         "Template error: Unable to get mapping for Sizes::test::memory"),
        ({"Fn::FindInMap": ["Nope", "a", "b"]},
         "Template error: Mapping named 'Nope' is not present in the 'Mappings' section of "
         "template."),
        ({"Fn::FindInMap": ["Sizes", "test", "memory", {"DefaultValue": 1}]},
         "Template error: every Fn::FindInMap object requires three parameters, the map name, "
         "map key and the attribute for return value"),
        ({"Fn::Base64": ["a"]},
         "Template error: every Fn::Base64 object must have a String-typed value."),
        ({"Fn::If": ["Prod", 1]},
         "Template error: Fn::If requires a list argument with three elements"),
        ({"Fn::If": ["Nope", 1, 2]},
         "Template error: unresolved condition dependency Nope in Fn::If"),
        ({"Fn::Equals": ["a"]},
         "Template error: every Fn::Equals object requires a list of 2 string parameters."),
        ({"Fn::And": [{"Condition": "Prod"}]},
         "Template error: every Fn::And object requires a list of at least 2 and at most 10 "
         "boolean parameters."),
        ({"Fn::Not": "x"}, "Template error: every Fn::Not object requires one boolean parameter."),
        ({"Fn::ImportValue": {"Ref": "Queue"}},
         "Template error: the attribute in Fn::ImportValue must not depend on any resources, "
         "imported values, or Fn::GetAZs"),
        ({"Ref": "Absent"},
         "Template format error: Unresolved resource dependencies [Absent] in the Resources "
         "block of the template"),
        ({"Fn::Transform": {"Name": "Mine"}}, "No transform named Mine found."),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_explained(value: Any, message: str) -> None:
    with pytest.raises(AwsError) as refused:
        evaluator().evaluate(value)
    assert refused.value.message == message


def test_an_unknown_function_is_refused() -> None:
    with pytest.raises(AwsError, match="Encountered unsupported function: Fn::Nope Supported"):
        evaluator().evaluate({"Fn::Nope": 1})
    with pytest.raises(AwsError, match="Encountered unsupported function: Fn::Length"):
        evaluator().evaluate({"Fn::Length": []})


def test_conditions_must_be_boolean_and_must_not_go_round() -> None:
    with pytest.raises(AwsError, match="Found circular condition dependency with Round"):
        evaluator().condition("Round")
    with pytest.raises(AwsError, match="Conditions can only be boolean operations"):
        evaluator().condition("NoCondition")


def test_language_extensions() -> None:
    extended = evaluator(extended=True)
    assert extended.evaluate({"Fn::Length": {"Ref": "Names"}}) == 2
    assert extended.evaluate({"Fn::ToJsonString": {"a": [1, {"Ref": "Env"}]}}) == '{"a":[1,"prod"]}'
    lookup = ["Sizes", "test", "memory", {"DefaultValue": {"Ref": "Count"}}]
    assert extended.evaluate({"Fn::FindInMap": lookup}) == "3"


def test_a_resource_that_is_not_there_yet_is_named() -> None:
    lonely = Evaluator(checked(dict(DOCUMENT)), {"Env": "prod"}, {})
    with pytest.raises(NotYetKnown) as ref:
        lonely.evaluate({"Ref": "Queue"})
    with pytest.raises(NotYetKnown) as attribute:
        lonely.evaluate({"Fn::Sub": "${Queue.Arn}"})
    assert (ref.value.entity, attribute.value.entity) == ("Queue", "Queue.Arn")


def test_only_resources_whose_condition_holds_are_there() -> None:
    assert evaluator().resources() == ["Queue"]


def test_no_more_networks_are_counted_than_on_aws() -> None:
    with pytest.raises(AwsError, match="cannot make 1000000000 blocks"):
        evaluator().evaluate({"Fn::Cidr": ["::/0", 1_000_000_000, 64]})
