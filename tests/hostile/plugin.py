"""A pytest plugin: the tests' calls are sent again, spoilt, and only their answers matter.

    pytest -p tests.hostile.plugin [--hostile-seed 1] [--hostile-every 20] tests/services

The tests themselves may fail, for what spoilt calls have changed. Every test has chances of its
own, and with `--hostile-every` one test of so many is taken, by its name: a new test changes
nothing of what is sent in others.
"""

from __future__ import annotations

import logging
import random
import traceback
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore.client
import botocore.validate
import pytest
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

import cloudarium.pytest_plugin
from tests.hostile.mutations import Mutations
from tests.hostile.writing import Writing

_TESTS = str(Path(__file__).parents[1])
_COPIES = 3
_PATIENCE_SECONDS = 60.0
_NOT_IMPLEMENTED = 501
_CLIENTS_OWN = "500"  # what botocore makes of S3's answers that it cannot read
_UNREADABLE = "invalid character number"  # control characters in XML, written as S3 writes them
_FAILURES = pytest.StashKey["Failures"]()
_call: Callable[..., Any] = botocore.client.BaseClient._make_api_call


class Tracebacks(logging.Handler):
    """Keeps what is logged of exceptions that nobody has caught, and that no test has raised."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Of logging: keep the record's traceback."""
        trace = record.exc_info[2] if record.exc_info else None
        if trace and not traceback.extract_tb(trace)[-1].filename.startswith(_TESTS):
            self.texts.append(logging.Formatter().format(record))


@dataclass
class Failures:
    """What went wrong, one of each kind, and how many calls were made, by service."""

    found: dict[str, str] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def note(self, operation: str, sent: str, what: str) -> None:
        """Keep a failure, if it is the first that ends like this."""
        kind = f"{operation}: {what.strip().splitlines()[-1][:200]}"
        self.found.setdefault(kind, f"{sent:.2000}\n{what}")


class Hostile:
    """Sends a client's calls and spoilt copies of them."""

    def __init__(self, seed: int, failures: Failures) -> None:
        self._seed = seed
        self._failures = failures
        self._tracebacks = Tracebacks()
        logging.getLogger().addHandler(self._tracebacks)
        self.begin("")

    def begin(self, test: str) -> None:
        """Be as the test's name and the seed want it."""
        self._chance = random.Random(f"{self._seed} {test}")
        self._mutations = Mutations(self._chance)
        self._writing = Writing(self._chance)
        self._is_busy = False

    def call(self, client: Any, operation: str, params: dict[str, Any]) -> Any:
        """Make a call as a client does it, with copies of it before or after."""
        # To receive once more would take what the test is to get.
        if self._is_busy or operation == "ReceiveMessage":
            return _call(client, operation, params)
        self._is_busy = True
        copies_come_first = self._chance.random() < 0.3
        try:
            if copies_come_first:
                self._send_copies(client, operation, params)
            return _call(client, operation, params)
        finally:
            if not copies_come_first:
                self._send_copies(client, operation, params)
            self._is_busy = False

    def _send_copies(self, client: Any, operation: str, params: dict[str, Any]) -> None:
        shape = client.meta.service_model.operation_model(operation).input_shape
        for _ in range(_COPIES):
            self._send_copy(client, operation, self._mutations.mutated(params, shape))
        self._send_written(client, operation, params)

    def _send_copy(self, client: Any, operation: str, copy: dict[str, Any]) -> None:
        self._tracebacks.texts.clear()
        wrong = self._sent(client, operation, copy)
        for what in (*wrong, *self._tracebacks.texts):
            self._failures.note(operation, repr(copy), what)

    def _send_written(self, client: Any, operation: str, params: dict[str, Any]) -> None:
        """Send a call that was right until it was written."""
        sent, answers = "", list[str]()

        def spoil(request: AWSRequest, **_: Any) -> None:
            nonlocal sent
            self._writing.spoil(request)
            sent = f"{request.url} {request.headers.items()} {request.data!r}"

        def see(response_dict: dict[str, Any], **_: Any) -> None:
            # What it is written in now may be another protocol than the client reads.
            if _is_defect(response_dict["status_code"]):
                answers.append(f"{response_dict['status_code']} {response_dict['body']!r}")

        handlers: dict[str, Callable[..., None]] = {"before-sign": spoil, "before-parse": see}
        for event, handler in handlers.items():
            client.meta.events.register(event, handler)
        self._tracebacks.texts.clear()
        try:
            self._sent(client, operation, params)
        finally:
            for event, handler in handlers.items():
                client.meta.events.unregister(event, handler)
        for what in (*answers, *self._tracebacks.texts):
            self._failures.note(operation, sent, what)

    def _sent(self, client: Any, operation: str, params: dict[str, Any]) -> list[str]:
        """Send a call; what is wrong with its answer."""
        self._failures.calls[client.meta.service_model.service_name] += 1
        try:
            _read(_call(client, operation, params))
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            is_ours = error.response["Error"]["Code"] != _CLIENTS_OWN
            return [str(error)] if is_ours and _is_defect(status) else []
        except ResponseParserError as error:
            return [] if _UNREADABLE in str(error) else [repr(error)]
        except TimeoutError as error:
            return [repr(error)]
        except (BotoCoreError, ValueError, TypeError, AttributeError, LookupError):
            pass  # the client cannot say such a thing
        return []


def _is_defect(status: int) -> bool:
    return status >= 500 and status != _NOT_IMPLEMENTED


def _read(answer: dict[str, Any]) -> None:
    for value in answer.values():
        if hasattr(value, "read"):
            value.read()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Of pytest: the plugin's options."""
    group = parser.getgroup("hostile")
    group.addoption("--hostile-seed", type=int, default=1)
    group.addoption("--hostile-every", type=int, default=1)


def pytest_configure(config: pytest.Config) -> None:
    """Of pytest: put the spoilt calls beside every client's."""
    failures = config.stash[_FAILURES] = Failures()
    hostile = Hostile(config.getoption("--hostile-seed"), failures)
    config.pluginmanager.register(_Tests(hostile))
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    patch.setattr(cloudarium.pytest_plugin, "_PATIENCE", _PATIENCE_SECONDS)
    patch.setattr(
        botocore.validate.ParamValidationDecorator,
        "serialize_to_request",
        lambda self, params, model: self._serializer.serialize_to_request(params, model),
    )
    patch.setattr(botocore.client.BaseClient, "_make_api_call", lambda *given: hostile.call(*given))


class _Tests:
    def __init__(self, hostile: Hostile) -> None:
        self._hostile = hostile

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Of pytest: a test begins."""
        self._hostile.begin(item.nodeid)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of pytest: take one test of so many."""
    every, seed = config.getoption("--hostile-every"), config.getoption("--hostile-seed")
    items[:] = [item for item in items if zlib.crc32(item.nodeid.encode()) % every == seed % every]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Of pytest: what the tests found is not asked."""
    session.exitstatus = 1 if session.config.stash[_FAILURES].found else 0


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Of pytest: say what went wrong."""
    failures = config.stash[_FAILURES]
    for kind, what in failures.found.items():
        terminalreporter.write_sep("=", kind)
        terminalreporter.write_line(what)
    calls = ", ".join(f"{name} {count}" for name, count in sorted(failures.calls.items()))
    terminalreporter.write_line(f"spoilt calls: {failures.calls.total()} ({calls})")
    terminalreporter.write_line(f"failures: {len(failures.found)}")
