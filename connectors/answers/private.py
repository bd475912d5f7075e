"""Hides what nobody may keep before an answer is archived: mail addresses and tokens in texts.

Commit messages name co-authors by their addresses, and people paste tokens into descriptions. An
answer is read as bytes, so that all else in it stays as it was sent.
"""

from __future__ import annotations

import json
import re

from connectors.credential import HIDDEN

_LETTER = rb"(?:[\w\x80-\xff-]|\\u(?:00[89a-fA-F][0-9a-fA-F]|(?!00)[0-9a-fA-F]{4}))"
"""One of a name of a host, as itself or escaped."""
_DOMAIN = re.compile(
    rb"(@|\\u0040|%(?:25){0,4}40)"
    rb"(?:" + _LETTER + rb"{1,63}\.)+(?:[A-Za-z]{2,63}|[\x80-\xff]{2,63})"
)
_VERSION = re.compile(rb"[@\w\\%]*?(?:@|40)v?\d+(?:\.\d|[.-](?:rc|alpha|beta|pre)(?![\w.]))")
"""What follows the name of a package in a web address, as `web@1.0.0-beta.rc`."""
_IN_NAME = frozenset(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+%~-" + bytes(range(128, 256))
)
_IN_PATH = bytes(_IN_NAME - frozenset(b"%+~")) + b"/${}"
_NO_PATH = (b"@", b":", b"?", b"=", b"&", b"#", b"%")
"""What a path is not preceded by."""
_USED = re.compile(rb"\b(?:uses|component)[\"'\\]{0,3}:[ \"'\\]{1,40}\Z")
"""What precedes the path of what a pipeline uses, in YAML and in JSON."""
_LONGEST_PATH = 500
"""In bytes; what lies behind one that is longer is no place."""
_ADDRESS = (b"://", b":\\/\\/")
_WORD_ENDS = re.compile(rb"[\s\"<>]|\\(?:[bfnrt\"]|u00(?:[01]|2[02]|3[cCeE]))")
_PASSWORD = re.compile(
    rb"(:(?://|\\/\\/))(?:[^/\s\"<>\\@:]|\\[^/\"])*+:(?:[^/\s\"<>\\@]|\\[^/\"])++@"
)
"""Of an account, in a web address."""
_TOKEN = re.compile(
    rb"gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,}"
    rb"|gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct|wt)-[\w-]{20,}"
    rb"(?:\.[0-9a-z]{2}\.[0-9a-z]{7})?|GR1348941[\w-]{20,}"
)
_BACKSLASH, _LONG_ESCAPE = b"\\u"


def without_private(answer: bytes) -> bytes:
    """An answer in JSON, or a text, without them; JSON stays JSON."""
    if b"\0" in answer:
        # JSON may be told in wider letters, in which nothing would be found.
        answer = answer.decode(json.detect_encoding(answer), "replace").encode()
    hidden = HIDDEN.encode()
    answer = _PASSWORD.sub(rb"\1" + hidden + b"@", answer)
    return _TOKEN.sub(hidden, _without_addresses(answer))


def without_addresses_in(text: str) -> str:
    """A line of text without mail addresses."""
    return _without_addresses(text.encode(errors="surrogatepass")).decode(errors="surrogatepass")


def _without_addresses(answer: bytes) -> bytes:
    parts, done, seen = [], 0, 0
    for domain in _DOMAIN.finditer(answer):
        begin = _begin_of_name(answer, seen, domain.start())
        if begin < domain.start() and not _is_place(answer, begin, domain):
            parts += [answer[done:begin], HIDDEN.encode()]
            done = domain.end()
        seen = max(done, domain.end(1))
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


def _is_place(answer: bytes, begin: int, domain: re.Match[bytes]) -> bool:
    """Whether it is no person's: `git@host:group/project.git`, or `owner/action@v1.rc`.

    Behind a path it is a person's, unless a version follows or the path is what a pipeline uses.
    """
    if answer[begin : domain.start()] == b"git":
        return True
    if answer[begin - 1 : begin] != b"/":
        return False
    before = answer[max(0, begin - _LONGEST_PATH) : begin]
    is_version = _VERSION.match(domain[0]) is not None
    if _is_in_address(before):
        return is_version
    rest = before.rstrip(_IN_PATH)
    is_plain = not before[len(rest) :].startswith(b"/") and rest[-1:] not in _NO_PATH
    return is_plain and (is_version or _USED.search(rest) is not None)


def _is_in_address(before: bytes) -> bool:
    """Whether the word that ends here is a web address."""
    begin = max(before.rfind(mark) for mark in _ADDRESS)
    return begin >= 0 and _WORD_ENDS.search(before, begin + 1) is None
