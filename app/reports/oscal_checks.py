"""What is wrong with OSCAL assessment results that have the right shape.

The schema of the format tells shapes, and takes references that lead nowhere. These are the checks
that neither the schema nor a validator of the format made when that was tried: see
`tests/app/reports/test_oscal_mutations.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

VERSION = "1.2.1"
"""The version of OSCAL that is written."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_TIMES = ("start", "end", "collected", "expires", "deadline", "last-modified", "published")
_REASONS = ("pass", "fail", "other")
_IN_ORDER = (("start", "end"), ("collected", "expires"))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where."""

    path: str
    """As a JSON pointer (RFC 6901)."""
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


@dataclass(frozen=True, slots=True)
class _Place:
    """An object of the document, and the key it is below."""

    path: str
    content: Mapping[str, Any]
    within: str


def problems(document: Mapping[str, Any], version: str = VERSION) -> list[Problem]:
    """Everything that is wrong, in the order of the document.

    Args:
        document: assessment results, as JSON was read.
        version: the version of OSCAL that it must be of.
    """
    places = list(_places(document, "", ""))
    return [
        *_of_another_version(places, version),
        *_said_twice(places),
        *_leading_nowhere(places),
        *_no_times(places),
        *_ending_before_they_begin(places),
        *_outside_of_what_was_reviewed(places),
        *_of_no_known_reason(places),
    ]


def _places(content: Any, path: str, within: str) -> Iterator[_Place]:
    if isinstance(content, dict):
        yield _Place(path, content, within)
        inside: Iterable[tuple[object, Any]] = content.items()
    else:
        inside = enumerate(content)
    for key, value in inside:
        if isinstance(value, (dict, list)):
            yield from _places(value, f"{path}/{key}", key if isinstance(key, str) else within)


def _of_another_version(places: Iterable[_Place], version: str) -> Iterator[Problem]:
    for place in places:
        said = place.content.get("oscal-version", version)
        if said != version:
            yield Problem(f"{place.path}/oscal-version", f"{said} is not version {version}")


def _said_twice(places: Iterable[_Place]) -> Iterator[Problem]:
    seen = Counter[str]()
    for place in places:
        uuid = str(place.content.get("uuid", "")).lower()
        seen[uuid] += 1
        if uuid and seen[uuid] == 2:
            yield Problem(f"{place.path}/uuid", f"{uuid} is there twice")


_REFERENCES = {
    "observation-uuid": ("observations",),
    "risk-uuid": ("risks",),
    "party-uuid": ("parties",),
    "component-uuid": ("components",),
}
_ACTORS = {
    "party": ("parties",),
    "tool": ("components",),
    "assessment-platform": ("assessment-platforms",),
}


def _leading_nowhere(places: list[_Place]) -> Iterator[Problem]:
    """References to what is not there."""
    there: dict[str, set[str]] = {}
    for place in places:
        there.setdefault(place.within, set()).add(str(place.content.get("uuid")))
    roles = {str(each.content.get("id")) for each in places if each.within == "roles"}
    for place in places:
        for key, value, rooms in _references(place.content):
            if not any(value in there.get(room, ()) for room in rooms):
                yield Problem(f"{place.path}/{key}", f"{value} is not among {rooms[0]}")
        role = str(place.content.get("role-id", ""))
        if role and role not in roles:
            yield Problem(f"{place.path}/role-id", f"{role} is not among roles")


def _references(content: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each reference of an object: its key, what it names, and where that must be."""
    for key, rooms in _REFERENCES.items():
        if key in content:
            yield key, str(content[key]), rooms
    for index, party in enumerate(_list(content.get("party-uuids"))):
        yield f"party-uuids/{index}", str(party), ("parties",)
    if "actor-uuid" in content:
        rooms = _ACTORS.get(str(content.get("type")), ("actors",))
        yield "actor-uuid", str(content["actor-uuid"]), rooms
    address = content.get("href")
    if isinstance(address, str) and address.startswith("#"):
        yield "href", address.removeprefix("#"), ("resources",)


def _no_times(places: Iterable[_Place]) -> Iterator[Problem]:
    for place in places:
        for key in _TIMES:
            said = place.content.get(key)
            if key in place.content and not _MOMENT.fullmatch(str(said)):
                yield Problem(f"{place.path}/{key}", f"{said} is no time with `T` and a zone")


def _ending_before_they_begin(places: Iterable[_Place]) -> Iterator[Problem]:
    for place in places:
        for first, last in _IN_ORDER:
            begin, end = _time(place.content.get(first)), _time(place.content.get(last))
            if begin and end and end < begin:
                yield Problem(f"{place.path}/{last}", f"{end} is before {first}, {begin}")


def _outside_of_what_was_reviewed(places: list[_Place]) -> Iterator[Problem]:
    for result in places:
        if result.within != "results":
            continue
        inside = [each for each in places if each.path.startswith(f"{result.path}/")]
        reviewed = _reviewed(inside)
        for place in inside:
            target = str(place.content.get("target-id"))
            if place.within == "target" and reviewed is not None and target not in reviewed:
                yield Problem(f"{place.path}/target-id", f"{target} was not reviewed")


def _reviewed(places: Iterable[_Place]) -> Set[str] | None:
    """Ids that a finding can be about; None: any."""
    found: set[str] = set()
    for place in places:
        if "include-all" in place.content:
            return None
        if place.within == "include-controls":
            found.add(str(place.content.get("control-id")))
            found.update(str(each) for each in _list(place.content.get("statement-ids")))
        if place.within == "include-objectives":
            found.add(str(place.content.get("objective-id")))
    return found


def _of_no_known_reason(places: Iterable[_Place]) -> Iterator[Problem]:
    for place in places:
        reason = place.content.get("reason", "other")
        if place.within == "status" and reason not in _REASONS:
            yield Problem(f"{place.path}/reason", f"{reason} is none of {', '.join(_REASONS)}")


def _time(said: object) -> datetime | None:
    if not isinstance(said, str) or not _MOMENT.fullmatch(said):
        return None
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return None


def _list(content: object) -> list[Any]:
    return content if isinstance(content, list) else []
