"""Reading the body of an answer: all of it, within bounds of size and time, or none."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests
import urllib3
from requests import PreparedRequest, Response

from connectors.credential import redact
from connectors.http.errors import Unavailable, UnexpectedReply

_CHUNK_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one answer may cost."""

    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    """The longest silence."""
    total_seconds: float = 300.0
    """The longest answer, also if it drips."""
    size_bytes: int = 64 * 1024 * 1024
    """After decompression."""


def read_body(
    request: PreparedRequest, response: Response, bounds: Bounds, clock: Callable[[], datetime]
) -> int:
    """Replaces the open body of a response by one that is complete; returns its size in bytes.

    Cookies go with the open body: no later request of a session sends them.

    Raises:
        UnexpectedReply: if it is larger than the bounds.
        Unavailable: if it takes longer than the bounds.
        requests.RequestException: if it breaks off.
    """
    body = bytearray()
    until = clock() + timedelta(seconds=bounds.total_seconds)
    try:
        # One system call at a time: a read of a whole chunk would not see an answer that drips.
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
            body += chunk
            if len(body) > bounds.size_bytes:
                what = f"the answer is larger than {bounds.size_bytes:,} bytes"
                raise UnexpectedReply(what, place(request), "ask for smaller pages")
            if clock() > until:
                what = f"the answer was not complete after {bounds.total_seconds:.0f} s"
                raise Unavailable(what, place(request), "sync again when the source is faster")
    except urllib3.exceptions.ReadTimeoutError:
        raise requests.exceptions.ReadTimeout(request=request) from None
    except urllib3.exceptions.HTTPError as error:
        raise requests.exceptions.ChunkedEncodingError(error, request=request) from None
    finally:
        response.raw.close()
    response.raw = io.BytesIO(bytes(body))
    return len(body)


def place(request: PreparedRequest) -> str:
    """Names a request in a message, without the secrets its address may carry."""
    return redact(f"{request.method} {request.url}")
