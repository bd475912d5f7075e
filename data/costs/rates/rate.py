"""The file of rates: a CSV that is read strictly. One row that cannot be meant, and none counts."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from data.configuration import ConfigurationError
from data.configuration.costs import CostSettings, RateOf

COLUMNS = ("day", "base", "quote", "rate", "source")
PLACES = 12
"""Decimals of a rate at most: as many as an amount has."""
_CURRENCY = re.compile(r"[A-Z]{3}")
_RATE = re.compile(rf"\d{{1,12}}(\.\d{{1,{PLACES}}})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class RatesRefused(ConfigurationError):
    """The file of rates says something that cannot be meant."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency was worth on a day."""

    day: date
    base: str
    """The currency of which one unit is meant."""
    quote: str
    """The currency in which its worth is told."""
    rate: Decimal
    source: str
    """Who says so."""


@dataclass(frozen=True, slots=True)
class Rates:
    """All that a file says, and how it is used."""

    all: tuple[Rate, ...] = ()
    currency: str | None = None
    """The currency of sums; None: that of the bills, if they have but one."""
    rate_of: RateOf = RateOf.MONTH_END

    @property
    def sha256(self) -> str:
        """Changes when any rate does, or its use."""
        told = [self.currency or "", self.rate_of.value, *(repr(one) for one in self.all)]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


NO_RATES = Rates()


def rates_of(folder: Path, settings: CostSettings) -> Rates:
    """The rates that a configuration names; none if it names none.

    Raises:
        RatesRefused: as `read_rates`.
    """
    found = read_rates(folder / Path(settings.rates).expanduser()) if settings.rates else ()
    return Rates(found, settings.currency, settings.rate_of)


def read_rates(path: Path) -> tuple[Rate, ...]:
    """Reads a file of rates, in the order of pairs and days.

    Raises:
        RatesRefused: naming file and line of the first row that cannot be meant.
    """
    found: dict[tuple[str, str, date], Rate] = {}
    for one in _told(path):
        if isinstance(one, RatesRefused):
            raise one
        found[one.base, one.quote, one.day] = one
    return tuple(found[key] for key in sorted(found))


def rate_faults(path: Path) -> Iterator[RatesRefused]:
    """Yields what cannot be meant, row by row."""
    try:
        yield from (one for one in _told(path) if isinstance(one, RatesRefused))
    except RatesRefused as error:
        yield error


def _told(path: Path) -> Iterator[Rate | RatesRefused]:
    """Each row: its rate, or why it is none.

    Raises:
        RatesRefused: if no further row can be read.
    """
    seen: set[tuple[str, str, date]] = set()
    for line, row in _rows(_text(path), path):
        try:
            one = _rate(row, path, line)
        except RatesRefused as error:
            yield error
            continue
        if (one.base, one.quote, one.day) in seen:
            what = f"a second rate of {one.base} in {one.quote} on {one.day}"
            yield _refused(path, line, what, "leave one of the two")
            continue
        seen.add((one.base, one.quote, one.day))
        yield one


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        fix = "bring the file, or correct `rates` in cairn.toml"
        raise RatesRefused("there is no file of rates", str(path), fix) from error
    except (OSError, UnicodeDecodeError) as error:
        raise RatesRefused("cannot be read as text", str(path), "save it as UTF-8") from error


def _rows(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = next(reader, [])
        if sorted(head) != sorted(COLUMNS):
            what = f"the head is {_listed(head) or 'empty'}"
            raise _refused(path, 1, what, f"let it be {_listed(COLUMNS)}")
        for row in reader:
            if not row:
                continue
            if len(row) != len(head):
                what = f"{len(row)} cells where the head has {len(head)}"
                raise _refused(path, reader.line_num, what, "mend the row")
            yield reader.line_num, dict(zip(head, row, strict=True))
    except csv.Error as error:
        raise _refused(path, reader.line_num, f"is no CSV ({error})", "mend the row") from error


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _rate(row: Mapping[str, str], path: Path, line: int) -> Rate:
    for name in ("base", "quote"):
        if not _CURRENCY.fullmatch(row[name]):
            what = f"`{name}` is {row[name]!r}, which is no currency"
            raise _refused(path, line, what, "write three capital letters, as `EUR`")
    if row["base"] == row["quote"]:
        raise _refused(path, line, f"a rate of {row['base']} in itself", "take the row out")
    if not row["source"].strip():
        raise _refused(path, line, "`source` is empty", "say who publishes the rate")
    day, rate = _day(row["day"], path, line), _number(row["rate"], path, line)
    return Rate(day, row["base"], row["quote"], rate, row["source"].strip())


def _day(text: str, path: Path, line: int) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _refused(path, line, f"`day` is {text!r}, which is no day", "write it as `2026-09-30`")


def _number(text: str, path: Path, line: int) -> Decimal:
    if not _RATE.fullmatch(text) or not Decimal(text):
        what = f"`rate` is {text!r}, which is no rate"
        fix = f"write a number above 0 with a point and at most {PLACES} decimals, as `0.9215`"
        raise _refused(path, line, what, fix)
    return Decimal(text)


def _refused(path: Path, line: int, what: str, fix: str) -> RatesRefused:
    return RatesRefused(f"{what}: none of the file is used", f"{path}, line {line}", fix)
