"""The figures the page of statements begins with: how many months are closed, which is next."""

from __future__ import annotations

from collections.abc import Sequence

from app.components.cost.tiles import Tile, tiles
from app.wording import day, listed
from data.costs.statement.month import named
from data.costs.statement.standing import Standing


def month_tiles(found: Sequence[Standing]) -> None:
    """Shows how many months are closed, which is the next, and how many changed since.

    Args:
        found: how each month stands, the newest first.
    """
    tiles([_closed(found), _next(found), _changed(found)])


def _closed(found: Sequence[Standing]) -> Tile:
    closed = [one.closing for one in found if one.closing is not None]
    last = f"the last on {day(closed[0].decided_at.date())}" if closed else "none yet"
    return Tile(
        "Closed months", f"{len(closed):,} of {len(found):,}", last,
        "Months whose statement stays as it is, of all that there are bills of.",
    )  # fmt: skip


def _next(found: Sequence[Standing]) -> Tile:
    open_ = [one for one in found if not one.is_settled]
    help_ = "The first month that is open: what changes of closed months is charged in it."
    if not open_:
        return Tile("Next to close", "–", "every month is closed", help_)
    return Tile("Next to close", f"{open_[-1].month:%b %Y}", _stands(open_[-1]), help_)


def _stands(one: Standing) -> str:
    if one.missing:
        return "bills are missing"
    return "it can be closed" if one.can_close else "it cannot be closed yet"


def _changed(found: Sequence[Standing]) -> Tile:
    help_ = "Closed months of which bills or rules say something else now."
    if any(one.moved is None for one in found):
        return Tile("Changed since closed", "–", "not known: what was kept is damaged", help_)
    months = [named(one.month) for one in found if one.moved]
    return Tile("Changed since closed", f"{len(months):,}", listed(months, 3) or "none", help_)
