"""What a sync keeps of controls is what an evaluation would give, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from data.configuration import Configuration
from data.controls.decided import NOTHING_DECIDED
from data.controls.examination import Examination
from data.controls.given import Given
from data.controls.kept import is_kept, keep, kept
from data.controls.tally import Tally, tallied
from data.decisions.waiver import Waivers
from data.period import Window
from data.store.snapshot import Snapshot
from data.store.workspace import Workspace
from tests.app.waived import waiver
from tests.data.facts.governance.test_findings_and_rights import right
from tests.data.published import at, change, published

OCTOBER = Window(date(2026, 10, 1), date(2026, 11, 1))
SEPTEMBER = Window(date(2026, 9, 1), date(2026, 10, 1))
NAMES = {"CM-03", "AC-01", "AC-02", "LG-01"}


@pytest.fixture(scope="module")
def at_hand(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Workspace, Snapshot, Examination]]:
    """Two changes and two rights, of whose controls the last sync kept the tallies."""
    told = [change(1, "2026-10-05"), change(2, "2026-10-06"), right("ada", "acme"),
            right("bo", "acme")]  # fmt: skip
    workspace = Workspace(tmp_path_factory.mktemp("kept"))
    with published(workspace.folder, told) as snapshot:
        rules = Examination.of(workspace, Configuration())
        few = {name: one for name, one in rules.known.controls.items() if name in NAMES}
        rules = replace(rules, known=replace(rules.known, controls=few))
        keep(workspace, rules, snapshot, rules.outcomes(snapshot, OCTOBER))
        yield workspace, snapshot, rules


def read(
    at_hand: tuple[Workspace, Snapshot, Examination], rules: Examination, window: Window = OCTOBER
) -> dict[str, Tally]:
    workspace, snapshot, _ = at_hand
    return kept(workspace, rules, snapshot, window, sees_names=False)


def test_it_is_what_an_evaluation_gives(
    at_hand: tuple[Workspace, Snapshot, Examination],
) -> None:
    _, snapshot, rules = at_hand
    found = {one.control.id: tallied(one) for one in rules.outcomes(snapshot, OCTOBER)}
    assert read(at_hand, rules) == found
    assert set(found) == NAMES
    assert found["CM-03"].everywhere.total + sum(c.total for c in found["CM-03"].by_team.values())


def test_it_says_nothing_of_other_days(at_hand: tuple[Workspace, Snapshot, Examination]) -> None:
    assert read(at_hand, at_hand[2], SEPTEMBER) == {}


def test_a_waiver_makes_its_own_control_count_anew(
    at_hand: tuple[Workspace, Snapshot, Examination],
) -> None:
    rules = at_hand[2]
    made = replace(NOTHING_DECIDED, given=rules.made.given,
                   waivers=Waivers((waiver("w", control="CM-03"),)))  # fmt: skip
    assert set(read(at_hand, replace(rules, made=made))) == NAMES - {"CM-03"}


def test_what_was_decided_or_logged_makes_the_controls_that_look_at_it_count_anew(
    at_hand: tuple[Workspace, Snapshot, Examination],
) -> None:
    rules = at_hand[2]
    check = {"id": "c", "checked_at": at("2026-10-31"), "size": 1, "is_sound": True, "what": None}
    given = Given({**rules.made.given.rows, "ledger_check": [check]})
    logged = replace(rules, made=replace(rules.made, given=given))
    assert set(read(at_hand, logged)) == NAMES - {"LG-01"}


def test_another_definition_or_parameter_counts_anew(
    at_hand: tuple[Workspace, Snapshot, Examination],
) -> None:
    rules = at_hand[2]
    other = rules.known.controls["CM-03"].model_copy(update={"sha256": "0" * 64})
    controls = {**rules.known.controls, "CM-03": other}
    redefined = replace(rules, known=replace(rules.known, controls=controls))
    assert "CM-03" not in read(at_hand, redefined)
    assert "AC-02" not in read(at_hand, replace(rules, parameters={"AC-02": {"days": 7}}))


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"of": ["another", "x"]}', None])
def test_a_file_that_is_damaged_or_gone_is_none(
    at_hand: tuple[Workspace, Snapshot, Examination], content: bytes | None
) -> None:
    workspace, _, rules = at_hand
    file = workspace.store / "tallies.json"
    before = file.read_bytes()
    file.unlink() if content is None else file.write_bytes(content)
    assert read(at_hand, rules) == {}
    assert not is_kept(workspace, at_hand[1].id)
    file.write_bytes(before)
    assert is_kept(workspace, at_hand[1].id)
