"""The local mailbox: one `.eml` file per message in the cloud's folder, under `mail/`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime
from pathlib import Path

from cloudarium.core.context import Context

_LINE = 998  # what a line may have (RFC 5322); shorter ones are left as they are, links whole
_ADDRESS = "no-reply@sns.amazonaws.com"
_SENDER = "AWS Notifications"
_FOOTER = """

--
If you wish to stop receiving notifications from this topic, please click or visit the link below \
to unsubscribe:
{url}

Please do not reply directly to this email. If you have any questions or comments regarding this \
email, please contact us at https://aws.amazon.com/support
"""


def footer(url: str) -> str:
    """Return what ends every notification: how to unsubscribe."""
    return _FOOTER.format(url=url)


def write(
    ctx: Context, to: str, subject: str, body: str, message_id: str, sender: str = ""
) -> Path:
    """Put a message into the mailbox; it is on disk when this returns.

    The file's name comes from `message_id`, so that writing one message again changes nothing.
    """
    message = EmailMessage(policy=default.clone(max_line_length=_LINE))
    message["From"] = Address(sender or _SENDER, addr_spec=_ADDRESS)
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.fromtimestamp(int(ctx.now), UTC))
    message["Message-ID"] = f"<{message_id}@sns.amazonaws.com>"
    message.set_content(body)
    folder = ctx.cloud.folder / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{message_id}.eml"
    _write_durably(path, message.as_bytes())
    return path


def _write_durably(path: Path, data: bytes) -> None:
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as target:
        target.write(data)
        target.flush()
        os.fsync(target.fileno())
    temporary.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
