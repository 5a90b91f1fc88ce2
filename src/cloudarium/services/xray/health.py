"""Whether a request went well, by what its document says.

https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html, "Errors, faults,
and exceptions".
"""

from __future__ import annotations

from typing import NamedTuple

from cloudarium.services.xray import traces
from cloudarium.services.xray.documents import Document


class Health(NamedTuple):
    """fault: 5XX; error: 4XX; throttle: 429, which is an error too."""

    fault: bool
    error: bool
    throttle: bool

    @property
    def is_ok(self) -> bool:
        """Whether it was none of these."""
        return not (self.fault or self.error or self.throttle)


def of(document: Document) -> Health:
    """Return what a document says: its flags, or the status of its response."""
    code = status(document) or 0
    throttle = bool(document.get("throttle")) or code == 429
    error = bool(document.get("error")) or 400 <= code < 500 or throttle
    return Health(bool(document.get("fault")) or code >= 500, error, throttle)


def status(document: Document) -> int | None:
    """Return the HTTP status of the response, if the document has one."""
    found = traces.http_part(document, "response").get("status")
    return found if isinstance(found, int) and not isinstance(found, bool) else None
