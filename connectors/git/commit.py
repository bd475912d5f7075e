"""Reads the stored form of commits and tags: text with headers, in any encoding, dated by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeGuard

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PLAUSIBLE_FROM = datetime(1971, 1, 1, tzinfo=UTC)
"""An earlier time is that of a clock nobody had set."""
PLAUSIBLE_UNTIL = datetime(2100, 1, 1, tzinfo=UTC)
"""A later time is that of a clock that ran ahead or over."""

_MAX_LINE = 1_000
_SIGNATURE_TIME = re.compile(r"> (-?\d{1,17})(?: [+-]\d+)?\s*+$")
# Only codecs of plain text: some that Python knows run programs of their own over the bytes.
_TEXT_ENCODING = re.compile(
    r"(?i)(iso-?8859-?\d+|latin-?\d|(windows|cp)-?\d+|euc-?\w+|shift-?_?jis|koi8-?\w|gb\w+|big5\w*)"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A commit or tag as it is stored, decoded."""

    headers: Sequence[tuple[str, str]]
    message: str

    def first(self, name: str) -> str | None:
        """Value of the first header of that name."""
        return next((value for key, value in self.headers if key == name), None)

    def every(self, name: str) -> list[str]:
        """Values of all headers of that name."""
        return [value for key, value in self.headers if key == name]


def read_stored(data: bytes) -> Stored:
    """Decodes a commit or tag object; bytes that are no text become U+FFFD."""
    head, _, message = data.partition(b"\n\n")
    headers: list[tuple[str, bytes]] = []
    for line in head.split(b"\n"):
        if line.startswith(b" ") and headers:
            key, value = headers[-1]
            headers[-1] = (key, value + b"\n" + line[1:])
        elif line:
            key_bytes, _, value = line.partition(b" ")
            headers.append((key_bytes.decode("ascii", "replace"), value))
    encoding = next((value for key, value in headers if key == "encoding"), b"")
    codec = encoding.decode("ascii", "replace").strip()
    return Stored(
        headers=[(key, _decode(value, codec)) for key, value in headers],
        message=_decode(message, codec),
    )


def parents_of(data: bytes) -> tuple[str, ...]:
    """Hashes of a stored commit's parents, mainline first; faster than reading all of it."""
    parents = []
    for line in data.partition(b"\n\n")[0].split(b"\n")[1:]:
        if not line.startswith(b"parent "):
            break
        parents.append(line[7:].decode("ascii", "replace"))
    return tuple(parents)


def commit_fields(data: bytes) -> dict[str, object]:
    """What a commit says, JSON-able. Large headers such as signatures are only named."""
    stored = read_stored(data)
    known = {"tree", "parent", "author", "committer", "encoding"}
    return {
        "parents": stored.every("parent"),
        "author": stored.first("author"),
        "committer": stored.first("committer"),
        "message": stored.message,
        "further": sorted({key for key, _ in stored.headers} - known),
    }


def signature_time(signature: str | None) -> datetime | None:
    """When a `Name <mail> seconds zone` line says it was; None if no calendar has that time."""
    found = _SIGNATURE_TIME.search(signature or "")
    if not found:
        return None
    try:
        return EPOCH + timedelta(seconds=int(found[1]))
    except OverflowError:
        return None


def is_plausible(time: datetime | None) -> TypeGuard[datetime]:
    """Whether a time can be the time of a commit, so that spans may be measured from it."""
    return time is not None and PLAUSIBLE_FROM <= time < PLAUSIBLE_UNTIL


def newest_known(times: Iterable[datetime | None], now: datetime) -> datetime | None:
    """The latest of times that can be right and are not in the future; None if none is."""
    return max((time for time in times if is_plausible(time) and time <= now), default=None)


def first_line(message: str) -> str:
    """First line of a message that is not blank, on one line whatever it contains."""
    line = message.lstrip().partition("\n")[0][:_MAX_LINE]
    if not line.isprintable():
        line = "".join(mark if mark.isprintable() else " " for mark in line)
    return line.strip()


def time_of(fields: Mapping[str, object], role: str) -> datetime | None:
    """Time at which `author` or `committer` of `commit_fields` signed."""
    signature = fields.get(role)
    return signature_time(signature) if isinstance(signature, str) else None


def _decode(data: bytes, codec: str) -> str:
    name = codec if _TEXT_ENCODING.fullmatch(codec) else "utf-8"
    try:
        return data.decode(name, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")
