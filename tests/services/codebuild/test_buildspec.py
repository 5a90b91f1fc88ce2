"""Build specifications and what their patterns pick."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloudarium.services.codebuild import buildspec, files
from cloudarium.services.codebuild.errors import PhaseFailed


def test_a_specification_is_read() -> None:
    spec = buildspec.parse(
        """
version: 0.2
env:
  shell: bash
  variables: {LEVEL: 3, QUIET: true}
  exported-variables: [VERSION]
phases:
  install:
    runtime-versions: {python: 3.13}
    commands: pip install x
  build:
    on-failure: CONTINUE
    commands: [make, make test]
    finally: [make report]
artifacts:
  files: ['**/*']
  exclude-paths: ['*.log']
  base-directory: out
  discard-paths: yes
cache:
  paths: ['.cache/pip/**/*']
"""
    )
    assert spec.shell == "/bin/bash"
    assert spec.python == 13
    assert spec.variables == {"LEVEL": "3", "QUIET": "true"}
    assert spec.phases["install"].commands == ["pip install x"]
    assert spec.phases["build"].finally_ == ["make report"]
    assert spec.phases["build"].on_failure == "CONTINUE"
    assert spec.artifact is not None
    assert spec.artifact.discard_paths
    assert files.cache_folders(spec.cache_paths) == [".cache/pip"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("phases: {}", "This build spec version is not supported"),
        ("version: 0.3", "This build spec version is not supported"),
        ("version: 0.2\nphase: {}", "unknown keys found: phase"),
        ("version: 0.2\nphases: {deploy: {}}", "invalid phases found: deploy"),
        (
            "version: 0.2\nenv: {secrets-manager: {A: b}}",
            "env.secrets-manager is not supported by Cloudarium",
        ),
        (
            "version: 0.2\nphases: {build: {commands: [{a: 1}]}}",
            "the commands of the phase build are not all strings",
        ),
    ],
)
def test_a_wrong_specification_is_refused(text: str, message: str) -> None:
    with pytest.raises(PhaseFailed) as refused:
        buildspec.parse(text)
    assert (refused.value.code, refused.value.message) == ("YAML_FILE_ERROR", message)


def test_patterns_pick_files(tmp_path: Path) -> None:
    for name in ("out/a.txt", "out/deep/b.txt", "out/c.log", "other.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    artifact = buildspec.Artifact(["**/*"], ["*.log"], "$BASE", False, None)
    chosen = files.pick(artifact, tmp_path, {"BASE": "out"})
    assert [name for name, _ in chosen] == ["a.txt", "deep/b.txt"]
    with pytest.raises(PhaseFailed, match="no matching artifact paths found"):
        files.pick(buildspec.Artifact(["*.zip"], [], ".", False, None), tmp_path, {})
    with pytest.raises(PhaseFailed, match="no matching base directory path found"):
        files.pick(buildspec.Artifact(["*"], [], "nowhere", False, None), tmp_path, {})


@pytest.mark.parametrize(
    "text",
    [
        "version: 0.2\nenv: {variables: [A]}",
        "version: 0.2\nenv: {variables: {A: [1]}}",
        "version: 0.2\nenv: {exported-variables: 5}",
        "version: 0.2\nartifacts: {files: [a], secondary-artifacts: [b]}",
        "version: 0.2\ncache: {paths: {a: b}}",
        "[" * 9000,
        "- " * 100_000 + "x",
        "version: 0.2\na: &a [*a]",
    ],
)
def test_a_specification_of_the_wrong_shape_is_an_error_of_the_build(text: str) -> None:
    with pytest.raises(PhaseFailed) as caught:
        buildspec.parse(text)
    assert caught.value.code == "YAML_FILE_ERROR"


def test_the_cache_follows_no_link_out_of_the_source(tmp_path: Path) -> None:
    outside, source, cache = (tmp_path / name for name in ("outside", "source", "cache"))
    for folder in (outside, source, cache / "link" / "pip"):
        folder.mkdir(parents=True)
    (outside / "secret").write_text("s")
    (source / "link").symlink_to(outside)
    assert files.restore(cache, source, ["link/pip"]) == 0
    assert [path.name for path in outside.iterdir()] == ["secret"]
    files.keep(cache, source, ["link"])
    assert not (cache / "link" / "secret").exists()


def test_the_cache_follows_no_link_out_of_itself(tmp_path: Path) -> None:
    outside, source, cache = (tmp_path / name for name in ("outside", "source", "cache"))
    (outside / "in").mkdir(parents=True)
    (outside / "in" / "secret").write_text("s")
    (source / "a").mkdir(parents=True)
    cache.mkdir()
    (source / "a" / "link").symlink_to(outside)
    files.keep(cache, source, ["a"])
    (source / "a" / "link").unlink()
    assert files.restore(cache, source, ["a/link", "a/link/in"]) == 0
    assert not (source / "a" / "link").exists()
    (source / "a" / "link" / "in").mkdir(parents=True)
    files.keep(cache, source, ["a/link/in"])
    assert (outside / "in" / "secret").read_text() == "s"
