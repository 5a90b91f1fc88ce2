"""Imports point down only."""

from __future__ import annotations

from pathlib import Path

from tests.tidy import tree

_USER_CODE = ("lambda_", "codebuild")
_APIS = ("apigateway", "apigatewayv2")


def _ours(path: Path) -> list[tuple[str, int]]:
    found = [(name, line) for name, line in tree.imports(path) if name.startswith("cloudarium.")]
    return [(name.removeprefix("cloudarium."), line) for name, line in found]


def _violations(folder: Path, *forbidden: str) -> list[str]:
    return [
        f"{tree.name(path)}:{line} imports {name}"
        for path in tree.modules(folder)
        for name, line in _ours(path)
        if name.startswith(forbidden)
    ]


def test_wire_and_core_know_no_service() -> None:
    above = ("services", "functions", "gateway", "cloud.", "cloud", "cli", "console", "contracts")
    found = [
        line
        for folder in ("wire", "core", "contracts")
        for line in _violations(tree.SOURCE / folder, *above)
    ]
    assert found == []


def test_functions_know_only_the_wire() -> None:
    assert _violations(tree.SOURCE / "functions", "services", "cloud", "cli", "core") == []


def test_gateway_knows_no_service() -> None:
    assert _violations(tree.SOURCE / "gateway", "services", "functions", "cloud", "cli") == []


def test_services_import_only_what_is_below_them() -> None:
    found = []
    for service in tree.services():
        for path in tree.modules(service):
            for name, line in _ours(path):
                if not _allowed(service.name, name):
                    found.append(f"{tree.name(path)}:{line} imports {name}")
    assert found == []


def _allowed(service: str, name: str) -> bool:
    parts = name.split(".")
    if parts[0] in ("core", "contracts"):
        return True
    if parts[0] == "services":
        return len(parts) == 1 or parts[1] == service
    if parts[0] == "functions":
        return service in _USER_CODE
    if parts[0] == "gateway":
        return service in _APIS
    return parts[:2] == ["wire", "http"] or name == "wire"
