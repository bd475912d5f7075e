"""Frameworks, clauses and teams: what several controls come to together, and since when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from data.controls.framework import Framework
from data.controls.history import Evaluated
from data.controls.lasting import lasting
from data.controls.outcome import Result
from data.controls.posture import Met, clauses, serving, stand, uncovered
from data.controls.state import Reason, State
from data.controls.tally import Place, Tally, tallied
from tests.data.controls.made import control, outcome, result

P, F, U, N, M = State.PASS, State.FAIL, State.UNKNOWN, State.NOT_APPLICABLE, State.MANUAL
DAY = date(2026, 5, 31)


def framework(**first: Any) -> Framework:
    """A framework of three clauses, two of them parts of the first."""
    told = [{"id": "C1", "title": "All", **first}, {"id": "C1.1", "title": "One"},
            {"id": "C1.2", "title": "Two"}]  # fmt: skip
    about = {"id": "house", "title": "House", "edition": "1", "publisher": "Us", "note": "ours"}
    return Framework.model_validate({**about, "source": "us", "clauses": told})


def tally(name: str, *results: Result, **fields: Any) -> Tally:
    """A control that serves clause `C1.1`, counted."""
    told = {"id": name, "clauses": {"house": ("C1.1",)}, **fields}
    return tallied(outcome("s1", *results, control=control(**told)))


def met(*tallies: Tally, day: date = DAY, **first: Any) -> Met:
    """What the one clause comes to that is served."""
    known = {one.control.id: one for one in tallies}
    (found,) = clauses(framework(**first), known, None, day)
    return found.met


GOOD = tally("XX-01", result("a", P), result("b", P))


def test_a_clause_is_met_if_all_its_controls_pass_and_all_could_be_judged() -> None:
    assert met(GOOD) is Met.MET
    assert met(GOOD, tally("XX-02", result("c", N))) is Met.MET


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ([result("c", F)], Met.NOT_MET),
        ([result("c", F, waiver="w")], Met.NOT_MET),
        ([result("c", P), result("d", U)], Met.NOT_KNOWN),
        ([result("c", M, attestation="x")], Met.ATTESTED),
        ([result("c", P), result("d", F), result("e", U)], Met.NOT_MET),
    ],
)
def test_one_control_that_is_short_keeps_it_from_being_met(
    other: list[Result], expected: Met
) -> None:
    assert met(GOOD, tally("XX-02", *other)) is expected


def test_a_control_that_could_not_be_evaluated_keeps_it_from_being_known() -> None:
    broken = tallied(outcome("s1", control=control(clauses={"house": ("C1.1",)}), error="no table"))
    assert met(broken) is Met.NOT_KNOWN


def test_nothing_to_judge_is_not_met_and_not_missed() -> None:
    assert met(tally("XX-01")) is Met.NOT_APPLICABLE


def test_a_clause_without_effect_on_the_last_day_is_neither() -> None:
    later = {"id": "C1.1", "title": "One", "from": date(2026, 8, 2)}
    about = framework().model_dump(by_alias=True)
    about["clauses"] = [later]
    known = {"XX-01": GOOD}
    for day, expected in ((date(2026, 8, 1), Met.NOT_IN_EFFECT), (date(2026, 8, 2), Met.MET)):
        (found,) = clauses(Framework.model_validate(about), known, None, day)
        assert found.met is expected


def test_the_controls_that_are_short_are_named_with_their_counts() -> None:
    known = {"XX-01": GOOD, "XX-02": tally("XX-02", result("c", F), result("d", P))}
    (found,) = clauses(framework(), known, None, DAY)
    assert found.controls == ("XX-01", "XX-02")
    ((short),) = found.short
    assert (short.control, short.counts.of(F), short.counts.in_scope) == ("XX-02", 1, 2)


def test_a_clause_that_no_control_serves_is_named_unless_its_parts_are_served() -> None:
    assert [clause.id for clause in uncovered(framework(), {"XX-01": GOOD})] == ["C1.2"]


def test_only_controls_of_a_framework_serve_it() -> None:
    other = tally("XX-02", clauses={"soc2": ("CC8.1",)})
    assert list(serving(framework(), {"XX-01": GOOD, "XX-02": other})) == ["XX-01"]


def test_a_team_is_counted_with_those_below_it_and_with_what_nobody_can_see() -> None:
    unseen = result("p", U, team=None, is_place=True)
    one = tally("XX-01", result("a", P), result("b", F, team="web"), unseen)
    counts = one.of(["core"])
    assert counts is not None
    assert (counts.of(P), counts.of(F), counts.of(U)) == (1, 0, 1)
    both = one.of(["core", "web"])
    assert both == one.of(None)


def test_rows_of_no_team_are_in_the_whole_and_in_no_team() -> None:
    one = tally("XX-01", result("a", F, team=None), result("b", P))
    team, whole = one.of(["core"]), one.of(None)
    assert team is not None
    assert whole is not None
    assert (team.of(F), whole.of(F)) == (0, 1)


def test_of_fewer_than_three_people_of_a_team_nothing_is_told() -> None:
    rows = [result(name, F, person=1 + (name > "b")) for name in "abcd"]
    of_two, of_three = (outcome("s1", *rows, *more) for more in ([], [result("e", P, person=3)]))
    assert tallied(of_two).of(["core"]) is None
    assert tallied(of_three).of(["core"]) is not None
    assert tallied(of_two, sees_names=True).of(["core"]) is not None
    assert tallied(of_two).of(None) is not None
    assert tallied(outcome("s1", result("a", F))).of(["core"]) is not None, "it is about nobody"
    assert stand([tallied(of_two), GOOD], ["core"]).withheld == 1


def test_a_person_of_two_teams_is_one_of_those_they_make_together() -> None:
    apart = [result("a", F, person=1), result("b", P, person=2, team="web")]
    together = [*apart, result("c", P, person=1, team="web")]
    for rows in (apart, together):
        assert tallied(outcome("s1", *rows)).of(["core", "web"]) is None
    third = result("d", P, person=3, team="web")
    found = tallied(outcome("s1", *together, third))
    assert [found.of(some) is None for some in (["core"], ["web"], ["core", "web"])] == [
        True,
        False,
        False,
    ]


def test_the_worst_control_is_the_state_of_all_and_rows_are_counted_together() -> None:
    bad = tally("XX-02", result("c", F, waiver="w"), result("d", F))
    found = stand([GOOD, bad], None)
    assert (found.state, dict(found.by_state)) == (F, {P: 1, F: 1})
    assert (found.counts.pass_rate, found.counts.waived, found.with_waivers) == (0.5, 1, 1)


def test_no_control_or_none_that_applies_is_empty() -> None:
    assert stand([], None).is_empty
    assert stand([tally("XX-01")], None).is_empty
    assert not stand([GOOD], None).is_empty


def test_the_unknown_are_counted_by_place_and_reason() -> None:
    one = tally(
        "XX-01",
        result("a", U, repository="web"),
        result("b", U, repository="web", reason=Reason.NO_PERMISSION),
        result("c", U, reason=Reason.NOT_SUPPORTED),
        result("d", U, reason=Reason.NOT_ATTESTED),
        result("e", U, is_place=True),
    )
    assert dict(one.unseen) == {Place("test", "web", "core"): 2}
    assert dict(one.untold) == {Place("test", None, "core"): 1}


def evaluated(day: int, standing: State) -> Evaluated:
    """An evaluation of `XX-01`."""
    at = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(days=day)
    return Evaluated(day, "XX-01", 1, "", {}, f"s{day}", at, at, "", "", standing, standing, {},
                     None)  # fmt: skip


def test_a_control_stands_so_since_the_evaluation_that_turned_it() -> None:
    states = [P, F, F, P, P, P]
    found = lasting(evaluated(day, state) for day, state in enumerate(states))["XX-01"]
    assert (found.state, found.since.day, found.is_first) == (P, 4, False)


def test_what_never_turned_stands_so_since_the_first_evaluation_at_least() -> None:
    found = lasting([evaluated(0, F), evaluated(1, F)])["XX-01"]
    assert (found.state, found.since.day, found.is_first) == (F, 1, True)
    assert lasting([]) == {}
