"""What the `url` of a Git host says: the host, its API, or the page of an organisation on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from connectors.http.address import host_address


def with_organisation(
    told: Any, field: str, prefix: str, is_api: Callable[[str, str], bool]
) -> Any:
    """Settings in which `url` no longer names an organisation, and `field` does.

    Args:
        told: the settings as told.
        field: the setting that names the organisation.
        prefix: what the host puts before its name in the addresses of some pages.
        is_api: whether the path of an address on a host is that of an API.

    Raises:
        ValueError: if both name one.
    """
    if not isinstance(told, dict) or not isinstance(told.get("url"), str):
        return told
    parts = urlsplit(host_address(told["url"]))
    path = parts.path.strip("/")
    if not path or is_api(str(parts.hostname), path):
        return told
    path = path.partition("/-/")[0].removeprefix(prefix)
    named = str(told.get(field) or path)
    if named.lower() != path.lower():
        raise ValueError(
            f"`url` names {path}, and `{field}` {named}: name one of them; a server that lies "
            "below a path is named by the address of its API"
        )
    return {**told, "url": urlunsplit((parts.scheme, parts.netloc, "", "", "")), field: named}
