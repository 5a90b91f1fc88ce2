"""Which Python a function runs on."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from cloudarium.functions import interpreters

SOURCE = """
import sys
def handler(event, context):
    import json, logging
    logging.getLogger().warning("running")
    print(context.function_name)
    return [sys.version_info.minor, context.get_remaining_time_in_millis() > 0]
"""
HERE = sorted({*interpreters.pythons(), sys.version_info.minor})


@pytest.mark.parametrize("minor", [9, 10, 11, 12, 13, 14])
def test_the_runtime_s_own_or_the_nearest(functions: Any, minor: int) -> None:
    expected = min(HERE, key=lambda each: (abs(each - minor), -each))
    functions.make(SOURCE, Runtime=f"python3.{minor}")
    assert functions.call() == [expected, True]
    assert functions.call() == [expected, True]
    lines = functions.log()
    note = (
        f"Cloudarium: this machine has no Python 3.{minor};"
        f" the function runs on Python 3.{expected}.\n"
    )
    assert (lines[1] == note) is (minor != expected)
    assert [line for line in lines if note in line] == [note] * (minor != expected)
    assert lines.count("hello\n") == 2


@pytest.mark.parametrize("minor", [each for each in HERE if each > 9])
def test_each_has_boto3_and_is_contained(functions: Any, minor: int) -> None:
    source = (
        "import boto3, os\n"
        "def handler(event, context):\n"
        "    arn = boto3.client('sts').get_caller_identity()['Arn']\n"
        "    try:\n"
        "        return [arn, os.listdir(event)]\n"
        "    except OSError:\n"
        "        return [arn, 'refused']\n"
    )
    functions.make(source, Runtime=f"python3.{minor}", Timeout=10)
    state = str(functions.cloud.kernel.info.folder / "services")
    arn, seen = functions.call(state)
    assert arn.startswith("arn:aws:sts::000000000000:assumed-role/function-role/")
    assert seen == "refused"
