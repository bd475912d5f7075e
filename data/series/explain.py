"""What the trend of a metric tells: one answer for page, command line and report alike.

Periods before the window are read as well, since what is usual is known from them alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from data.decisions.baseline import NO_BASELINES, Baselines
from data.metrics.definition import Definition
from data.metrics.engine import evaluate, today
from data.metrics.scope import Scope
from data.period import Grain, Window, fits, floor
from data.series.anomaly import Judged, Rule, anomalies, usual_rule
from data.series.change_point import ChangePoint, change_points
from data.series.forecast import Forecast, TooShort, forecast
from data.series.points import points
from data.store.snapshot import Snapshot

_DAYS_BEFORE = {
    Grain.DAY: 182,
    Grain.WEEK: 728,
    Grain.MONTH: 5 * 366,
    Grain.QUARTER: 5 * 366,
    Grain.YEAR: 12 * 366,
}
"""How many days before the window are read to judge it."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What is unusual in a window, where the level changed, and what to expect after it."""

    metric: Definition
    grain: Grain
    window: Window
    read: Window
    """The window, with the periods before it that it is measured by."""
    rule: Rule
    judged: Judged
    changes: tuple[ChangePoint, ...]
    forecast: Forecast | TooShort | None
    """None where the window ends before what is known: what came then is told by the trend."""

    @property
    def drawn_forecast(self) -> Forecast | None:
        """The forecast if it is worth drawing: nearer than the last one alike, carried on."""
        made = self.forecast
        return made if isinstance(made, Forecast) and made.back_test.beats_naive else None


def explain(
    snapshot: Snapshot,
    metric: Definition,
    scope: Scope,
    whole: Window,
    grain: Grain,
    decided: Baselines = NO_BASELINES,
) -> Explained:
    """Judges the periods of a window by those before them.

    Args:
        snapshot: the published data.
        metric: what is measured.
        scope: which part of the organisation.
        whole: which days.
        grain: how they are cut.
        decided: the baselines in force, for a metric that is compared with one.

    Raises:
        ScopeError: if the scope names something the snapshot does not know.
    """
    line = metric.model_copy(update={"parts": {}, "spread": None})
    read = _with_history(whole, grain)
    figures = evaluate(snapshot, line, scope, read, grain, decided=decided).figures
    told = points(metric, figures, grain)
    rule = usual_rule(metric)
    changes = change_points(told, grain, rule)
    return Explained(
        metric,
        grain,
        whole,
        read,
        rule,
        anomalies(told, grain, rule, whole.start),
        tuple(at for at in changes if at.window.start >= whole.start),
        forecast(told, grain) if whole.end >= today(snapshot) else None,
    )


def _with_history(whole: Window, grain: Grain) -> Window:
    """The window from earlier on; itself where that were more periods than can be read."""
    first = floor(whole.start - timedelta(days=_DAYS_BEFORE[grain]), grain)
    read = Window(first, whole.end)
    return read if fits(read, grain) else whole
