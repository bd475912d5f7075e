"""Blind spots: which right would open whose eyes, and what no source tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.controls.blindness import blind_spots, untold
from data.controls.engine import Asked
from data.controls.literal import literal
from data.controls.reconciliation import Reconciliation, reconciled
from data.controls.state import Reason, State
from data.controls.tally import Tally, tallied
from data.period import Window
from data.store.snapshot import Snapshot
from tests.data.controls.cases import MAY, table
from tests.data.controls.cases import outcome as judged
from tests.data.controls.made import control, outcome, result
from tests.data.published import published


@dataclass(frozen=True)
class Told:
    """A snapshot that tells these rows, whoever asks for them."""

    spots: tuple[Mapping[str, Any], ...] = ()
    entities: tuple[tuple[str, str], ...] = ()

    def rows(self, sql: str, values: Mapping[str, date] | None = None) -> list[dict[str, Any]]:
        if values is None:
            return [{"source": source, "entity": entity} for source, entity in self.entities]
        return [dict(row) for row in self.spots]


def spot(**fields: Any) -> Mapping[str, Any]:
    told = {"source": "test", "repository": "web", "team": "core", "entity": "review",
            "kind": "reviews", "reason": "no_permission", "what": "web: refused",
            "fix": "give the right to read"}  # fmt: skip
    return {**told, **fields}


def unknown(row: str, **fields: Any) -> Any:
    told = {"reason": Reason.NO_PERMISSION, "repository": "web", **fields}
    return result(row, State.UNKNOWN, **told)


def tally(name: str, *results: Any, **fields: Any) -> Tally:
    return tallied(outcome("s1", *results, control=control(id=name, **fields)))


def found(told: Told, *tallies: Tally, members: Any = None) -> Any:
    return blind_spots(told, MAY, tallies, members)  # type: ignore[arg-type]


def test_one_right_that_many_repositories_lack_is_one_line() -> None:
    told = Told((spot(), spot(repository="shop", what="shop: refused")))
    one = tally("XX-01", unknown("a"), unknown("b", repository="shop"), needs=["review"])
    (line,) = found(told, one)
    assert (line.repositories, line.controls, line.members) == (("shop", "web"), ("XX-01",), 2)


def test_only_members_at_that_place_wait_for_a_right() -> None:
    one = tally(
        "XX-01",
        unknown("a"),
        unknown("b", repository="other"),
        unknown("c", source="other"),
        unknown("d", reason=Reason.NOT_ATTESTED),
        result("e", State.FAIL, repository="web"),
        needs=["review"],
    )
    assert [line.members for line in found(Told((spot(),)), one)] == [1]
    whole = Told((spot(repository=None),))
    assert [line.members for line in found(whole, one)] == [2]


def test_of_a_team_of_few_people_nobody_is_counted_and_that_is_said() -> None:
    of_two = tally("XX-01", unknown("a", person=1), unknown("b", person=2), needs=["review"])
    other = tally("XX-02", unknown("c"), needs=["review"])
    (line,) = found(Told((spot(),)), of_two, other, members=["core"])
    assert (line.controls, line.members, line.is_withheld) == (("XX-01", "XX-02"), 1, True)
    (line,) = found(Told((spot(),)), of_two, other)
    assert (line.members, line.is_withheld) == (3, False)


def test_a_right_that_no_control_needs_opens_nothing_and_stands_last() -> None:
    needed, idle = spot(), spot(entity="check_run", kind="checks", fix="give another right")
    lines = found(Told((idle, needed)), tally("XX-01", unknown("a"), needs=["review"]))
    assert [line.controls for line in lines] == [("XX-01",), ()]


def test_where_the_rows_themselves_are_refused_nobody_can_count_them() -> None:
    (line,) = found(Told((spot(entity="change"),)), tally("XX-01"))
    assert (line.is_open_ended, line.members) == (True, 0)


def test_a_team_sees_its_own_blind_spots_and_those_of_no_team() -> None:
    told = Told((spot(), spot(repository=None, team=None, fix="give all")))
    one = tally("XX-01", unknown("a"), unknown("b", team="web"), needs=["review"])
    assert {(line.fix, line.members) for line in found(told, one, members=["other"])} == {
        ("give all", 0)
    }
    assert len(found(told, one, members=["core"])) == 2


def test_what_no_source_tells_is_named_with_the_controls_that_ask_for_it() -> None:
    told = Told(entities=(("test", "change"),))
    one = tally("XX-01", unknown("a", reason=Reason.NOT_SUPPORTED), needs=["review"])
    (line,) = untold(told, [one], None)  # type: ignore[arg-type]
    assert (line.entity, line.source, line.controls, line.members) == (
        "review", None, ("XX-01",), 1,
    )  # fmt: skip


def test_what_only_another_source_tells_is_named_by_the_source_that_does_not() -> None:
    told = Told(entities=(("test", "change"), ("host", "change"), ("host", "review")))
    one = tally("XX-01", unknown("a", reason=Reason.NOT_SUPPORTED), needs=["review"])
    (line,) = untold(told, [one], None)  # type: ignore[arg-type]
    assert (line.entity, line.source, line.members) == ("review", "test", 1)


def test_what_is_untold_of_few_people_is_not_counted_either() -> None:
    told = Told(entities=(("test", "change"), ("host", "change"), ("host", "review")))
    one = tally("XX-01", unknown("a", reason=Reason.NOT_SUPPORTED, person=1), needs=["review"])
    (line,) = untold(told, [one], ["core"])  # type: ignore[arg-type]
    assert (line.members, line.is_withheld) == (0, True)


def test_where_no_source_says_what_it_tells_nothing_is_claimed() -> None:
    assert untold(Told(), [tally("XX-01")], None) == []  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with published(tmp_path_factory.mktemp("empty"), []) as snapshot:
        yield snapshot


def test_the_statement_runs_and_finds_no_blind_spot_where_nothing_is_refused(
    empty: Snapshot,
) -> None:
    assert blind_spots(empty, Window(date(2026, 5, 1), date(2026, 6, 1)), [], None) == []
    assert untold(empty, [], None) == []


def test_a_population_adds_up_to_what_was_left_out_and_what_was_judged(empty: Snapshot) -> None:
    wanted = control(excluded=[{"name": "by a machine", "when": "is_bot", "why": "it is none"}])
    rows = [{"id": "c1"}, {"id": "c2"}, {"id": "c3", "is_bot": True}]
    made = judged(empty, wanted, {"given": {"merged_change": rows}})
    changes = table(empty, "merged_change", rows)
    sums = reconciled(empty, made, Asked(MAY, beside={"merged_change": changes}))
    assert (sums.told, dict(sums.left_out), sums.members) == (3, {"by a machine": 1}, 2)
    assert sums.adds_up


@pytest.mark.parametrize(("told", "members"), [(4, 2), (2, 2), (3, 3)])
def test_a_row_that_is_lost_or_counted_twice_does_not_add_up(told: int, members: int) -> None:
    sums = Reconciliation(told, {"left": 1}, members, 0, {State.PASS: members})
    assert not sums.adds_up
    assert not Reconciliation(3, {"left": 1}, 2, 0, {State.PASS: 3}).adds_up


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "null"), (True, "true"), (7, "7"), ("it's", "'it''s'"), (["a", 1], "['a', 1]"),
     (date(2026, 5, 1), "date '2026-05-01'")],
)  # fmt: skip
def test_a_value_is_written_as_the_database_reads_it(value: object, text: str) -> None:
    assert literal(value) == text


def test_what_has_no_literal_is_refused() -> None:
    with pytest.raises(TypeError):
        literal(Path())
