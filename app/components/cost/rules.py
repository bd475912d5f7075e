"""The rules in their order: what each matches and does, and what it caught; or that it did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from app.components.cost.behind import Figure, behind
from app.components.cost.csv_file import Extract, csv_button
from app.components.cost.filled import filled
from app.components.cost.money import amount_column, in_units
from app.components.cost.opened import open_of, opening
from app.components.openable import openable
from app.wording import plain
from data.costs.allocation.dimension import dimension
from data.costs.views.allocation import Caught, rules_version
from data.costs.views.asked import Asked, answered
from data.store.snapshot import Snapshot

_KIND = "rule"
_NO_RULE = "none"


def rules_table(
    snapshot: Snapshot, asked: Asked, found: Sequence[Caught], titles: Mapping[str, str]
) -> None:
    """Lists the rules; a chosen one shows the lines that it caught.

    Args:
        snapshot: whose rules.
        asked: which costs.
        found: the rules, and what none matches.
        titles: of teams and pools, by their ids.
    """
    names = [_name(one) for one in found]
    st.markdown(_summary(snapshot, asked, found))
    openable(
        filled([_line(one, asked, titles) for one in found], "Cost", "Share"),
        opening(_KIND, names),
        key=f"rules {asked}",
        columns=_columns(asked.currency or ""),
        tall=(25, 920),
        alt="One row a rule, in the order in which they are tried: what it matches and does, and "
        "how many charges it caught; the last row is what no rule matches",
    )
    extract = Extract.of(snapshot, "rules", "rules, and what each caught", asked)
    csv_button(
        extract, lambda: answered(snapshot, "rules", asked),
        count=len(found), key="rules csv", label="Rules as CSV",
    )  # fmt: skip
    name = open_of(_KIND)
    chosen = next((one for one in found if _name(one) == name), None)
    if chosen is not None:
        behind(snapshot, asked, _figure(chosen))


def matches(one: Caught) -> str:
    """What a rule matches, in words."""
    if one.rule is None:
        return "what no rule matches"
    parts = [_fits(name, words) for name, words in one.match.items()]
    if one.act == "team_from":
        parts.append(f"{one.target} names a team")
    told = "; ".join(parts) or "everything"
    unless = "; ".join(_fits(name, words) for name, words in one.unless.items())
    return f"{told}; unless {unless}" if unless else told


def _fits(name: str, words: Sequence[str]) -> str:
    found = dimension(name)
    told = [word.strip() or "nothing" for word in words]
    if found is not None and found.is_ordered:
        return f"{name} {' or '.join(_compared(word) for word in told)}"
    return f"{name} = {' or '.join(told)}"


def _compared(word: str) -> str:
    return word if word[0] in "<>=" else f"= {word}"


def does(one: Caught, titles: Mapping[str, str]) -> str:
    """What a rule does with it, in words."""
    target = one.target or ""
    match one.act:
        case "team":
            return f"team {titles.get(target, target)}"
        case "team_from":
            return f"the team that {target} names"
        case "pool":
            return f"into the pool {titles.get(target, target)}"
        case "unallocatable":
            return f"nobody can have it: {target}"
        case "exclude":
            return f"not our cost: {target}"
    return "nobody has it"


def _summary(snapshot: Snapshot, asked: Asked, found: Sequence[Caught]) -> str:
    in_force = [one for one in found if one.rule is not None and one.holds_in(asked.month)]
    idle = [one.rule or "" for one in in_force if not one.caught]
    told = f":small[Rules of version **{plain(rules_version(snapshot))}**, tried in this order; "
    told += "the first that matches decides. Choose a row to see the lines that it caught.]"
    if idle:
        told += f"\n\n:material/filter_alt_off: Caught nothing: {plain(', '.join(idle))}."
    return told


def _name(one: Caught) -> str:
    return _NO_RULE if one.nth is None else f"{one.nth}-{one.rule}"


def _figure(one: Caught) -> Figure:
    title = f"rule {one.rule}" if one.rule is not None else "what no rule matches"
    return Figure(title, {"rule": one.rule}, one.from_day, one.until_day)


def _line(one: Caught, asked: Asked, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "#": one.nth,
        "Rule": one.rule or "none",
        "Cost": in_units(one.amount, asked.currency or ""),
        "Charges": one.charges,
        "Share": None if one.share is None else float(one.share * Decimal(100)),
        "Matches": matches(one),
        "Does": does(one, titles),
        "In force": _holds(one, asked.month),
        "First day": None if asked.month else one.first_day,
        "Last day": None if asked.month else one.last_day,
    }


def _holds(one: Caught, month: date | None) -> str | None:
    if one.rule is None:
        return None
    first = f"from {one.from_day}" if one.from_day else ""
    last = f"until before {one.until_day}" if one.until_day else ""
    told = " ".join(part for part in (first, last) if part) or "always"
    return told if one.holds_in(month) else f"not in force: {told}"


def _columns(currency: str) -> dict[str, Any]:
    config = st.column_config
    return {
        "#": config.NumberColumn(width=35, help="Place in the order in which rules are tried."),
        "Rule": config.TextColumn(width=145),
        "Charges": config.NumberColumn(
            format="localized", width=75, help="Rows of bills; one that is split counts once."
        ),
        "Cost": amount_column(
            currency,
            label=f"Cost, {currency}",
            help="A dash: a bill does not tell this cost of some of it, or nothing of it is "
            "billed.",
        ),
        "Share": config.NumberColumn(format="%.1f %%", width=70, help="Of all that bills hold."),
        "Matches": config.TextColumn(width=235),
        "Does": config.TextColumn(width=225),
        "In force": config.TextColumn(
            width=90, help="For charges of which days, whenever they are billed."
        ),
        "First day": config.DateColumn(
            format="YYYY-MM-DD", width=95, help="Of the charges that it caught."
        ),
        "Last day": config.DateColumn(format="YYYY-MM-DD", width=95),
    }
