"""Baselines: the period that a metric is compared with, decided by somebody for a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from data.decisions.decision import Act, Decision, Entry, NothingDecided, moment

if TYPE_CHECKING:  # engines know baselines, and open no book
    from data.decisions.book import Book

KIND = "baseline"


@dataclass(frozen=True, slots=True)
class Baseline:
    """A decision that is in force: with which days a metric of a team is compared."""

    id: str
    """Of the decision."""
    metric: str
    team: str | None
    """The team it holds for; None: every team that has none of its own."""
    start: date
    end: date
    """The day after the last."""
    reason: str
    actor: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Baselines:
    """All that are in force at a time, at most one for each metric and team."""

    all: tuple[Baseline, ...] = ()

    def find(self, metric: str, team: str | None) -> Baseline | None:
        """That of the team, else that of the organisation."""
        found = {one.team: one for one in self.all if one.metric == metric}
        return found.get(team, found.get(None))


NO_BASELINES = Baselines()


def in_force(told: Iterable[tuple[Baseline, bool]]) -> Baselines:
    """What is left of decisions in their order, each with whether it withdraws the one before."""
    kept: dict[tuple[str, str | None], Baseline] = {}
    for one, is_withdrawn in told:
        key = (one.metric, one.team)
        kept.pop(key, None)
        if not is_withdrawn:
            kept[key] = one
    return Baselines(tuple(kept.values()))


def baselines(book: Book, as_of: datetime | None = None) -> Baselines:
    """The baselines in force now, or at a time.

    Raises:
        DecisionsRefused: if the book cannot be read.
    """
    return _read(book.decisions(as_of, KIND))


def set_baseline(
    book: Book,
    metric: str,
    team: str | None,
    days: tuple[date, date],
    by: tuple[str, str],
    decided_at: datetime | None = None,
) -> Decision:
    """Decides with which days a metric is compared from now on.

    Args:
        book: where it is recorded.
        metric: id of the metric.
        team: whom it holds for; None: everybody without one of their own.
        days: the first day, and the day after the last.
        by: who decides, and why.
        decided_at: when; default: now.

    Raises:
        DecisionsRefused: if the book cannot be written.
    """
    return book.add(Entry(KIND, Act.SET, metric, _kept(days), *by, team), decided_at)


def withdraw_baseline(
    book: Book,
    metric: str,
    team: str | None,
    by: tuple[str, str],
    decided_at: datetime | None = None,
) -> Decision:
    """Decides that a baseline holds no longer: that of the team, or of the organisation.

    Raises:
        NothingDecided: if there is none.
        DecisionsRefused: if the book cannot be written.
    """
    found = _own(baselines(book), metric, team)
    entry = Entry(KIND, Act.WITHDRAW, metric, _kept((found.start, found.end)), *by, team)
    return book.add(entry, decided_at, lambda told, _: _own(_read(told), metric, team))


def _own(held: Baselines, metric: str, team: str | None) -> Baseline:
    found = held.find(metric, team)
    if found is None or found.team != team:
        whose = f"team `{team}`" if team else "the organisation"
        raise NothingDecided(
            f"there is no baseline of `{metric}` for {whose}", "", "see `cairn baseline list`"
        )
    return found


def _kept(days: tuple[date, date]) -> dict[str, str]:
    return {"from": days[0].isoformat(), "to": days[1].isoformat()}


def _read(told: Sequence[Decision]) -> Baselines:
    if not told:
        return NO_BASELINES
    return in_force((_baseline(one), one.act == Act.WITHDRAW) for one in told)


def _baseline(decision: Decision) -> Baseline:
    return Baseline(
        decision.id,
        decision.subject,
        decision.team,
        date.fromisoformat(decision.value["from"]),
        date.fromisoformat(decision.value["to"]),
        decision.reason,
        decision.actor,
        moment(decision.decided_at),
    )
