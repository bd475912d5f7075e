"""How much of what is billed somebody has, on both costs; and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence

from app.components.cost.money import money, short
from app.components.cost.tiles import Tile, tiles
from app.components.cost.unknown import NOT_TOLD
from app.wording import percent, plain
from data.costs.views.allocation import Caught, Coverage
from data.costs.views.asked import Asked, Cost
from data.costs.views.reconciled import File

_MEANS = (
    "1 − unallocated ÷ total. What rules exclude is not our cost and is in neither; what is "
    "unallocatable counts as covered, since a rule says why nobody can have it."
)


def coverage_tiles(
    asked: Asked, found: Sequence[Coverage], rules: Sequence[Caught], files: Sequence[File]
) -> None:
    """Shows coverage, what nobody has, rules that caught nothing, and refused rows."""
    currency = asked.currency or ""
    by_cost = {one.cost: one for one in found}
    chosen = by_cost.get(asked.cost)
    total = chosen.total if chosen else None
    tiles(
        [
            Tile(
                f"Our {asked.cost.value} cost, {currency}",
                short(total, currency),
                _total(chosen, currency),
                "What the bills hold, without what rules exclude.",
            ),
            *(_covered(by_cost.get(cost), cost, currency) for cost in Cost),
            _of_rules(asked, rules),
            _of_rows(files),
        ]
    )


def _total(one: Coverage | None, currency: str) -> str:
    if one is None:
        return "nothing is billed here"
    return f"not known: {NOT_TOLD}" if one.total is None else plain(money(one.total, currency))


def _covered(one: Coverage | None, cost: Cost, currency: str) -> Tile:
    if one is not None and (one.total is None or one.unallocated is None):
        return Tile(f"Coverage, {cost}", "–", f"not known: {NOT_TOLD}", _MEANS)
    if one is None or one.share is None:
        return Tile(f"Coverage, {cost.value}", "–", "nothing is billed here, or credits outweigh "
                    "charges", _MEANS)  # fmt: skip
    left = plain(money(one.unallocated, currency))
    return Tile(
        f"Coverage, {cost.value}",
        percent(float(one.share)),
        f"unallocated: {left}" if one.unallocated else "nothing is unallocated",
        _MEANS,
    )


def _of_rules(asked: Asked, rules: Sequence[Caught]) -> Tile:
    in_force = [one for one in rules if one.rule is not None and one.holds_in(asked.month)]
    idle = sum(not one.caught for one in in_force)
    aside = f"{idle:,} caught nothing" if idle else "each caught something"
    return Tile(
        "Rules in force",
        f"{len(in_force):,}",
        aside if in_force else "none: `[cost] rules` names no file",
        "Those that hold on some day of the month.",
    )


def _of_rows(files: Sequence[File]) -> Tile:
    counted = [one for one in files if one.holds or not one.taken]
    refused, rows = sum(one.refused for one in counted), sum(one.rows for one in counted)
    return Tile(
        "Rows refused",
        f"{refused:,}",
        f"of {rows:,}, which no sum has" if refused else f"all {rows:,} are counted",
        "Rows that cannot be counted, of the files in effect here, with all months of each file.",
    )
