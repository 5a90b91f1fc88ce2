"""PutResourcePolicy, GetResourcePolicy and DeleteResourcePolicy."""

from cloudarium.core.context import Context, Request, Response

from .. import errors, policies, tables


def put_resource_policy(ctx: Context, request: Request) -> Response:
    """Gives a table or stream a policy in the place of what it had."""
    table = policies.table_of(ctx, request["ResourceArn"])
    policies.check_revision(table, request)
    revision = policies.put(ctx, table, request["ResourceArn"], request["Policy"])
    tables.save(ctx, table)
    return {"RevisionId": revision}


def get_resource_policy(ctx: Context, request: Request) -> Response:
    """Gives a table's or stream's policy."""
    found = policies.table_of(ctx, request["ResourceArn"]).policies.get(request["ResourceArn"])
    if found is None:
        raise errors.PolicyNotFound(arn=request["ResourceArn"])
    return {"Policy": found["document"], "RevisionId": found["revision"]}


def delete_resource_policy(ctx: Context, request: Request) -> Response:
    """Takes a table's or stream's policy away; that there was none is no error."""
    table = policies.table_of(ctx, request["ResourceArn"])
    policies.check_revision(table, request)
    found = table.policies.pop(request["ResourceArn"], None)
    tables.save(ctx, table)
    return {"RevisionId": found["revision"] if found else None}
