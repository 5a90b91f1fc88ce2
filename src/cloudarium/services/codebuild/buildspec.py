"""Build specifications, version 0.2.

https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from cloudarium.core import yaml_loader
from cloudarium.services.codebuild.errors import PhaseFailed

PHASES = ("install", "pre_build", "build", "post_build")
_TOP_LEVEL = {
    "version",
    "run-as",
    "env",
    "proxy",
    "batch",
    "phases",
    "reports",
    "artifacts",
    "cache",
}
_SHELLS = {"sh": "/bin/sh", "bash": "/bin/bash", "/bin/sh": "/bin/sh"}


@dataclass(frozen=True)
class Phase:
    """One phase's commands. `on_failure` is `ABORT` or `CONTINUE`."""

    commands: list[str] = field(default_factory=list)
    finally_: list[str] = field(default_factory=list)
    on_failure: str = "ABORT"


@dataclass(frozen=True)
class Artifact:
    """Which files make an artifact."""

    files: list[str]
    exclude: list[str]
    base_directory: str
    discard_paths: bool
    name: str | None


@dataclass(frozen=True)
class Buildspec:
    """A parsed build specification.

    `parameters` are the variables from Parameter Store, `python` is the minor version of the Python
    it asks for.
    """

    shell: str
    variables: dict[str, str]
    parameters: dict[str, str]
    exported: list[str]
    phases: dict[str, Phase]
    artifact: Artifact | None
    secondary: dict[str, Artifact]
    cache_paths: list[str]
    python: int | None


def parse(text: str) -> Buildspec:
    """Return a build specification's parts. Raises PhaseFailed YAML_FILE_ERROR."""
    try:
        document = yaml_loader.load(text)
    except yaml.YAMLError as error:
        raise _wrong(f"stat buildspec: {error}") from None
    if not isinstance(document, dict) or "version" not in document:
        raise _wrong("This build spec version is not supported")
    if _text(document["version"]) not in ("0.1", "0.2"):
        raise _wrong("This build spec version is not supported")
    unknown = set(document) - _TOP_LEVEL
    if unknown:
        raise _wrong(f"unknown keys found: {', '.join(sorted(map(str, unknown)))}")
    for section in ("batch", "reports", "proxy", "run-as"):
        if section in document:
            raise _wrong(f"{section} is not supported by Cloudarium")
    env = _mapping(document, "env")
    artifacts = _mapping(document, "artifacts")
    return Buildspec(
        _shell(env),
        _variables(env),
        _named(env, "parameter-store"),
        _texts(env, "exported-variables"),
        _phases(_mapping(document, "phases")),
        _artifact(artifacts) if "files" in artifacts else None,
        {
            name: _artifact(each)
            for name, each in _mapping(artifacts, "secondary-artifacts").items()
        },
        _texts(_mapping(document, "cache"), "paths"),
        _python(_mapping(document, "phases")),
    )


def _wrong(message: str) -> PhaseFailed:
    return PhaseFailed("YAML_FILE_ERROR", message)


def _mapping(document: dict[str, Any], key: str) -> dict[str, Any]:
    found = document.get(key) or {}
    if not isinstance(found, dict):
        raise _wrong(f"{key} is not a mapping")
    return found


def _shell(env: dict[str, Any]) -> str:
    shell = _text(env.get("shell", "sh"))
    if shell not in _SHELLS:
        raise _wrong(f"the shell {shell} is not supported by Cloudarium")
    return _SHELLS[shell]


def _variables(env: dict[str, Any]) -> dict[str, str]:
    for store in ("secrets-manager", "git-credential-helper"):
        if env.get(store) not in (None, {}, "no", False):
            raise _wrong(f"env.{store} is not supported by Cloudarium")
    return _named(env, "variables")


def _named(env: dict[str, Any], key: str) -> dict[str, str]:
    return {str(name): _text(value) for name, value in _mapping(env, key).items()}


def _text(value: Any) -> str:
    """Return a scalar as text. A list or mapping is none: it may repeat itself without end."""
    if isinstance(value, list | dict):
        raise _wrong("a list or mapping stands where a text belongs")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _texts(section: dict[str, Any], key: str) -> list[str]:
    found = section.get(key) or []
    if not isinstance(found, list):
        raise _wrong(f"{key} is not a list")
    return [_text(value) for value in found]


def _phases(phases: dict[str, Any]) -> dict[str, Phase]:
    unknown = set(phases) - set(PHASES)
    if unknown:
        raise _wrong(f"invalid phases found: {', '.join(sorted(map(str, unknown)))}")
    return {name: _phase(name, phases[name]) for name in PHASES if name in phases}


def _python(phases: dict[str, Any]) -> int | None:
    """Return what `runtime-versions` says, None for what is no version (`latest`, `3.x`)."""
    versions = _mapping(_mapping(phases, "install"), "runtime-versions")
    found = re.fullmatch(r"3\.(\d+)", _text(versions.get("python", "")))
    return int(found[1]) if found else None


def _phase(name: str, phase: Any) -> Phase:
    if not isinstance(phase, dict):
        raise _wrong(f"the phase {name} is not a mapping")
    on_failure = _text(phase.get("on-failure", "ABORT"))
    if on_failure not in ("ABORT", "CONTINUE"):
        raise _wrong(f"on-failure {on_failure} is not supported by Cloudarium")
    return Phase(
        _commands(name, phase.get("commands")),
        _commands(name, phase.get("finally")),
        on_failure,
    )


def _commands(phase: str, commands: Any) -> list[str]:
    if commands is None:
        return []
    if isinstance(commands, str):
        return [commands]
    if not isinstance(commands, list) or not all(isinstance(each, str) for each in commands):
        raise _wrong(f"the commands of the phase {phase} are not all strings")
    return commands


def _artifact(section: Any) -> Artifact:
    if not isinstance(section, dict) or not isinstance(section.get("files"), list):
        raise _wrong("artifacts have no list of files")
    return Artifact(
        _texts(section, "files"),
        _texts(section, "exclude-paths"),
        _text(section.get("base-directory", ".")),
        _text(section.get("discard-paths", "no")).lower() in ("yes", "true"),
        _text(section["name"]) if "name" in section else None,
    )
