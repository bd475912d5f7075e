"""What a rule says of a charge: texts fit patterns, numbers and times lie in spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.configuration import ConfigurationError
from data.costs.allocation.book_file import read_book
from data.costs.allocation.dimension import dimension
from data.costs.allocation.span import Span, span
from data.costs.bill.column import Type, known
from tests.data.costs.allocation.test_allocating import charge, done


def caught(match: Mapping[str, Any], values: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Of each charge with these values, whether a rule with this match catches it."""
    book = {"rule": [{"id": "r", "match": match, "team": "pay"}]}
    rows = done(book, [charge(**one) for one in values]).execute(
        "select rule is not null from allocated order by bill_row"
    )
    return [is_caught for (is_caught,) in rows.fetchall()]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("< 0", [True, False, False, False, False, False]),
        ("<= 0", [True, True, False, False, False, False]),
        ("0", [False, True, False, False, False, False]),
        ("= 0", [False, True, False, False, False, False]),
        ("> 0", [False, False, True, True, True, False]),
        (">= 10", [False, False, False, True, True, False]),
        ("> 10", [False, False, False, False, True, False]),
        (">= 0 and < 10", [False, True, True, False, False, False]),
        (["< 0", "10"], [True, False, False, True, False, False]),
        ("", [False, False, False, False, False, True]),
        (["", "> 10"], [False, False, False, False, True, True]),
    ],
)
def test_an_amount_is_compared_to_its_last_place(words: Any, expected: list[bool]) -> None:
    amounts = ["-0.000000000001", "0", "0.000000000001", "10", "10.000000000001", None]
    assert caught({"ListCost": words}, [{"ListCost": one} for one in amounts]) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2026-01", [False, True, True, True, False]),
        ("< 2026-01", [True, False, False, False, False]),
        ("> 2026-01", [False, False, False, False, True]),
        ("<= 2026-01-05", [True, True, True, False, False]),
        ("2026-01-05", [False, False, True, False, False]),
        ("2026", [False, True, True, True, True]),
        ("< 2026", [True, False, False, False, False]),
        (">= 2026-01-05T23:59Z and < 2026-02", [False, False, False, True, False]),
        ("2026-01-05T23:58:59.5Z", [False, False, True, False, False]),
        ("2025-12-31T23:59:59.999999Z", [True, False, False, False, False]),
    ],
)
def test_a_time_lies_in_a_month_a_day_or_at_a_moment_in_utc(
    words: str, expected: list[bool]
) -> None:
    moments = [
        "2025-12-31T23:59:59.999999Z",
        "2026-01-01T01:00:00+01:00",
        "2026-01-05T23:58:59.5Z",
        "2026-01-31T23:59:59Z",
        "2026-02-01T00:00:00Z",
    ]
    values = [{"ChargePeriodStart": one} for one in moments]
    assert caught({"ChargePeriodStart": words}, values) == expected


def test_days_of_a_rule_and_times_that_it_names_hold_together() -> None:
    rules = [
        {"id": "r", "match": {"ChargePeriodStart": ">= 2026-01-10"}, "team": "pay",
         "from": "2026-01-05", "until": "2026-01-20"},
    ]  # fmt: skip
    days = ["2026-01-04", "2026-01-05", "2026-01-10", "2026-01-19T23:59Z", "2026-01-20"]
    rows = done({"rule": rules}, [charge(ChargePeriodStart=day) for day in days]).execute(
        "select rule from allocated order by bill_row"
    )
    assert [rule for (rule,) in rows.fetchall()] == [None, None, "r", "r", None]


def test_unless_leaves_out_amounts() -> None:
    rules = [{"id": "r", "match": {}, "unless": {"BilledCost": ["0", "> 100"]}, "team": "pay"}]
    amounts = ["0", "0.01", "100", "100.01", "-5"]
    rows = done({"rule": rules}, [charge(one) for one in amounts]).execute(
        "select rule from allocated order by bill_row"
    )
    assert [rule for (rule,) in rows.fetchall()] == [None, "r", "r", None, "r"]


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ({"SkuPriceDetails.CoreCount": "16"}, [True, False, False, False]),
        ({"SkuPriceDetails.corecount": ["4", "16"]}, [True, True, False, False]),
        ({"SkuPriceDetails.Os / ~Kind": "LIN*"}, [False, True, False, False]),
        ({"SkuPriceDetails.CoreCount": ""}, [False, False, True, True]),
        ({"SkuPriceDetails": ""}, [False, False, True, True]),
        ({"SkuPriceDetails": "*linux*"}, [False, True, False, False]),
    ],
)
def test_a_column_of_json_is_looked_at_by_key_or_as_a_whole(
    match: Mapping[str, Any], expected: list[bool]
) -> None:
    told = ['{"CoreCount": 16}', '{"CoreCount":"4","os / ~kind":"Linux"}', " { } ", None]
    assert caught(match, [{"SkuPriceDetails": one} for one in told]) == expected


def test_no_tags_at_all_can_be_asked_for() -> None:
    told = [None, "{}", '{"team": "web"}']
    assert caught({"Tags": ""}, [{"Tags": one} for one in told]) == [True, True, False]


def test_each_column_of_a_bill_can_be_matched() -> None:
    names = [name for name in known().columns if name not in charge()]
    for name in names:
        values = [{name: None}, {name: _some(known().columns[name].type)}]
        assert caught({name: ""}, values) == [True, False], name
    assert len(names) > 50


def _some(kind: Type) -> str:
    return {Type.DECIMAL: "1", Type.MOMENT: "2026-01-01", Type.JSON: '{"a": 1}'}.get(kind, "text")


NUMBERS = st.sampled_from([Decimal(text) for text in ("-1.5", "-1", "0", "0.5", "1", "2", "10")])
SIGNS = st.sampled_from(["<", "<=", ">", ">=", "=", ""])
ASKED = st.lists(st.tuples(SIGNS, NUMBERS), min_size=1, max_size=2)


@settings(max_examples=100, deadline=None)
@given(st.lists(ASKED, min_size=1, max_size=6), st.lists(NUMBERS | st.none(), min_size=1))
def test_rules_with_many_bounds_catch_what_the_comparisons_say(
    asked: list[list[tuple[str, Decimal]]], amounts: list[Decimal | None]
) -> None:
    told = [" and ".join(f"{sign} {value}" for sign, value in parts) for parts in asked]
    possible = [n for n, text in enumerate(told) if _can_be(text)]
    rules = [
        {"id": f"r{n}", "match": {"ListCost": told[n]}, "team": "pay"} for n in possible
    ]  # fmt: skip
    charges = [charge(ListCost=None if one is None else str(one)) for one in amounts]
    rows = done({"rule": rules}, charges).execute("select rule from allocated order by bill_row")
    expected = [
        next((f"r{n}" for n in possible if one is not None and _holds(one, asked[n])), None)
        for one in amounts
    ]
    assert [rule for (rule,) in rows.fetchall()] == expected


def _can_be(text: str) -> bool:
    try:
        span(text, Type.DECIMAL)
    except ValueError:
        return False
    return True


def _holds(value: Decimal, parts: list[tuple[str, Decimal]]) -> bool:
    return all(
        {"<": value < other, "<=": value <= other, ">": value > other, ">=": value >= other}.get(
            sign, value == other
        )
        for sign, other in parts
    )


def test_a_span_of_the_largest_amount_is_exact() -> None:
    largest = "9" * 25 + "." + "9" * 12
    assert span(largest, Type.DECIMAL) == Span(Decimal(largest), Decimal(10) ** 25)


def test_a_moment_lasts_as_long_as_the_database_can_tell() -> None:
    found = span("2026-01-01T00:00Z", Type.MOMENT)
    first = datetime(2026, 1, 1, tzinfo=UTC)
    assert found == Span(first, first + timedelta(microseconds=1))


def test_names_stand_for_columns_keys_and_tags() -> None:
    assert dimension("tag.") is None
    assert dimension("ServiceName.x") is None
    assert dimension("SkuPriceDetails.") is None
    own = dimension("x_unit.of")
    assert own is not None
    assert (own.column, own.key) == ("x_unit.of", None)


@pytest.mark.parametrize(
    ("match", "said"),
    [
        ('BilledCost = "M*"', "`M*` is nothing that BilledCost is compared with; write a number"),
        ('BilledCost = ["1", "1,5"]', "`1,5` is nothing"),
        ('BilledCost = "1e3"', "write a number"),
        ('BilledCost = "0.0000000000001"', "twelve decimal places"),
        ('BilledCost = "=> 1"', "a comparison is one of"),
        ('BilledCost = "< 0 and > 1"', "no value is all of that"),
        ('BilledCost = "< 0 and"', "write a number"),
        ('ListCost = "NaN"', "write a number"),
        ('ChargePeriodStart = "2026-13"', "write a year, a month"),
        ('ChargePeriodStart = "2026-02-30"', "write a year, a month"),
        ('ChargePeriodStart = "9999-12"', "write a year, a month"),
        ('ChargePeriodStart = "9999"', "write a year, a month"),
        ('ChargePeriodStart = "2026-01-01T12:00"', "a moment in UTC"),
        ('ChargePeriodStart = "5/1/25"', "write a year, a month"),
        ("BilledCost = 0", "`BilledCost`"),
        ("ChargePeriodStart = 2026-01-01", "`ChargePeriodStart`"),
        ('Billedcost = "0"', "`Billedcost` is no column of a bill; did you mean `BilledCost`"),
        ('"ServiceName.a" = "x"', "`ServiceName.a` is no column"),
    ],
)
@pytest.mark.parametrize("key", ["match", "unless"])
def test_what_cannot_be_compared_is_told_with_its_line(
    tmp_path: Path, match: str, said: str, key: str
) -> None:
    other = "" if key == "match" else "match = {}\n"
    text = f'version = "1"\n[[rule]]\nid = "a"\nteam = "pay"\n{other}{key} = {{ {match} }}\n'
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as error:
        read_book(path)
    assert f"line {5 if key == 'match' else 6}" in str(error.value)
    assert said in str(error.value)
