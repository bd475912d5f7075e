"""The demo has what an auditor asks to be shown: each state in each framework."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from data.configuration import load
from data.controls.examination import Examination
from data.controls.outcome import Outcome
from data.controls.state import State
from data.metrics.engine import today
from data.period import parse_window
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace

FRAMEWORKS = ("soc2", "iso27001", "ssdf", "slsa", "ai_act", "iso42001", "ai_rmf", "gdpr")


@pytest.fixture(scope="module")
def outcomes(demo: Path) -> list[Outcome]:
    """What all controls of the demo come to in its last ninety days."""
    workspace = Workspace(demo)
    rules = Examination.of(workspace, load(workspace.configuration))
    assert set(rules.known.frameworks) == set(FRAMEWORKS)
    with closing(SnapshotReader(workspace)) as reader, reader.reading() as snapshot:
        return rules.outcomes(snapshot, parse_window("90d", today(snapshot)))


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_controls_pass_fail_are_unknown_waived_and_attested(
    framework: str, outcomes: list[Outcome]
) -> None:
    of = [one for one in outcomes if one.control.clauses.get(framework)]
    assert {one.state for one in of} >= {State.PASS, State.FAIL, State.UNKNOWN, State.MANUAL}
    assert any(one.counts.waived for one in of)


def test_no_control_of_the_demo_ends_in_an_error(outcomes: list[Outcome]) -> None:
    assert [one.control.id for one in outcomes if one.error] == []
