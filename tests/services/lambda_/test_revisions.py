"""When a function's RevisionId changes, as recorded from AWS."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

SOURCE = "def handler(event, context): return 1"
NAME = {"FunctionName": "hello"}
STATEMENT = {"Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}
DIFFERS = (
    "The Revision Id provided does not match the latest Revision Id."
    " Call the GetFunction/GetAlias API to retrieve the latest Revision Id"
)


def revision(functions: Any, **which: str) -> str:
    """The revision of the function, or of one of its versions."""
    found = functions.client.get_function_configuration(**NAME, **which)
    return str(found["RevisionId"])


def test_each_state_is_another_revision(functions: Any) -> None:
    client = functions.client
    seen = [functions.make(SOURCE)["RevisionId"], revision(functions)]
    changed = client.update_function_configuration(**NAME, Timeout=5, RevisionId=seen[-1])
    seen += [changed["RevisionId"], revision(functions)]
    changed = client.update_function_code(
        **NAME, ZipFile=functions.zip("x = 1"), RevisionId=seen[-1]
    )
    seen += [changed["RevisionId"], revision(functions)]
    assert len(set(seen)) == len(seen)


def test_publishing_is_another_revision_of_what_is_published(functions: Any) -> None:
    functions.make(SOURCE)
    before = revision(functions)
    made = functions.client.publish_version(**NAME, RevisionId=before)
    assert len({before, made["RevisionId"], revision(functions)}) == 3
    assert revision(functions, Qualifier="1") == made["RevisionId"]
    before = revision(functions)
    functions.client.create_alias(**NAME, Name="live", FunctionVersion="1")
    assert functions.client.publish_version(**NAME)["Version"] == "1"
    assert revision(functions) == before


def test_tags_are_part_of_a_revision(functions: Any) -> None:
    arn = functions.make(SOURCE)["FunctionArn"]
    seen = [revision(functions)]
    functions.client.tag_resource(Resource=arn, Tags={"team": "a"})
    seen.append(revision(functions))
    functions.client.untag_resource(Resource=arn, TagKeys=["team"])
    seen.append(revision(functions))
    assert len(set(seen)) == 3


def test_a_policy_has_the_revision_of_what_it_is_of(functions: Any) -> None:
    client = functions.client
    functions.make(SOURCE, Publish=True)
    before = revision(functions)
    with pytest.raises(ClientError) as caught:
        client.add_permission(**NAME, **STATEMENT, StatementId="s", RevisionId="wrong")
    assert caught.value.response["Error"]["Message"] == DIFFERS
    client.add_permission(**NAME, **STATEMENT, StatementId="s", RevisionId=before)
    added = client.get_policy(**NAME)["RevisionId"]
    assert added == revision(functions) != before
    with pytest.raises(ClientError):
        client.remove_permission(**NAME, StatementId="s", RevisionId=before)
    client.remove_permission(**NAME, StatementId="s", RevisionId=added)
    assert revision(functions) != added


@pytest.mark.parametrize("qualifier", ["1", "live"])
def test_a_policy_of_a_version_or_an_alias(functions: Any, qualifier: str) -> None:
    client = functions.client
    functions.make(SOURCE, Publish=True)
    made = client.create_alias(**NAME, Name="live", FunctionVersion="1")["RevisionId"]
    version = revision(functions, Qualifier="1")
    before = {"1": version, "live": made}[qualifier]
    which = {**NAME, "Qualifier": qualifier}
    client.add_permission(**which, **STATEMENT, StatementId="s", RevisionId=before)
    added = client.get_policy(**which)["RevisionId"]
    now = {
        "1": revision(functions, Qualifier="1"),
        "live": client.get_alias(**NAME, Name="live")["RevisionId"],
    }
    assert added == now[qualifier] != before
    assert revision(functions, Qualifier="1") == (added if qualifier == "1" else version)


def test_a_warm_environment_outlives_a_permission_and_a_tag(functions: Any) -> None:
    source = "count = 0\ndef handler(e, c):\n    global count\n    count += 1\n    return count\n"
    arn = functions.make(source)["FunctionArn"]
    assert functions.call() == 1
    functions.client.add_permission(**NAME, **STATEMENT, StatementId="s")
    functions.client.tag_resource(Resource=arn, Tags={"team": "a"})
    functions.client.publish_version(**NAME)
    assert functions.call() == 2
    functions.client.update_function_configuration(**NAME, Description="new")
    assert functions.call() == 1
