"""What the documents link to exists."""

from __future__ import annotations

import re

from tests.tidy import tree

_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_every_link_leads_somewhere() -> None:
    pages = [*tree.ROOT.glob("*.md"), *(tree.ROOT / "docs").rglob("*.md")]
    pages += (tree.ROOT / "microservices").rglob("*.md")
    broken = [
        f"{tree.name(page)}: {link}"
        for page in pages
        for link in _LINK.findall(page.read_text())
        if "://" not in link and not (page.parent / link).exists()
    ]
    assert broken == []
