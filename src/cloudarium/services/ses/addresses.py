"""E-mail addresses."""

from __future__ import annotations

import re
from email.utils import getaddresses, parseaddr

_ADDRESS = re.compile(r"[^@\s<>\"(),:;\\]+@[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?")
_DOMAIN = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*")


def is_address(text: str) -> bool:
    """Tell whether `text` is a bare address, `name@domain`."""
    return _ADDRESS.fullmatch(text) is not None


def is_domain(text: str) -> bool:
    """Tell whether `text` is a domain's name."""
    return _DOMAIN.fullmatch(text) is not None


def bare(text: str) -> str:
    """Return the address of `Name <name@domain>`, empty if there is none."""
    return parseaddr(text)[1]


def all_of(texts: list[str]) -> list[str]:
    """Return the addresses of header values."""
    return [address for _, address in getaddresses(texts) if address]


def domain(address: str) -> str:
    """Return the domain of an address, in lower case."""
    return address.rpartition("@")[2].lower()


def without_label(address: str) -> str:
    """Return `user@domain` of `user+label@domain`."""
    local, at, rest = address.rpartition("@")
    return local.partition("+")[0] + at + rest


def matches(condition: str, address: str) -> bool:
    """Tell whether a receipt rule's recipient condition means `address`.

    `user@example.com` means itself, with any label too; `example.com` its addresses but not its
    subdomains'; `.example.com` its subdomains' (developer guide, "Creating receipt rules").
    """
    condition, address = condition.lower(), address.lower()
    if condition.startswith("."):
        return domain(address).endswith(condition)
    if "@" in condition:
        return condition in (address, without_label(address))
    return domain(address) == condition
