"""What is asked of global tables and streaming destinations, of which there are none here."""

from cloudarium.core.context import Context, Request, Response

from .. import errors, tables


def describe_table_replica_auto_scaling(ctx: Context, request: Request) -> Response:
    """Describes a table without replicas."""
    table = tables.described(ctx, request["TableName"])
    described = {"TableName": table.name, "TableStatus": table.status, "Replicas": []}
    return {"TableAutoScalingDescription": described}


def describe_kinesis_streaming_destination(ctx: Context, request: Request) -> Response:
    """Describes a table without Kinesis destinations."""
    table = tables.described(ctx, request["TableName"])
    return {"TableName": table.name, "KinesisDataStreamDestinations": []}


def describe_global_table(ctx: Context, request: Request) -> Response:
    """Raises GlobalTableNotFoundException: there are no global tables (version 2017)."""
    raise errors.GlobalTableNotFound(name=request["GlobalTableName"])


def list_global_tables(ctx: Context, request: Request) -> Response:
    """Lists no global tables (version 2017)."""
    return {"GlobalTables": []}
