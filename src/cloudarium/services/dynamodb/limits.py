"""DynamoDB's documented numbers.

Source, unless said otherwise: Developer Guide, "Quotas in Amazon DynamoDB" and "Constraints in
Amazon DynamoDB".
"""

KB = 1024
MB = 1024 * KB
GB = 1024 * MB

ITEM_BYTES = 400 * KB
PARTITION_KEY_BYTES = 2048
SORT_KEY_BYTES = 1024
COLLECTION_BYTES = 10 * GB  # of a table with local indexes
NESTING_LEVELS = 32
LIST_INDEX = 2**32 - 2  # in expressions, as users of the service measured
STATEMENT_INDEX = 2**31 - 1  # the same: in PartiQL

NUMBER_DIGITS = 38
NUMBER_MAX_EXPONENT = 125
NUMBER_MIN_EXPONENT = -130

EXPRESSION_BYTES = 4 * KB
EXPRESSION_OPERATORS = 300
EXPRESSION_KEY_BYTES = 255  # of `#name` and `:value`, their first character counted
IN_OPERANDS = 100
FUNCTION_DEPTH = 240  # ours: a valid expression has room for no more in its 4 KB
STATEMENT_READS = 50  # that a WHERE clause asks for, as measured on the service
STATEMENT_BRANCHES = 10_000  # of a WHERE clause; ours: its 8 KB have room for more in theory
STATEMENT_DEPTH = 80  # of parentheses in PartiQL; ours, AWS documents none

PAGE_BYTES = 1 * MB
BATCH_GET_BYTES = 16 * MB
BATCH_GET_ITEMS = 100
BATCH_WRITE_ITEMS = 25
TRANSACTION_BYTES = 4 * MB

READ_UNIT_BYTES = 4 * KB
WRITE_UNIT_BYTES = 1 * KB
BURST_SECONDS = 300  # Developer Guide, "Burst and adaptive capacity": up to 5 minutes (300 seconds)
MAXIMUM_SECONDS = 1  # what an on-demand maximum lets through at once; ours, AWS documents none
DECREASES = 4  # of provisioned throughput in a UTC day, then one every so many seconds:
DECREASE_SECONDS = 3600
WARM_READ = 12_000  # Developer Guide, "Warm throughput": every on-demand table's
WARM_WRITE = 4_000

GLOBAL_INDEXES = 20
INDEX_KEYS = 4  # Developer Guide, "Multi-attribute keys": of each kind, in a global index
LOCAL_INDEXES = 5
PROJECTED_ATTRIBUTES = 100  # named in all indexes of a table together
VECTOR_INDEXES = 5  # of a table, as the service says
VECTOR_DIMENSIONS = 4096
VECTOR_FILTERS = 18  # attributes a vector index filters by
VECTOR_PROJECTED = 20  # that a vector index names, the vector itself among them
VECTOR_RESULTS = 100
TABLE_NAME_MIN = 3
TABLE_NAME_MAX = 255
TABLES = 2_500  # of an account in a region
TABLE_TAGS = 50

CLASS_CHANGES, CLASS_SECONDS = 2, 30 * 86_400
ENCRYPTIONS, ENCRYPTION_SECONDS = 4, 24 * 3600  # then one every so many seconds:
ENCRYPTION_GAP_SECONDS = 21_600
PROTECTION_SECONDS = 15  # as the service says: between two changes of deletion protection
TAG_KEY, TAG_VALUE = 128, 256
TAGGING_SECONDS = 1.5  # a change of tags is under way, as users of the service measured

POLICY_PENDING_SECONDS = 2  # so measured they how long a change of a policy is under way
POLICY_SECONDS = 15  # as the service says: between two changes of a policy
POLICY_BYTES = 20 * KB  # Developer Guide, "Resource-based policy considerations"

ACCOUNT_CAPACITY = 80_000  # DescribeLimits: default per account, reads and writes
TABLE_CAPACITY = 40_000  # DescribeLimits: default per table, reads and writes

CAPACITY_UNITS = 1_000_000_000_000  # that a request may name, as the service says

TOKEN_SECONDS = (
    600  # API Reference, TransactWriteItems: a ClientRequestToken is good for 10 minutes
)
CANCELLED_TOKENS = 10_000  # that are remembered at once; ours, they are in memory
TTL_TOO_OLD_SECONDS = 5 * 365 * 86_400  # Developer Guide, TTL: older than five years is not deleted
TTL_CHANGE_SECONDS = 31 * 60  # between two changes, as users of the service measured

RECOVERY_LAG_SECONDS = 300  # the same: the latest restorable time is typically 5 minutes ago
SYSTEM_BACKUP_SECONDS = 35 * 86_400  # the same: what a deleted table leaves
RESTORES = 50  # API Reference, RestoreTableFromBackup: at the same time, in an account
RECOVERY_DAYS = 35  # Developer Guide, "Point-in-time recovery": 1 to 35 days back

# Developer Guide, "Requesting a table export": the period of an incremental export
EXPORT_PERIOD_MIN = 15 * 60
EXPORT_PERIOD_MAX = 24 * 3600
TRANSFER_TOKEN_SECONDS = 8 * 3600  # API Reference, ExportTableToPointInTime: ClientToken

STREAM_SECONDS = 24 * 3600  # Developer Guide, "Change data capture for DynamoDB Streams"
STREAM_PAGE = 1000  # API Reference, GetRecords
STREAMS_PAGE = 100  # API Reference, ListStreams and DescribeStream
ITERATOR_SECONDS = 15 * 60  # API Reference, GetShardIterator
