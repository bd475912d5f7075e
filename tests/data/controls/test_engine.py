"""How a control is evaluated: its period, its team, what is left out, and what cannot be seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from data.controls.definition import Control
from data.controls.engine import Asked, UnknownTeam, evaluate
from data.controls.outcome import Outcome
from data.controls.state import Reason, State
from data.period import Window
from data.store.snapshot import Snapshot
from tests.data.controls.cases import MAY, outcome
from tests.data.controls.made import control
from tests.data.published import published

FAILING = "select id, 'fail' as state, null as reason, 'it fails' as detail from population"
PASSING = FAILING.replace("fail", "pass")
CHANGE = {"id": "c1"}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with published(tmp_path_factory.mktemp("empty"), []) as snapshot:
        yield snapshot


def _found(snapshot: Snapshot, wanted: Control, **given: list[dict[str, Any]]) -> Outcome:
    return outcome(snapshot, wanted, {"given": given})


def _state(snapshot: Snapshot, wanted: Control, **given: list[dict[str, Any]]) -> tuple[str, ...]:
    """State and reason of the one result."""
    (one,) = _found(snapshot, wanted, **given).results
    return (one.state.value, one.reason.value) if one.reason else (one.state.value,)


def test_an_empty_population_is_not_applicable_and_has_no_rate(empty: Snapshot) -> None:
    found = _found(empty, control())
    assert found.state is State.NOT_APPLICABLE
    assert (found.counts.pass_rate, found.counts.coverage) == (None, None)


def test_a_failure_whose_source_refuses_what_is_needed_is_unknown(empty: Snapshot) -> None:
    wanted = control(test=FAILING, needs=["review"])
    refused = {"entity": "review", "reason": "no_permission"}
    assert _state(empty, wanted, merged_change=[CHANGE]) == ("fail",)
    for blind, state in (
        (refused, ("unknown", "no_permission")),
        ({**refused, "repository": None}, ("unknown", "no_permission")),
        ({**refused, "repository": "other"}, ("fail",)),
        ({**refused, "source": "other"}, ("fail",)),
        ({**refused, "entity": "check_run"}, ("fail",)),
        ({**refused, "reason": "no_data"}, ("unknown", "no_data")),
    ):
        told = _state(empty, wanted, merged_change=[CHANGE], blind_spot=[blind])
        assert told == state, blind


def test_a_pass_that_rests_on_nothing_told_is_unknown_too(empty: Snapshot) -> None:
    blind = [{"entity": "review", "reason": "no_permission"}]
    rests = control(test=PASSING, needs=["review"], absence="passes")
    shown = control(test=PASSING, needs=["review"])
    given = {"merged_change": [CHANGE], "blind_spot": blind}
    assert _state(empty, rests, **given) == ("unknown", "no_permission")
    assert _state(empty, shown, **given) == ("pass",)


def test_that_it_does_not_apply_is_unknown_where_the_evidence_for_that_is_refused(
    empty: Snapshot,
) -> None:
    blind = [{"entity": "review", "reason": "no_permission"}]
    inapplicable = FAILING.replace("'fail'", "'not_applicable'")
    rests = control(test=inapplicable, needs=["review"])
    told_as_null = control(test=inapplicable, needs=["review"], absence="unknown")
    given = {"merged_change": [CHANGE], "blind_spot": blind}
    assert _state(empty, rests, merged_change=[CHANGE]) == ("not_applicable",)
    assert _state(empty, rests, **given) == ("unknown", "no_permission")
    assert _state(empty, told_as_null, **given) == ("not_applicable",)


def test_what_its_own_source_never_tells_is_not_supported(empty: Snapshot) -> None:
    wanted = control(test=FAILING, needs=["review"])
    only_changes = [{"entity": "change"}]
    elsewhere = [*only_changes, {"entity": "review", "source": "other"}]
    for told in (only_changes, elsewhere):
        state = _state(empty, wanted, merged_change=[CHANGE], told_entity=told)
        assert state == ("unknown", "not_supported")
    both = [*only_changes, {"entity": "review"}]
    assert _state(empty, wanted, merged_change=[CHANGE], told_entity=both) == ("fail",)


def test_what_any_source_may_tell_is_not_supported_where_none_does(empty: Snapshot) -> None:
    wanted = control(test=FAILING, needs_any=["incident"])
    only_changes = [{"entity": "change"}]
    elsewhere = [*only_changes, {"entity": "incident", "source": "other"}]
    state = _state(empty, wanted, merged_change=[CHANGE], told_entity=only_changes)
    assert state == ("unknown", "not_supported")
    assert _state(empty, wanted, merged_change=[CHANGE], told_entity=elsewhere) == ("fail",)


def test_what_cannot_be_seen_is_one_unknown_member_for_each_place(empty: Snapshot) -> None:
    blind = [
        {"entity": "change", "reason": "no_permission", "what": "changes of a", "repository": "a"},
        {"entity": "change", "reason": "no_permission", "what": "changes of b", "repository": "b"},
        {"entity": "review", "reason": "no_permission", "what": "reviews"},
    ]
    found = _found(empty, control(), merged_change=[CHANGE], blind_spot=blind)
    assert [(r.title, r.state) for r in found.results if r.state is not State.PASS] == [
        ("changes of a", State.UNKNOWN),
        ("changes of b", State.UNKNOWN),
    ]
    assert found.counts.coverage == pytest.approx(1 / 3)
    assert found.counts.pass_rate == 1


def test_a_population_that_no_source_tells_of_is_unknown_and_not_empty(empty: Snapshot) -> None:
    found = _found(empty, control(), told_entity=[{"entity": "deployment"}])
    assert found.counts.unknown_by == {Reason.NOT_SUPPORTED: 1}


def test_rows_are_left_out_for_a_reason_that_is_counted(empty: Snapshot) -> None:
    left_out = [
        {"name": "a machine's", "when": "is_bot", "why": "…"},
        {"name": "old", "when": "author = 'x'", "why": "…"},
    ]
    rows = [
        {"id": "c1", "is_bot": True, "author": "x"},
        {"id": "c2", "is_bot": None, "author": None},
        {"id": "c3", "is_bot": None, "author": "x"},
    ]
    found = _found(empty, control(excluded=left_out), merged_change=rows)
    assert found.excluded == {"a machine's": 1, "old": 1}
    assert [r.id for r in found.results] == ["c2"]


@pytest.mark.parametrize(
    ("test", "why"),
    [
        ("select id, 'pass' as state, null as reason, null as detail from population where false",
         "the test says nothing of it"),
        (f"{PASSING} union all {PASSING}", "the test says 2 things of it"),
        (PASSING.replace("pass", "fine"), "the test says `fine` of it, which is no state"),
    ],
)  # fmt: skip
def test_a_test_that_does_not_answer_once_is_an_error(empty: Snapshot, test: str, why: str) -> None:
    found = _found(empty, control(test=test), merged_change=[CHANGE])
    assert [(r.state, r.detail) for r in found.results] == [(State.ERROR, why)]


def test_wrong_sql_is_an_error_and_no_answer(empty: Snapshot) -> None:
    found = _found(empty, control(population="select nothing from merged_change"))
    assert (found.state, found.results) == (State.ERROR, ())
    assert "nothing" in (found.error or "")


def test_a_manual_control_is_unknown_until_somebody_answers(empty: Snapshot) -> None:
    wanted = control(kind="manual", test=None)
    assert _state(empty, wanted, merged_change=[CHANGE]) == ("unknown", "not_attested")


def test_a_parameter_of_the_organisation_goes_before_the_controls_own(empty: Snapshot) -> None:
    wanted = control(
        parameters={"most": {"value": 1, "meaning": "commits a change may have"}},
        test="""
        select id, case when commit_count <= $most then 'pass' else 'fail' end as state,
            null as reason, null as detail
        from population
        """,
    )
    case = {"given": {"merged_change": [{"id": "c1", "commit_count": 2}]}}
    assert outcome(empty, wanted, case).state is State.FAIL
    found = outcome(empty, wanted, {**case, "parameters": {"most": 2}})
    assert (found.state, found.parameters) == (State.PASS, {"most": 2})


def test_a_team_that_nobody_knows_is_refused(empty: Snapshot) -> None:
    with pytest.raises(UnknownTeam, match="there is no team `cor`"):
        evaluate(empty, control(), Asked(MAY, team="cor"))


STATE = {
    "over": "states",
    "rows_from": ["protection"],
    "population": "select * from rule_stretch",
}
DAY = datetime(2026, 5, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("began", "began_after", "ended", "state"),
    [
        ("2026-04-01", None, None, ("pass",)),
        ("2026-04-01", None, "2026-05-01", None),
        ("2026-04-01", None, "2026-05-02", ("pass",)),
        ("2026-05-31", None, None, ("pass",)),
        ("2026-06-01", None, None, ("unknown", "no_data")),
        ("2026-06-01", "2026-04-02", None, None),
    ],
)
def test_a_state_counts_if_it_held_at_some_time_of_the_period(
    empty: Snapshot,
    began: str,
    began_after: str | None,
    ended: str | None,
    state: tuple[str, ...] | None,
) -> None:
    row = {
        "began_at": date.fromisoformat(began),
        "began_after_at": date.fromisoformat(began_after) if began_after else None,
        "ended_at": date.fromisoformat(ended) if ended else None,
    }
    wanted = control(**STATE)
    found = _found(empty, wanted, rule_stretch=[row])
    told = [(r.state.value, *([r.reason.value] if r.reason else [])) for r in found.results]
    assert told == ([state] if state else [])


def test_a_state_that_was_not_read_again_is_stale(empty: Snapshot) -> None:
    wanted = control(**STATE, frequency="weekly")
    for read, state in (
        (date(2026, 5, 23), ("pass",)),
        (date(2026, 5, 22), ("unknown", "stale")),
    ):
        told = [{"entity": "protection", "read_at": read}]
        assert _state(empty, wanted, rule_stretch=[{"id": "p"}], told_entity=told) == state
    ended = [{"id": "p", "ended_at": date(2026, 5, 10)}]
    old = [{"entity": "protection", "read_at": date(2026, 5, 11)}]
    assert _state(empty, wanted, rule_stretch=ended, told_entity=old) == ("pass",)


def test_the_statement_can_be_run_again_as_it_stands(empty: Snapshot) -> None:
    found = evaluate(empty, control(), Asked(Window(date(2026, 5, 1), date(2026, 6, 1))))
    assert empty.rows(found.statement.sql, found.statement.parameters) == []
    assert found.statement.sql.startswith("-- Control XX-01, version 1.")
