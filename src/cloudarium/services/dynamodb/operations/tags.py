"""TagResource, UntagResource and ListTagsOfResource."""

from cloudarium.core.context import Context, Request, Response

from .. import resource_arns, resource_errors, tables, tagging


def tag_resource(ctx: Context, request: Request) -> Response:
    """Adds tags to a table."""
    if not request["Tags"]:
        raise resource_errors.NoTags()
    table = tables.editable(ctx, resource_arns.tagged(ctx, request["ResourceArn"]).name)
    tagging.add(ctx, table, request["Tags"])
    tables.save(ctx, table)
    return {}


def untag_resource(ctx: Context, request: Request) -> Response:
    """Takes tags off a table; keys it does not have are passed over."""
    if not request["TagKeys"]:
        raise resource_errors.NoTagKeys()
    table = tables.editable(ctx, resource_arns.tagged(ctx, request["ResourceArn"]).name)
    tagging.remove(ctx, table, request["TagKeys"])
    tables.save(ctx, table)
    return {}


def list_tags_of_resource(ctx: Context, request: Request) -> Response:
    """Lists a table's tags."""
    table = resource_arns.tagged(ctx, request["ResourceArn"])
    return {"Tags": [{"Key": key, "Value": value} for key, value in table.tags.items()]}
