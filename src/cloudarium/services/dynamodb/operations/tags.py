"""TagResource, UntagResource and ListTagsOfResource."""

from cloudarium.core.context import Context, Request, Response

from .. import errors, tables, tagging


def tag_resource(ctx: Context, request: Request) -> Response:
    """Adds tags to a table."""
    if not request["Tags"]:
        raise errors.NoTags()
    table = tables.editable(ctx, tables.of_arn(ctx, request["ResourceArn"]).name)
    table.tags = tagging.merged(table.tags, request["Tags"])
    tables.save(ctx, table)
    return {}


def untag_resource(ctx: Context, request: Request) -> Response:
    """Takes tags off a table; keys it does not have are passed over."""
    if not request["TagKeys"]:
        raise errors.NoTagKeys()
    table = tables.editable(ctx, tables.of_arn(ctx, request["ResourceArn"]).name)
    gone = set(request["TagKeys"])
    table.tags = {key: value for key, value in table.tags.items() if key not in gone}
    tables.save(ctx, table)
    return {}


def list_tags_of_resource(ctx: Context, request: Request) -> Response:
    """Lists a table's tags."""
    table = tables.of_arn(ctx, request["ResourceArn"])
    return {"Tags": [{"Key": key, "Value": value} for key, value in table.tags.items()]}
