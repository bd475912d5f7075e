"""How OSCAL writes ids, times and texts. Its rules: NIST, OSCAL data types, version 1.2."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

NAMESPACE = UUID("bcfcffb1-e39d-561a-8fe6-a639910faab9")
"""Of all ids that Cairn exports. It never changes: an id is the same in the next export."""
NS = "urn:cairn:oscal"
"""Namespace of the properties that are Cairn's own."""

_LAST_SECOND = time(23, 59, 59)
_STEERING = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
_MARKUP = re.compile(r"([\\`*\[\]<>])")
_NO_TOKEN = re.compile(r"[^A-Za-z0-9_.-]+")
_STRAY = re.compile(r"%(?![0-9A-Fa-f]{2})")
_WEB = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(?=[/?#]|$)")
_PATH = "/?@!$&'()*+,;=%-._~"


def identifier(*parts: object) -> str:
    """A UUID of version 5 that these parts always have, and others never."""
    return str(uuid5(NAMESPACE, json.dumps([str(part) for part in parts], ensure_ascii=True)))


def moment(at: datetime) -> str:
    """A time with its zone, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def end_of(day: date) -> str:
    """The last second of a day (UTC)."""
    return moment(datetime.combine(day, _LAST_SECOND, UTC))


def line(text: object) -> str:
    """One line without spaces around it and without what steers; `-` if nothing is left."""
    plain = "".join(" " if unicodedata.category(each) in _STEERING else each for each in str(text))
    return " ".join(plain.split()) or "-"


def markup(text: object) -> str:
    """A line of somebody else's words, so that Markdown shows them as they are."""
    return _MARKUP.sub(r"\\\1", line(text))


def token(text: object) -> str:
    """A word that may name something: letters, digits, `.`, `-` and `_`."""
    word = _NO_TOKEN.sub("-", str(text)).strip("-")
    return word if re.match(r"[A-Za-z_]", word) else f"_{word}"


def is_web(address: str) -> bool:
    """Whether an address leads to a page, and is no path or script."""
    return _WEB.match(address) is not None


def href(address: str) -> str:
    """An address or path as a URI, with what may not stand in one written as `%`-codes."""
    plain = _STRAY.sub("%25", line(address))
    host = found[0] if (found := _WEB.match(plain)) else ""
    before, mark, after = plain.removeprefix(host).partition("#")
    return host + quote(before, safe=_PATH) + mark + quote(after, safe=_PATH)


def prop(name: str, value: object, kind: str | None = None) -> dict[str, str]:
    """A property of Cairn's own."""
    said = {"name": token(name), "ns": NS, "value": line(value)}
    return {**said, "class": kind} if kind else said


def written(value: Any) -> str:
    """A value of a row as a property tells it."""
    if isinstance(value, datetime):
        return moment(value) if value.tzinfo else value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ", ".join(written(each) for each in value) or "-"
    return str(value)


def told(content: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is not there: OSCAL has no null and no empty list."""
    return {key: value for key, value in content.items() if value not in (None, [], {}, ())}
