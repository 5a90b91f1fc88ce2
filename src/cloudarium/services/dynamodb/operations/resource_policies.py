"""PutResourcePolicy, GetResourcePolicy and DeleteResourcePolicy."""

from cloudarium.core.context import Context, Request, Response

from .. import errors, policies, resource_arns, resource_errors, tables


def put_resource_policy(ctx: Context, request: Request) -> Response:
    """Gives a table or stream a policy in the place of what it had."""
    arn = request["ResourceArn"]
    table = resource_arns.policed(ctx, arn)
    if table.status == "DELETING":
        raise errors.TableBeingDeleted(name=table.name)
    revision = policies.put(ctx, table, request, arn)
    tables.save(ctx, table)
    return {"RevisionId": revision}


def get_resource_policy(ctx: Context, request: Request) -> Response:
    """Gives a table's or stream's policy."""
    arn = request["ResourceArn"]
    found = resource_arns.policed(ctx, arn).policies.get(arn, {})
    if "document" not in found:
        raise resource_errors.PolicyNotFound(arn=arn)
    return {"Policy": found["document"], "RevisionId": found["revision"]}


def delete_resource_policy(ctx: Context, request: Request) -> Response:
    """Takes a table's or stream's policy away; that there was none is no error."""
    arn = request["ResourceArn"]
    table = resource_arns.policed(ctx, arn)
    if table.status == "DELETING":
        raise errors.TableBeingDeleted(name=table.name)
    revision = policies.delete(ctx, table, request, arn)
    tables.save(ctx, table)
    return {"RevisionId": revision}
