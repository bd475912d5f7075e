"""What costs come to at a glance: the sum, a day of it, how it changed, and what nobody has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.components.cost.money import money, share, short
from app.components.cost.tiles import Tile, tiles
from app.components.cost.unknown import why_none
from app.wording import percent, plain
from data.costs.allocation.bucket import Bucket
from data.costs.views.compared import days_of, month_before
from data.costs.views.told import Part, Told, whole

_TOGETHER = (Bucket.SHARED, Bucket.IDLE)
_NOTHING = Decimal(0)


def overview_tiles(told: Told, buckets: Sequence[Part], days: int) -> None:
    """Shows them.

    Args:
        told: what is asked, and in which currency.
        buckets: the parts of the sum by bucket.
        days: over how many a day is told.
    """
    sum_ = whole(buckets)
    tiles(
        [
            Tile(
                f"Our {told.asked.cost.value} cost, {told.currency}",
                short(sum_.amount, told.currency),
                plain(money(sum_.amount, told.currency)),
                "All that the bills hold, without what rules exclude as not our cost.",
            ),
            _a_day(told, sum_, days),
            _year(told, sum_),
            _nobody(told, buckets, sum_),
            _together(told, buckets, sum_),
        ]
    )


def days_told(told: Told, months: Sequence[date]) -> int:
    """Over how many days the sum is told by the day: those of a month that runs which bills hold.

    Args:
        told: what is asked.
        months: all that there are bills of.
    """
    cut = told.compared
    chosen = [told.asked.month] if told.asked.month else list(months)
    return sum(cut.counted if cut and one == cut.month else days_of(one) for one in chosen)


def _a_day(told: Told, sum_: Part, days: int) -> Tile:
    means = "The sum by its days, so that months of different length compare; of a month that "
    means += "still runs, its first days that bills hold."
    if sum_.alike is None or not days:
        return Tile("A day", "–", none_alike(told, sum_), means)
    a_day, month = sum_.alike / days, told.asked.month
    if month is None or sum_.before is None:
        return Tile("A day", short(a_day, told.currency), f"over {days:,} days", means)
    earlier = month_before(month)
    is_cut = told.compared is not None and told.compared.days is not None
    before = sum_.before / (days if is_cut else days_of(earlier))
    aside = f"{change(a_day, before)} against {days_in_words(told, earlier)}"
    return Tile("A day", short(a_day, told.currency), aside, means)


def _year(told: Told, sum_: Part) -> Tile:
    label, month = "Against a year before", told.asked.month
    means = "The month against the same of a year before, as many days of both."
    if month is None:
        return Tile(label, "–", "choose a month to compare", means)
    earlier = month.replace(year=month.year - 1)
    return changed(label, told, sum_, sum_.year_before, earlier, means)


def changed(
    label: str, told: Told, sum_: Part, before: Decimal | None, earlier: date, means: str
) -> Tile:
    """How the days compared changed against as many of an earlier month; or why none is told."""
    now = sum_.alike
    if now is None:
        return Tile(label, "–", none_alike(told, sum_), means)
    if before is None:
        return Tile(label, "–", f"{earlier:%B %Y} is not known", means)
    less = plain(money(abs(now - before), told.currency))
    words = "less" if now < before else "more"
    aside = f"{less} {words} than in {days_in_words(told, earlier)}"
    return Tile(label, change(now, before), aside, means)


def days_in_words(told: Told, earlier: date) -> str:
    """The days of an earlier month that are compared: `October 2025`, `the first 11 days of …`."""
    days = told.compared.days if told.compared else None
    if days is None:
        return f"{earlier:%B %Y}"
    return f"the first {'day' if days == 1 else f'{days} days'} of {earlier:%B %Y}"


def none_alike(told: Told, sum_: Part) -> str:
    """Why the days that are compared have no cost; there may be one of the other days."""
    if sum_.amount is None:
        return why_none(sum_)
    cut = told.compared
    when = f" in {days_in_words(told, cut.month)}" if cut else ""
    return not_compared(told) or f"nothing is billed here{when}"


def not_compared(told: Told) -> str | None:
    """Why nothing of a month is compared; None: something is."""
    cut = told.compared
    if cut is None or cut.days != 0:
        return None
    return f"not compared: {plain(cut.behind or '')} holds no whole day of {cut.month:%B %Y} yet"


def _nobody(told: Told, buckets: Sequence[Part], sum_: Part) -> Tile:
    means = "What no rule matches, or what a pool had nothing to be split by. Allocation lists it."
    return _part_tile("Unallocated", _of(buckets, (Bucket.UNALLOCATED,)), told, sum_, means)


def _together(told: Told, buckets: Sequence[Part], sum_: Part) -> Tile:
    means = "What was split between teams by the rules of pools, with what nobody used."
    return _part_tile("Shared and idle", _of(buckets, _TOGETHER), told, sum_, means)


def _part_tile(label: str, part: Decimal | None, told: Told, sum_: Part, means: str) -> Tile:
    if part is None or sum_.amount is None:
        return Tile(label, "–", why_none(sum_), means)
    of_all = share(part, sum_.amount) if sum_.amount > 0 else None
    value = short(part, told.currency)
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
