"""An event as it lies in the inbox: who said it when, and what was said."""

from __future__ import annotations

import json
from datetime import datetime

from connectors.events.formats.interface import Event, Headers

_WRITER = json.JSONEncoder(separators=(",", ":"))


def write_event(id: str, received_at: datetime, headers: Headers, body: bytes) -> bytes:
    """One line. Line breaks in the body, which mean nothing in JSON, become blanks.

    Args:
        id: of the event, by its format.
        received_at: when it was received.
        headers: those that are kept.
        body: JSON, as it was sent.
    """
    told = _WRITER.encode(dict(headers)) if headers else "{}"
    head = f'{{"id":{_WRITER.encode(id)},"received_at":"{received_at.isoformat()}","headers":{told}'
    plain = body.replace(b"\n", b" ").replace(b"\r", b" ")
    return b'%b,"body":%b}' % (head.encode(), plain)


def read_event(line: bytes) -> Event:
    """The event of a line.

    Raises:
        ValueError, LookupError, TypeError: if it is none.
    """
    told = json.loads(line)
    at = datetime.fromisoformat(told["received_at"])
    return Event(told["id"], at, told["headers"], told["body"])
