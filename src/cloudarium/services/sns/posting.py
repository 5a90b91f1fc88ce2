"""Messages to HTTP endpoints (developer guide, "Fanout to HTTPS endpoints")."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from cloudarium.services.sns.subscriptions import Subscription

ENDPOINT = re.compile(r"https?://[^\s/?#]+\S*")
_PATIENCE_SECONDS = 15
_NO_ANSWER = 503
_THROTTLED = 429


class PostFailed(Exception):
    """The endpoint did not take the message. `status` below 500 means it never will."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def post(subscription: Subscription, document: Mapping[str, str], body: str) -> None:
    """Post a message to the subscription's endpoint. Raises PostFailed."""
    headers = {
        "Content-Type": "text/plain; charset=UTF-8",
        "User-Agent": "Amazon Simple Notification Service Agent",
        "x-amz-sns-message-type": document["Type"],
        "x-amz-sns-message-id": document["MessageId"],
        "x-amz-sns-topic-arn": subscription.topic_arn,
    }
    if subscription.is_confirmed:
        headers["x-amz-sns-subscription-arn"] = subscription.arn
    if subscription.is_confirmed and subscription.is_raw:
        headers["x-amz-sns-rawdelivery"] = "true"
    request = Request(subscription.endpoint, body.encode(), headers, method="POST")
    status = await asyncio.to_thread(_status, request)
    if status >= 300:
        raise PostFailed(_NO_ANSWER if status == _THROTTLED else status)


def _status(request: Request) -> int:
    try:
        with urlopen(request, timeout=_PATIENCE_SECONDS) as answer:
            return int(answer.status)
    except HTTPError as error:
        error.close()
        return error.code
    except (OSError, HTTPException, ValueError):
        # Nobody there, or an address that is none.
        return _NO_ANSWER
