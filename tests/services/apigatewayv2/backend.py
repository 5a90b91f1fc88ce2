"""An HTTP server behind APIs, and one that issues tokens."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Backend:
    """A server on loopback that answers what it was asked, or what `pages` has for a path.

    `headers` go into every answer.
    """

    def __init__(self) -> None:
        backend = self
        self.pages: dict[str, Any] = {}
        self.headers: list[tuple[str, str]] = []
        self.asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                backend.asked.append(self.path)
                length = int(self.headers.get("content-length", 0))
                shown = {
                    "method": self.command,
                    "target": self.path,
                    "headers": {name.lower(): one for name, one in self.headers.items()},
                    "body": self.rfile.read(length).decode(),
                }
                body = json.dumps(backend.pages.get(self.path, shown)).encode()
                self.send_response(200)
                for name, value in [("Content-Type", "application/json"), *backend.headers]:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = _answer  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
