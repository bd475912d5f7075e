"""Allocation as a whole: random bills under random rules lose nothing; each method on its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.costs.allocation.allocating import allocate
from data.costs.allocation.book import Book
from data.costs.allocation.parting import CELL
from data.costs.bill.column import known
from data.costs.definition import cost_sql

TEAMS = ("pay", "web", "data")
JAN = date(2026, 1, 1)


def charge(billed: str = "10", **values: Any) -> dict[str, Any]:
    """A charge of January in euro, of nobody."""
    return {
        "bill_row": 0, "BilledCost": billed, "EffectiveCost": billed, "ListCost": None,
        "ContractedCost": "1", "BillingCurrency": "EUR", "ChargePeriodStart": "2026-01-05",
        "ServiceName": "Machines", "SubAccountId": None, "ChargeCategory": "Usage", "Tags": None,
        **values,
    }  # fmt: skip


def done(
    book: Mapping[str, Any],
    charges: Sequence[Mapping[str, Any]],
    drivers: Mapping[tuple[str, date], Mapping[str, Decimal | None]] | None = None,
) -> duckdb.DuckDBPyConnection:
    """A connection with `charge` and `allocated`."""
    return allocated(duckdb.connect(), book, charges, drivers or {})


def allocated(
    connection: duckdb.DuckDBPyConnection,
    book: Mapping[str, Any],
    charges: Sequence[Mapping[str, Any]],
    drivers: Mapping[tuple[str, date], Mapping[str, Decimal | None]],
    teams: Sequence[str] = TEAMS,
) -> duckdb.DuckDBPyConnection:
    """The connection, with these charges allocated by these rules."""
    connection.execute("set TimeZone = 'UTC'")
    casts = {name: column.type.sql for name, column in known().columns.items()}
    casts["bill_row"] = "bigint"
    texts = [{**one, "bill_row": str(number)} for number, one in enumerate(charges)]
    written = pa.Table.from_pylist(
        texts, schema=pa.schema([(name, pa.string()) for name in charges[0]])
    )
    connection.register("written", written)
    columns = ", ".join(
        f"cast({name} as {casts.get(name, 'varchar')}) as {name}" for name in charges[0]
    )
    connection.execute(
        f"""
        create or replace table charge as
        select {_EMPTY} where false
        union all by name
        select {columns} from written
        """
    )
    connection.unregister("written")
    allocate(connection, Book.model_validate({"version": "1", **book}), teams, drivers)
    return connection


_EMPTY = (
    "'' as source, '' as load, cast(0 as bigint) as bill_line, false as is_estimate, "
    + ", ".join(
        f'cast(null as {column.type.sql}) as "{name}"'
        for name, column in known().columns.items()
        if name in cost_sql("charge_placed") or name in known().amounts
    )
)
"""A charge with no value, that has all columns that are looked at."""


def shares(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str | None, str], Decimal]:
    """Billed cost by team and bucket."""
    rows = connection.execute(
        "select team, bucket, sum(BilledCost) from allocated group by all order by all"
    ).fetchall()
    return {(team, bucket): cost for team, bucket, cost in rows}


def rule(act: Mapping[str, Any], name: str = "r", **match: Any) -> dict[str, Any]:
    return {"id": name, "match": match, **act}


def test_the_first_rule_that_matches_holds() -> None:
    rules = [
        rule({"team": "pay"}, "a", ServiceName="mach*"),
        rule({"team": "web"}, "b", ServiceName="Machines"),
    ]
    found = done({"rule": rules}, [charge()])
    assert found.execute("select rule, team, ratio, bucket from allocated").fetchall() == [
        ("a", "pay", 1, "direct")
    ]


def test_what_no_rule_matches_stays_in_sight() -> None:
    assert shares(done({}, [charge()])) == {(None, "unallocated"): Decimal(10)}
    rules = [rule({"team": "pay"}, ServiceName="Other")]
    found = done({"rule": rules}, [charge(ServiceName=None)])
    assert shares(found) == {(None, "unallocated"): Decimal(10)}


def test_a_tag_names_the_team_under_any_of_its_names() -> None:
    book = {
        "tag": {"team": ["owner", "Team"]},
        "rule": [
            {"id": "t", "match": {}, "team_from": "tag.team", "teams": {"Payments": "pay"}},
        ],
    }
    tags = [
        '{"owner": "payments"}',
        '{" TEAM ": "WEB "}',
        '{"team": "data"}',
        '{"team": "x"}',
        None,
        '{"owner": "web", "team": "data"}',
        '{"owner": "\\tweb\\n"}',
        '{"owner": " ", "team": "data"}',
    ]
    found = done(book, [charge(Tags=tag) for tag in tags])
    rows = found.execute("select bill_row, team from allocated order by bill_row").fetchall()
    assert [team for _, team in rows] == ["pay", "web", "data", None, None, "web", "web", "data"]


def test_names_of_tags_that_differ_by_case_alone_are_one_tag() -> None:
    book = {
        "tag": {"Team": ["Owner"]},
        "rule": [rule({"team": "pay"}, "a", **{"tag.Team": "x"}),
                 rule({"team": "web"}, "b", **{"tag.team": "y"})],
    }  # fmt: skip
    tags = ('{"TEAM": "x"}', '{"owner": "y"}', '{"team": "z"}')
    found = shares(done(book, [charge(Tags=tag) for tag in tags]))
    assert found == {("pay", "direct"): 10, ("web", "direct"): 10, (None, "unallocated"): 10}


def test_no_value_is_matched_by_an_empty_pattern_alone() -> None:
    rules = [rule({"team": "pay"}, SubAccountId=""), rule({"team": "web"}, "s", SubAccountId="*")]
    found = done({"rule": rules}, [charge(), charge(SubAccountId="a")])
    assert shares(found) == {("pay", "direct"): Decimal(10), ("web", "direct"): Decimal(10)}


def test_signs_of_patterns_are_only_those_two() -> None:
    rules = [rule({"team": "pay"}, ServiceName="a_b%c[d]*")]
    found = done({"rule": rules}, [charge(ServiceName="A_b%C[D]e"), charge(ServiceName="axb-c[d]")])
    assert shares(found) == {("pay", "direct"): Decimal(10), (None, "unallocated"): Decimal(10)}


def test_space_around_a_value_is_no_part_of_it() -> None:
    rules = [rule({"team": "pay"}, ServiceName=" Machines ")]
    found = shares(done({"rule": rules}, [charge(ServiceName="\tMachines \n")]))
    assert found == {("pay", "direct"): 10}


def test_a_rule_holds_on_its_days_only() -> None:
    rules = [{**rule({"team": "pay"}, ServiceName="*"), "from": date(2026, 1, 5),
              "until": date(2026, 1, 6)}]  # fmt: skip
    days = [charge(ChargePeriodStart=day) for day in ("2026-01-04T23:00:00Z", "2026-01-05",
                                                      "2026-01-06")]  # fmt: skip
    found = done({"rule": rules}, days)
    assert shares(found)["pay", "direct"] == Decimal(10)


POOLED = [rule({"pool": "k"}, ServiceName="Machines"), rule({"team": "pay"}, "p", ServiceName="P"),
          rule({"team": "web"}, "w", ServiceName="W")]  # fmt: skip


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        ({"split": "even"}, {"pay": "3.333333333333", "web": "3.333333333334",
                             "data": "3.333333333333"}),
        ({"split": "even", "to": ["pay"]}, {"pay": "10"}),
        ({"split": "fixed", "shares": {"pay": "0.25", "data": "0.75"}},
         {"pay": "2.5", "data": "7.5"}),
        ({"split": "direct_cost"}, {"pay": "7.5", "web": "2.5"}),
        ({"split": "driver", "driver": "runs"}, {"data": "9", "web": "1"}),
    ],
)  # fmt: skip
def test_a_pool_is_split_as_it_says(pool: Mapping[str, Any], expected: Mapping[str, str]) -> None:
    charges = [charge(), charge("30", ServiceName="P"), charge("10", ServiceName="W")]
    drivers = {("runs", JAN): {"data": Decimal(9), "web": Decimal(1), "gone": Decimal(5)}}
    found = shares(done({"rule": POOLED, "pool": [{"id": "k", **pool}]}, charges, drivers))
    shared = {team: cost for (team, bucket), cost in found.items() if bucket == "shared"}
    assert shared == {team: Decimal(cost) for team, cost in expected.items()}


@pytest.mark.parametrize(
    ("fallback", "expected"),
    [
        ([], {(None, "unallocated"): "10"}),
        (["even"], {("pay", "shared"): "5", ("web", "shared"): "5"}),
        (["previous", "even"], {("pay", "shared"): "10"}),
        (["previous"], {("pay", "shared"): "10"}),
        (["unallocated"], {(None, "unallocated"): "10"}),
    ],
)
def test_without_a_driver_the_declared_fallback_holds(
    fallback: Sequence[str], expected: Mapping[tuple[str | None, str], str]
) -> None:
    pool = {"id": "k", "split": "driver", "driver": "runs", "to": ["pay", "web"]}
    pool |= {"fallback": fallback} if fallback else {}
    drivers = {("runs", date(2025, 12, 1)): {"pay": Decimal(3)}}
    found = done({"rule": POOLED, "pool": [pool]}, [charge()], drivers)
    assert shares(found) == {key: Decimal(cost) for key, cost in expected.items()}


def test_pools_pass_on_and_tell_the_way() -> None:
    pools = [
        {"id": "k", "split": "fixed", "shares": {"log": "0.5", "pay": "0.5"}},
        {"id": "log", "split": "even", "to": ["web", "data"], "is_idle": True},
    ]
    found = done({"rule": POOLED, "pool": pools}, [charge()])
    rows = found.execute("select team, path, BilledCost from allocated order by team").fetchall()
    assert rows == [
        ("data", ["k", "log", "data"], Decimal("2.5")),
        ("pay", ["k", "pay"], Decimal(5)),
        ("web", ["k", "log", "web"], Decimal("2.5")),
    ]


def test_direct_cost_of_which_some_is_not_told_is_nothing_to_split_by() -> None:
    pool = {"id": "k", "split": "direct_cost"}
    bill = [charge(), charge(ServiceName="P"), charge(ServiceName="W"),
            charge(ServiceName="W", EffectiveCost=None)]  # fmt: skip
    told = shares(done({"rule": POOLED, "pool": [pool]}, bill))
    assert told[None, "unallocated"] == 10
    assert ("pay", "shared") not in told


def test_what_falls_into_a_pool_that_does_not_hold_says_so() -> None:
    pool = {"id": "k", "split": "even", "until": date(2025, 12, 1)}
    found = done({"rule": POOLED, "pool": [pool]}, [charge()])
    assert found.execute("select team, bucket, reason from allocated").fetchall() == [
        (None, "unallocated", "pool k does not hold in this month")
    ]


@pytest.mark.parametrize(
    "split",
    [
        {"split": "even", "to": ["log", "pay"]},
        {"split": "fixed", "shares": {"log": "0.5", "pay": "0.5"}},
        {"split": "direct_cost", "to": ["log", "pay"], "fallback": ["even"]},
        {"split": "driver", "driver": "runs", "to": ["log", "pay"], "fallback": ["even"]},
    ],
)
def test_what_a_pool_passes_on_to_one_that_does_not_hold_is_nobodys(
    split: Mapping[str, Any],
) -> None:
    pools = [{"id": "k", **split}, {"id": "log", "split": "even", "from": date(2026, 2, 1)}]
    found = done({"rule": POOLED, "pool": pools}, [charge()])
    assert shares(found) == {("pay", "shared"): 5, (None, "unallocated"): 5}
    told = found.execute("select path, method, reason from allocated where team is null").fetchall()
    assert told == [(["k", "log", ""], "absent", "pool log does not hold in this month")]


@pytest.mark.parametrize(
    ("fallback", "method", "expected"),
    [
        ([], "driver, unknown, unallocated", {(None, "unallocated"): 10}),
        (["even"], "driver, unknown, even", {("pay", "shared"): 5, ("web", "shared"): 5}),
        (["previous"], "driver, unknown, previous", {("pay", "shared"): 10}),
    ],
)
def test_a_driver_that_is_not_known_of_one_team_splits_nothing(
    fallback: Sequence[str], method: str, expected: Mapping[tuple[str | None, str], int]
) -> None:
    pool = {"id": "k", "split": "driver", "driver": "runs", "to": ["pay", "web"]}
    pool |= {"fallback": fallback} if fallback else {}
    drivers = {("runs", date(2025, 12, 1)): {"pay": Decimal(3), "data": None},
               ("runs", JAN): {"pay": Decimal(3), "web": None}}  # fmt: skip
    found = done({"rule": POOLED, "pool": [pool]}, [charge()], drivers)
    assert shares(found) == expected
    assert {row[0] for row in found.execute("select method from allocated").fetchall()} == {method}


AMOUNT = st.decimals(-(10**6), 10**6, places=12).map(str)
CHARGE = st.builds(
    lambda billed, effective, **v: charge(billed, **{**v, "EffectiveCost": effective}),
    billed=AMOUNT,
    effective=AMOUNT,
    ServiceName=st.sampled_from(["Machines", "P", "W", "X", None]),
    BillingCurrency=st.sampled_from(["EUR", "USD"]),
    ChargePeriodStart=st.sampled_from(["2025-12-31T23:59:59Z", "2026-01-01", "2026-02-01"]),
    ChargeCategory=st.sampled_from(["Usage", "Credit", "Tax"]),
    Tags=st.sampled_from([None, "{}", '{"team": "web"}', '{" Team": null}', '{"team": "PAY"}']),
)
ACT = st.sampled_from(
    [{"team": "pay"}, {"team_from": "tag.team"}, {"pool": "a"}, {"pool": "b"},
     {"unallocatable": "a tax"}, {"exclude": "not ours"}]
)  # fmt: skip
TEXTS = st.dictionaries(
    st.sampled_from(["ServiceName", "ChargeCategory", "tag.team"]),
    st.sampled_from(["*", "M*", "P", "", "Tax", "web"]),
    max_size=2,
)
AMOUNTS = st.dictionaries(
    st.sampled_from(["BilledCost", "ListCost"]),
    st.sampled_from(["0", "< 0", "> 1 and <= 10", "", ">= 0.000000000001"]),
    max_size=1,
)
DAYS = st.dictionaries(
    st.sampled_from(["ChargePeriodStart"]), st.sampled_from(["2026-01", "< 2026-01-01"])
)
MATCH = st.tuples(TEXTS, AMOUNTS, DAYS).map(lambda all_of: all_of[0] | all_of[1] | all_of[2])
SPLIT = st.sampled_from(
    [{"split": "even"}, {"split": "direct_cost"}, {"split": "driver", "driver": "runs"},
     {"split": "fixed", "shares": {"pay": "0.333", "web": "0.667"}},
     {"split": "even", "to": ["pay"]}, {"split": "even", "to": ["b", "web"]}]
)  # fmt: skip
FALLBACK = st.lists(st.sampled_from(["previous", "even", "unallocated"]), max_size=3)
DRIVERS = st.dictionaries(
    st.sampled_from([("runs", date(2025, 12, 1)), ("runs", JAN)]),
    st.dictionaries(st.sampled_from(TEAMS), st.none() | st.decimals(0, 1000, places=3)),
)


@st.composite
def books(draw: st.DrawFn) -> dict[str, Any]:
    """Rules and two pools, the upper of which may pass on to the lower."""
    drawn = draw(st.lists(st.tuples(MATCH, ACT), max_size=6))
    rules = [{"id": f"r{n}", "match": match, **act} for n, (match, act) in enumerate(drawn)]
    pools = []
    for name in "ab":
        split = draw(SPLIT)
        if name == "b" and "b" in split.get("to", ()):
            split = {"split": "even"}
        fallback = draw(FALLBACK)
        pools.append({"id": name, **split, **({"fallback": fallback} if fallback else {})})
    return {"rule": rules, "pool": pools}


CASES = 2_000


@settings(max_examples=CASES, deadline=None)
@given(
    books(),
    st.lists(CHARGE, min_size=1, max_size=20),
    DRIVERS,
    st.sampled_from([TEAMS, ("pay",), ()]),
)
def test_nothing_is_lost_whatever_the_rules(
    book: dict[str, Any], charges: list[dict[str, Any]], drivers: Any, teams: Sequence[str]
) -> None:
    for row in _differences(allocated(_one_connection(), book, charges, drivers, teams)):
        raise AssertionError(row)


@cache
def _one_connection() -> duckdb.DuckDBPyConnection:
    """To open one takes longer than to allocate a small bill."""
    return duckdb.connect()


def _differences(connection: duckdb.DuckDBPyConnection) -> Iterator[object]:
    """Charges whose parts are not they, or whose ratios are not 1; cells that lines do not have.

    Lines are added up here: the database takes longer to plan that than we do to do it.
    """
    of_team = [*(name for name in CELL if name != "pool"), "path", "method", "driver"]
    amounts = ", ".join(known().amounts)
    of_line = ", ".join(of_team)
    parts = connection.execute(
        f"select bill_row, ratio, {amounts}, {of_line} from allocated"
    ).fetchall()
    whole = connection.execute(f"select bill_row, 1, {amounts} from charge").fetchall()
    end = 2 + len(known().amounts)
    yield from _unlike(
        _added(parts, slice(1), slice(1, end)), _added(whole, slice(1), slice(1, end))
    )
    cells = connection.execute(f"select rows, {amounts}, {of_line} from allocated_cell").fetchall()
    lines = [(1, *row[2:]) for row in parts]
    by = slice(end - 1, None)
    assert len(_added(cells, by, slice(end - 1))) == len(cells), "each cell is there once"
    yield from _unlike(_added(lines, by, slice(end - 1)), _added(cells, by, slice(end - 1)))


Sums = dict[str, tuple[Any, ...]]


def _added(rows: Sequence[tuple[Any, ...]], by: slice, summed: slice) -> Sums:
    """Sums of some columns by others, each of what is there; of nothing, nothing."""
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        groups.setdefault(repr(row[by]), []).append(row[summed])
    return {
        name: tuple(
            sum(told) if (told := [one for one in column if one is not None]) else None
            for column in zip(*found, strict=True)
        )
        for name, found in groups.items()
    }


def _unlike(found: Sums, expected: Sums) -> Iterator[object]:
    for name in sorted(found.keys() | expected.keys()):
        if found.get(name) != expected.get(name):
            yield name, found.get(name), expected.get(name)


def test_tags_that_differ_by_a_large_letter_beyond_z_are_looked_at_each() -> None:
    rules = [
        rule({"team": "pay"}, "a", **{"tag.Ä": "x"}),
        rule({"team": "web"}, "b", **{"tag.ä": "y"}),
    ]
    assert shares(done({"rule": rules}, [charge(Tags='{"ä": "y"}')])) == {("web", "direct"): 10}


@pytest.mark.parametrize("value", ["ΟΔΟΣ", "İstanbul", "Machines\u00a0"])
def test_a_value_fits_itself(value: str) -> None:
    found = done({"rule": [rule({"team": "pay"}, ServiceName=value)]}, [charge(ServiceName=value)])
    assert shares(found) == {("pay", "direct"): Decimal(10)}
