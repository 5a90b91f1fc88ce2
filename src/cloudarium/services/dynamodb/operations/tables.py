"""CreateTable, DescribeTable, UpdateTable, DeleteTable and ListTables."""

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError

from .. import (
    admission,
    errors,
    policies,
    quotas,
    resource_errors,
    schemas,
    settings,
    stream_errors,
    streams,
    tables,
    tagging,
    update_rules,
)
from ..descriptions import deleted_description, table_description, updated_description
from ..tables import Table

_PAGE = 100


def create_table(ctx: Context, request: Request) -> Response:
    """Makes a table; it is CREATING until a job, due at once, makes it ACTIVE."""
    table = schemas.new_table(ctx, request)
    found = tables.find(ctx, table.name)
    if found is not None:
        raise _in_the_way(found)
    quotas.check_count(ctx)
    table.tags = tagging.checked(request.get("Tags", []))
    _add_stream(ctx, table, request.get("StreamSpecification") or {})
    if "ResourcePolicy" in request:
        policies.put(ctx, table, request, table.arn)
    tables.save(ctx, table)
    ctx.schedule("activate", {"table": table.name, "id": table.id})
    return {"TableDescription": table_description(ctx, table)}


def _in_the_way(found: Table) -> AwsError:
    if found.is_restoring:
        return errors.TableBeingUsed(name=found.name)
    if found.status == "CREATING":
        return errors.TableBeingCreated(name=found.name)
    return errors.TableExists(name=found.name)


def _add_stream(ctx: Context, table: Table, given: dict[str, Any]) -> None:
    if given.get("StreamEnabled"):
        if "StreamViewType" not in given:
            raise stream_errors.NewStreamViewMissing()
        settings.set_stream(ctx, table, given)
    elif "StreamViewType" in given:
        raise stream_errors.NewStreamViewUnwanted()


def describe_table(ctx: Context, request: Request) -> Response:
    """Describes a table."""
    table = tables.described(ctx, request["TableName"])
    told = deleted_description if table.status == "DELETING" else table_description
    return {"Table": told(ctx, table)}


def update_table(ctx: Context, request: Request) -> Response:
    """Changes a table's settings, or makes, changes or deletes one global index."""
    schemas.refuse_unsupported(request, settings.UNSUPPORTED)
    update_rules.check(request)
    table = tables.settable(ctx, request["TableName"])
    admission.check_update(table, request)
    old = tables.described(ctx, table.name)
    settings.change(ctx, table, request)
    shown = updated_description(ctx, old, table)
    tables.save(ctx, table)
    return {"TableDescription": shown}


def delete_table(ctx: Context, request: Request) -> Response:
    """Deletes a table; it is DELETING until a job has removed its items."""
    table = tables.editable(ctx, request["TableName"])
    admission.check_deletion(table)
    if table.is_protected:
        raise errors.Protected()
    tagging.check_settled(ctx, table)
    if policies.is_pending(ctx, table):
        raise resource_errors.PolicyInUse(name=table.name)
    table.status = "DELETING"
    streams.disable(ctx, table)
    tables.save(ctx, table)
    ctx.schedule("delete", {"table": table.name, "id": table.id})
    return {"TableDescription": deleted_description(ctx, table)}


def list_tables(ctx: Context, request: Request) -> Response:
    """Lists tables by name, up to 100 a page."""
    limit = request.get("Limit", _PAGE)
    found = tables.names(ctx, request.get("ExclusiveStartTableName", ""), limit + 1)
    answer: Response = {"TableNames": found[:limit]}
    if len(found) > limit:
        answer["LastEvaluatedTableName"] = found[limit - 1]
    return answer
