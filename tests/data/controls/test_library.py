"""Every control that ships: right on its own example cases, which hold the traps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from data.controls.catalogue import SHIPPED, catalogue
from data.controls.file import read
from data.store.snapshot import Snapshot
from tests.data.controls.cases import Case, assert_as_expected, outcome
from tests.data.published import published

ALL = catalogue().controls
CASES = {name: read(SHIPPED / f"{name}.yaml").document.content["cases"] for name in ALL}
EACH = [
    pytest.param(name, case, id=f"{name}: {case['name']}")
    for name, cases in CASES.items()
    for case in cases
]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with published(tmp_path_factory.mktemp("empty"), []) as snapshot:
        yield snapshot


@pytest.mark.parametrize(("name", "case"), EACH)
def test_a_control_is_right_on_its_cases(name: str, case: Case, empty: Snapshot) -> None:
    assert_as_expected(outcome(empty, ALL[name], case), case["expect"])


@pytest.mark.parametrize("name", ALL)
def test_a_control_has_the_cases_that_matter(name: str, empty: Snapshot) -> None:
    cases = CASES[name]
    states = {case["expect"]["state"] for case in cases}
    assert "not_applicable" in states
    assert "unknown" in states
    given = [set(case["given"]) for case in cases]
    assert set() in given, "no case about an empty population"
    assert any("blind_spot" in facts for facts in given), "no case about a missing right"
    words = " ".join(case["name"] for case in cases)
    assert "null" in words, "no case about a null"


@pytest.mark.parametrize("name", ALL)
def test_a_control_runs_on_an_empty_snapshot_and_finds_nothing(name: str, empty: Snapshot) -> None:
    found = outcome(empty, ALL[name], {"given": {}})
    assert (found.error, found.results) == (None, ())
