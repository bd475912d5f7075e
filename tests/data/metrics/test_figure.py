"""What a figure is called in a breakdown."""

from __future__ import annotations

from data.metrics.scope import NO_TEAM, By
from tests.app.figures import figure


def test_what_is_of_no_team_is_not_of_a_team_called_none() -> None:
    told = figure(1.0, item="user_adoption")
    assert (told.part(By.TEAM), told.part(By.MEASURE)) == (NO_TEAM, "user_adoption")
    assert figure(1.0, team="web").part(By.TEAM) == "web"
