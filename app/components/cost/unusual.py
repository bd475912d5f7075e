"""Unusual cost of a month: what it was, what people said of it, and an answer of one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

import streamlit as st

from app.components.cost.answer import answer
from app.components.cost.filled import filled
from app.components.cost.money import amount_column, in_units, money
from app.components.cost.opened import open_of, opening
from app.components.openable import openable
from app.components.published import workspace
from app.viewer import sees_names, unnamed
from app.wording import day, duration, plain, rounded_percent
from data.configuration import load
from data.costs.anomaly.answered import Answered, answered, history
from data.costs.anomaly.finding import Found, Rule, find
from data.decisions.book import Book
from data.decisions.cost_anomaly import said
from data.period import Grain, following
from data.store.snapshot import Snapshot

_KIND = "unusual"
_STATES = {"open": "● open", "acknowledged": "◐ acknowledged", "explained": "✓ explained",
           "dismissed": "– dismissed"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unusual:
    """What is known of a month."""

    found: Found
    month: date
    anomalies: tuple[Answered, ...]
    """Those that meet the month, the newest first."""
    judged: int
    """Series that were looked at, of the teams that are chosen."""

    @property
    def open(self) -> int:
        """How many nobody has said anything of."""
        return sum(not one.said for one in self.anomalies)


def of_unusual(snapshot: Snapshot, month: date, teams: Sequence[str] = ()) -> Unusual:
    """Finds what was unusual in a month, of some teams or of all."""
    rule = Rule.of(load(workspace().configuration).cost)
    found = _found(snapshot, rule, month)
    last = following(month, Grain.MONTH) - timedelta(days=1)
    chosen = [
        one for one in found.anomalies
        if one.meets(month, last) and (not teams or one.key.team in teams)
    ]  # fmt: skip
    told = said(Book(workspace().folder))
    judged = sum(not teams or key.team in teams for key in found.series)
    return Unusual(found, month, tuple(answered(chosen, told, found.currency)), judged)


@st.cache_resource(
    max_entries=64, show_spinner=False, hash_funcs={Snapshot: attrgetter("id"), Rule: repr}
)
def _found(snapshot: Snapshot, rule: Rule, since: date) -> Found:
    return find(snapshot, rule, since)


def unusual(told: Unusual, titles: Mapping[str, str]) -> None:
    """Lists what was unusual; one that is chosen takes an answer.

    Args:
        told: what was found.
        titles: of teams.
    """
    found = told.found
    if found.why is not None:
        st.markdown(f"Nobody knows whether anything is unusual: {plain(found.why)}.")
        return
    st.markdown(_in_words(told))
    if not told.anomalies:
        return
    ids = [one.anomaly.id for one in told.anomalies]
    names = sees_names(load(workspace().configuration))
    lines = [_line(one, found.currency or "", titles) for one in told.anomalies]
    openable(
        unnamed(filled(lines), ("By",), sees_names=names),
        opening(_KIND, ids),
        key=f"unusual {told.month} {len(ids)}",
        columns=_columns(found.currency or ""),
        tall=(10, 390),
        alt="One row a run of unusual days: whose, how much more or less, and what was said of it",
    )
    name = open_of(_KIND)
    if name in ids:
        answer(told.anomalies[ids.index(name)], found.currency or "", sees_names=names)


def _in_words(told: Unusual) -> str:
    found, past = told.found, history(told.anomalies)
    series = "1 series" if told.judged == 1 else f"{told.judged:,} series"
    where = f"in {told.month:%B %Y}, of {series} of a team, service and provider"
    if not past.count:
        return f":material/check_circle: Nothing is unusual {where}."
    more = plain(money(past.money, found.currency or ""))
    parts = [f"**{past.count:,} unusual** {where}: {more} more or less than usual",
             f"**{past.open:,} open**"]  # fmt: skip
    if past.seconds_to_answer is not None:
        parts.append(f"answered after {duration(max(0.0, past.seconds_to_answer))} (median)")
    if past.dismissed_share is not None:
        parts.append(f"{rounded_percent(past.dismissed_share)} of {past.judged:,} judged dismissed")
    return " · ".join(parts)


def _line(one: Answered, currency: str, titles: Mapping[str, str]) -> dict[str, Any]:
    found = one.anomaly
    team = found.key.team
    last = one.said[-1] if one.said else None
    return {
        "State": _STATES[one.state],
        "What": found.kind.value,
        "Amount": in_units(found.amount, currency),
        "Team": titles.get(team, team) if team else "nobody",
        "Service": found.key.service,
        "Days": day(found.first) if found.first == found.last
        else f"{day(found.first)} – {day(found.last)}",
        "Cost": in_units(found.cost, currency),
        "Usual": in_units(found.expected, currency),
        "Hidden by": ", ".join(found.masked_by) or None,
        "Said": last.reason if last else None,
        "By": last.actor if last else None,
        "Provider": found.key.provider,
        "Id": found.id,
    }  # fmt: skip


def _columns(currency: str) -> dict[str, Any]:
    config = st.column_config
    return {
        "State": config.TextColumn(width=120),
        "What": config.TextColumn(
            width=55, help="More or less than the same weekdays before, or new."
        ),
        "Amount": amount_column(currency, help=f"More or less than usual, in {currency}."),
        "Days": config.TextColumn(width=170),
        "Cost": amount_column(currency, help="Of these days."),
        "Usual": amount_column(
            currency, help="The median of the same weekdays of the eight weeks before."
        ),
        "Hidden by": config.TextColumn(
            width=120, help="Ids of those that take it back in the sum of its team or service."
        ),
        "Said": config.TextColumn(width=200),
    }
