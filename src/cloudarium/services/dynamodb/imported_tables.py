"""`AWS::DynamoDB::Table`s made of what is in a bucket (`ImportSourceSpecification`).

Source: CloudFormation's template reference, `AWS::DynamoDB::Table ImportSourceSpecification`: what
an import cannot set is set by UpdateTable once it is done.
"""

from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import ResourceRequest

from . import backup_errors, errors

_IMPORTED = (
    "AttributeDefinitions",
    "BillingMode",
    "GlobalSecondaryIndexes",
    "KeySchema",
    "OnDemandThroughput",
    "ProvisionedThroughput",
    "SSESpecification",
    "TableName",
)
_UPDATED = ("DeletionProtectionEnabled", "StreamSpecification", "TableClass", "WarmThroughput")


async def create(
    resource: ResourceRequest, params: dict[str, Any], source: dict[str, Any]
) -> dict[str, Any]:
    """Makes a table as CreateTable would with `params`, given the items of `source`.

    What is left for UpdateTable to change.
    Raises ValidationException if they cannot be imported, and leaves no table then.
    """
    if params.get("LocalSecondaryIndexes"):
        raise errors.Unsupported(name="LocalSecondaryIndexes with ImportSourceSpecification")
    name = params["TableName"]
    wanted = {member: params[member] for member in _IMPORTED if member in params}
    begin = {
        **source,
        "ClientToken": resource.generated_name(36),
        "TableCreationParameters": wanted,
    }
    answer = await resource.call("dynamodb", "ImportTable", begin)
    begun = answer["ImportTableDescription"]
    done = await _finished(resource, begun["ImportArn"])
    if done["ImportStatus"] != "COMPLETED":
        await _delete(resource, name)
        raise backup_errors.ImportFailed(
            code=done.get("FailureCode"), message=done.get("FailureMessage")
        )
    if "Tags" in params:
        tags = {"ResourceArn": begun["TableArn"], "Tags": params["Tags"]}
        await resource.call("dynamodb", "TagResource", tags)
    return {member: params[member] for member in _UPDATED if params.get(member)}


async def _delete(resource: ResourceRequest, name: str) -> None:
    try:
        await resource.call("dynamodb", "DeleteTable", {"TableName": name})
    except AwsError as error:
        if not errors.TableNotFound.matches(error):
            raise


async def _finished(resource: ResourceRequest, arn: str) -> dict[str, Any]:
    """The import, once it is."""
    shown: dict[str, Any] = {}

    async def is_done() -> bool:
        answer = await resource.call("dynamodb", "DescribeImport", {"ImportArn": arn})
        shown.update(answer["ImportTableDescription"])
        return bool(shown["ImportStatus"] != "IN_PROGRESS")

    await resource.poll(is_done)
    return shown
