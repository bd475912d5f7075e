"""Reading what a sender posts: all of it, within bounds, or a refusal that says which."""

from __future__ import annotations

import asyncio
import json
import re
import zlib
from typing import Any

from starlette.types import Receive

from app.intake.refusal import Refused
from connectors.events.formats.interface import Headers

_PATIENCE_SECONDS = 30
_DEEPEST = 64
_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_WASTED = 8
"""How many times the limit is read and thrown away, so that the sender gets its answer."""


async def read_body(headers: Headers, receive: Receive, most: int) -> bytes:
    """The body as it was sent.

    Raises:
        Refused: if it is no JSON by its headers, too large, too slow, or breaks off.
    """
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (
        kind.startswith("application/") and kind.endswith("+json")
    ):
        raise Refused(415, "send JSON, with `Content-Type: application/json`")
    if _coding(headers) not in ("identity", "gzip"):
        raise Refused(415, "send it as it is, or compressed with gzip")
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await _read(receive, most)
    except TimeoutError:
        raise Refused(408, f"the event did not come within {_PATIENCE_SECONDS} s") from None


def plain(headers: Headers, body: bytes, most: int) -> bytes:
    """The body, decompressed if it is compressed.

    Raises:
        Refused: if it is too large then, or cannot be decompressed.
    """
    if _coding(headers) != "gzip":
        return body
    unpacking = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacking.decompress(body, most + 1)
    except zlib.error:
        raise Refused(400, "the event is no gzip") from None
    if len(unpacked) > most:
        raise too_large(most)
    if not unpacking.eof:
        raise Refused(400, "the gzip of the event breaks off")
    return unpacked


def parsed(body: bytes) -> Any:
    """The JSON of a body.

    Raises:
        Refused: if it is none, or nested deeper than anybody needs.
    """
    try:
        value = _READER.decode(body.decode())
    except (ValueError, RecursionError):
        raise Refused(400, "the event is no JSON in UTF-8") from None
    if _is_deep(body):
        raise Refused(400, f"the event is nested more than {_DEEPEST} deep")
    return value


def too_large(most: int) -> Refused:
    """The refusal of an event that is too large."""
    return Refused(413, f"the event has more than {most:,} bytes: send less of it")


def _coding(headers: Headers) -> str:
    return headers.get("content-encoding", "identity").lower()


async def _read(receive: Receive, most: int) -> bytes:
    """The body; one that is too large is read on for a while, and thrown away."""
    body = bytearray()
    size, is_more = 0, True
    while is_more and size <= most * _WASTED:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "the event broke off")
        piece = message.get("body", b"")
        size += len(piece)
        if size <= most:
            body += piece
        is_more = message.get("more_body", False)
    if size > most:
        raise too_large(most)
    return bytes(body)


def _is_deep(body: bytes) -> bool:
    """Whether JSON is nested too deeply: what is left of its brackets, a level at a time."""
    if body.count(b"{") + body.count(b"[") <= _DEEPEST:
        return False
    brackets = _TEXT.sub(b"", body).translate(None, _NO_BRACKETS)
    for _ in range(_DEEPEST):
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if not brackets:
            return False
    return True


def _no_number(name: str) -> None:
    raise ValueError(name)


_READER = json.JSONDecoder(parse_constant=_no_number)
