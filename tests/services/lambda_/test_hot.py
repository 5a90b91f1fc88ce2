"""Hot reload: the folder's present code at every invocation."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.cli import invoke, place

SOURCE = "def handler(event, context):\n    return [%d, event]\n"


@pytest.fixture
def folder(functions: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the function `hello`."""
    found = tmp_path_factory.mktemp("code")
    (found / "app.py").write_text(SOURCE % 1)
    functions.make("", Code={"S3Bucket": "hot-reload", "S3Key": str(found)})
    return found


def test_changed_files_are_served_at_once(functions: Any, folder: Path) -> None:
    assert functions.call()[0] == 1
    for number in (2, 3):
        (folder / "app.py").write_text(SOURCE % number)
        assert functions.call()[0] == number
    functions.cloud.restart()
    assert functions.call()[0] == 3


def test_invoke_prints_answer_and_log(
    functions: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(place, "required", lambda folder: None)
    monkeypatch.setattr(place, "client", lambda cloud, service: functions.client)
    event = folder / "event.json"
    event.write_text('{"a": 1}')
    options = argparse.Namespace(dir=folder, function="hello", event=str(event), debug=False)
    assert invoke.run(options) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == [1, {"a": 1}]
    assert "REPORT RequestId" in printed.err
    (folder / "app.py").write_text("def handler(event, context):\n    raise ValueError\n")
    assert (
        invoke.run(argparse.Namespace(dir=folder, function="hello", event=None, debug=False)) == 1
    )


def test_only_folders_that_may_be_shown_are(functions: Any, folder: Path) -> None:
    for key, message in (
        ("relative", "There is no folder relative"),
        (str(functions.cloud.folder), "Code cannot be loaded"),
        ("/", "Code cannot be loaded"),
    ):
        with pytest.raises(ClientError, match=message):
            functions.client.update_function_code(
                FunctionName="hello", S3Bucket="hot-reload", S3Key=key
            )
