"""DescribeContinuousBackups."""

from cloudarium.core.context import Context, Request, Response

from .. import errors, tables


def describe_continuous_backups(ctx: Context, request: Request) -> Response:
    """Tells that point-in-time recovery is off: it cannot be turned on here."""
    table = tables.find(ctx, request["TableName"])
    if table is None:
        raise errors.BackupTableNotFound(name=request["TableName"])
    return {
        "ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"},
        }
    }
