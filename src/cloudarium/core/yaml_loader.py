"""YAML that users write, read by libyaml within bounds.

libyaml's own composer ends the process on a document that is nested too deeply, and a few lines of
aliases of aliases stand for more values than any memory holds.
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.composer import Composer

_DEEPEST = 200
_MOST_REPEATED = 100_000  # values that aliases stand for


class TooDeep(yaml.YAMLError):
    """The document is nested too deeply."""


class TooLarge(yaml.YAMLError):
    """The document's aliases stand for too much."""


class Loader(Composer, yaml.CSafeLoader):
    """PyYAML's safe loader with its composer in Python. Raises TooDeep and TooLarge as well."""

    def __init__(self, stream: str | bytes) -> None:
        yaml.CSafeLoader.__init__(self, stream)
        Composer.__init__(self)
        self._depth = 0
        self._sizes: dict[int, int] = {}  # how many values the nodes with an anchor stand for
        self._seen = self._repeated = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Of PyYAML: the next node."""
        is_alias = self.check_event(yaml.events.AliasEvent)
        before, self._depth = self._seen, self._depth + 1
        if self._depth > _DEEPEST:
            raise TooDeep("it is nested too deeply")
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        if is_alias:
            # What is not known yet would contain itself.
            size = self._sizes.get(id(node), _MOST_REPEATED)
            self._repeated += size
            if self._repeated >= _MOST_REPEATED:
                raise TooLarge("its aliases stand for too much")
            self._seen += size
        else:
            self._seen += 1
            self._sizes[id(node)] = self._seen - before
        return node


def load(text: str | bytes) -> Any:
    """Return the one document in a text. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=Loader)
