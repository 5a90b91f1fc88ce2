"""What is asked of global tables and streaming destinations, of which there are none here."""

from cloudarium.core.context import Context, Request, Response

from .. import replication_errors as errors
from .. import tables


def describe_table_replica_auto_scaling(ctx: Context, request: Request) -> Response:
    """Raises ResourceNotFoundException: no table has replicas."""
    raise errors.NoReplicas(name=request["TableName"])


def update_table_replica_auto_scaling(ctx: Context, request: Request) -> Response:
    """Raises ResourceNotFoundException: no table has replicas."""
    if request.keys() == {"TableName"}:
        raise errors.NothingToScale(name=request["TableName"])
    raise errors.NoReplicas(name=request["TableName"])


def describe_kinesis_streaming_destination(ctx: Context, request: Request) -> Response:
    """Describes a table without Kinesis destinations."""
    table = tables.described(ctx, request["TableName"])
    return {"TableName": table.name, "KinesisDataStreamDestinations": []}


def create_global_table(ctx: Context, request: Request) -> Response:
    """Raises ValidationException: no global table of version 2017 can be made any more."""
    if not request["ReplicationGroup"]:
        raise errors.EmptyGroup()
    if any("RegionName" not in replica for replica in request["ReplicationGroup"]):
        raise errors.RegionMissing()
    raise errors.LegacyVersion()


def update_global_table(ctx: Context, request: Request) -> Response:
    """Raises ValidationException or GlobalTableNotFoundException, as there is none."""
    updates = request["ReplicaUpdates"]
    if any("Create" in update and "Delete" in update for update in updates):
        raise errors.TwoActions()
    if not updates or not all(updates):
        raise errors.NoAction()
    if any("Create" in update for update in updates):
        raise errors.LegacyVersion()
    raise errors.GlobalTableNotFound(name=request["GlobalTableName"])


def describe_global_table(ctx: Context, request: Request) -> Response:
    """Raises GlobalTableNotFoundException: there are no global tables (version 2017)."""
    raise errors.GlobalTableNotFound(name=request["GlobalTableName"])


def describe_global_table_settings(ctx: Context, request: Request) -> Response:
    """Raises GlobalTableNotFoundException: there are no global tables (version 2017)."""
    raise errors.SettingsNotFound(name=request["GlobalTableName"])


def update_global_table_settings(ctx: Context, request: Request) -> Response:
    """Raises GlobalTableNotFoundException: there are no global tables (version 2017)."""
    raise errors.SettingsNotFound(name=request["GlobalTableName"])


def list_global_tables(ctx: Context, request: Request) -> Response:
    """Lists no global tables (version 2017)."""
    return {"GlobalTables": []}
