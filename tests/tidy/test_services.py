"""Every operation is driven by a test and described; every error is one AWS has."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore import xform_name

from cloudarium.core.errors import COMMON_CODES, ErrorType
from cloudarium.core.service import Service
from cloudarium.wire.model import Models
from tests.tidy import tree

_NAMES = [service.name for service in tree.services()]


def _manifest(name: str) -> Service:
    manifest: Service = importlib.import_module(f"cloudarium.services.{name}.service").SERVICE
    return manifest


def _modelled(name: str) -> dict[str, str]:
    """The model's operations, by the name of their function."""
    models = Models()
    return {
        xform_name(operation): operation
        for endpoint in _manifest(name).endpoints
        for operation in models.load(endpoint.model).operation_names
    }


def _tests(name: str) -> str:
    return "\n".join(
        path.read_text() for path in tree.modules(tree.ROOT / "tests" / "services" / name)
    )


@pytest.mark.parametrize("name", _NAMES)
def test_operations_are_the_models(name: str) -> None:
    modelled = _modelled(name)
    assert [each for each in tree.operations(tree.SERVICES / name) if each not in modelled] == []


@pytest.mark.parametrize("name", _NAMES)
def test_every_operation_is_driven_by_a_test(name: str) -> None:
    text, modelled = _tests(name), _modelled(name)
    missing = [
        each
        for each in tree.operations(tree.SERVICES / name)
        if f".{each}(" not in text and f'"{each}"' not in text and f'"{modelled[each]}"' not in text
    ]
    assert missing == []


@pytest.mark.parametrize("name", _NAMES)
def test_every_operation_is_described(name: str) -> None:
    modelled = _modelled(name)
    for endpoint in _manifest(name).endpoints:
        path = tree.ROOT / "docs" / "services" / f"{endpoint.model}.md"
        assert path.exists() or endpoint.model == "dynamodbstreams"
    pages = "\n".join(
        path.read_text()
        for endpoint in _manifest(name).endpoints
        if (path := tree.ROOT / "docs" / "services" / f"{endpoint.model}.md").exists()
    )
    operations = [modelled[each] for each in tree.operations(tree.SERVICES / name)]
    assert [each for each in operations if each not in pages] == []


def _error_types(package: Path) -> Iterator[ErrorType]:
    for path in tree.modules(package):
        if path.stem != "errors" and path.parent.name != "errors":
            continue
        dotted = ".".join(path.relative_to(tree.SOURCE.parent).with_suffix("").parts)
        for value in vars(importlib.import_module(dotted)).values():
            if isinstance(value, ErrorType):
                yield value


@pytest.mark.parametrize("name", _NAMES)
def test_every_error_is_one_aws_has(name: str) -> None:
    models = Models()
    known = set(COMMON_CODES)
    for endpoint in _manifest(name).endpoints:
        known |= set(models.load(endpoint.model).errors)
    known |= set(getattr(_errors_module(name), "DOCUMENTED_CODES", ()))
    codes = {error.code for error in _error_types(tree.SERVICES / name)}
    assert sorted(codes - known) == []


def _errors_module(name: str) -> object:
    return importlib.import_module(f"cloudarium.services.{name}.errors")
