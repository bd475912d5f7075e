"""Windows of time as people say them, and the periods a trend is cut into.

All bounds are days of a local calendar: a row belongs to the period in which it happened by the
clock of the team that owns it (or of one named zone).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from data.errors import WrongQuestion


class PeriodError(WrongQuestion):
    """A period cannot be read, or ends before it begins."""


class Grain(StrEnum):
    """How long the periods of a trend are. Weeks begin on Monday (ISO 8601)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MOST_PERIODS = 1_500
"""More points than a screen is wide tell no more: four years by day, 28 by week."""
_SHORTEST = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 28, Grain.QUARTER: 90, Grain.YEAR: 365}
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


@dataclass(frozen=True, slots=True)
class Window:
    """The days from `start` (included) to `end` (excluded)."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days

    @property
    def before(self) -> Window:
        """The window of the same kind just before: a month for a month, else as many days."""
        grain = _whole(self)
        if grain is not None:
            return Window(floor(self.start - timedelta(days=1), grain), self.start)
        return Window(self.start - timedelta(days=self.days), self.start)

    @property
    def label(self) -> str:
        """`2026-05` for a whole month, likewise for other calendar periods, else both days."""
        grain = _whole(self)
        if grain is not None:
            return label(self.start, grain)
        return self._days

    def label_in(self, grain: Grain) -> str:
        """The name of a period of a trend: of a calendar period of that length, else both days.

        A week of which a window holds one day alone is no day, and a month of which it holds a
        week is no week.
        """
        return label(self.start, grain) if self.is_whole(grain) else self._days

    def is_whole(self, grain: Grain) -> bool:
        """Whether it is one whole calendar period of that length."""
        return floor(self.start, grain) == self.start and following(self.start, grain) == self.end

    @property
    def _days(self) -> str:
        return f"{self.start}/{self.end - timedelta(days=1)}"


def window(start: date, end: date) -> Window:
    """A window of at least one day.

    Raises:
        PeriodError: if it ends before it begins.
    """
    if end <= start:
        raise PeriodError(f"the period {start} to {end} has no day in it", "", "swap the dates")
    if start.year < _FIRST_YEAR or (end - timedelta(days=1)).year > _LAST_YEAR:
        what = f"the period {start} to {end} leaves the years {_FIRST_YEAR} to {_LAST_YEAR}"
        raise PeriodError(what, "", "name days between them")
    return Window(start, end)


def parse_window(text: str, today: date) -> Window:
    """Reads `2026`, `2026-Q2`, `2026-05`, `2026-W20`, `2026-05-17`, `90d`, `12w` or `6m`.

    The last three end today (excluded).

    Raises:
        PeriodError: if the text is none of these.
    """
    rolling = re.fullmatch(r"(\d{1,4})([dwm])", text)
    try:
        return _rolling(int(rolling[1]), rolling[2], today) if rolling else _calendar(text)
    except (ValueError, OverflowError) as error:
        raise PeriodError(
            f"`{text}` is no period", "", "write 2026, 2026-Q2, 2026-05, 2026-W20, 90d or 6m"
        ) from error


def periods(whole: Window, grain: Grain) -> list[Window]:
    """Cuts a window into calendar periods; the first and the last are clipped to the window.

    Raises:
        PeriodError: if that were more than anyone can look at.
    """
    if not fits(whole, grain):
        what = f"{whole.days:,} days cut by {grain.value} are more than {MOST_PERIODS} periods"
        raise PeriodError(what, "", "choose a longer grain or fewer days")
    found = []
    start = whole.start
    while start < whole.end:
        end = min(following(floor(start, grain), grain), whole.end)
        found.append(Window(start, end))
        start = end
    return found


def fits(whole: Window, grain: Grain) -> bool:
    """Whether a window has at most `MOST_PERIODS` periods."""
    return whole.days <= MOST_PERIODS * _SHORTEST[grain]


def floor(day: date, grain: Grain) -> date:
    """First day of the calendar period that a day lies in."""
    match grain:
        case Grain.DAY:
            return day
        case Grain.WEEK:
            return day - timedelta(days=day.weekday())
        case Grain.MONTH:
            return day.replace(day=1)
        case Grain.QUARTER:
            return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
        case Grain.YEAR:
            return day.replace(month=1, day=1)


def following(start: date, grain: Grain) -> date:
    """First day of the calendar period after the one that begins on `start`."""
    longest = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 31, Grain.QUARTER: 92, Grain.YEAR: 366}
    return floor(start + timedelta(days=longest[grain]), grain)


def label(start: date, grain: Grain) -> str:
    """The name of a calendar period, as `parse_window` reads it."""
    match grain:
        case Grain.DAY:
            return start.isoformat()
        case Grain.WEEK:
            year, week, _ = start.isocalendar()
            return f"{year}-W{week:02}"
        case Grain.MONTH:
            return f"{start:%Y-%m}"
        case Grain.QUARTER:
            return f"{start.year}-Q{(start.month - 1) // 3 + 1}"
        case Grain.YEAR:
            return str(start.year)


def _whole(whole: Window) -> Grain | None:
    for grain in (Grain.YEAR, Grain.QUARTER, Grain.MONTH, Grain.WEEK, Grain.DAY):
        if whole.is_whole(grain):
            return grain
    return None


def _rolling(count: int, unit: str, today: date) -> Window:
    if unit == "m":
        return window(_months_before(today, count), today)
    return window(today - timedelta(days=count * (7 if unit == "w" else 1)), today)


def _months_before(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 - count
    first = date(months // 12, months % 12 + 1, 1)
    last = following(first, Grain.MONTH) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)


def _calendar(text: str) -> Window:
    if match := re.fullmatch(r"(\d{4})", text):
        return _of(date(int(match[1]), 1, 1), Grain.YEAR)
    if match := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        return _of(date(int(match[1]), 3 * int(match[2]) - 2, 1), Grain.QUARTER)
    if match := re.fullmatch(r"(\d{4})-W(\d{2})", text):
        return _of(date.fromisocalendar(int(match[1]), int(match[2]), 1), Grain.WEEK)
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return _of(date(int(match[1]), int(match[2]), 1), Grain.MONTH)
    return _of(date.fromisoformat(text), Grain.DAY)


def _of(start: date, grain: Grain) -> Window:
    return window(start, following(start, grain))
