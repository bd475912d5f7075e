"""What the rows and gaps of an Airflow are called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from connectors.answers.understanding import LATE
from connectors.interface import Json
from data.model import Gap, GapReason

_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Naming:
    """One source."""

    source: str
    web_url: str
    """Address of its pages, with a slash at its end."""

    @property
    def prefix(self) -> str:
        """Start of the ids of its rows."""
        return f"airflow:{self.source}"

    def row_id(self, *path: str | int) -> str:
        """A readable id, such as `airflow:airflow#run/daily/manual__2026-…`."""
        return f"{self.prefix}#{'/'.join(map(str, path))}"

    def page(self, *path: str) -> str:
        """Where a person can see the thing."""
        return self.web_url + "/".join(map(_quoted, path))

    def gap(
        self, key: str, reason: GapReason, what: str, fix: str, count: int | None = None
    ) -> Gap:
        """Something that is missing."""
        return Gap(
            id=self.row_id("gap", key),
            source=self.source,
            reason=reason.value,
            what=what,
            fix=fix,
            count=count,
        )

    def unreadable(self, key: str, error: Exception, about: str | None = None) -> Gap:
        """A thing of a page that is not what it should be.

        Args:
            key: what it is.
            error: what came of reading it.
            about: id of the row that it would be.
        """
        said = " ".join(f"{type(error).__name__} {error}".split())[:_LONGEST]
        return Gap(
            id=self.row_id("gap", key),
            source=self.source,
            reason=GapReason.UNREADABLE.value,
            what=f"{key} cannot be read: {said}",
            fix=LATE,
            count=1,
            about=about,
        )

    def filter_ignored(self, stream: str, names: Sequence[str], what: str) -> Gap:
        """A filter that the server acts as if it had not heard."""
        told = f"the server ignores {', '.join(sorted(names))}: {what}"
        fix = "nothing is lost; a later version of Airflow 3 knows the filter"
        return self.gap(f"{stream}/filter", GapReason.FILTER_IGNORED, told, fix)

    def unknown_fields(
        self, stream: str, items: Sequence[Json], names: Sequence[str], about: str | None = None
    ) -> Iterator[Gap]:
        """A field that may be null is still sent: where it is not, it has another name now.

        Args:
            stream: of which the page is.
            items: those of the page.
            names: the fields.
            about: id of a row of the page: once that is told again, the gap is no more.
        """
        for name in names:
            count = sum(isinstance(item, dict) and name not in item for item in items)
            if count:
                yield Gap(
                    id=self.row_id("gap", stream, "field", name, *([about] if about else [])),
                    source=self.source,
                    reason=GapReason.UNREADABLE.value,
                    what=f"{count} items of a page of {stream} have no field {name!r}",
                    fix=LATE,
                    count=count,
                    about=about,
                )


@lru_cache(maxsize=10_000)
def _quoted(part: str) -> str:
    """A part of an address; the same DAGs and runs are named by every task."""
    return quote(part, safe="")


def text(item: Json, name: str) -> str:
    """A field that must be told.

    Raises:
        LookupError: if it is not there.
        TypeError: if it is no text.
    """
    told = item[name]
    if not isinstance(told, str) or not told:
        raise TypeError(f"{name} is {told!r}")
    return told


def text_or_none(item: Json, name: str) -> str | None:
    """A field that may be null or missing.

    Raises:
        TypeError: if it is something else.
    """
    return None if item.get(name) in (None, "") else text(item, name)
