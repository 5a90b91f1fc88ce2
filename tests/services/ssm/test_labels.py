"""Labels of parameters' versions."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

NAME = "/shop/table"


@pytest.fixture
def ssm(cloud: CloudUnderTest) -> Any:
    """A client, and a parameter of three versions."""
    client = cloud.client("ssm")
    client.put_parameter(Name=NAME, Value="1", Type="String")
    for value in "23":
        client.put_parameter(Name=NAME, Value=value, Overwrite=True)
    return client


def error_of(call: Any, **params: Any) -> tuple[str, str]:
    """Code and message of the error a call answers."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def label(ssm: Any, *labels: str, **more: Any) -> dict[str, Any]:
    """Label a version; the answer."""
    answer = ssm.label_parameter_version(Name=NAME, Labels=list(labels), **more)
    return {name: answer[name] for name in ("InvalidLabels", "ParameterVersion")}


def test_a_label_names_one_version_and_moves(ssm: Any) -> None:
    assert label(ssm, "live") == {"InvalidLabels": [], "ParameterVersion": 3}
    assert label(ssm, "live", "old", ParameterVersion=1)["ParameterVersion"] == 1
    found = ssm.get_parameter(Name=f"{NAME}:live")["Parameter"]
    assert (found["Value"], found["Version"], found["Selector"]) == ("1", 1, ":live")
    history = ssm.get_parameter_history(Name=NAME)["Parameters"]
    assert [each["Labels"] for each in history] == [["live", "old"], [], []]
    assert ssm.get_parameters(Names=[f"{NAME}:old"])["Parameters"][0]["Value"] == "1"
    assert error_of(ssm.get_parameter, Name=f"{NAME}:new")[0] == "ParameterVersionNotFound"


def test_what_can_be_no_label_is_told(ssm: Any) -> None:
    bad = ["1st", "aws-x", "SSM", "a b"]
    assert label(ssm, "good", *bad)["InvalidLabels"] == bad
    assert ssm.get_parameter(Name=f"{NAME}:good")["Parameter"]["Version"] == 3
    missing = {"Name": NAME, "Labels": ["x"], "ParameterVersion": 9}
    assert error_of(ssm.label_parameter_version, **missing)[0] == "ParameterVersionNotFound"


def test_a_version_has_ten_labels(ssm: Any) -> None:
    label(ssm, *"abcdefghij")
    eleventh = {"Name": NAME, "Labels": ["k"]}
    assert error_of(ssm.label_parameter_version, **eleventh)[0] == (
        "ParameterVersionLabelLimitExceeded"
    )
    assert label(ssm, "k", ParameterVersion=2)["ParameterVersion"] == 2


def test_labels_are_taken_off(ssm: Any) -> None:
    label(ssm, "a", "b")
    wanted = {"Name": NAME, "ParameterVersion": 3, "Labels": ["a", "z"]}
    answer = ssm.unlabel_parameter_version(**wanted)
    assert (answer["RemovedLabels"], answer["InvalidLabels"]) == (["a"], ["z"])
    assert error_of(ssm.get_parameter, Name=f"{NAME}:a")[0] == "ParameterVersionNotFound"
    ssm.delete_parameter(Name=NAME)
    ssm.put_parameter(Name=NAME, Value="anew", Type="String")
    assert ssm.get_parameter_history(Name=NAME)["Parameters"][0]["Labels"] == []
    assert error_of(ssm.get_parameter, Name=f"{NAME}:b")[0] == "ParameterVersionNotFound"


def test_a_labelled_version_is_kept(ssm: Any) -> None:
    label(ssm, "first", ParameterVersion=1)
    for _ in range(97):
        ssm.put_parameter(Name=NAME, Value="v", Overwrite=True)
    put = {"Name": NAME, "Value": "v", "Overwrite": True}
    code, message = error_of(ssm.put_parameter, **put)
    assert code == "ParameterMaxVersionLimitExceeded"
    assert "Version 1, the oldest version, can't be deleted" in message
    label(ssm, "first")
    assert ssm.put_parameter(**put)["Version"] == 101
