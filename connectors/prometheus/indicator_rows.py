"""What a page of points says of each day."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum, isfinite

from connectors.answers.page import Header
from connectors.answers.understanding import UNREADABLE
from connectors.api.fields import packed
from connectors.api.source import ApiSource
from connectors.interface import Json
from connectors.prometheus.answers import items_of, series_of
from connectors.prometheus.labels import LabelNames, Labels, fingerprint, first_of
from connectors.prometheus.reader import at, graph
from data.model import Gap, GapReason, Indicator, IndicatorKind, Record

_DAY_SECONDS = 86_400

Points = Mapping[int, float]
"""Values that are known, by the end of the step they tell of."""


@dataclass(frozen=True, slots=True)
class _Day:
    """What the known points of a day come to."""

    value: float | None
    total: float | None
    points: int


@dataclass(frozen=True)
class IndicatorRows:
    """One page."""

    api: ApiSource
    header: Header
    answers: Sequence[Json]

    def rows(self) -> Iterator[Record]:
        """A row a day for each set of labels, and what is missing."""
        unread: dict[str, Gap] = {}
        read = [self._read(answer, unread) for answer in self.answers]
        yield from unread.values()
        main = read[-1]
        for digest, (labels, points) in main.items():
            if len(read) == 1:
                yield from self._series(digest, labels, points, None)
            elif digest in read[0]:
                yield from self._series(digest, labels, points, read[0][digest][1])
            else:
                yield self._without_good(digest, labels)

    def _read(self, answer: Json, unread: dict[str, Gap]) -> Mapping[str, tuple[Labels, Points]]:
        """Labels and points by the hash of the labels; what is no number is not known."""
        found: dict[str, tuple[Labels, Points]] = {}
        for item in items_of(answer):
            try:
                series = series_of(item)
            except UNREADABLE as error:
                gap = self.api.unreadable(
                    f"{self._stem}/{hashlib.sha256(packed(item)).hexdigest()[:12]}", error
                )
                unread[gap.id] = gap
            else:
                known = {time: value for time, value in series.points if isfinite(value)}
                found[fingerprint(series.labels)] = (series.labels, known)
        return found

    def _series(
        self, digest: str, labels: Labels, points: Points, good: Points | None
    ) -> Iterator[Record]:
        known = points if good is None else {t: v for t, v in points.items() if t in good}
        days: dict[int, list[int]] = defaultdict(list)
        for time in known:
            days[self._day(time)].append(time)
        # A day in between, of which nothing is known, is told as that.
        for day in range(min(days, default=0), max(days, default=-1) + 1, _DAY_SECONDS):
            times = days.get(day, [])
            part = None if good is None else [good[time] for time in times]
            told = self._told([known[time] for time in times], part)
            row = self._row(digest, labels, day, told)
            yield row
            if not self._fits(told.value):
                yield self._no_share(row, told.value)

    def _told(self, values: Sequence[float], good: Sequence[float] | None) -> _Day:
        count = len(values)
        total = fsum(values)
        if good is not None:
            return _Day(fsum(good) / total if total else None, total if count else None, count)
        if IndicatorKind(self.header["kind"]).is_count:
            return _Day(total if count else None, None, count)
        return _Day(total / count if count else None, None, count)

    def _row(self, digest: str, labels: Labels, day: int, told: _Day) -> Indicator:
        header = self.header
        query = list(header["asked"].values())[-1]
        until = min(day + _DAY_SECONDS, header["until"])
        environment = header["environment"] or first_of(self._names.environment, labels)
        return Indicator(
            id=self.api.row_id(self._stem, digest, f"{at(day):%Y-%m-%d}"),
            source=self.api.source,
            url=graph(header["server"], query, until),
            name=header["name"],
            kind=header["kind"],
            service=header["service"] or first_of(self._names.service, labels),
            environment=environment or header["default_environment"],
            from_at=at(day),
            until_at=at(until),
            value=told.value if self._fits(told.value) else None,
            target=header["target"],
            known_seconds=told.points * header["step"],
            total=told.total,
        )

    def _fits(self, value: float | None) -> bool:
        is_count = IndicatorKind(self.header["kind"]).is_count
        return value is None or (value >= 0 and (is_count or value <= 1))

    def _no_share(self, row: Indicator, value: float | None) -> Gap:
        return self.api.gap(
            f"{self._stem}/{row.id.rpartition('#')[2]}/no share",
            GapReason.UNREADABLE,
            f"{self._stem} was {value:g} on {row.from_at:%Y-%m-%d}: no share from 0 to 1",
            "divide a percentage by 100; put clamp_max(…, 1) around what may be more",
            1,
            (row.from_at, row.until_at),
        )

    def _without_good(self, digest: str, labels: Labels) -> Gap:
        told = ", ".join(f"{name}={labels[name]}" for name in sorted(labels)) or "no labels"
        return self.api.gap(
            f"{self._stem}/{digest}/good/{self.header['from']}",
            GapReason.NOT_FOUND,
            f"{self._stem}: `good` counts nothing where `total` does ({told})",
            "check that both have the same labels, and that `good` is counted from the start",
            during=(at(self.header["from"]), at(self.header["until"])),
        )

    def _day(self, time: int) -> int:
        step: int = self.header["step"]
        return (time - step) // _DAY_SECONDS * _DAY_SECONDS

    @property
    def _stem(self) -> str:
        return f"{self.header['kind']}/{self.header['name']}"

    @cached_property
    def _names(self) -> LabelNames:
        return LabelNames.model_validate(self.header["labels"])
