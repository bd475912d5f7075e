"""All that people of the invented organisation decided before its sources are read."""

from __future__ import annotations

from pathlib import Path

from connectors.demo.access_reviews import decide_access_reviews
from connectors.demo.attestations import decide_attestations
from connectors.demo.baselines import decide_baselines
from connectors.demo.costs.answers import decide_answers
from connectors.demo.costs.benefits import decide_benefits
from connectors.demo.costs.budgets import decide_budgets
from connectors.demo.exceptions import decide_exceptions
from connectors.demo.waivers import decide_waivers


def decide_all(folder: Path) -> None:
    """Records each decision once, at the time when it was made.

    Raises:
        DecisionsRefused: if the file cannot be written.
    """
    decide_baselines(folder)
    decide_exceptions(folder)
    decide_waivers(folder)
    decide_attestations(folder)
    decide_access_reviews(folder)
    decide_budgets(folder)
    decide_answers(folder)
    decide_benefits(folder)
