"""The Python runtime: loads the handler, then serves invocations from the Runtime API.

Runs inside a function's environment, standard library only. Errors, log lines and the context
object are those of AWS's managed runtime, as documented in "Building Lambda functions with
Python", and of its client's source (aws/aws-lambda-python-runtime-interface-client).
"""

from __future__ import annotations

import decimal
import importlib
import json
import logging
import os
import re
import socket
import sys
import time
import traceback
from types import ModuleType, TracebackType
from typing import Any, TextIO

from awslambdaric.lambda_context import LambdaContext
from awslambdaric.lambda_literals import UNHANDLED_EXCEPTION
from awslambdaric.logs import LogHandler, is_json, stamp, write_event

_BASE = "/2018-06-01/runtime/"
_GET_NEXT = f"GET {_BASE}invocation/next HTTP/1.1\r\n\r\n".encode()
_SHORT = 1 << 20  # bytes of an answer that is surely not refused
_CHANNEL = 3  # the descriptor of a connection to the Runtime API
_PRELOADED = ("boto3", "botocore", "s3transfer", "urllib3", "jmespath", "dateutil", "six")
# The runtimes that write letters beyond ASCII as escapes.
_ESCAPING = frozenset(f"AWS_Lambda_python3.{minor}" for minor in range(6, 12))
_COMMON = """
    asyncio base64 collections concurrent.futures dataclasses datetime decimal email enum hashlib
    hmac http.client inspect re secrets ssl typing unittest.mock urllib.parse urllib.request uuid
"""


def preload() -> None:
    """Import what handlers commonly import, in the template process that environments fork from."""
    for name in (*_COMMON.split(), "boto3", "botocore.session", "botocore.httpsession"):
        try:
            importlib.import_module(name)
        except ImportError:
            continue


class Fault(Exception):
    """The function cannot be loaded or its data not be converted: a `Runtime.*` error."""

    def __init__(self, kind: str, message: str, trace: list[str] | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.trace = trace or []


class RuntimeClient:
    """Speaks HTTP to the Runtime API over the connection that the environment was started with."""

    def __init__(self) -> None:
        self._socket = socket.socket(fileno=_CHANNEL)
        self._socket.set_inheritable(False)
        self._buffer = bytearray(1 << 16)
        self._read = b""

    def next(self) -> tuple[dict[str, str], bytes]:
        """Wait for the next invocation: its headers and its event."""
        self._socket.sendall(_GET_NEXT)
        return self._receive_invocation()

    def answer(self, path: str, body: bytes, error_type: str) -> tuple[dict[str, str], bytes]:
        """Send a response or an error and wait for the next invocation, in one go if it can be.

        Raises RuntimeError when it is refused.
        """
        if len(body) > _SHORT:  # it may be refused: then nothing is to be asked for
            self.post(path, body, error_type)
            return self.next()
        self._socket.sendall(_post(path, body, error_type) + _GET_NEXT)
        self._receive_answer()
        return self._receive_invocation()

    def post(self, path: str, body: bytes, error_type: str = "") -> None:
        """Send a response or an error. Raises RuntimeError when it is refused."""
        self._socket.sendall(_post(path, body, error_type))
        head, answer = self._receive_answer()
        code = head.split()[1].decode()
        if code != "202":
            text = "LAMBDA_RUNTIME Failed to post handler success response. Http response code:"
            print(f"[ERROR] [{int(time.time() * 1000)}] {text} {code}. {answer.decode()}")
            raise RuntimeError("Failed to post invocation response")

    def _receive_invocation(self) -> tuple[dict[str, str], bytes]:
        head, body = self._receive_answer()
        lines = head.decode("latin-1").split("\r\n")
        fields = [line.partition(": ") for line in lines[1:]]
        return {name: value for name, _, value in fields}, body

    def _receive_answer(self) -> tuple[bytes, bytes]:
        end = self._read.find(b"\r\n\r\n")
        while end < 0:
            self._receive()
            end = self._read.find(b"\r\n\r\n")
        head, start = self._read[:end], end + 4
        after = start + int(head[head.rindex(b": ") :][2:])  # Content-Length comes last
        while len(self._read) < after:
            self._receive()
        body, self._read = self._read[start:after], self._read[after:]
        return head, body

    def _receive(self) -> None:
        size = self._socket.recv_into(self._buffer)
        if not size:
            os._exit(0)  # the server is gone, and with it whoever could read our last words
        data = bytes(self._buffer[:size])
        self._read = self._read + data if self._read else data


def _post(path: str, body: bytes, error_type: str) -> bytes:
    headers = f"Lambda-Runtime-Function-Error-Type: {error_type}\r\n" if error_type else ""
    head = f"POST {_BASE}{path} HTTP/1.1\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    return head.encode("latin-1", "replace") + body


def load_handler(name: str) -> Any:
    """The function that `module.function` names; raises Fault."""
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{name}': {error}") from None
    if module_name.partition(".")[0] in sys.builtin_module_names:
        message = f"Cannot use built-in module {module_name} as a handler module"
        raise Fault("Runtime.BuiltInModuleConflict", message)
    module = _import(module_name.replace("/", "."), module_name)
    try:
        return getattr(module, function_name)
    except AttributeError:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise Fault("Runtime.HandlerNotFound", message) from None


def _import(path: str, name: str) -> ModuleType:
    try:
        return importlib.import_module(path)
    except ImportError as error:
        raise Fault(
            "Runtime.ImportModuleError", f"Unable to import module '{name}': {error}"
        ) from None
    except SyntaxError as error:
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        message = f"Syntax error in module '{name}': {error}"
        raise Fault("Runtime.UserCodeSyntaxError", message, trace) from None


def report(error: BaseException, request_id: str) -> tuple[bytes, str]:
    """Log an error; the Runtime API's error body and type."""
    if isinstance(error, Fault):
        kind, trace = error.kind, error.trace
    else:
        kind, trace = type(error).__name__, _stack(error.__traceback__)
    message = str(error)
    body = {
        "errorMessage": message,
        "errorType": kind,
        "requestId": request_id,
        "stackTrace": trace,
    }
    if is_json():
        write_event(to_json({"timestamp": stamp(time.time()), "level": "ERROR", **body}))
    else:
        title = f"[ERROR] {kind}: {message}" if message else f"[ERROR] {kind}"
        lines = [_indented(line) for frame in trace for line in frame.splitlines()]
        write_event("\n".join([title, "Traceback (most recent call last):", *lines]))
    return to_json(body).encode(), kind


def to_json(value: Any) -> str:
    """A value as the runtime writes it in answers; raises TypeError and ValueError."""
    mark, numbers = os.urandom(16).hex(), []

    def stand_in(part: Any) -> str:
        if not isinstance(part, decimal.Decimal):
            raise TypeError(f"Object of type {type(part).__name__} is not JSON serializable")
        numbers.append("NaN" if part.is_nan() else str(part))
        return f"{mark}{len(numbers) - 1}"

    escapes = os.environ.get("AWS_EXECUTION_ENV") in _ESCAPING
    text = json.dumps(value, ensure_ascii=escapes, default=stand_in)
    if not numbers:
        return text
    return re.sub(rf'"{mark}(\d+)"', lambda found: numbers[int(found[1])], text)


def _indented(line: str) -> str:
    """A line of a trace, indented with no-break spaces, as the log has it."""
    text = line.lstrip(" ")
    return "\u00a0" * (len(line) - len(text)) + text


def _stack(trace: TracebackType | None) -> list[str]:
    frames = [(f.filename, f.lineno or 0, f.name, f.line) for f in traceback.extract_tb(trace)]
    while frames and frames[0][0] == __file__:
        del frames[0]
    return traceback.format_list(frames)


def invoke(handler: Any, headers: dict[str, str], event: bytes) -> bytes:
    """Call the handler; its answer as JSON, or its bytes. Raises what it raises, or Fault."""
    try:
        argument = json.loads(event)
    except ValueError as error:
        message = f"Unable to unmarshal input: {error}"
        raise Fault("Runtime.UnmarshalError", message) from None
    answer = handler(argument, LambdaContext(headers))
    if isinstance(answer, bytes):
        return answer
    try:
        return to_json(answer).encode()
    except (TypeError, ValueError) as error:
        message = f"Unable to marshal response: {error}"
        raise Fault("Runtime.MarshalError", message) from None


def serve(client: RuntimeClient, handler: Any, logs: LogHandler) -> None:
    """Serve invocations until the environment ends."""
    headers, event = client.next()
    while True:
        request_id = logs.request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("Lambda-Runtime-Trace-Id", "")
        path = f"invocation/{request_id}/"
        try:
            body, kind = invoke(handler, headers, event), ""
        except Exception as error:  # noqa: BLE001 - whatever user code raises is its answer
            body, kind = report(error, request_id)
        sys.stdout.flush()
        sys.stderr.flush()
        headers, event = client.answer(path + ("error" if kind else "response"), body, kind)


def main() -> None:
    """Prepare the process as AWS's runtime does, load the handler and serve."""
    sys.stdout = _stream(1)
    sys.stderr = _stream(2)
    if hasattr(time, "tzset"):
        time.tzset()
    task_root = os.environ["LAMBDA_TASK_ROOT"]
    own = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    sys.path[:] = [task_root, *own, *(path for path in sys.path if os.access(path, os.R_OK))]
    sys.argv = ["bootstrap"]
    _prefer_bundled([task_root, *own])
    logs = LogHandler()
    logging.getLogger().addHandler(logs)
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").replace("TRACE", "DEBUG")
    if isinstance(logging.getLevelName(level), int):
        logging.getLogger().setLevel(level)
    LambdaContext.prepare()
    client = RuntimeClient()
    _await_debugger()
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as error:  # noqa: BLE001 - as in `serve`
        logging.warning(UNHANDLED_EXCEPTION)
        client.post("init/error", *report(error, ""))
        sys.exit(1)
    try:
        serve(client, handler, logs)
    except RuntimeError:  # of the client; AWS's runtime ends then, too
        traceback.print_exc()
        sys.exit(1)


def _await_debugger() -> None:
    """Of `cloudarium invoke --debug`: listen where it says, and wait until one is attached."""
    port = os.environ.pop("_CLOUDARIUM_DEBUGGER", "")
    if port:
        debugpy = importlib.import_module("debugpy")
        debugpy.listen(("127.0.0.1", int(port)))
        debugpy.wait_for_client()


def _stream(number: int) -> TextIO:
    return open(number, "w", 1, "utf-8", "replace", closefd=False)


def _prefer_bundled(folders: list[str]) -> None:
    """A function that brings its own boto3 (or what that stands on) gets it, not ours."""
    bundled = {name for folder in folders for name in _names(folder)}
    if bundled.isdisjoint((*_PRELOADED, "six.py")):
        return
    for name in list(sys.modules):
        if name.partition(".")[0] in _PRELOADED:
            del sys.modules[name]


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - no pathlib needed here
    except OSError:
        return []


if __name__ == "__main__":
    main()
