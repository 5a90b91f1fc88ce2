"""Projection expressions: the parts of items to return."""

from . import paths
from .scope import Findings, Scope
from .syntax import Path, PathRef


def projected(references: tuple[PathRef, ...], scope: Scope) -> paths.Tree:
    """The tree of the wanted paths, for `paths.pick`. Raises ValidationException."""
    findings = Findings("reserved", "name", "overlap", "conflict")
    found: list[Path] = []
    for reference in references:
        path = scope.path(reference, findings.add)
        for earlier in found:
            collision = paths.collision(earlier, path)
            if collision is not None:
                findings.add(*collision)
        found.append(path)
    findings.raise_worst()
    return paths.tree(found)
