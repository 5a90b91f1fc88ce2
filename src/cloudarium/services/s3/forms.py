"""Forms that browsers send, and what is in them.

API reference, "Browser-Based Uploads Using POST": field names are case-insensitive, and what comes
after the file is ignored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cloudarium.services.s3 import errors
from cloudarium.wire.http import HttpRequest

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
_NAME = re.compile(r'(?<![a-z])name="([^"]*)"', re.I)
_FILENAME = re.compile(r'filename="([^"]*)"', re.I)


@dataclass(frozen=True)
class Form:
    """A form: its fields by lower-case name, the file and the name it has where it comes from."""

    fields: dict[str, str]
    file: bytes
    filename: str


def read(request: HttpRequest) -> Form:
    """Return the form in a request. Raises MalformedPOSTRequest and InvalidArgument."""
    boundary = _BOUNDARY.search(request.headers["content-type"])
    if boundary is None:
        raise errors.MalformedPOSTRequest()
    data, mark = request.body.read(), b"--" + boundary[1].encode("latin-1")
    fields: dict[str, str] = {}
    position = data.find(mark)
    while position >= 0 and not data.startswith(b"--", position + len(mark)):
        head, end = data.find(b"\r\n\r\n", position), data.find(b"\r\n" + mark, position + 1)
        disposition = data[position:head].decode("utf-8", "replace")
        name = _NAME.search(disposition)
        if not 0 <= head < end or name is None:
            raise errors.MalformedPOSTRequest()
        content, position = data[head + 4 : end], end + 2
        if name[1].lower() == "file":
            filename = _FILENAME.search(disposition)
            return Form(fields, content, filename[1] if filename else "")
        fields[name[1].lower()] = content.decode("utf-8", "replace")
    raise errors.InvalidArgument(
        members={"ArgumentName": "file", "ArgumentValue": "0"},
        message="POST requires exactly one file upload per request.",
    )
