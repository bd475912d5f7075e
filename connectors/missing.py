"""Standing gaps that the house tells by itself: what of a source could not be read, or is gone."""

from __future__ import annotations

from dataclasses import replace

from connectors.rebuild import PageRefused
from data.errors import CairnError
from data.model import Gap, GapReason

_UNREAD = ":unread"


def unavailable_gap(source: str, stream: str, error: CairnError) -> Gap:
    """A stream, or without its name the source, that could not be read."""
    what = f"{stream or 'the source'} could not be read: {error.what}"
    return _gap(source, stream, GapReason.UNAVAILABLE, what, error.fix)


def gone_gap(source: str, stream: str) -> Gap:
    """A stream that was read before and is there no more."""
    what = f"{stream} is no longer found; what was read of it stays"
    fix = "bring it back, or change the settings of the source: it is then read anew without it"
    return _gap(source, f"{stream}:gone", GapReason.NOT_FOUND, what, fix)


def unread_gap(source: str, unread: int, streams: int) -> Gap:
    """Streams that are being read for the first time, while what is read so far is published."""
    what = f"{unread} of {streams} streams are being read for the first time"
    fix = "nothing: what they tell is missing until this sync has ended"
    return replace(_gap(source, _UNREAD, GapReason.TRUNCATED, what, fix), count=unread)


def is_unread_gap(gap: Gap) -> bool:
    """Whether it says that streams are being read for the first time."""
    return gap.id.startswith(f"gap:{gap.source}:{_UNREAD}:")


def unnamed_gap(source: str, stream: str) -> Gap:
    """A stream whose name cannot be stored."""
    error = unreadable_name(source, stream)
    return _gap(source, stream, GapReason.UNREADABLE, error.what, error.fix)


def unreadable_name(source: str, stream: str) -> PageRefused:
    """The same as an error."""
    what = f"{as_text(stream)} has a name that is no text"
    return PageRefused(what, source, "give the file or folder another name")


def as_text(said: str) -> str:
    """What was said, with bytes that are no text (of a file name, say) as escapes."""
    return said.encode("utf-8", "backslashreplace").decode("utf-8")


def _gap(source: str, stream: str, reason: GapReason, what: str, fix: str) -> Gap:
    return Gap(
        id=f"gap:{source}:{as_text(stream)}:{reason}",
        source=source,
        reason=reason,
        what=as_text(what),
        fix=as_text(fix),
        count=None,
    )
