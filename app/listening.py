"""Who can reach the pages: this machine alone, or others as well."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from ipaddress import ip_address

LOCAL = ("localhost", "127.0.0.1", "::1")
"""Names of this machine for itself."""
_OF_PROXIES = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"})


def names(host: str, *more: str) -> list[str]:
    """Names under which a browser may ask, against rebinding of names to this machine.

    Behind a proxy or in a container, STREAMLIT_SERVER_ALLOWED_HOSTS adds others, split by commas.
    """
    others = os.environ.get("STREAMLIT_SERVER_ALLOWED_HOSTS", "")
    return list(dict.fromkeys([*LOCAL, host, *more, *(name for name in others.split(",") if name)]))


def is_alone(address: str | None, allowed: Iterable[str], headers: Collection[str] = ()) -> bool:
    """Whether nobody but this machine is let in.

    Args:
        address: where the server listens; None: everywhere.
        allowed: the names under which it may be asked: another one means that others ask.
        headers: names of those that came with a question: some are written by proxies alone.
    """
    if {name.lower() for name in headers} & _OF_PROXIES:
        return False
    return address is not None and all(_is_local(name) for name in (address, *allowed))


def _is_local(name: str) -> bool:
    if name in LOCAL:
        return True
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
