"""What must hold of costs: each check holds where it does, and falls where it does not."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from data.costs.checks import checks, write_checks

TABLES = """
    attach ':memory:' as snapshot;
    set search_path = 'snapshot.main,memory.main';
    set timezone = 'UTC';
    create table bill_in_effect as
    select
        *,
        false as is_estimate,
        from_at + interval '1' month as until_at,
        from_at + interval '2' month as written_at
    from (values
        ('cloud', 'a.csv', 'l1', 4, 0, 'acc', timestamptz '2026-01-01 00:00Z', 'i1', 'EUR', 10.00::decimal(38, 12), 6.00::decimal(38, 12), true, true),
        ('cloud', 'b.csv', 'l2', 2, 0, 'acc', timestamptz '2026-02-01 00:00Z', null, 'EUR', 5.00::decimal(38, 12), 4.00::decimal(38, 12), true, true)
    ) as told(source, name, load, bill_rows, refused_rows, account, from_at, invoice, currency, billed_cost,
        effective_cost, tells_billed, tells_effective);
    create table bill as
    select name, load, bill_rows as rows, bill_rows as taken from bill_in_effect;
    create table gap (id varchar, what varchar, count bigint);
    create table charge_day as
    select * from (values
        (date '2026-01-05', 'acc', date '2026-01-01', 'i1', 'EUR', 4.00::decimal(38, 12), 3.00::decimal(38, 12)),
        (date '2026-01-06', 'acc', date '2026-01-01', 'i1', 'EUR', 6.00::decimal(38, 12), 3.00::decimal(38, 12)),
        (date '2026-02-05', 'acc', date '2026-02-01', null, 'EUR', 5.00::decimal(38, 12), 4.00::decimal(38, 12))
    ) as told(day, account, billing_month, invoice, currency, billed_cost, effective_cost);
    create table charge as
    select * from (values
        ('EUR', 'acc', timestamptz '2026-01-01 00:00Z', timestamptz '2026-02-01 00:00Z', timestamptz '2026-01-05 00:00Z', timestamptz '2026-02-01 00:00Z', 'c1', 'Purchase',
            'Recurring', 6.00::decimal(38, 12), 0.00::decimal(38, 12)),
        ('EUR', 'acc', timestamptz '2026-01-01 00:00Z', timestamptz '2026-02-01 00:00Z', timestamptz '2026-01-06 00:00Z', timestamptz '2026-01-07 00:00Z', 'c1', 'Usage',
            'Usage-Based', 0.00::decimal(38, 12), 6.00::decimal(38, 12)),
        ('EUR', 'acc', timestamptz '2026-02-01 00:00Z', timestamptz '2026-03-01 00:00Z', timestamptz '2026-02-05 00:00Z', timestamptz '2026-02-06 00:00Z', null, 'Usage',
            'Usage-Based', 5.00::decimal(38, 12), 4.00::decimal(38, 12))
    ) as told(BillingCurrency, BillingAccountId, BillingPeriodStart, BillingPeriodEnd, ChargePeriodStart, ChargePeriodEnd, CommitmentDiscountId,
        ChargeCategory, ChargeFrequency, BilledCost, EffectiveCost);
    create table pool_split as
    select * from (values
        ('p', date '2026-01-01', 'EUR', 0.0::decimal(18, 14), 0.5::decimal(18, 14)),
        ('p', date '2026-01-01', 'EUR', 0.5::decimal(18, 14), 1.0::decimal(18, 14))
    ) as told(pool, month, currency, lower_bound, upper_bound);
    create table charge_rate as
    select * from (values
        ('USD', date '2026-01-05', 'EUR', date '2026-01-31', 0.9::decimal(24, 12)),
        ('USD', date '2026-01-06', 'EUR', date '2026-01-31', 0.9::decimal(24, 12))
    ) as told(currency, day, reporting_currency, asked_day, rate);
"""  # noqa: E501 - a table reads in lines


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute(TABLES)
        yield opened


def states(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    write_checks(connection, "snapshot")
    return dict(connection.execute("select id, state from cost_check").fetchall())


def test_what_is_sound_holds(connection: duckdb.DuckDBPyConnection) -> None:
    assert states(connection) == dict.fromkeys(checks(), "holds")


def test_without_bills_nothing_is_compared(connection: duckdb.DuckDBPyConnection) -> None:
    for table in ("bill_in_effect", "charge_day", "charge", "pool_split", "charge_rate"):
        connection.execute(f"delete from {table}")
    assert states(connection) == dict.fromkeys(checks(), "not_applicable")


@pytest.mark.parametrize(
    ("change", "fallen", "state"),
    [
        ("update charge_day set billed_cost = billed_cost + 0.000000000001 where billed_cost = 5",
         "billed_adds_up", "broken"),
        ("delete from charge_day where invoice is null", "billed_adds_up", "broken"),
        ("update charge_day set invoice = 'i1' where invoice is null", "billed_adds_up", "broken"),
        ("update charge_day set effective_cost = 0 where day = '2026-01-05'",
         "effective_adds_up", "broken"),
        ("update charge_day set day = '2026-02-01' where day = '2026-01-05'",
         "effective_adds_up", "broken"),
        ("update pool_split set upper_bound = 0.9 where upper_bound = 1",
         "shares_are_whole", "broken"),
        ("update pool_split set lower_bound = 0.6 where lower_bound = 0.5",
         "shares_are_whole", "broken"),
        (("insert into bill_in_effect by name select * replace ('b' as source, 0 as billed_cost)"
         " from bill_in_effect where invoice = 'i1'"), "counted_once", "broken"),
        (("insert into bill_in_effect by name select * replace (0 as billed_cost)"
         " from bill_in_effect where invoice = 'i1'"), "counted_once", "broken"),
        (("insert into bill_in_effect by name"
         " select * replace ('b' as source, false as tells_billed)"
         " from bill_in_effect where invoice = 'i1'"), "counted_once", "broken"),
        (("insert into bill_in_effect by name"
         " select * replace ('b' as source, 'l7' as load, 'i7' as invoice)"
         " from bill_in_effect where invoice = 'i1'"), "counted_once", "broken"),
        (("insert into bill_in_effect by name select * replace ('b' as source, 'l7' as load,"
         " 'i7' as invoice, from_at + interval '3' day as from_at)"
         " from bill_in_effect where invoice = 'i1'"), "counted_once", "broken"),
        (("update charge_day set effective_cost = effective_cost - 0.000000000001"
         " where day = '2026-01-05'"), "effective_as_told", "broken"),
        ("update charge_day set effective_cost = null where day = '2026-02-05'",
         "effective_as_told", "broken"),
        ("delete from charge_day where invoice is null", "effective_as_told", "broken"),
        ("update bill_in_effect set tells_effective = false where load = 'l2'",
         "both_amounts_told", "unknown"),
        (("insert into bill_in_effect by name select * replace ('l7' as load,"
         " false as tells_billed) from bill_in_effect where invoice = 'i1'"),
         "both_amounts_told", "unknown"),
        ("update bill_in_effect set refused_rows = 1 where load = 'l1'",
         "all_rows_taken", "unknown"),
        ("insert into gap values ('bills:cloud#gap/c.csv', 'c.csv: it is no bill', null)",
         "all_rows_taken", "unknown"),
        (("update charge set EffectiveCost = 5.99, BilledCost = 0 where ChargeCategory = 'Usage'"
         " and CommitmentDiscountId = 'c1'"), "commitments_add_up", "broken"),
        (("update charge set ChargeFrequency = 'One-Time', BilledCost = 60"
         " where ChargeCategory = 'Purchase'"), "commitments_add_up", "unknown"),
        (("update charge set ChargeFrequency = 'One-Time', BilledCost = 5"
         " where ChargeCategory = 'Purchase'"), "commitments_add_up", "unknown"),
        ("update charge set BilledCost = 5 where ChargeCategory = 'Purchase'",
         "commitments_add_up", "unknown"),
        ("update charge_day set effective_cost = null", "effective_adds_up", "broken"),
        ("update charge_rate set rate = null where day = '2026-01-06'", "rates_known", "unknown"),
        ("delete from charge where ChargeCategory = 'Purchase'", "commitments_add_up", "unknown"),
    ],
)  # fmt: skip
def test_what_is_not_falls(
    connection: duckdb.DuckDBPyConnection, change: str, fallen: str, state: str
) -> None:
    connection.execute(change)
    assert states(connection)[fallen] == state


def test_a_period_that_begins_later_is_of_the_month_it_begins_in(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("update bill_in_effect set from_at = from_at + interval '4' day")
    connection.execute(
        "update charge set BillingPeriodStart = BillingPeriodStart + interval '4' day"
    )
    assert states(connection) == dict.fromkeys(checks(), "holds")
    months = connection.execute("select distinct billing_month from cost_check_row").fetchall()
    assert {str(month) for (month,) in months} <= {"2026-01-01", "2026-02-01", "None"}


def test_two_periods_of_one_file_are_no_doubles(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        """
        insert into bill_in_effect by name
        select * replace (until_at + interval '1' month as until_at, 0 as billed_cost,
            0 as effective_cost)
        from bill_in_effect
        where invoice = 'i1'
        """
    )
    assert states(connection)["counted_once"] == "holds"


ANNIVERSARY = """
    delete from charge;
    insert into charge
    select
        'EUR', 'acc', date_trunc('month', day), date_trunc('month', day) + interval '1' month, day,
        day + interval '1' day, 'c2', 'Usage', 'Usage-Based', 0, 2
    from (
        select unnest(range(timestamptz '2026-01-15', timestamptz '2026-03-01', interval '1' day)) as day
    )
    union all
    select
        'EUR', 'acc', date_trunc('month', day), date_trunc('month', day) + interval '1' month, day,
        day + to_days($days), 'c2', 'Purchase', 'Recurring', cost, 0
    from (values (timestamptz '2026-01-15', 62), (timestamptz '2026-02-15', 56)) as paid(day, cost)
"""  # noqa: E501 - a table reads in lines


def commitments(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """State, time and what it comes to of each payment for a commitment."""
    write_checks(connection, "snapshot")
    rows = connection.execute(
        """
        select state, note, amount_in, amount_out
        from cost_check_row
        where "check" = 'commitments_add_up'
        order by billing_month
        """
    ).fetchall()
    return [(state, note.partition(":")[0], f"{paid:.0f} {used:.0f}")
            for state, note, paid, used in rows]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "second"),
    [(1, "since 2026-02-15"), (31, "from 2026-02-15 until before 2026-03-18")],
    ids=["told as one day", "told as the time that it is for"],
)
def test_what_is_paid_on_an_anniversary_is_for_the_time_until_the_next(
    connection: duckdb.DuckDBPyConnection, days: int, second: str
) -> None:
    connection.execute(ANNIVERSARY, {"days": days})
    first = "commitment c2, from 2026-01-15 until before 2026-02-15"
    later = ("unknown", f"commitment c2, {second}", "56 28")
    assert commitments(connection) == [("holds", first, "62 62"), later]
    connection.execute("drop table cost_check_row; drop table cost_check")
    connection.execute("delete from charge where ChargePeriodStart = '2026-02-03'")
    assert commitments(connection) == [("broken", first, "62 60"), later]


def test_until_a_bill_holds_all_of_that_time_nothing_is_wrong(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(ANNIVERSARY, {"days": 31})
    connection.execute("delete from charge where BillingPeriodStart = '2026-02-01'")
    connection.execute("delete from bill_in_effect where from_at = '2026-02-01'")
    ((state, _, amounts),) = commitments(connection)
    assert (state, amounts) == ("unknown", "62 34")


def test_what_is_paid_back_belongs_to_the_time_it_is_paid_back_in(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(ANNIVERSARY, {"days": 1})
    connection.execute(
        """
        insert into charge by name
        select * replace (timestamptz '2026-02-01' as BillingPeriodStart,
            timestamptz '2026-02-03' as ChargePeriodStart,
            timestamptz '2026-02-04' as ChargePeriodEnd, -2 as BilledCost)
        from charge
        where ChargeCategory = 'Purchase'
          and BilledCost = 62
        """
    )
    connection.execute(
        "delete from charge where ChargePeriodStart = '2026-02-03' and ChargeCategory = 'Usage'"
    )
    (state, _, amounts), _ = commitments(connection)
    assert (state, amounts) == ("holds", "60 60")


def test_two_views_of_the_same_charges_count_once(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        """
        insert into bill_in_effect by name
        select * replace ('l9' as load, null as billed_cost, false as tells_billed)
        from bill_in_effect
        """
    )
    connection.execute("update bill_in_effect set tells_effective = false where load <> 'l9'")
    told = states(connection)
    assert (told["counted_once"], told["both_amounts_told"]) == ("holds", "holds")


def test_what_no_bill_tells_is_not_known_to_add_up(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("update charge_day set billed_cost = null where invoice is null")
    connection.execute("update bill_in_effect set tells_billed = false where invoice is null")
    assert states(connection)["billed_adds_up"] == "unknown"


def test_what_a_bill_leaves_to_its_counterpart_adds_up(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute(
        """
        insert into bill_in_effect by name
        select * replace ('c.csv' as name, 'l3' as load, 'i9' as invoice, false as tells_billed)
        from bill_in_effect
        where invoice = 'i1'
        """
    )
    connection.execute("update bill_in_effect set tells_effective = false where invoice = 'i1'")
    connection.execute(
        """
        insert into charge_day by name
        select * replace ('i9' as invoice, 0 as billed_cost)
        from charge_day
        where invoice = 'i1'
        """
    )
    connection.execute("update charge_day set effective_cost = 0 where invoice = 'i1'")
    found = states(connection)
    assert (found["billed_adds_up"], found["effective_as_told"]) == ("holds", "holds")


@pytest.mark.parametrize(("written", "state"), [("40", "broken"), ("20", "unknown")])
def test_a_month_that_still_runs_has_not_used_what_was_paid_for_it(
    connection: duckdb.DuckDBPyConnection, written: str, state: str
) -> None:
    connection.execute("update charge set EffectiveCost = 2 where CommitmentDiscountId = 'c1'")
    connection.execute(f"update bill_in_effect set written_at = from_at + interval '{written}' day")
    assert states(connection)["commitments_add_up"] == state


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ("update charge_rate set rate = null where day = '2026-01-06'",
         "on 2026-01-31, nor in the 7 days before, for charges of 2026-01-06"),
        ("update charge_rate set rate = null", ("on 2026-01-31, nor in the 7 days before, "
         "for charges of 2 days from 2026-01-05 to 2026-01-06")),
        ("update charge_rate set rate = null, asked_day = day",
         ("on 2 days from 2026-01-05 to 2026-01-06, nor in the 7 days before, "
         "for charges of 2 days from 2026-01-05 to 2026-01-06")),
    ],
    ids=["of one day", "of the month's end", "of each day"],
)  # fmt: skip
def test_a_missing_rate_is_told_with_its_day_and_whose_charges_need_it(
    connection: duckdb.DuckDBPyConnection, change: str, note: str
) -> None:
    connection.execute(change)
    write_checks(connection, "snapshot")
    asked = "select note from cost_check_row where \"check\" = 'rates_known'"
    assert connection.execute(asked).fetchall() == [(f"no rate of USD in EUR {note}",)]


def test_a_broken_one_says_which(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("update charge_day set billed_cost = 7 where billed_cost = 5")
    write_checks(connection, "snapshot")
    rows = connection.execute(
        """
        select "check", account, billing_month, invoice, currency, amount_in, amount_out
        from cost_check_row
        where state = 'broken'
        """
    ).fetchall()
    assert [tuple(map(str, row)) for row in rows] == [
        ("billed_adds_up", "acc", "2026-02-01", "None", "EUR", "5.000000000000", "7.000000000000")
    ]
