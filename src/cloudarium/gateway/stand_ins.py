"""What on this machine stands for what is not on it: files of the state folder that say so.

Each is a JSON object of names and URLs, read anew whenever it is asked, so that it may be changed
while the cloud runs.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

# Issuers of tokens, by the URLs they go by.
ISSUERS = "issuers.json"
# What VPC links lead to: listeners and services by ARN, load balancers by `http://{name}`.
ENDPOINTS = "endpoints.json"


def named(folder: Path, file: str, name: str) -> str | None:
    """Return the URL of what stands for `name`, if the file says what does."""
    try:
        known = json.loads((folder / file).read_text())
    except (OSError, ValueError):
        return None
    found = known.get(name) if isinstance(known, dict) else None
    return found.rstrip("/") if isinstance(found, str) else None


def moved(folder: Path, url: str) -> str:
    """Return a load balancer's URL as one of what stands for it; another stays as it is."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return (named(folder, ENDPOINTS, origin) or origin) + url[len(origin) :]
