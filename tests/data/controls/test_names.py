"""Names of people are left out in the query itself, for each control that ships."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from data.controls.catalogue import SHIPPED, catalogue
from data.controls.file import read
from data.controls.outcome import Result
from data.store.snapshot import Snapshot
from tests.data.controls.cases import Case, outcome
from tests.data.controls.made import control
from tests.data.published import published

ALL = catalogue().controls
CASES = {name: read(SHIPPED / f"{name}.yaml").document.content["cases"] for name in ALL}
PEOPLE = {"account", "subject", "author", "authors", "merged_by", "approved_by", "triggered_by",
          "actor", "reviewer", "reviewers"}  # fmt: skip
"""Columns of facts that hold names of people."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with published(tmp_path_factory.mktemp("empty"), []) as snapshot:
        yield snapshot


def _people(case: Case) -> set[str]:
    """Names that the rows of a case give."""
    cells = [
        cell
        for rows in case["given"].values()
        for row in rows
        for key, cell in row.items()
        if key in PEOPLE and row.get("kind") not in ("deploy_key", "token")
    ]
    told = [name for cell in cells for name in (cell if isinstance(cell, list) else [cell])]
    return {name for name in told if isinstance(name, str)}


def _words(result: Result) -> set[str]:
    """All words that a result tells a reader, but those that only point at it."""
    cells: Mapping[str, Any] = result.columns
    text = " ".join(str(cell) for cell in (result.title, result.detail, *cells.values()))
    return set(text.replace(",", " ").replace("'", " ").replace("[", " ").replace("]", " ").split())


def test_each_control_about_people_says_whose_a_row_is() -> None:
    about = {name: one.person for name, one in ALL.items() if one.is_about_people}
    assert about
    assert None not in about.values(), about


TELLING = [name for name, cases in CASES.items() if any(_people(case) for case in cases)]


@pytest.mark.parametrize("name", TELLING)
def test_a_reader_who_may_not_see_names_is_told_none(name: str, empty: Snapshot) -> None:
    for case in filter(_people, CASES[name]):
        found = outcome(empty, ALL[name], case, sees_names=False)
        assert found.error is None
        assert found.state.value == case["expect"]["state"], "who looks changes nothing"
        for result in found.results:
            assert not _words(result) & _people(case), (case["name"], result)


def test_a_column_of_names_is_null_and_a_title_says_so(empty: Snapshot) -> None:
    wanted = control(columns=["author", "authors", "number"], names=["author", "authors", "title"])
    assert wanted.is_about_people
    row = {"id": "c1", "title": "ada", "author": "ada", "authors": ["ada"], "number": "7"}
    case: Case = {"given": {"merged_change": [row]}}
    (shown,) = outcome(empty, wanted, case).results
    assert (shown.title, dict(shown.columns)["author"]) == ("ada", "ada")
    (hidden,) = outcome(empty, wanted, case, sees_names=False).results
    assert (hidden.title, hidden.url) == ("name hidden", None)
    assert dict(hidden.columns) == {"author": None, "authors": None, "number": "7"}
