"""The Java runtime: handlers of every form, and AWS's errors."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.services.lambda_.java_sources import SOURCES

from cloudarium.functions import interpreters

JAVAS = interpreters.javas()
VERSION = min(JAVAS, default=0)
NOT_PARSED = "An error occurred during JSON parsing"


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled handlers, for the oldest JVM here."""
    folder = tmp_path_factory.mktemp("java")
    for name, source in SOURCES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(source)
    compiler = [str(JAVAS[VERSION] / "bin" / "java"), "-m", "jdk.compiler/com.sun.tools.javac.Main"]
    files = [str(folder / name) for name in SOURCES]
    subprocess.run([*compiler, "-nowarn", "-d", str(folder / "out"), *files], check=True)
    return folder / "out"


def _zip(classes: Path, library: bool = False) -> bytes:
    """The classes as they are, or AWS's interfaces among them in a jar in `lib`."""
    data, jar = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        with zipfile.ZipFile(jar, "w") as inner:
            for path in sorted(classes.rglob("*.class")):
                name = str(path.relative_to(classes))
                into = inner if library and name.startswith("com/") else package
                into.write(path, name)
        if library:
            package.writestr("lib/core.jar", jar.getvalue())
    return data.getvalue()


def _make(functions: Any, classes: Path, handler: str, **options: Any) -> None:
    code = {"ZipFile": _zip(classes, options.pop("library", False))}
    runtime = options.pop("Runtime", f"java{VERSION}")
    settings = {"MemorySize": 256, "Timeout": 20, **options}
    functions.make("", Runtime=runtime, Handler=handler, Code=code, **settings)


def test_a_request_handler_of_maps_stays_warm(functions: Any, classes: Path) -> None:
    _make(functions, classes, "demo.Maps", library=True)
    event = {"a": [1, 2.5, None, True, 'é\n"\\'], "long": 1 << 40, "huge": 1 << 80}
    assert functions.call(event) == {**event, "count": 1}
    assert functions.call({}) == {"count": 2}


def test_beans_records_enums_and_generics(functions: Any, classes: Path) -> None:
    _make(functions, classes, "demo.Orders::handleRequest")
    order = {
        "firstName": "Ada",
        "paid": True,
        "number": 41,
        "items": [{"name": "cup", "sizes": [1, 2]}],
        "prices": {"cup": {"amount": 2.5, "currency": "EUR"}},
        "size": "LARGE",
        "open": 7,
    }
    answer = functions.call({**order, "unknown": {"is": "passed over"}, "size": "LARGE"})
    assert answer == {**order, "number": 42, "items": [{"name": "CUP", "sizes": [1, 2]}]}
    sparse = functions.call({"items": [{"name": "x"}], "size": "OTHER"})
    assert sparse == {"paid": False, "number": 1, "items": [{"name": "X"}], "open": 0}
    functions.client.update_function_configuration(FunctionName="hello", Handler="demo.Orders")
    assert functions.call(order)["number"] == 42


def test_a_stream_handler(functions: Any, classes: Path) -> None:
    _make(functions, classes, "demo.Streams")
    assert functions.call({"a": 1}) == [len('{"a": 1}'), {"a": 1}]


@pytest.mark.parametrize(
    ("method", "event", "answer"),
    [
        ("twice", 21, 42),
        ("greet", "Ada", "Ada from hello"),
        ("sorted", ["b", "a"], ["a", "b"]),
        ("nothing", {}, None),
        ("file", {}, "1/var/task"),
        ("version", {}, str(VERSION)),
    ],
)
def test_a_plain_method(
    functions: Any, classes: Path, method: str, event: Any, answer: Any
) -> None:
    _make(functions, classes, f"demo.Plain::{method}")
    assert functions.call(event) == answer


def test_the_context_and_the_log(functions: Any, classes: Path) -> None:
    _make(functions, classes, "demo.Told")
    client = {"custom": {"a": "b"}, "w3c": {"baggage": "c=d", "tracestate": 1, "more": "e"}}
    context = base64.b64encode(json.dumps(client).encode()).decode()
    answer, told = functions.invoke({}, ClientContext=context)
    request_id = answer["ResponseMetadata"]["RequestId"]
    group = "/aws/lambda/hello"
    assert told == [
        "hello",
        "$LATEST",
        256,
        group,
        request_id,
        True,
        {"a": "b"},
        {"baggage": "c=d"},
    ]
    lines = functions.log()
    assert lines[2:5] == ["one\nevent\n", "another\n", "printed\n"]


def test_an_exception(functions: Any, classes: Path) -> None:
    _make(functions, classes, "demo.Plain::raise")
    answer, error = functions.invoke({})
    assert answer["FunctionError"] == "Unhandled"
    trace, cause = error.pop("stackTrace"), error.pop("cause")
    assert error == {"errorMessage": "boom", "errorType": "java.lang.IllegalStateException"}
    assert len(trace) == 1 and trace[0].startswith("demo.Plain.raise(Plain.java:")
    assert (cause["errorMessage"], cause["errorType"]) == ("deeper", "java.lang.RuntimeException")
    told = functions.log()[2]
    assert told.startswith(
        "boom: java.lang.IllegalStateException\njava.lang.IllegalStateException: boom\n\tat demo"
    )
    assert functions.invoke({})[1]["errorMessage"] == "boom"


@pytest.mark.parametrize(
    ("handler", "event", "kind", "message"),
    [
        ("demo.Nothing", {}, "java.lang.ClassNotFoundException", "Class not found: demo.Nothing"),
        ("demo.Broken", {}, "java.lang.IllegalArgumentException", "no way"),
        (
            "demo.Plain::twice",
            {},
            "java.lang.RuntimeException",
            "An error occurred during JSON parsing",
        ),
        (
            "demo.Plain::missing",
            {},
            "java.lang.RuntimeException",
            "An error occurred during JSON parsing",
        ),
        (
            "demo.Plain::none",
            {},
            None,
            "No public method named none with appropriate method signature found on class"
            " demo.Plain",
        ),
        (
            "demo.Plain",
            {},
            None,
            "Class does not implement an appropriate handler interface: demo.Plain",
        ),
        ("::x", {}, None, "Invalid handler: `::x'"),
        ("demo.Plain::heap", {}, "java.lang.OutOfMemoryError", "Java heap space"),
    ],
)
def test_faults_have_awss_words(
    functions: Any, classes: Path, handler: str, event: Any, kind: str | None, message: str
) -> None:
    _make(functions, classes, handler)
    answer, error = functions.invoke(event)
    assert answer["FunctionError"] == "Unhandled"
    assert (error.get("errorType"), error["errorMessage"]) == (kind, message)


def test_an_exit_and_a_timeout(functions: Any, classes: Path) -> None:
    _make(functions, classes, "demo.Plain::exit")
    assert "exit status 3" in functions.call({})["errorMessage"]
    _make(functions, classes, "demo.Plain::endless", FunctionName="endless", Timeout=1)
    assert functions.call({}, FunctionName="endless")["errorType"] == "Sandbox.Timedout"


@pytest.mark.parametrize("runtime", ["java17", "java21", "java25"])
def test_it_runs_on_the_nearest_jvm_and_says_so(
    functions: Any, classes: Path, runtime: str
) -> None:
    wanted = int(runtime.removeprefix("java"))
    later = [version for version in JAVAS if version >= max(wanted, VERSION)]
    expected = min(later) if later else max(JAVAS)
    _make(functions, classes, "demo.Plain::version", Runtime=runtime)
    assert functions.call() == str(expected)
    note = f"Cloudarium: this machine has no Java {wanted}; the function runs on Java {expected}.\n"
    assert (functions.log()[1] == note) is (expected != wanted)


def test_without_a_jvm_it_is_refused(
    functions: Any, classes: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(interpreters, "_JAVA_HOMES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(functions.client.exceptions.InvalidParameterValueException) as caught:
        _make(functions, classes, "demo.Maps")
    assert "needs a JVM" in caught.value.response["Error"]["Message"]


@pytest.mark.parametrize(("runtime", "has_old_names"), [("java11", True), ("java17", False)])
def test_the_older_runtimes_have_the_first_sdks_names_of_credentials(
    functions: Any, runtime: str, has_old_names: bool
) -> None:
    package, entry = io.BytesIO(), zipfile.ZipInfo("wrapper")
    entry.external_attr = 0o755 << 16
    with zipfile.ZipFile(package, "w") as files:
        files.writestr(entry, "#!/bin/sh\nenv\n")
    wrapper = {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/wrapper"}
    options: dict[str, Any] = {"Handler": "demo.Maps", "Environment": {"Variables": wrapper}}
    functions.make("", Runtime=runtime, Code={"ZipFile": package.getvalue()}, **options)
    functions.call()
    found = dict(line.rstrip("\n").split("=", 1) for line in functions.log() if "=" in line)
    assert found["AWS_EXECUTION_ENV"] == f"AWS_Lambda_{runtime}"
    assert ("AWS_ACCESS_KEY" in found, "AWS_SECRET_KEY" in found) == (has_old_names,) * 2
    if has_old_names:
        assert found["AWS_ACCESS_KEY"] == found["AWS_ACCESS_KEY_ID"]
