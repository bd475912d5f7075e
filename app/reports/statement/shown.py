"""What is shown of a statement: of all teams or of one, open or closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from app.reports.statement.words import whose
from data.costs.allocation.bucket import Bucket
from data.costs.allocation.cents import places_of
from data.costs.statement.content import Estimated, Kind, Line, Statement
from data.costs.statement.month import named
from data.costs.statement.refusal import NoStatement
from data.decisions.cost_period import Closing

NOTHING_BILLED = "nothing is billed: all of it is estimated"
"""Why there is no sum of what a team has estimates of alone."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What one has in one currency, in whole cents."""

    whose: str
    is_team: bool
    currency: str
    charges: Decimal
    corrections: Decimal

    @property
    def amount(self) -> Decimal:
        """In all."""
        return self.charges + self.corrections


@dataclass(frozen=True, slots=True)
class Proof:
    """Why the sum of one currency is right."""

    currency: str
    rows: int
    bills: Decimal
    """As bills say, exactly."""
    changes: Decimal
    """Of months before, since they were closed; exactly."""
    buckets: dict[Bucket, Decimal]
    """Where it went, in whole cents."""
    remainder: Decimal
    """What rounding leaves."""

    @property
    def due(self) -> Decimal:
        """What is to be accounted for."""
        return self.bills + self.changes

    @property
    def rounded(self) -> Decimal:
        """What the lines add up to."""
        return sum(self.buckets.values(), Decimal(0))

    @property
    def difference(self) -> Decimal:
        """What is lost or made up: nothing."""
        return self.due - self.rounded - self.remainder


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement, and how much of it is told."""

    statement: Statement
    closing: Closing | None
    """None: it is open, and may change."""
    team: str | None = None
    sees_names: bool = True
    """Whether it says who closed it."""

    @property
    def title(self) -> str:
        """What it is of."""
        month = named(self.statement.month)
        return f"Statement {month}" if self.team is None else f"Statement {month}, {self.team}"

    @property
    def state(self) -> str:
        """Whether it may change, in words."""
        one = self.closing
        if one is None:
            return "open: it changes with the bills until it is closed"
        who = f" by {self.closed_by}" if self.closed_by else ""
        return f"closed{who} at {one.decided_at:%Y-%m-%d %H:%M} UTC: {one.reason}"

    @property
    def closed_by(self) -> str | None:
        """Who closed it; None: it is open, or names are hidden."""
        return self.closing.actor if self.closing is not None and self.sees_names else None

    @property
    def lines(self) -> tuple[Line, ...]:
        """Those of the team that is asked for; else all. None, if all it has is estimated."""
        found = self._own
        if self.team is not None and not found and not self.estimates:
            what = f"`{self.team}` has nothing of {named(self.statement.month)}"
            teams = self.statement.teams
            raise NoStatement(what, "", f"name one of: {', '.join(teams) or 'none has'}")
        return found

    @property
    def _own(self) -> tuple[Line, ...]:
        all_ = self.statement.lines
        return tuple(one for one in all_ if self.team is None or one.key.team == self.team)

    @property
    def is_estimated(self) -> bool:
        """Whether all that the team has is estimated, so that nothing of it is billed."""
        return self.team is not None and bool(self.estimates) and not self._own

    @property
    def estimates(self) -> tuple[Estimated, ...]:
        """Those of the team that is asked for; else all."""
        all_ = self.statement.estimates
        return tuple(one for one in all_ if self.team is None or one.team == self.team)

    def sums(self) -> tuple[Sum, ...]:
        """What each has, by currency; what nobody has comes last."""
        found: dict[tuple[str, str, bool], list[Line]] = {}
        for line in self.lines:
            about = line.key.currency, whose(line), line.key.team is not None
            found.setdefault(about, []).append(line)
        return tuple(
            Sum(
                who,
                is_team,
                currency,
                _added((one for one in some if one.origin is None), currency),
                _added((one for one in some if one.origin is not None), currency),
            )
            for (currency, who, is_team), some in found.items()
        )

    def proofs(self) -> tuple[Proof, ...]:
        """Why the sums of all teams are right: one for each currency."""
        return tuple(map(self._proof, self.statement.currencies))

    def _proof(self, currency: str) -> Proof:
        told = self.statement
        bills = [one for one in told.reconciled if one.currency == currency]
        lines = tuple(told.of(currency))
        return Proof(
            currency,
            sum(one.rows for one in bills),
            sum((one.billed for one in bills), Decimal(0)),
            sum((one.exact for one in lines if one.kind is Kind.CHANGE), Decimal(0)),
            {
                bucket: _added((one for one in lines if one.key.bucket is bucket), currency)
                for bucket in Bucket
            },
            told.remainder(currency),
        )

    def reported(self) -> tuple[str | None, Decimal | None, str | None]:
        """The currency of reporting, what the lines come to in it, and why there is no such sum."""
        rates = {one.base: one for one in self.statement.rates}
        currency = next((one.quote for one in rates.values()), None)
        if self.is_estimated:
            return currency, None, NOTHING_BILLED
        if currency is None:
            return None, None, "no currency of reporting is named"
        sums: dict[str, Decimal] = {}
        for line in self.lines:
            if line.key.bucket is Bucket.EXCLUDED:
                continue
            sums[line.key.currency] = sums.get(line.key.currency, Decimal(0)) + line.amount
        total = Decimal(0)
        for base, amount in sums.items():
            used = rates.get(base)
            if used is None or used.rate is None:
                day = used.asked if used else named(self.statement.month)
                return currency, None, f"no rate of {base} in {currency} on {day}"
            total += amount * used.rate
        unit = Decimal(1).scaleb(-places_of(currency))
        return currency, total.quantize(unit, ROUND_HALF_EVEN), None


def _added(lines: Iterable[Line], currency: str) -> Decimal:
    """Their sum, with the decimals of the currency."""
    unit = Decimal(1).scaleb(-places_of(currency))
    return sum((one.amount for one in lines), Decimal(0)).quantize(unit)
