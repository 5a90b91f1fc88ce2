"""The store in DynamoDB: one table, keyed by `id`, with `expires` as its time-to-live attribute.

user#<name>               password
session#<sha256>          owner, expires
attempts#<name>#<window>  tries, expires
"""

from typing import Any

import boto3
from botocore.config import Config

from .logic import Session

CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 3})


class DynamoStore:
    """`logic.Store` over the table of this name."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._client = boto3.client("dynamodb", config=CONFIG)

    def add_user(self, user: str, password: str) -> bool:
        """One conditional put: of two registrations of a name at once, one wins."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item={"id": {"S": f"user#{user}"}, "password": {"S": password}},
                ConditionExpression="attribute_not_exists(id)",
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def password_of(self, user: str) -> str | None:
        """The stored hash, or None for an unknown user."""
        item = self._item(f"user#{user}")
        return item["password"]["S"] if item else None

    def add_session(self, digest: str, session: Session) -> None:
        """Keep a session under the hash of its token."""
        self._client.put_item(
            TableName=self._table,
            Item={
                "id": {"S": f"session#{digest}"},
                "owner": {"S": session.user},
                "expires": {"N": str(session.expires)},
            },
        )

    def session(self, digest: str) -> Session | None:
        """The session, read consistently: a log-out holds at once."""
        item = self._item(f"session#{digest}")
        return Session(item["owner"]["S"], int(item["expires"]["N"])) if item else None

    def remove_session(self, digest: str) -> None:
        """Forget a session, if it is there."""
        self._delete(f"session#{digest}")

    def count_attempt(self, user: str, window: int, limit: int, expires: int) -> bool:
        """One conditional update: attempts made at once cannot pass the limit together."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key={"id": {"S": f"attempts#{user}#{window}"}},
                UpdateExpression="SET expires = :expires ADD tries :one",
                ConditionExpression="attribute_not_exists(tries) OR tries < :limit",
                ExpressionAttributeValues={
                    ":expires": {"N": str(expires)},
                    ":one": {"N": "1"},
                    ":limit": {"N": str(limit)},
                },
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def forget_attempts(self, user: str, window: int) -> None:
        """Start counting from zero again."""
        self._delete(f"attempts#{user}#{window}")

    def _item(self, key: str) -> dict[str, Any] | None:
        answer = self._client.get_item(
            TableName=self._table, Key={"id": {"S": key}}, ConsistentRead=True
        )
        item: dict[str, Any] | None = answer.get("Item")
        return item

    def _delete(self, key: str) -> None:
        self._client.delete_item(TableName=self._table, Key={"id": {"S": key}})
