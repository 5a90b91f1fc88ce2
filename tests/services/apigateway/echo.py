"""An HTTP endpoint behind APIs."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from typing import Any


class Echo(BaseHTTPRequestHandler):
    """Answers what it was asked; `/status/{code}` with that code, `/large` with too much.

    `/encoded` is answered with two bytes that are no text, encoded.
    """

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        seen = {
            "method": self.command,
            "target": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": body.decode("latin-1"),
        }
        status = int(self.path.rpartition("/")[2]) if "/status/" in self.path else 200
        data = b"x" * (11 << 20) if self.path == "/large" else json.dumps(seen).encode()
        data = b"\xff\xfe" if self.path == "/encoded" else data
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if self.path == "/encoded":
            self.send_header("Content-Encoding", "br")
        self.send_header("X-Answer", "yes")
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = _answer  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
