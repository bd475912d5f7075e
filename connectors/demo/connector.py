"""An invented organisation that is read like any other source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field, field_validator

from connectors.demo.governance import governance
from connectors.demo.organisation import organisation
from connectors.demo.pages import Pages, page_of
from connectors.demo.refusals import refusal, refused_streams
from connectors.demo.rows import Rows
from connectors.interface import (
    Batch,
    Connector,
    Context,
    Cursor,
    Finding,
    Reading,
    Severity,
    Stream,
)
from data.model import Gap, Record

_NEEDS = "nothing: the organisation is invented and comes with Cairn"
_LONGEST_YEARS = 10

CATALOGUE = Stream(
    "catalogue",
    (
        "repository", "service", "model", "model_card", "dataset", "pipeline", "lineage_edge",
        "imported_value", "gap",
    ),
    _NEEDS,
)  # fmt: skip
STREAMS = (
    CATALOGUE,
    Stream("changes", ("change", "commit"), _NEEDS),
    Stream("versions", ("version", "commit"), _NEEDS),
    Stream("deployments", ("deployment", "gap"), _NEEDS),
    Stream("incidents", ("incident", "gap"), _NEEDS),
    Stream(
        "models",
        ("model_version", "model_event", "training_run", "evaluation", "data_check", "gap"),
        _NEEDS,
    ),
    Stream("pipelines", ("pipeline_run", "task_run", "data_check", "gap"), _NEEDS),
    Stream("operations", ("alert", "indicator", "gap"), _NEEDS),
    Stream("reviews", ("review", "change_commit", "check_run", "gap"), _NEEDS),
    Stream("protection", ("protection",), _NEEDS),
    Stream("environments", ("environment",), _NEEDS),
    Stream("access", ("organisation", "member_access"), _NEEDS),
    Stream("reuse", ("reuse",), _NEEDS),
    Stream("findings", ("security_finding",), _NEEDS),
    Stream("audit", ("audit_event",), _NEEDS),
    *refused_streams(),
)
_WHOLE = frozenset({"protection", "environments", "access", "reuse", "findings", "audit"})
"""Streams of one page that tells all there is, as the catalogue does."""
_KEPT = frozenset({"reviews", "audit"})
"""Streams that tell of what happened since a day after the founding."""
_MONTHS = {"models": 3, "pipelines": 3, "operations": 3}
"""How many calendar months a page of a stream holds; one, if not told."""


class DemoSettings(BaseModel):
    """Which demo organisation, and up to which day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int = Field(default=7, description="another number gives another history")
    until: date = Field(
        default=date(2026, 11, 1), description="first day (UTC) that has not happened yet"
    )
    years: int = Field(
        default=2,
        ge=1,
        le=_LONGEST_YEARS,
        description="how far back from `until` the source can be read, at most to its founding",
    )

    @field_validator("until")
    @classmethod
    def _is_after_founding(cls, until: date) -> date:
        founded = organisation().founded
        if not founded < until <= founded.replace(year=founded.year + _LONGEST_YEARS):
            last = founded.year + _LONGEST_YEARS
            raise ValueError(f"must be after {founded} and not after {founded.replace(year=last)}")
        return until


class Demo(Connector):
    """Reads the demo organisation: streams with a page a month or a quarter, and of one page.

    What happened on a day depends on the seed and the days before it alone: a later `until` adds
    pages, and only resolves the incidents and alerts that were open.
    """

    Settings = DemoSettings
    is_live = False
    is_finished = True

    def __init__(self, source: str, settings: DemoSettings, context: Context) -> None:
        self.source = source
        self._settings = settings
        self._progress = context.progress
        self._rows = Rows(source, context.hotfix_pattern)

    def discover(self) -> Sequence[Stream]:
        """Lists the catalogue and the streams."""
        return STREAMS

    def pull(self, stream: Stream, cursor: Cursor | None) -> Iterator[Batch | Gap]:
        """Yields the whole if `until` has moved, the months from the cursor on, or a refusal."""
        refused = refusal(stream.name)
        if refused is not None:
            return self._pull_whole(cursor, lambda: page_of([], [refused]))
        if stream.name == CATALOGUE.name:
            return self._pull_whole(cursor, lambda: self._pages.catalogue(self._first))
        if stream.name in _WHOLE:
            from_at = _midnight(governance().told_from) if stream.name in _KEPT else None
            return self._pull_whole(cursor, lambda: self._pages.whole(stream.name), from_at)
        return self._pull_months(stream.name, cursor)

    def rows(self, stream: str, payload: bytes) -> Sequence[Record]:
        """Maps one archived page to canonical rows."""
        return list(self._rows.of(stream, payload))

    def check(self) -> Sequence[Finding]:
        """There is nothing that could be unreachable."""
        teams, repositories = organisation().teams, organisation().repositories()
        what = f"{organisation().name}: {len(teams)} teams, {len(repositories)} repositories"
        return (Finding(Severity.OK, what, self.source),)

    def _pull_whole(
        self,
        cursor: Cursor | None,
        page: Callable[[], bytes],
        complete_from: datetime | None = None,
    ) -> Iterator[Batch]:
        after = {"next": self._settings.until.isoformat()}
        if cursor != after:
            yield Batch(
                payload=page(),
                cursor=after,
                reading=Reading.COMPLETE,
                is_first=True,
                is_last=True,
                complete_until=_midnight(self._settings.until),
                complete_from=complete_from,
            )

    def _pull_months(self, stream: str, cursor: Cursor | None) -> Iterator[Batch]:
        first = date.fromisoformat(cursor["next"]) if cursor else self._first
        months = list(_months(first, self._settings.until, _MONTHS.get(stream, 1)))
        for done, (first, end) in enumerate(months, start=1):
            is_last = end == self._settings.until
            yield Batch(
                payload=self._pages.news(stream, first, end),
                cursor={"next": end.isoformat()},
                is_last=is_last,
                complete_until=_midnight(end) if is_last else None,
                complete_from=_midnight(governance().told_from) if stream in _KEPT else None,
            )
            self._progress(stream, done, len(months))

    @cached_property
    def _pages(self) -> Pages:
        return Pages(organisation(), self._settings.seed, self._settings.until)

    @property
    def _first(self) -> date:
        until = self._settings.until
        return max(organisation().founded, date(until.year - self._settings.years, until.month, 1))


def _months(first: date, end: date, together: int) -> Iterator[tuple[date, date]]:
    """The months between two days, or so many together, the first and last possibly cut."""
    while first < end:
        month = (first.month - 1) // together * together + together
        following = date(first.year + month // 12, month % 12 + 1, 1)
        yield first, min(following, end)
        first = following


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
