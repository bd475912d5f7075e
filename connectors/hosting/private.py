"""Hides what nobody may keep before an answer is archived: mail addresses and tokens in texts.

Commit messages name co-authors by their addresses, and people paste tokens into descriptions. An
answer is read as bytes, so that all else in it stays as it was sent.
"""

from __future__ import annotations

import re

from connectors.credential import HIDDEN

_LETTER = rb"(?:[\w\x80-\xff-]|\\u(?:00[89a-fA-F][0-9a-fA-F]|(?!00)[0-9a-fA-F]{4}))"
"""One of a name of a host, as itself or escaped."""
_DOMAIN = re.compile(rb"@(?:" + _LETTER + rb"{1,63}\.)+(?:[A-Za-z]{2,63}|[\x80-\xff]{2,63})")
_IN_NAME = frozenset(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+%~-" + bytes(range(128, 256))
)
_TOKEN = re.compile(
    rb"gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,}"
    rb"|gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct|wt)-[\w-]{20,}"
)
_BACKSLASH, _LONG_ESCAPE = b"\\u"


def without_private(answer: bytes) -> bytes:
    """An answer in JSON, or a text, without them; JSON stays JSON."""
    if b"@" in answer:
        answer = _without_addresses(answer)
    return _TOKEN.sub(HIDDEN.encode(), answer)


def without_addresses_in(text: str) -> str:
    """A line of text without mail addresses."""
    if "@" not in text:
        return text
    return _without_addresses(text.encode(errors="surrogatepass")).decode(errors="surrogatepass")


def _without_addresses(answer: bytes) -> bytes:
    parts, done = [], 0
    for domain in _DOMAIN.finditer(answer):
        begin = _begin_of_name(answer, done, domain.start())
        if begin < domain.start() and not _is_place(answer, begin, domain.start()):
            parts += [answer[done:begin], HIDDEN.encode()]
            done = domain.end()
    return b"".join([*parts, answer[done:]])


def _begin_of_name(answer: bytes, earliest: int, end: int) -> int:
    """Where the part before an `@` begins; an escape before it is left whole."""
    begin = end
    while begin > earliest and answer[begin - 1] in _IN_NAME:
        begin -= 1
    escapes = begin
    while escapes > earliest and answer[escapes - 1] == _BACKSLASH:
        escapes -= 1
    if (begin - escapes) % 2:
        begin += 5 if answer[begin] == _LONG_ESCAPE else 1
    return min(begin, end)


def _is_place(answer: bytes, begin: int, end: int) -> bool:
    """Whether it is no person's: `git@host:group/project.git`, or `owner/action@v1.rc`."""
    is_path = answer[begin - 1 : begin] == b"/" and answer[begin - 2 : begin - 1] != b"/"
    return is_path or answer[begin:end] == b"git"
