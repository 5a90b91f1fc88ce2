"""The build image's pip, on machines that keep theirs in different places."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from cloudarium.services.codebuild import image


def _version(site: Path) -> str:
    """What the pip at `site` says of itself, asked by an interpreter that has no other."""
    command = [sys.executable, "-S", "-m", "pip", "--version"]
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def _without_bundled(monkeypatch: pytest.MonkeyPatch, wheels: Path | None) -> None:
    """Be as a distribution's Python: nothing in `ensurepip`, wheels in a folder of its own."""
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "ensurepip" else found(name)
    )
    variables = {"WHEEL_PKG_DIR": wheels and str(wheels)}
    monkeypatch.setattr(sysconfig, "get_config_var", variables.get)


def test_it_is_pythons_own(tmp_path: Path) -> None:
    image._lay_out_pip(tmp_path)
    assert f"from {tmp_path}" in _version(tmp_path)


def test_a_distribution_keeps_it_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheels = tmp_path / "python-wheels"
    wheels.mkdir()
    with zipfile.ZipFile(wheels / "pip-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("pip/__main__.py", "print('pip of the distribution')")
    _without_bundled(monkeypatch, wheels)
    image._lay_out_pip(tmp_path / "site")
    assert _version(tmp_path / "site") == "pip of the distribution\n"


def test_without_any_it_is_that_beside_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _without_bundled(monkeypatch, None)
    image._lay_out_pip(tmp_path / "site")
    assert f"from {tmp_path / 'site'}" in _version(tmp_path / "site")


def test_without_any_pip_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(sysconfig, "get_config_var", {}.get)
    with pytest.raises(FileNotFoundError, match="builds need pip"):
        image._lay_out_pip(tmp_path)
