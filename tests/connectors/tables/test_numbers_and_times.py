"""What a cell means: one thing, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.tables.fields import fields_of
from connectors.tables.settings import Cell, Layout
from connectors.tables.value import Unfit, conversion

_VALUE = fields_of("imported_value")


def convert(entity: str, name: str, text: str, cell: dict[str, Any], layout: dict[str, Any]) -> Any:
    told = Cell.model_validate({"column": "c", **cell})
    how = Layout.model_construct(**{"decimal": ".", "thousands": "", "time_zone": "UTC", **layout})
    return conversion(fields_of(entity)[name], told, how, is_typed=False)(text)


def number(text: str, cell: dict[str, Any] | None = None, **layout: str) -> Any:
    return convert("imported_value", "value", text, cell or {}, layout)


def time(text: str, cell: dict[str, Any] | None = None, **layout: str) -> Any:
    return convert("imported_value", "from_at", text, cell or {}, layout)


@pytest.mark.parametrize(
    ("text", "layout", "value"),
    [
        ("1234.5", {}, 1234.5),
        (" -7 ", {}, -7.0),
        ("1e3", {}, 1000.0),
        (".5", {}, 0.5),
        ("1,234.5", {"thousands": ","}, 1234.5),
        ("1.234,5", {"decimal": ",", "thousands": "."}, 1234.5),
        ("1.234", {"decimal": ",", "thousands": "."}, 1234.0),
        ("1.234", {}, 1.234),
        ("1 234 567,25", {"decimal": ",", "thousands": " "}, 1234567.25),
        ("1\u202f234,25", {"decimal": ",", "thousands": " "}, 1234.25),
        ("1’234.5", {"thousands": "’"}, 1234.5),
        ("1234,5", {"decimal": ",", "thousands": "."}, 1234.5),
    ],
)
def test_a_number_is_read_as_the_settings_say(
    text: str, layout: dict[str, str], value: float
) -> None:
    assert number(text, {}, **layout) == value


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("1,234.5", {}),
        ("1.234,5", {}),
        ("1,5", {}),
        ("1.5", {"decimal": ","}),
        ("12,34", {"thousands": ","}),
        ("1,2345", {"thousands": ","}),
        ("1,234.5", {"decimal": ",", "thousands": "."}),
        ("nan", {}),
        ("inf", {}),
        ("1e999", {}),
        ("12%", {}),
        ("1_000", {}),
        ("٣", {}),
        ("0x10", {}),
        ("--1", {}),
        ("1 2", {}),
        ("n/a", {}),
    ],
)
def test_what_could_be_another_number_or_none_is_refused(text: str, layout: dict[str, str]) -> None:
    with pytest.raises(Unfit):
        number(text, {}, **layout)


def test_a_refused_number_names_the_settings_that_may_be_wrong() -> None:
    with pytest.raises(Unfit, match=r'`1,234.5` is no number with `decimal = "."`'):
        number("1,234.5")


def test_a_scale_is_exact_and_a_suffix_is_taken_off() -> None:
    assert number("0.1", {"scale": 3}) == 0.3
    assert number("12.5 %", {"scale": "0.01", "suffix": "%"}) == 0.125
    with pytest.raises(Unfit, match="does not end in `%`"):
        number("12.5", {"suffix": "%"})


def test_a_whole_number_has_no_fraction() -> None:
    assert convert("deployment", "attempt", "2", {}, {}) == 2
    assert convert("deployment", "attempt", "2.0", {}, {}) == 2
    for text in ("2.5", "1e30"):
        with pytest.raises(Unfit):
            convert("deployment", "attempt", text, {}, {})


def test_only_true_and_false_are_truths() -> None:
    assert convert("incident", "is_withdrawn", "TRUE", {}, {}) is True
    for text in ("1", "yes", "x"):
        with pytest.raises(Unfit, match="`words`"):
            convert("incident", "is_withdrawn", text, {}, {})


@pytest.mark.parametrize(
    ("text", "cell", "zone", "wanted"),
    [
        ("2026-03-31", {}, "UTC", "2026-03-31T00:00Z"),
        ("2026-03-31", {}, "Europe/Berlin", "2026-03-30T22:00Z"),
        ("2026-03-31T10:00+02:00", {}, "America/New_York", "2026-03-31T08:00Z"),
        ("2026-03-31 10:00:00.5", {}, "UTC", "2026-03-31T10:00:00.500Z"),
        ("31.03.2026", {"format": "%d.%m.%Y"}, "UTC", "2026-03-31T00:00Z"),
        ("2026-03", {"format": "%Y-%m"}, "UTC", "2026-03-01T00:00Z"),
        ("2026-03-31", {"is_inclusive": True}, "UTC", "2026-04-01T00:00Z"),
    ],
)
def test_a_time_is_of_its_own_zone_or_of_the_one_that_is_set(
    text: str, cell: dict[str, Any], zone: str, wanted: str
) -> None:
    assert time(text, cell, time_zone=zone) == datetime.fromisoformat(wanted).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "cell", "why"),
    [
        ("03/04/2026", {}, "is no time by ISO 8601"),
        ("2026-02-30", {}, "is no time"),
        ("45000", {}, "is no time"),
        ("2026-03-29T02:30", {}, "never was in Europe/Berlin"),
        ("2026-10-25T02:30", {}, "was twice in Europe/Berlin"),
        ("0001-01-01", {}, "out of all time"),
        ("2026-03-31T10:00", {"is_inclusive": True}, "is no day"),
    ],
)
def test_a_time_that_is_none_or_two_is_refused(text: str, cell: dict[str, Any], why: str) -> None:
    with pytest.raises(Unfit, match=why):
        time(text, cell, time_zone="Europe/Berlin")


def test_a_field_that_takes_few_words_takes_no_others() -> None:
    assert set(_VALUE) >= {"measure", "team", "about", "value", "unit", "from_at", "until_at"}
    assert {"id", "source"}.isdisjoint(_VALUE)
