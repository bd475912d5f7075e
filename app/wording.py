"""Figures, times and foreign text as people read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from data.benchmarks.bands import Kind
from data.benchmarks.schema import load as load_benchmark
from data.metrics.definition import Unit, definition, definitions
from data.metrics.figure import NoBand, NoValue
from data.period import Window

NAMES = {metric.id: metric.name for metric in definitions().values()}
"""Short names of metrics, for tiles and column heads."""

DORA = ("deployment_frequency", "lead_time", "change_fail_rate", "recovery_time", "rework_rate")
"""The five metrics of DORA, in its order."""

_DAYS_A_MONTH = 365.25 / 12
_AFTER = {Unit.RATIO: "×", Unit.AMOUNT_PER_DAY: "a day", Unit.AMOUNT: "each", Unit.COUNT: ""}
"""What follows a number that needs no other form."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86400

NO_VALUE = {
    NoValue.NOTHING_DEPLOYED: "nothing deployed",
    NoValue.BEFORE_FIRST: "before the first deployment",
    NoValue.NOT_YET: "not known yet",
    NoValue.NONE_IN_PERIOD: "none in this period",
    NoValue.NOT_KNOWN: "not known",
    NoValue.NO_BASELINE: "no baseline decided",
    NoValue.BASELINE_UNKNOWN: "baseline not known",
    NoValue.UNLIKE: "not measured alike in the baseline",
    NoValue.NOT_BILLED: "no bill holds all of it",
    NoValue.PROVISIONAL: "bills are not final",
    NoValue.NO_RATE: "a rate of exchange is missing",
    NoValue.NOT_MEASURED: "not measured throughout",
    NoValue.TOO_FEW: "too few",
}
"""Reasons instead of a value, in a few words."""

NO_BAND = {
    NoBand.TOO_FEW: "too few for a band",
    NoBand.LOW_COVERAGE: "too little known for a band",
    NoBand.NOT_PUBLISHED: "no band published",
}
"""Reasons instead of a band."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A value as read: a number and, where it is not part of it, its unit."""

    number: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.unit}".rstrip()


def no_value(metric: str, reason: NoValue | None) -> str:
    """Why a figure has no value, in a few words; those of the metric where it has its own."""
    told = definition(metric)
    if reason is NoValue.NOTHING_DEPLOYED and told.absent is not None:
        return told.absent
    if reason is NoValue.NO_BASELINE:
        return f"no baseline decided: `cairn baseline set {told.of}`"
    if reason is NoValue.BEFORE_FIRST and told.absent is not None:
        return "before anything is known"
    if reason is NoValue.NOT_KNOWN and told.unknown is not None:
        return told.unknown
    if reason is NoValue.TOO_FEW:
        return f"fewer than {told.least} {told.counts[1]}"
    return NO_VALUE[reason] if reason else NO_VALUE[NoValue.NOT_KNOWN]


def reading(value: float, unit: Unit, beside: float | None = None) -> Reading:
    """A value in the unit that people would say it in.

    Args:
        value: what is told.
        unit: that of the metric.
        beside: the largest of the values that stand in one line; a rate is told in the unit that
            people would say that one in, so that all of them can be compared.
    """
    largest = value if beside is None else beside
    match unit:
        case Unit.PER_DAY:
            return _rate(value, largest)
        case Unit.PER_WEEK:
            return _rate(value / 7, largest / 7)
        case Unit.DAYS_PER_WEEK:
            return Reading(f"{value:.1f}", "of 7 days")
        case Unit.FRACTION:
            return Reading(percent(value))
        case Unit.SECONDS:
            return Reading(duration(value))
        case Unit.RATIO | Unit.AMOUNT_PER_DAY | Unit.AMOUNT | Unit.COUNT:
            number = f"{value:,.0f}" if unit is Unit.COUNT else significant(value)
            if unit is Unit.AMOUNT and 0 < abs(value) < 1:
                number = f"{value:.2g}"  # a price of a thousandth is often below one
            return Reading(number, _AFTER[unit])


def _rate(per_day: float, largest: float) -> Reading:
    for length, name in ((1.0, "per day"), (7.0, "per week"), (_DAYS_A_MONTH, "per month")):
        if largest * length >= 1 or largest == 0 or name == "per month":
            return Reading(significant(per_day * length) if per_day else "0", name)
    raise AssertionError


def significant(value: float) -> str:
    """Two or three digits that matter: 0.4, 2.6, 26.6, 1,240."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 0.1 or value == 0 else f"{value:.2g}"


def percent(fraction: float) -> str:
    """A fraction as a percentage: one decimal, and more where it is nearly all."""
    for decimals in (1, 2, 3):
        told = f"{fraction * 100:.{decimals}f} %"
        if fraction >= 1 or not told.startswith("100"):
            break
    return told


def rounded_percent(fraction: float) -> str:
    """A fraction as a whole percentage."""
    return f"{fraction * 100:.0f} %"


def duration(seconds: float) -> str:
    """The two largest units of a span of time: `1 d 6 h`."""
    minutes, hours = round(seconds / _MINUTE), round(seconds / _HOUR)
    if round(seconds) < _MINUTE:
        return f"{seconds:.0f} s"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return _two(minutes, 60, "h", "min")
    return _two(hours, 24, "d", "h")


def _two(count: int, size: int, larger: str, smaller: str) -> str:
    whole, rest = divmod(count, size)
    return f"{whole} {larger}" + (f" {rest} {smaller}" if rest and whole < 100 else "")


def counted(metric: str, count: int) -> str:
    """How many rows, by what they are: `2,393 deployments`."""
    one, many = definition(metric).counts
    return f"{count:,} {one if count == 1 else many}"


def day(when: date) -> str:
    """`3 Aug 2026`."""
    return f"{when.day} {when:%b %Y}"


def days(window: Window) -> str:
    """The first and the last day of a window, as short as can be: `3 Aug – 31 Oct 2026`."""
    last = window.end - timedelta(days=1)
    first = window.start
    if first == last:
        return day(last)
    if first.year != last.year:
        return f"{day(first)} – {day(last)}"
    if first.month != last.month:
        return f"{first.day} {first:%b} – {day(last)}"
    return f"{first.day} – {day(last)}"


def moment(when: datetime) -> str:
    """A moment in UTC: `21 Nov 2026, 09:19 UTC`."""
    at = when.astimezone(UTC)
    return f"{day(at.date())}, {at:%H:%M} UTC"


def ago(when: datetime, now: datetime) -> str:
    """How long ago, in one unit."""
    seconds = max(0, (now - when).total_seconds())
    for length, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "just now"


def listed(names: Sequence[str], most: int = 12) -> str:
    """Names in a row, with a count of those left out."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def edition_title(edition: str) -> str:
    """The name of a benchmark edition."""
    return load_benchmark(edition).title


def short_band(label: str, kind: Kind) -> str:
    """A band's label for a narrow cell."""
    if kind is Kind.CENTROIDS:
        between = re.fullmatch(r"between (.+) and (.+)", label)
        label = f"{between[1]}–{between[2]}" if between else label
    return label


_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """Foreign text made safe for Markdown: shown as it is, on one line, never as markup."""
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    return _PUNCTUATION.sub(r"\\\1", text)


def lacking(source: str, what: str) -> str:
    """What a gap of a source says, without the repository where that has the source's name."""
    return what.removeprefix(f"{source}: ")


def message(text: str) -> str:
    """A message as Markdown: what stands between backticks is code, the rest is as it is."""
    pieces = " ".join(text.split()).split("`")
    if len(pieces) % 2 == 0:
        return plain(text)
    return "".join(f"`{p}`" if i % 2 and p else _escaped(p) for i, p in enumerate(pieces))
