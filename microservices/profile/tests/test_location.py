"""What is asked of the location service and understood of its answers: over its HTTP."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, ClassVar

import pytest

pytest.importorskip("botocore", reason="signing needs the SDK, which the Lambda runtime has")

from botocore.credentials import Credentials
from profiles.location import SignedLocations
from profiles.logic import Location


class Provider(BaseHTTPRequestHandler):
    """Answers as the location service's contract says, or slowly, or wrongly."""

    answer: ClassVar[tuple[int, Any]] = (404, {})
    asked: ClassVar[list[tuple[str, dict[str, str]]]] = []
    release: ClassVar[Event] = Event()

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers)))
        self.release.wait(5)
        self.send_response(self.answer[0])
        self.end_headers()
        self.wfile.write(json.dumps(self.answer[1]).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def provider() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    Provider.release.set()
    yield f"http://127.0.0.1:{server.server_port}/prod"
    Provider.release.set()
    server.shutdown()
    server.server_close()


def locations(url: str, timeout: float = 1.0) -> SignedLocations:
    return SignedLocations(url, "us-east-1", Credentials("AKID", "secret", "session"), timeout)


def test_the_request_is_signed_and_the_answer_understood(provider: str) -> None:
    Provider.answer = (200, {"user": "ada", "latitude": 51.5, "longitude": 0, "place": "London"})
    assert locations(provider).ask("ada", "abcdef12")() == Location(51.5, 0.0, "London")
    path, headers = Provider.asked[-1]
    assert path == "/prod/locations/ada"
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKID/")
    assert "/us-east-1/execute-api/aws4_request" in headers["Authorization"]
    assert headers["X-Amz-Security-Token"] == "session"
    assert headers["X-Correlation-Id"] == "abcdef12"


@pytest.mark.parametrize(
    "answer",
    [(404, {}), (403, {}), (502, {}), (200, []), (200, {}), (200, {"latitude": None})],
)
def test_whatever_else_it_answers_there_is_no_location(
    provider: str, answer: tuple[int, Any]
) -> None:
    Provider.answer = answer
    assert locations(provider).ask("ada", "abcdef12")() is None


def test_a_slow_service_is_not_waited_for(provider: str) -> None:
    Provider.release.clear()
    started = time.monotonic()
    assert locations(provider, timeout=0.1).ask("ada", "abcdef12")() is None
    assert time.monotonic() - started < 1


def test_an_absent_service_is_done_without() -> None:
    assert locations("http://127.0.0.1:1").ask("ada", "abcdef12")() is None
