"""What tests of event source mappings share: a function that logs, its role, mappings."""

from __future__ import annotations

import json
from typing import Any

POLLING = [
    {"Effect": "Allow", "Action": "logs:*", "Resource": "*"},
    {
        "Effect": "Allow",
        "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        "Resource": "*",
    },
    {
        "Effect": "Allow",
        "Action": [
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:DescribeStream",
            "dynamodb:ListStreams",
        ],
        "Resource": "*",
    },
    {"Effect": "Allow", "Action": ["sqs:SendMessage", "s3:PutObject"], "Resource": "*"},
]
# Logs its event as one line; fails for the records that its variable BAD names.
SOURCE = """
import json, os
def text(record):
    return record.get('body') or record['dynamodb']['Keys']['id']['S']
def handler(event, context):
    print('EVENT ' + json.dumps(event))
    bad = [record for record in event['Records'] if text(record) in os.environ.get('BAD', '')]
    if os.environ.get('REPORT'):
        names = [r.get('messageId') or r['dynamodb']['SequenceNumber'] for r in bad]
        return {'batchItemFailures': [{'itemIdentifier': name} for name in names]}
    if bad:
        raise ValueError('bad')
"""


class Sources:
    """A function whose role may poll, and its mappings."""

    def __init__(self, functions: Any) -> None:
        self.functions = functions
        self.cloud = functions.cloud
        self.client = functions.client
        self.role = functions.make_role("polling", POLLING)

    def make(self, **variables: str) -> None:
        """Create the function with these environment variables."""
        self.functions.make(SOURCE, Role=self.role, Environment={"Variables": variables})

    def queue(self, name: str = "jobs", **attributes: str) -> tuple[str, str]:
        """A new queue's URL and ARN."""
        url = self.cloud.client("sqs").create_queue(QueueName=name, Attributes=attributes)
        return url["QueueUrl"], f"arn:aws:sqs:us-east-1:000000000000:{name}"

    def table(self, name: str = "things") -> str:
        """A new table's stream ARN."""
        answer = self.cloud.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        self.cloud.settle()
        return str(answer["TableDescription"]["LatestStreamArn"])

    def put(self, *ids: str, table: str = "things") -> None:
        """Write items."""
        client = self.cloud.client("dynamodb")
        for each in ids:
            client.put_item(TableName=table, Item={"id": {"S": each}, "n": {"N": str(len(each))}})

    def map(self, arn: str, **options: Any) -> str:
        """A new mapping's UUID."""
        options.setdefault("FunctionName", "hello")
        answer = self.client.create_event_source_mapping(EventSourceArn=arn, **options)
        self.cloud.settle()
        return str(answer["UUID"])

    def events(self) -> list[dict[str, Any]]:
        """What the function was invoked with so far."""
        self.cloud.settle()
        logs = self.cloud.client("logs")
        groups = logs.describe_log_groups()["logGroups"]
        lines = self.functions.log() if groups else []
        return [json.loads(line[6:]) for line in lines if line.startswith("EVENT ")]

    def texts(self) -> list[list[str]]:
        """The bodies or keys of each invocation's records."""
        return [
            [r.get("body") or r["dynamodb"]["Keys"]["id"]["S"] for r in event["Records"]]
            for event in self.events()
        ]
