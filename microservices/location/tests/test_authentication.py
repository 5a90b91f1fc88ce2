"""What is asked of the authentication service and understood of its answers: over its HTTP."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest
from location.authentication import Authentication
from location.errors import Unavailable


class Provider(BaseHTTPRequestHandler):
    """Answers as the authentication service's contract says."""

    answer: ClassVar[tuple[int, object]] = (200, {"active": False})
    asked: ClassVar[list[Any]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.path, json.loads(body), self.headers["X-Correlation-Id"]))
        self.send_response(self.answer[0])
        self.end_headers()
        self.wfile.write(json.dumps(self.answer[1]).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def provider() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Provider)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/prod"
    server.shutdown()
    server.server_close()


def test_an_active_token_is_its_users(provider: str) -> None:
    Provider.answer = (200, {"active": True, "user": "ada", "expires": 1})
    assert Authentication(provider).user_of("secret", "abcdef12") == "ada"
    assert Provider.asked[-1] == ("/prod/introspections", {"token": "secret"}, "abcdef12")


def test_an_inactive_token_is_nobodys(provider: str) -> None:
    Provider.answer = (200, {"active": False})
    assert Authentication(provider).user_of("secret", "abcdef12") is None


def test_a_failing_service_makes_this_one_unavailable(provider: str) -> None:
    Provider.answer = (502, {"message": "Internal server error"})
    with pytest.raises(Unavailable):
        Authentication(provider).user_of("secret", "abcdef12")


def test_an_absent_service_makes_this_one_unavailable() -> None:
    with pytest.raises(Unavailable):
        Authentication("http://127.0.0.1:1").user_of("secret", "abcdef12")
