"""The Python runtime: loads the handler, then serves invocations from the Runtime API.

Runs inside a function's environment, standard library only. Errors, log lines and the context
object are those of AWS's managed runtime, as documented in "Building Lambda functions with
Python". A newline inside one log event is written as the record separator (0x1e): the server
turns it back, so that an event stays one event.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import socket
import sys
import time
import traceback
from types import ModuleType, TracebackType
from typing import Any, TextIO

_SEPARATOR = "\x1e"
_BASE = "/2018-06-01/runtime/"
_GET_NEXT = f"GET {_BASE}invocation/next HTTP/1.1\r\n\r\n".encode()
_CHANNEL = 3  # the descriptor of a connection to the Runtime API
_PRELOADED = ("boto3", "botocore", "s3transfer", "urllib3", "jmespath", "dateutil", "six")
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


class Cognito:
    """`context.identity`."""

    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")

    def __init__(self, text: str) -> None:
        fields = json.loads(text) if text else {}
        self.cognito_identity_id = fields.get("cognitoIdentityId")
        self.cognito_identity_pool_id = fields.get("cognitoIdentityPoolId")


class Client:
    """`context.client_context.client`: the mobile application."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.installation_id = fields.get("installation_id")
        self.app_title = fields.get("app_title")
        self.app_version_name = fields.get("app_version_name")
        self.app_version_code = fields.get("app_version_code")
        self.app_package_name = fields.get("app_package_name")


class ClientContext:
    """`context.client_context`."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.custom = fields.get("custom")
        self.env = fields.get("env")
        self.client = Client(fields["client"]) if fields.get("client") else None


class LambdaContext:
    """The handler's second argument."""

    log_group_name = log_stream_name = function_name = None
    memory_limit_in_mb = function_version = tenant_id = None

    @classmethod
    def prepare(cls) -> None:
        """What is the same for every invocation."""
        cls.log_group_name = os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        cls.log_stream_name = os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        cls.function_name = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
        cls.memory_limit_in_mb = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        cls.function_version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION")

    def __init__(self, headers: dict[str, str]) -> None:
        client = headers.get("Lambda-Runtime-Client-Context")
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers.get("Lambda-Runtime-Invoked-Function-Arn")
        self.client_context = ClientContext(json.loads(client)) if client else None
        self.identity = Cognito(headers.get("Lambda-Runtime-Cognito-Identity", ""))
        self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds left before the function times out, not below zero."""
        return max(self._deadline_ms - int(time.time() * 1000), 0)

    def log(self, message: object) -> None:
        """Write to the function's log."""
        sys.stdout.write(str(message))


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
        """Send a response or an error and wait for the next invocation, in one go."""
        self._socket.sendall(_post(path, body, error_type) + _GET_NEXT)
        self._receive_answer()
        return self._receive_invocation()

    def post(self, path: str, body: bytes, error_type: str = "") -> None:
        """Send a response or an error."""
        self._socket.sendall(_post(path, body, error_type))
        self._receive_answer()

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


def is_json() -> bool:
    """Whether the function's LogFormat is JSON."""
    return os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"


class JsonFormatter(logging.Formatter):
    """A record as one JSON object, with what `extra` adds to it."""

    _known = frozenset((*vars(logging.makeLogRecord({})), "message", "asctime", "aws_request_id"))

    def format(self, record: logging.LogRecord) -> str:
        """The object's text, without line ends."""
        shown: dict[str, Any] = {
            "timestamp": stamp(record.created),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0]:
            kind, error, trace = record.exc_info
            shown["stackTrace"] = traceback.format_tb(trace)
            shown["errorType"], shown["errorMessage"] = kind.__name__, str(error)
            shown["location"] = f"{record.pathname}:{record.funcName}:{record.lineno}"
        if request_id := vars(record).get("aws_request_id"):
            shown["requestId"] = request_id
        extra = vars(record).items()
        more = {name: value for name, value in extra if name not in self._known | shown.keys()}
        return json.dumps({**shown, **more}, ensure_ascii=False, default=str)


def stamp(at: float) -> str:
    """A time (epoch seconds) as JSON lines have it."""
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))
    return f"{seconds}.{int(at % 1 * 1000):03}Z"


class LogHandler(logging.Handler):
    """The root logger's handler: AWS's format, one event per record."""

    request_id = ""

    def __init__(self) -> None:
        super().__init__()
        if is_json():
            self.setFormatter(JsonFormatter())
            return
        formatter = logging.Formatter(
            "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s",
            "%Y-%m-%dT%H:%M:%S",
        )
        formatter.converter = time.gmtime
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        record.aws_request_id = self.request_id
        write_event(self.format(record))


def write_event(text: str) -> None:
    """Write one log event, whatever its number of lines."""
    sys.stdout.write(text.replace("\n", _SEPARATOR) + "\n")
    sys.stdout.flush()


def load_handler(name: str) -> Any:
    """The function that `module.function` names; raises Fault."""
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{name}': {error}") from None
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
        shown = {"timestamp": stamp(time.time()), "level": "ERROR", **body}
        write_event(json.dumps(shown, ensure_ascii=False))
    else:
        lines = [f"[ERROR] {kind}: {message}", "Traceback (most recent call last):"]
        write_event("\n".join([*lines, *(line.rstrip("\n") for line in trace)]))
    return json.dumps(body, ensure_ascii=False).encode(), kind


def _stack(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)
    while frames and frames[0].filename in (__file__, importlib.__file__):
        frames = traceback.StackSummary(frames[1:])
    hidden = "<frozen importlib"
    return traceback.format_list([f for f in frames if not f.filename.startswith(hidden)])


def invoke(handler: Any, headers: dict[str, str], event: bytes) -> bytes:
    """Call the handler; its answer as JSON. Raises what it raises, or Fault."""
    try:
        argument = json.loads(event)
    except ValueError as error:
        message = f"Unable to unmarshal input: {error}"
        raise Fault("Runtime.UnmarshalError", message) from None
    answer = handler(argument, LambdaContext(headers))
    try:
        return json.dumps(answer, ensure_ascii=False).encode()
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
        client.post("init/error", *report(error, ""))
        sys.exit(1)
    serve(client, handler, logs)


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
