"""Which addresses a token may be sent to: those of the host that is configured, and no other."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

from connectors.credential import redact
from connectors.http.errors import UnexpectedReply
from connectors.interface import ConnectorError

CHECK_URL = "set the url of the source to the address that the server itself uses"

_PORTS = {"http": 80, "https": 443}


def base_address(url: str) -> str:
    """Returns the address of an API with a slash at its end.

    Raises:
        ConnectorError: if it is no address of a web server, or carries a secret.
    """
    parts = _split(url)
    if parts is None or parts.scheme not in _PORTS or not parts.hostname:
        raise ConnectorError("is no http(s) address", redact(url), "correct the url")
    if "@" in parts.netloc or parts.query or parts.fragment:
        fix = 'take it out of the url; a token is named: token = "env:NAME"'
        what = "the url carries a user, a password, a query or a fragment"
        raise ConnectorError(what, redact(url), fix)
    return url.rstrip("/") + "/"


def host_address(url: str) -> str:
    """The address without a slash at its end.

    Raises:
        ValueError: if it is none, or carries a secret.
    """
    try:
        return base_address(url).rstrip("/")
    except ConnectorError as error:
        raise ValueError(f"{error.what}; {error.fix}") from None


def address_below(base: str, path: str) -> str:
    """Returns the address of a path below the base, or of an address the source gave us.

    Raises:
        UnexpectedReply: if it is on another host, or nobody could say on which.
    """
    is_address = path.startswith(("http://", "https://"))
    url = path if is_address else base + path.lstrip("/")
    parts = _split(url)
    # Parsers disagree about who is asked where an address has a user or a backslash.
    is_clear = parts is not None and "@" not in parts.netloc and "\\" not in url
    if parts is None or not is_clear or not _is_allowed(base, parts):
        host = redact(parts.netloc.rpartition("@")[2]) if parts else "which is none"
        what = f"the source sends us to another host, {host}, which must not see the token"
        raise UnexpectedReply(what, base, CHECK_URL)
    return url


def joined(base: str, target: str) -> str:
    """Returns an address that was told relative to another.

    Raises:
        UnexpectedReply: if it is none.
    """
    try:
        return urljoin(base, target)
    except ValueError:
        what = "the source names a next address that is none"
        raise UnexpectedReply(what, redact(base), CHECK_URL) from None


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _is_allowed(base: str, parts: SplitResult) -> bool:
    home = urlsplit(base)
    is_upgrade = (_origin(home)[::2], _origin(parts)[::2]) == (("http", 80), ("https", 443))
    return _origin(parts) == _origin(home) or (is_upgrade and parts.hostname == home.hostname)


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
