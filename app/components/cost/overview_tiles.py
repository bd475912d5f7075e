"""What costs come to at a glance: the sum, a day of it, how it changed, and what nobody has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.components.cost.money import money, share, short
from app.components.cost.tiles import Tile, tiles
from app.components.cost.unknown import why_none
from app.wording import percent, plain
from data.costs.allocation.book import Bucket
from data.costs.views.told import Part, Told, whole

_TOGETHER = (Bucket.SHARED, Bucket.IDLE)
_NOTHING = Decimal(0)


def overview_tiles(told: Told, buckets: Sequence[Part], days: int) -> None:
    """Shows them.

    Args:
        told: what is asked, and in which currency.
        buckets: the parts of the sum by bucket.
        days: how many the sum is over.
    """
    sum_ = whole(buckets)
    month = told.asked.month
    tiles(
        [
            Tile(
                f"Our {told.asked.cost.value} cost, {told.currency}",
                short(sum_.amount),
                plain(money(sum_.amount, told.currency)),
                "All that the bills hold, without what rules exclude as not our cost.",
            ),
            _a_day(told, sum_, days),
            _changed(
                "Against a year before", told, sum_.amount, sum_.year_before, _year_ago(month)
            ),
            _nobody(buckets, sum_),
            _together(buckets, sum_),
        ]
    )


def _a_day(told: Told, sum_: Part, days: int) -> Tile:
    month = told.asked.month
    means = "The sum by its days, so that months of different length compare."
    if sum_.amount is None:
        return Tile("A day", "–", why_none(sum_), means)
    a_day = sum_.amount / days
    if month is None or sum_.before is None:
        return Tile("A day", short(a_day), f"over {days:,} days", means)
    earlier = month_before(month)
    before = sum_.before / days_of(earlier)
    return Tile(
        "A day",
        short(a_day),
        f"{change(a_day, before)} against {earlier:%B %Y}",
        means,
    )


def _changed(
    label: str, told: Told, now: Decimal | None, before: Decimal | None, earlier: date | None
) -> Tile:
    means = "The sum of the month against that of the same month a year before."
    if earlier is None:
        return Tile(label, "–", "choose a month to compare", means)
    if now is None or before is None:
        return Tile(label, "–", f"{earlier:%B %Y} is not known", means)
    less = money(abs(now - before), told.currency)
    aside = f"{plain(less)} {'less' if now < before else 'more'} than in {earlier:%B %Y}"
    return Tile(label, change(now, before), aside, means)


def _nobody(buckets: Sequence[Part], sum_: Part) -> Tile:
    means = "What no rule matches, or what a pool had nothing to be split by. Allocation lists it."
    return _part_tile("Unallocated", _of(buckets, (Bucket.UNALLOCATED,)), sum_, means)


def _together(buckets: Sequence[Part], sum_: Part) -> Tile:
    means = "What was split between teams by the rules of pools, with what nobody used."
    return _part_tile("Shared and idle", _of(buckets, _TOGETHER), sum_, means)


def _part_tile(label: str, part: Decimal | None, sum_: Part, means: str) -> Tile:
    if part is None or sum_.amount is None:
        return Tile(label, "–", why_none(sum_), means)
    of_all = share(part, sum_.amount) if sum_.amount > 0 else None
    value = short(part)
    aside = "no share: credits outweigh charges" if of_all is None else (
        f"{percent(float(of_all))} of our cost")  # fmt: skip
    return Tile(label, value, aside, means)


def _of(buckets: Sequence[Part], wanted: Sequence[Bucket]) -> Decimal | None:
    found = [one for one in buckets if one.name in wanted]
    if any(one.lacking or one.untold for one in found):
        return None
    return sum((one.amount for one in found if one.amount is not None), _NOTHING)


def change(now: Decimal, before: Decimal) -> str:
    """How an amount changed: `+3.2 %`, `−0.4 %`; words where that cannot be said in percents."""
    if before < 0:
        return "from a credit"
    if before == 0:
        return "from nothing" if now else "still nothing"
    by = float(now / before - 1) * 100
    sign = "+" if by > 0 else "\N{MINUS SIGN}" if by < 0 else "±"
    return f"{sign}{abs(by):,.1f} %"


def days_of(month: date) -> int:
    """How many days a month has."""
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return (after - month).days


def month_before(month: date) -> date:
    """The first day of the month before one."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def _year_ago(month: date | None) -> date | None:
    return None if month is None else month.replace(year=month.year - 1)
