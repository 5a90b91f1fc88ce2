"""Saved Insights queries."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

QUERY = "fields @message | limit 5"


def test_queries_are_saved_listed_and_deleted(cloud: CloudUnderTest) -> None:
    logs = cloud.client("logs")
    made = logs.put_query_definition(name="shop/errors", queryString=QUERY, logGroupNames=["/g"])
    saved = made["queryDefinitionId"]
    logs.put_query_definition(name="post", queryString=QUERY)
    found = logs.describe_query_definitions()["queryDefinitions"]
    assert [each["name"] for each in found] == ["post", "shop/errors"]
    (found,) = logs.describe_query_definitions(queryDefinitionNamePrefix="shop/")[
        "queryDefinitions"
    ]
    assert found.pop("lastModified") > 0
    assert found == {
        "queryLanguage": "CWLI",
        "queryDefinitionId": saved,
        "name": "shop/errors",
        "queryString": QUERY,
        "logGroupNames": ["/g"],
    }
    again = logs.put_query_definition(
        name="shop/all", queryString="fields @message", queryDefinitionId=saved
    )
    assert again["queryDefinitionId"] == saved
    first = logs.describe_query_definitions(maxResults=1)
    rest = logs.describe_query_definitions(maxResults=1, nextToken=first["nextToken"])
    assert [each["name"] for each in rest["queryDefinitions"]] == ["shop/all"]
    assert rest["queryDefinitions"][0]["logGroupNames"] == []
    assert logs.delete_query_definition(queryDefinitionId=saved)["success"]
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.delete_query_definition(queryDefinitionId=saved)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.put_query_definition(name="n", queryString="q", queryDefinitionId=saved)


def test_a_stack_saves_a_query(cloud: CloudUnderTest) -> None:
    cloudformation, logs = cloud.client("cloudformation"), cloud.client("logs")

    def template(text: str) -> str:
        properties = {"Name": "q", "QueryString": text}
        resource = {"Type": "AWS::Logs::QueryDefinition", "Properties": properties}
        return json.dumps({"Resources": {"Q": resource}})

    cloudformation.create_stack(StackName="s", TemplateBody=template(QUERY))
    cloud.settle()
    (made,) = logs.describe_query_definitions()["queryDefinitions"]
    cloudformation.update_stack(StackName="s", TemplateBody=template("fields @timestamp"))
    cloud.settle()
    (changed,) = logs.describe_query_definitions()["queryDefinitions"]
    assert changed["queryDefinitionId"] == made["queryDefinitionId"]
    assert changed["queryString"] == "fields @timestamp"
    cloudformation.delete_stack(StackName="s")
    cloud.settle()
    assert logs.describe_query_definitions()["queryDefinitions"] == []
