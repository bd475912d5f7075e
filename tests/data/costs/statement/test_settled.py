"""Whatever bills become between closings, statements add up to them; cents add up to both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from data.costs.allocation.bucket import Bucket
from data.costs.allocation.cents import places_of
from data.costs.statement.content import Key, Kind, Line
from data.costs.statement.rounding import in_cents
from data.costs.statement.settled import Charged, Settled

MONTHS = [date(2025, month, 1) for month in range(1, 6)]


def line(month: date, team: str | None, cost: Decimal, currency: str = "EUR") -> Line:
    bucket = Bucket.DIRECT if team else Bucket.UNALLOCATED
    key = Key(team, currency, "Cloud of Example", "account-1", "Machines", bucket)
    return Line(month, Kind.CHARGE, None, key, cost, cost)


AMOUNTS = st.decimals(-1000, 1000, places=12)
LINES = st.lists(
    st.builds(line, st.sampled_from(MONTHS), st.sampled_from(["pay", "web", None]), AMOUNTS,
              st.sampled_from(["EUR", "JPY", "KWD"])),
    max_size=12,
)  # fmt: skip


def total(lines: Sequence[Line]) -> Decimal:
    return sum((one.exact for one in lines), Decimal(0))


def charged(lines: Sequence[Line]) -> Charged:
    sums: dict[tuple[date, Key], Decimal] = {}
    for one in lines:
        sums[one.period, one.key] = sums.get((one.period, one.key), Decimal(0)) + one.exact
    return sums


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, min_size=len(MONTHS), max_size=len(MONTHS)))
def test_all_statements_together_are_the_bills_as_they_are_last(bills: list[list[Line]]) -> None:
    settled: list[Line] = []
    for month, now in zip(MONTHS, bills, strict=True):
        before = Settled(max((m for m in MONTHS if m < month), default=None), charged(settled))
        own = [one for one in now if one.period == month]
        settled += in_cents([*own, *before.changes(now)])
        so_far = [one for one in now if one.period <= month]
        assert total(settled) == total(so_far)
        sums, due = charged(settled), charged(so_far)
        assert {about: cost for about, cost in sums.items() if cost} == {
            about: cost for about, cost in due.items() if cost
        }


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_cents_of_lines_teams_and_all_add_up(lines: list[Line]) -> None:
    done = in_cents(lines)
    assert sorted(map(repr, charged(done).items())) == sorted(map(repr, charged(lines).items()))
    for currency in {one.key.currency for one in lines}:
        unit = Decimal(1).scaleb(-places_of(currency))
        some = [one for one in done if one.key.currency == currency]
        assert abs(sum((o.amount for o in some), Decimal(0)) - total(some)) <= unit / 2
        for team in {one.key.team for one in some}:
            own = [one for one in some if one.key.team == team]
            assert abs(sum((o.amount for o in own), Decimal(0)) - total(own)) < unit
        for one in some:
            assert one.amount == one.amount.quantize(unit)
            assert abs(one.amount - one.exact) < unit
