"""How times, values and words of sources are written into documents that other programs read."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import quote

_LAST_SECOND = time(23, 59, 59)
_STEERING = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
_MARKUP = re.compile(r"([\\`*\[\]<>])")
_STRAY = re.compile(r"%(?![0-9A-Fa-f]{2})")
_WEB = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(?=[/?#]|$)")
_PATH = "/?@!$&'()*+,;=%-._~"


def moment(at: datetime) -> str:
    """A time with its zone, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def end_of(day: date) -> str:
    """The last second of a day (UTC)."""
    return moment(datetime.combine(day, _LAST_SECOND, UTC))


def line(text: object) -> str:
    """One line without spaces around it and without what steers; `-` if nothing is left."""
    plain = str(text)
    if not plain.isprintable():
        plain = "".join(" " if unicodedata.category(c) in _STEERING else c for c in plain)
    return " ".join(plain.split()) or "-"


def markup(text: object) -> str:
    """A line of somebody else's words, so that Markdown shows them as they are."""
    return _MARKUP.sub(r"\\\1", line(text))


def is_web(address: str) -> bool:
    """Whether an address leads to a page, and is no path or script."""
    return _WEB.match(address) is not None


def href(address: str) -> str:
    """An address or path as a URI, with what may not stand in one written as `%`-codes."""
    plain = _STRAY.sub("%25", line(address))
    host = found[0] if (found := _WEB.match(plain)) else ""
    before, mark, after = plain.removeprefix(host).partition("#")
    return host + quote(before, safe=_PATH) + mark + quote(after, safe=_PATH)


def written(value: Any) -> str:
    """A value of a row as a property tells it."""
    if isinstance(value, datetime):
        return moment(value) if value.tzinfo else value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ", ".join(written(each) for each in value) or "-"
    return str(value)
