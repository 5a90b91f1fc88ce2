"""Amazon DynamoDB."""

from cloudarium.core.service import Endpoint, Service

SERVICE = Service(
    name="dynamodb",
    package=__package__,
    endpoints=(
        Endpoint(
            "dynamodb",
            "dynamodb",
            target_prefix="DynamoDB_20120810",
            compresses=True,
            max_body=16 << 20,
        ),
        Endpoint(
            "dynamodbstreams",
            "dynamodb",
            target_prefix="DynamoDBStreams_20120810",
            compresses=True,
        ),
    ),
    jobs={
        "activate": "lifecycle:activate",
        "update": "lifecycle:finish_update",
        "delete": "lifecycle:delete",
        "backfill": "lifecycle:backfill",
        "drop_index": "lifecycle:drop_index",
        "backfill_vectors": "vector_jobs:backfill",
        "drop_vectors": "vector_jobs:drop",
        "expire": "lifecycle:expire",
        "list_expiries": "lifecycle:list_expiries",
        "prune_history": "recovery:prune_history",
        "prune_stream": "streams:prune",
        "restore": "recovery:restore",
        "export_snapshot": "exports:snapshot",
        "export_changes": "incremental_exports:collect",
        "export_write": "export_files:write",
        "import": "imports:read",
        "back_up": "backups:make",
        "restore_backup": "backups:restore",
        "expire_backup": "backups:expire",
        "forget_space": "lifecycle:forget_space",
    },
    startup="engine:open_existing",
    wording="wording:refusal",
    resource_types={
        "AWS::DynamoDB::GlobalTable": "global_tables:GLOBAL_TABLE",
        "AWS::DynamoDB::Table": "resources:TABLE",
    },
)
