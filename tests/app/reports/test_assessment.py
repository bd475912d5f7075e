"""A report is made of outcomes that belong together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.reports.assessment import ReportRefused
from data.controls.state import State
from data.period import Window
from tests.app.reports.samples import AS_OF, QUARTER, assessment, control, outcome, outcomes, result

ONE = outcome(control("CM-02", "CC8.1", "CC6.1"), result("1", State.PASS))


def test_a_report_is_of_the_snapshot_and_period_of_its_outcomes() -> None:
    said = assessment()
    assert (said.snapshot, said.as_of, said.window) == ("20261003T040506", AS_OF, QUARTER)


def test_nothing_is_no_report() -> None:
    with pytest.raises(ReportRefused, match="no control was evaluated"):
        assessment([])


@pytest.mark.parametrize(
    "other",
    [
        replace(ONE, team="payments", snapshot="another"),
        replace(ONE, team="payments", window=Window(date(2026, 7, 1), date(2026, 8, 1))),
        replace(ONE, team="payments", as_of=datetime(2026, 10, 4, tzinfo=UTC)),
    ],
)
def test_outcomes_that_do_not_belong_together_are_refused(other: object) -> None:
    with pytest.raises(ReportRefused, match="several snapshots or periods"):
        assessment([ONE, other])  # type: ignore[list-item]


def test_a_control_is_there_once_for_each_team() -> None:
    assessment([ONE, replace(ONE, team="payments")])
    with pytest.raises(ReportRefused, match="twice for one team"):
        assessment([ONE, ONE])


def test_clauses_are_answered_in_the_order_of_the_framework() -> None:
    answered = [(clause.id, of.control.id) for clause, of in assessment().answered()]
    assert answered == [
        ("CC6.1", "BP-01"),
        ("CC6.2", "AC-02"),
        ("CC6.3", "CM-03"),
        ("CC6.3", "AC-02"),
        ("CC6.8", "DP-03"),
        ("CC7.1", "VM-04"),
        ("CC8.1", "CM-02"),
        ("CC8.1", "CM-03"),
    ]
    assert len(outcomes()) == 7
    assert assessment(framework=None).answered() == []
