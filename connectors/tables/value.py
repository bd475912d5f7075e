"""Turning the text of a cell into a value, strictly: what could mean two things means neither."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from zoneinfo import ZoneInfo

from connectors.tables.settings import Cell, Layout
from data.model import Column

Value = str | int | float | bool | datetime | tuple[str, ...]
Convert = Callable[[str], Value]
"""Raises `Unfit`."""

_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPACES = "\u00a0\u202f\u2009"
"""Spaces that print as one and group digits in some countries' files."""
_INT64 = 2**63
_SHOWN = 40


class Unfit(ValueError):
    """A text that is no value of its field; says why."""


def shown(text: str) -> str:
    """A cell as a message shows it."""
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return "`" + "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut) + "`"


def conversion(field: Column, cell: Cell, layout: Layout, *, is_typed: bool) -> Convert:
    """How the texts of a column become values of a field.

    Args:
        field: what they are to become.
        cell: what the mapping says of the column.
        layout: how numbers and times are written.
        is_typed: whether the file itself knows numbers and times: they are written plainly then.
    """
    kind = field.python_type
    if kind in (int, float):
        return _number(kind, cell, layout, is_typed=is_typed)
    if kind is bool:
        return _truth
    if kind is datetime:
        return _time(cell, layout.time_zone, is_typed=is_typed)
    if kind is tuple:
        return _typed_list if is_typed else lambda text: _list(text, cell.separator)
    return _text


def limited(convert: Convert, words: Collection[str]) -> Convert:
    """The same for a field that takes certain words only."""

    def one_of(text: str) -> Value:
        value = convert(text)
        if value not in words:
            raise Unfit(f"{shown(text)} is none of {', '.join(words)}")
        return value

    return one_of


def matching(convert: Convert, pattern: re.Pattern[str]) -> Convert:
    """The same for a field whose texts have a certain form."""

    def formed(text: str) -> Value:
        if not pattern.fullmatch(text):
            raise Unfit(f"{shown(text)} must be small letters, digits and `_`")
        return convert(text)

    return formed


def _text(text: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Unfit(f"{shown(text)} has bytes that are no text: set `encoding`") from None
    if "\0" in text:
        raise Unfit(f"{shown(text)} has a NUL")
    return text


def _truth(text: str) -> bool:
    word = text.strip().lower()
    if word not in ("true", "false"):
        raise Unfit(f"{shown(text)} is neither `true` nor `false`: name it in `words`")
    return word == "true"


def _list(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part for each in _text(text).split(separator) if (part := each.strip()))


def _typed_list(text: str) -> tuple[str, ...]:
    told = json.loads(text)
    if not isinstance(told, list) or not all(isinstance(each, str) for each in told):
        raise Unfit(f"{shown(text)} is no list of texts")
    return tuple(map(_text, told))


def _number(kind: type, cell: Cell, layout: Layout, *, is_typed: bool) -> Convert:
    decimal, thousands = (".", "") if is_typed else (layout.decimal, layout.thousands)
    pattern = _PLAIN if (decimal, thousands) == (".", "") else _grouped(decimal, thousands)
    scale = cell.scale

    def number(text: str) -> float | int:
        bare = _without_suffix(text.strip(), cell.suffix)
        if not bare.isascii() and thousands == " ":
            bare = bare.translate(dict.fromkeys(map(ord, _SPACES), " "))
        if not pattern.fullmatch(bare):
            raise Unfit(_why_no_number(text, decimal, thousands))
        if thousands:
            bare = bare.replace(thousands, "")
        if decimal == ",":
            bare = bare.replace(",", ".")
        if kind is float and scale is None:
            return _finite(float(bare), text)
        exact = Decimal(bare) * (1 if scale is None else scale)
        return _finite(float(exact), text) if kind is float else _whole(exact, text)

    return number


def _grouped(decimal: str, thousands: str) -> re.Pattern[str]:
    point, group = re.escape(decimal), re.escape(thousands)
    whole = rf"\d{{1,3}}(?:{group}\d{{3}})+|\d+" if thousands else r"\d+"
    return re.compile(rf"[+-]?(?:{whole})(?:{point}\d*)?|[+-]?{point}\d+", re.ASCII)


def _without_suffix(text: str, suffix: str | None) -> str:
    if suffix is None:
        return text
    if not text.endswith(suffix):
        raise Unfit(f"{shown(text)} does not end in `{suffix}`")
    return text.removesuffix(suffix).rstrip()


def _why_no_number(text: str, decimal: str, thousands: str) -> str:
    why = f"{shown(text)} is no number"
    signs = [sign for sign in ".,' ’" if sign in text.strip() and sign not in (decimal, thousands)]
    if signs and any(character.isdigit() for character in text):
        return f'{why} with `decimal = "{decimal}"` and `thousands = "{thousands}"`'
    return why


def _finite(value: float, text: str) -> float:
    if not isfinite(value):
        raise Unfit(f"{shown(text)} is too large")
    return value


def _whole(value: Decimal, text: str) -> int:
    if value != value.to_integral_value() or not -_INT64 <= value < _INT64:
        raise Unfit(f"{shown(text)} is no whole number that can be kept")
    return int(value)


def _time(cell: Cell, zone: str, *, is_typed: bool) -> Convert:
    here = ZoneInfo(zone)
    form = None if is_typed else cell.format

    @lru_cache(maxsize=10_000)
    def time(text: str) -> datetime:
        bare = text.strip()
        try:
            told = datetime.strptime(bare, form) if form else datetime.fromisoformat(bare)  # noqa: DTZ007 - the zone follows
        except ValueError:
            wanted = f"in the format `{form}`" if form else "by ISO 8601 such as 2026-03-31"
            raise Unfit(f"{shown(text)} is no time {wanted}") from None
        if cell.is_inclusive:
            if told.time() != datetime.min.time():
                raise Unfit(f"{shown(text)} is no day, though `is_inclusive` is set")
            told += timedelta(days=1)
        return in_zone(told, here, text)

    return time


def in_zone(told: datetime, zone: ZoneInfo, text: str) -> datetime:
    """A time in UTC; one that tells no zone is of the given one.

    Raises:
        Unfit: if the clocks there never showed it, or twice, or it is out of all time.
    """
    try:
        if told.tzinfo is not None:
            return told.astimezone(UTC)
        first, second = (told.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError:
        raise Unfit(f"{shown(text)} is out of all time") from None
    if first != second:
        is_skipped = first.astimezone(zone).replace(tzinfo=None) != told
        why = "never was" if is_skipped else "was twice"
        raise Unfit(f"{shown(text)} {why} in {zone.key}, where clocks changed: write its offset")
    return first
