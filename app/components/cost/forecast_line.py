"""What a month comes to, in a line: how far it is, by which method, and how that did before."""

from __future__ import annotations

from app.components.cost.money import money
from app.wording import percent, plain
from data.costs.forecast import MonthEnd, NoForecast


def basis(currency: str | None) -> str:
    """What these sums are of, and why they can differ from the bills of a month."""
    in_currency = f" in {currency}" if currency else ""
    return (
        f"Effective cost{in_currency}, of all sources and without what is excluded, by the day of "
        "the charge: a correction counts in the month that it corrects, and in the sums above in "
        "the month of its bill."
    )


def forecast_line(one: MonthEnd | NoForecast, currency: str | None) -> str:
    """The line, as Markdown."""
    month = f"{one.month:%B %Y}"
    if isinstance(one, NoForecast):
        return f"**{month}**: nothing is expected, since it is not known: {plain(one.why)}."
    total = plain(money(one.total, currency or ""))
    if one.error is None:
        sure = "all bills are final" if one.is_final else "bills of it may still change"
        return f"**{month}** came to **{total}**: {sure}."
    if one.low >= one.total or one.high <= one.total:
        side = "more" if one.low >= one.total else "less"
        return (
            f"**{month}**: no forecast is given. The {one.method} gives {total}, but in 9 "
            f"of 10 tests from {one.origins:,} earlier days {side} came."
        )
    low, high = (plain(money(end, currency or "")) for end in (one.low, one.high))
    share = "" if one.error_share is None else f" ({percent(one.error_share)})"
    return (
        f"**{month}** is expected to come to **{total}**, in 8 of 10 tests between {low} and "
        f"{high}. :small[By the {one.method}; from {one.origins:,} earlier days the same was off "
        f"by {plain(money(one.error, currency or ''))}{share} on average. {_choice(one)}]"
    )


def _choice(one: MonthEnd) -> str:
    if not one.chosen_from:
        return "No other method was compared: there are too few days for that."
    return f"The method was chosen from {one.chosen_from:,} days before, which saw none of these."
