"""The log of decisions: adding to it, and what counted at a time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from data.decisions import baseline, exception
from data.decisions.baseline import NO_BASELINES, Baseline, Baselines, in_force
from data.decisions.decision import Act, Decision, identity, moment, stamp
from data.decisions.exception import Exceptions, Excuse, GateException, check, standing
from data.decisions.file import WAIT_SECONDS, DecisionFile
from data.errors import WrongQuestion

FILE = "decisions.db"


class NothingDecided(WrongQuestion):
    """A decision is to be withdrawn that is not in force."""


class Book:
    """The decisions of one folder. Reading never makes the file."""

    def __init__(self, folder: Path, wait_seconds: float = WAIT_SECONDS) -> None:
        """Names the folder; `wait_seconds` is how long another writer is waited for."""
        self._file = DecisionFile(folder / FILE, wait_seconds)

    def decisions(self, as_of: datetime | None = None) -> list[Decision]:
        """All decisions in their order; with a time, those made until then.

        Raises:
            DecisionsRefused: if the file cannot be read.
        """
        if not self._file.path.exists():
            return []
        wanted = select(Decision).order_by(Decision.number)  # type: ignore[arg-type]
        if as_of is not None:
            wanted = wanted.where(Decision.decided_at <= stamp(as_of))
        with self._file.reading() as session:
            return list(session.exec(wanted).all())

    def baselines(self, as_of: datetime | None = None) -> Baselines:
        """The baselines in force now, or at a time.

        Raises:
            DecisionsRefused: if the file cannot be read.
        """
        found = [one for one in self.decisions(as_of) if one.kind == baseline.KIND]
        if not found:
            return NO_BASELINES
        return in_force((_baseline(one), one.act == Act.WITHDRAW) for one in found)

    def set_baseline(
        self,
        metric: str,
        team: str | None,
        days: tuple[date, date],
        by: tuple[str, str],
        decided_at: datetime | None = None,
    ) -> Decision:
        """Decides with which days a metric is compared from now on.

        Args:
            metric: id of the metric.
            team: whom it holds for; None: everybody without one of their own.
            days: the first day, and the day after the last.
            by: who decides, and why.
            decided_at: when; default: now.

        Raises:
            DecisionsRefused: if the file cannot be written.
        """
        value = {"from": days[0].isoformat(), "to": days[1].isoformat()}
        with self._file.writing() as session:
            about = (baseline.KIND, metric, team)
            return self._add(session, Act.SET, about, value, by, decided_at)

    def withdraw_baseline(
        self,
        metric: str,
        team: str | None,
        by: tuple[str, str],
        decided_at: datetime | None = None,
    ) -> Decision:
        """Decides that a baseline holds no longer: that of the team, or of the organisation.

        Raises:
            NothingDecided: if there is none.
            DecisionsRefused: if the file cannot be written.
        """
        found = self.baselines().find(metric, team)
        if found is None or found.team != team:
            whose = f"team `{team}`" if team else "the organisation"
            raise NothingDecided(
                f"there is no baseline of `{metric}` for {whose}",
                "",
                "see `cairn baseline list`",
            )
        value = {"from": found.start.isoformat(), "to": found.end.isoformat()}
        with self._file.writing() as session:
            about = (baseline.KIND, metric, team)
            return self._add(session, Act.WITHDRAW, about, value, by, decided_at)

    def exceptions(self, as_of: datetime | None = None) -> Exceptions:
        """The exceptions that stand now, or stood at a time: those in force and those expired.

        Raises:
            DecisionsRefused: if the file cannot be read.
        """
        found = [one for one in self.decisions(as_of) if one.kind == exception.KIND]
        return standing((_exception(one), one.act == Act.WITHDRAW) for one in found)

    def set_exception(
        self,
        about: tuple[str, str | None],
        excuses: tuple[Excuse, ...],
        until: date,
        by: tuple[str, str, str],
        decided_at: datetime | None = None,
    ) -> Decision:
        """Decides what promotions of a model may lack from now on, instead of what was decided.

        Args:
            about: the model, and the version; None: every version of it.
            excuses: what they may lack.
            until: the last day (UTC) of it.
            by: who asks, who approves, and why.
            decided_at: when; default: now.

        Raises:
            ExceptionRefused: if it may not be given.
            DecisionsRefused: if the file cannot be written.
        """
        at = decided_at or datetime.now(UTC)
        asked_by, approved_by, reason = by
        check(excuses, until, (asked_by, approved_by), at.astimezone(UTC).date())
        value = {
            "model": about[0],
            "version": about[1],
            "excuses": [one.value for one in Excuse if one in excuses],
            "until": until.isoformat(),
            "asked_by": asked_by,
        }
        with self._file.writing() as session:
            subject = (exception.KIND, exception.METRIC, None)
            return self._add(session, Act.SET, subject, value, (approved_by, reason), at)

    def withdraw_exception(
        self,
        about: tuple[str, str | None],
        by: tuple[str, str],
        decided_at: datetime | None = None,
    ) -> Decision:
        """Decides that an exception stands no longer: that of the version, or of the model.

        Raises:
            NothingDecided: if there is none.
            DecisionsRefused: if the file cannot be written.
        """
        found = {(one.model, one.version): one.id for one in self.exceptions().all}.get(about)
        if found is None:
            which = f"version `{about[1]}` of `{about[0]}`" if about[1] else f"`{about[0]}`"
            what = f"there is no exception for {which}"
            raise NothingDecided(what, "", "see `cairn exception list`")
        value = next(one.value for one in self.decisions() if one.id == found)
        with self._file.writing() as session:
            subject = (exception.KIND, exception.METRIC, None)
            return self._add(session, Act.WITHDRAW, subject, value, by, decided_at)

    def _add(
        self,
        session: Session,
        act: Act,
        about: tuple[str, str, str | None],
        value: dict[str, Any],
        by: tuple[str, str],
        decided_at: datetime | None,
    ) -> Decision:
        made = Decision(
            id="",
            kind=about[0],
            subject=about[1],
            team=about[2],
            act=act.value,
            value=value,
            actor=by[0],
            reason=by[1],
            decided_at=stamp(decided_at or datetime.now(UTC)),
        )
        made.id = identity(made)
        known = session.exec(select(Decision).where(Decision.id == made.id)).first()
        if known is not None:
            return known
        session.add(made)
        session.commit()
        session.refresh(made)
        return made


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


def _exception(decision: Decision) -> GateException:
    value = decision.value
    return GateException(
        decision.id,
        value["model"],
        value["version"],
        tuple(Excuse(one) for one in value["excuses"]),
        date.fromisoformat(value["until"]),
        decision.reason,
        value["asked_by"],
        decision.actor,
        moment(decision.decided_at),
    )
