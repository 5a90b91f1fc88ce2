"""Resources a function makes."""

import re
import time
import urllib.request
from typing import Any

import pytest
from tests.services.functions import bundle, make_function

from cloudarium.pytest_plugin import CloudUnderTest

HANDLER = """
import json, urllib.request

def handle(event, context):
    size = event["ResourceProperties"]["Size"]
    answer = {
        "Status": "FAILED" if size == "13" else "SUCCESS",
        "Reason": "unlucky",
        "PhysicalResourceId": event["ResourceProperties"]["Name"],
        "Data": {"Twice": size * 2, "Kind": event["RequestType"]},
    }
    request = urllib.request.Request(
        event["ResponseURL"], json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request)
"""


# As the CDK's providers do: by HTTPS, with nothing of the address but its host and path.
NODE_HANDLER = """
const https = require("https");

exports.handle = async (event) => {
    const answer = JSON.stringify({
        Status: "SUCCESS",
        PhysicalResourceId: event.ResourceProperties.Name,
        Data: { Twice: "by https" },
    });
    const { hostname, pathname } = new URL(event.ResponseURL);
    const headers = { "content-type": "", "content-length": Buffer.byteLength(answer) };
    await new Promise((resolve, reject) => {
        const options = { hostname, path: pathname, method: "PUT", headers };
        const request = https.request(options, (got) => got.resume().on("end", resolve));
        request.on("error", reject);
        request.end(answer);
    });
};
"""


@pytest.fixture
def function(cloud: CloudUnderTest) -> str:
    """A function that answers as a custom resource; its ARN."""
    return make(cloud, "maker.py", HANDLER, "python3.11")


def make(cloud: CloudUnderTest, file: str, source: str, runtime: str) -> str:
    """Make a function of one file; its ARN."""
    cloud.endpoint  # noqa: B018  (the function answers over TCP)
    code = {"ZipFile": bundle(source, file)}
    given = {"Code": code, "Handler": "maker.handle", "Runtime": runtime}
    return make_function(cloud, "maker", source, **given)


def custom(function: str, size: int, name: str = "one") -> dict[str, Any]:
    properties = {"ServiceToken": function, "Size": size, "Name": name}
    return {"Made": {"Type": "Custom::Thing", "Version": "1.0", "Properties": properties}}


def settled(cloud: CloudUnderTest, stacks: Any) -> dict[str, Any]:
    """Move the clock until the stack's operation is over."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        cloud.advance(1)
        stack = stacks.client.list_stacks()["StackSummaries"][0]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            return dict(stack)
    raise AssertionError(stack)


OUTPUTS = {"Twice": {"Value": {"Fn::GetAtt": "Made.Twice"}}}


def test_a_custom_resource_comes_changes_and_goes(
    cloud: CloudUnderTest, stacks: Any, function: str
) -> None:
    stacks.create("shop", custom(function, 4), Outputs=dict(OUTPUTS))
    assert settled(cloud, stacks)["StackStatus"] == "CREATE_COMPLETE"
    assert stacks.described("shop")["Outputs"][0]["OutputValue"] == "44"
    assert stacks.physical_ids("shop") == {"Made": "one"}
    stacks.update("shop", custom(function, 5, "two"), Outputs=dict(OUTPUTS))
    assert settled(cloud, stacks)["StackStatus"] == "UPDATE_COMPLETE"
    assert stacks.described("shop")["Outputs"][0]["OutputValue"] == "55"
    assert stacks.physical_ids("shop") == {"Made": "two"}
    assert ("Made", "DELETE_COMPLETE", "") in stacks.events("shop")
    stacks.client.delete_stack(StackName="shop")
    assert settled(cloud, stacks)["StackStatus"] == "DELETE_COMPLETE"


def test_a_provider_that_answers_by_https(cloud: CloudUnderTest, stacks: Any) -> None:
    provider = make(cloud, "maker.js", NODE_HANDLER, "nodejs20.x")
    stacks.create("shop", custom(provider, 4), Outputs=dict(OUTPUTS))
    assert settled(cloud, stacks)["StackStatus"] == "CREATE_COMPLETE"
    assert stacks.described("shop")["Outputs"][0]["OutputValue"] == "by https"


def test_a_custom_resource_that_fails(cloud: CloudUnderTest, stacks: Any, function: str) -> None:
    stacks.create("shop", custom(function, 13))
    assert settled(cloud, stacks)["StackStatus"] == "ROLLBACK_COMPLETE"
    (reason,) = [r for name, s, r in stacks.events("shop") if s == "CREATE_FAILED"]
    pattern = (
        r"Received response status \[FAILED\] from custom resource. Message returned: unlucky "
        r"\(RequestId: [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\)"
    )
    assert re.match(pattern, reason)


def test_only_functions_make_custom_resources(stacks: Any) -> None:
    stacks.create("shop", custom("arn:aws:sns:us-east-1:000000000000:t", 1))
    reason = "Invalid ServiceToken: only Lambda functions can make custom resources."
    assert ("Made", "CREATE_FAILED", reason) in stacks.events("shop")


def test_an_answer_must_be_put(cloud: CloudUnderTest) -> None:
    request = urllib.request.Request(f"{cloud.endpoint}/_aws/cloudformation/responses/abc")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(request)
