"""The store in DynamoDB: one item a user."""

import boto3
from botocore.config import Config

from .logic import Profile
from .validation import Introduction

CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 3})


class DynamoStore:
    """`logic.Store` over the table of this name."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._client = boto3.client("dynamodb", config=CONFIG)

    def find(self, user: str) -> Profile | None:
        """Read consistently, so that users see what they just wrote."""
        answer = self._client.get_item(
            TableName=self._table, Key={"user": {"S": user}}, ConsistentRead=True
        )
        item = answer.get("Item")
        if item is None:
            return None
        introduction = Introduction(item["name"]["S"], item["about"]["S"])
        return Profile(user, introduction, int(item["updated"]["N"]))

    def save(self, profile: Profile) -> None:
        """Keep it in place of the last one."""
        self._client.put_item(
            TableName=self._table,
            Item={
                "user": {"S": profile.user},
                "name": {"S": profile.introduction.name},
                "about": {"S": profile.introduction.about},
                "updated": {"N": str(profile.updated)},
            },
        )
