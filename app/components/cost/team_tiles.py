"""A team's own bill at a glance: the sum, what of it is direct, shared and idle, and its change."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.components.cost.money import money, share, short
from app.components.cost.overview_tiles import changed
from app.components.cost.tiles import Tile, tiles
from app.components.cost.unknown import why_none
from app.wording import percent
from data.costs.allocation.bucket import Bucket
from data.costs.views.compared import month_before
from data.costs.views.told import Part, Told, whole

_LABELS = {
    Bucket.DIRECT: ("Direct", "Charges that a rule gives to this team."),
    Bucket.SHARED: ("Shared", "Its part of pools; below is by what ratio, and why."),
    Bucket.IDLE: ("Idle", "Its part of what was paid for and used by nobody."),
}
_NOTHING = Decimal(0)


def team_tiles(told: Told, buckets: Sequence[Part], all_of_us: Part) -> None:
    """Shows them.

    Args:
        told: what is asked, of which team.
        buckets: the parts of the team's bill.
        all_of_us: the sum of all that is ours.
    """
    sum_ = whole(buckets)
    by_name = {one.name: one for one in buckets}
    tiles(
        [
            Tile(
                f"{told.asked.cost.value.capitalize()} cost, {told.currency}",
                short(sum_.amount, told.currency),
                of_all(told.currency, sum_, all_of_us),
                f"{money(sum_.amount, told.currency)}: what this team has, directly and from "
                "pools. In all: all our cost, also what nobody has.",
            ),
            _changed(told, sum_),
            *(_bucket(told, bucket, by_name.get(bucket.value), sum_) for bucket in _LABELS),
        ]
    )


def _changed(told: Told, sum_: Part) -> Tile:
    label, month = "Change", told.asked.month
    means = "Against the month before; of a month that still runs, as many days of both."
    if month is None:
        return Tile(label, "–", "choose a month to compare", means)
    return changed(label, told, sum_, sum_.before, month_before(month), means)


def _bucket(told: Told, bucket: Bucket, part: Part | None, sum_: Part) -> Tile:
    label, means = _LABELS[bucket]
    is_none = part is None or not (part.rows or part.lacking or part.untold)
    amount = _NOTHING if part is None or is_none else part.amount
    if amount is None or sum_.amount is None:
        return Tile(label, "–", why_none(sum_), means)
    of_sum = share(amount, sum_.amount) if sum_.amount > 0 else None
    aside = "no share" if of_sum is None else f"{percent(float(of_sum))} of the bill"
    return Tile(label, short(amount, told.currency), aside, means)


def of_all(currency: str, sum_: Part, all_of_us: Part) -> str:
    """How much of all costs a team has; or why that is not told."""
    if sum_.amount is None:
        return why_none(sum_)
    if all_of_us.amount is None:
        return f"in all {why_none(all_of_us)}"
    if all_of_us.amount <= 0:
        return "no share: credits outweigh charges"
    in_all = short(all_of_us.amount, currency)
    return f"{percent(float(sum_.amount / all_of_us.amount))} of {in_all} in all"
