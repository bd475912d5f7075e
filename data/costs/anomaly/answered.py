"""Anomalies with what people said of them, and what that history comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from statistics import median

from data.costs.anomaly.anomaly import Anomaly
from data.costs.money import exact
from data.decisions.cost_anomaly import About, AllSaid, Said, Verdict

OPEN = "open"


@dataclass(frozen=True, slots=True)
class Answered:
    """An anomaly, and all that was said of it, in its order."""

    anomaly: Anomaly
    said: tuple[Said, ...]

    @property
    def state(self) -> str:
        """What was said last; `open` if nothing was."""
        return self.said[-1].verdict.value if self.said else OPEN

    @property
    def seconds_to_answer(self) -> float | None:
        """From when it could be seen until somebody said anything; None: nobody has yet."""
        if not self.said:
            return None
        seen = datetime.combine(self.anomaly.noticed, time(), UTC)
        return (self.said[0].decided_at - seen).total_seconds()


@dataclass(frozen=True, slots=True)
class History:
    """What anomalies and answers come to."""

    count: int
    money: Decimal
    """More and less than expected, added up without their signs."""
    open: int
    open_money: Decimal
    answered: int
    """Those of which anything was said."""
    seconds_to_answer: float | None
    """Median; None: nothing was said of any."""
    judged: int
    """Those that were explained or dismissed."""
    dismissed_share: float | None
    """Of those judged: how often the rule saw wrong; None: none was judged."""


def answered(found: Sequence[Anomaly], told: AllSaid, currency: str | None) -> list[Answered]:
    """Puts what people said beside each anomaly."""
    return [Answered(one, told.of(about(one, currency))) for one in found]


def about(one: Anomaly, currency: str | None) -> About:
    """An anomaly as a decision names it."""
    key = one.key
    return About(one.id, key.team, key.service, key.provider, one.kind.value, one.first, one.last,
                 exact(one.amount) or "0", currency)  # fmt: skip


def history(all_: Sequence[Answered]) -> History:
    """Counts, money, time to answer, and the share of false positives."""
    waits = [one.seconds_to_answer for one in all_ if one.seconds_to_answer is not None]
    open_ = [one for one in all_ if not one.said]
    dismissed = sum(one.state == Verdict.DISMISSED for one in all_)
    judged = dismissed + sum(one.state == Verdict.EXPLAINED for one in all_)
    return History(
        count=len(all_),
        money=_money(all_),
        open=len(open_),
        open_money=_money(open_),
        answered=len(waits),
        seconds_to_answer=median(waits) if waits else None,
        judged=judged,
        dismissed_share=dismissed / judged if judged else None,
    )


def _money(some: Sequence[Answered]) -> Decimal:
    return sum((abs(one.anomaly.amount) for one in some), Decimal(0))
