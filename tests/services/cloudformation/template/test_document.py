"""Template text becomes plain values."""

import pytest

from cloudarium.core.errors import AwsError
from cloudarium.services.cloudformation.template.document import parse


def test_every_short_form_becomes_its_long_form() -> None:
    document = parse(
        """
        A: !Ref X
        B: !GetAtt X.Outputs.Y
        C: !Sub "${X}-1"
        D: !Join ["-", [a, !Ref X]]
        E: !If [Prod, 1, !Ref AWS::NoValue]
        F: !Condition Prod
        G: !Sub ["${a}", {a: !GetAtt [X, Arn]}]
        H: !Transform {Name: AWS::Include, Parameters: {Location: s3://b/k}}
        I: !GetAZs ""
        """
    )
    assert document == {
        "A": {"Ref": "X"},
        "B": {"Fn::GetAtt": ["X", "Outputs.Y"]},
        "C": {"Fn::Sub": "${X}-1"},
        "D": {"Fn::Join": ["-", ["a", {"Ref": "X"}]]},
        "E": {"Fn::If": ["Prod", 1, {"Ref": "AWS::NoValue"}]},
        "F": {"Condition": "Prod"},
        "G": {"Fn::Sub": ["${a}", {"a": {"Fn::GetAtt": ["X", "Arn"]}}]},
        "H": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}},
        "I": {"Fn::GetAZs": ""},
    }


def test_dates_stay_strings_and_keys_are_strings() -> None:
    assert parse("Version: 2012-10-17\n200: yes\n") == {"Version": "2012-10-17", "200": True}


def test_the_last_of_equal_keys_wins() -> None:
    assert parse("A: 1\nA: 2\n") == {"A": 2}
    assert parse('{"A": 1, "A": 2}') == {"A": 2}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"A": [1, 2', "Template format error: JSON not well-formed. (line 1, column 12)"),
        ("A: [1\nB: 2", "Template format error: YAML not well-formed. (line 2, column 2)"),
        ("- a", "Template format error: unsupported structure."),
        ("just text", "Template format error: unsupported structure."),
        (
            "A: &x 1\nB: *x",
            "Template error: YAML aliases are not allowed in CloudFormation templates",
        ),
        ("A:\n  - B:\n", "[/A/0/B] 'null' values are not allowed in templates"),
    ],
)
def test_what_is_no_template_is_refused(text: str, message: str) -> None:
    with pytest.raises(AwsError) as refused:
        parse(text)
    assert refused.value.message == message
    assert refused.value.code == "ValidationError"


@pytest.mark.parametrize("text", ['{"a":' * 9000 + "1" + "}" * 9000, "[" * 9000])
def test_a_template_nested_too_deeply_is_refused(text: str) -> None:
    with pytest.raises(AwsError, match="Template format error"):
        parse(text)
