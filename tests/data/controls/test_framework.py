"""Frameworks: the shipped ones, an organisation's own, and every mistake with its line."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from data.controls.file import FileRefused, read
from data.controls.framework import SHIPPED, Framework, frameworks, refuse_unknown_clauses

GOOD = """\
id: house
title: House rules
edition: "2026"
publisher: Example
note: Our own rules.
source: the handbook
dates:
  - {day: 2026-01-01, what: Adopted.}
clauses:
  - id: R1
    title: Reviews
    from: 2026-01-01
    until: 2026-12-31
  - id: R1.1
    title: Somebody else reads every change
    note: Bots too.
    source: not verified
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "frameworks"


def write(own: Path, text: str | bytes, name: str = "house.yaml") -> Path:
    own.mkdir(exist_ok=True)
    path = own / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refusal(own: Path) -> FileRefused:
    """The error of a folder that cannot be taken; it is one line."""
    with pytest.raises(FileRefused) as refused:
        frameworks(own)
    assert "\n" not in str(refused.value)
    assert refused.value.what
    assert refused.value.fix
    return refused.value


# --- what is shipped --------------------------------------------------------------------------

MAPPED = {
    "soc2": "CC2.1 CC6.1 CC6.2 CC6.3 CC6.8 CC7.1 CC7.2 CC7.3 CC7.4 CC7.5 CC8.1 CC9.2 A1.3",
    "iso27001": "A.5.3 A.5.9 A.5.15 A.5.17 A.5.18 A.5.21 A.5.24 A.5.26 A.5.27 A.5.28 A.5.29 A.5.30"
    " A.5.33 A.8.2 A.8.4 A.8.5 A.8.8 A.8.9 A.8.12 A.8.13 A.8.14 A.8.15 A.8.16 A.8.19 A.8.28 A.8.29"
    " A.8.31 A.8.32 A.8.34",
    "ssdf": "PO.1.3 PO.2.1 PO.3.2 PO.3.3 PO.4.1 PO.4.2 PO.5.1 PS.1.1 PS.2.1 PS.3.1 PS.3.2 PW.4.1"
    " PW.4.4 PW.7.1 PW.7.2 PW.8.2 RV.1.1 RV.2.1 RV.2.2 RV.3.1 RV.3.2 RV.3.3 RV.3.4",
    "slsa": "source-L1 source-L2 source-L3 source-L4 build-L1 build-L2 build-L3",
    "ai_act": "Art-9 Art-9.6 Art-9.7 Art-9.8 Art-10 Art-10.2 Art-10.2.f Art-10.2.g Art-10.3 Art-11"
    " Art-12 Art-13 Art-14 Art-15 Art-16 Art-17 Art-19 Art-25 Art-26 Art-26.2 Art-26.5 Art-26.6"
    " Art-27 Art-72 Annex-IV",
    "iso42001": "A.3.2 A.4.2 A.5.2 A.5.3 A.5.4 A.5.5 A.6.2.3 A.6.2.4 A.6.2.5 A.6.2.6 A.6.2.7"
    " A.6.2.8 A.7.2 A.7.4 A.7.5 A.8.2 A.9.2 A.10.3",
    "ai_rmf": "GOVERN-1.4 GOVERN-1.5 GOVERN-1.6 GOVERN-2.1 GOVERN-6.1 MAP-1.1 MAP-2.3 MAP-4.1"
    " MAP-5.1 MEASURE-2.3 MEASURE-2.4 MEASURE-2.5 MEASURE-2.8 MEASURE-2.11 MANAGE-1.1 MANAGE-2.4"
    " MANAGE-3.2 MANAGE-4.1",
    "gdpr": "Art-5.1.e Art-30.1 Art-32.1.b Art-32.1.c Art-32.1.d",
}
"""What the controls that are planned are mapped to."""


def test_the_shipped_frameworks_have_every_clause_that_controls_are_mapped_to() -> None:
    shipped = frameworks()
    assert set(shipped) == set(MAPPED)
    for name, ids in MAPPED.items():
        assert set(ids.split()) <= set(shipped[name].by_id), name


def test_every_group_that_is_shipped_has_something_below_it() -> None:
    for framework in frameworks().values():
        above = {framework.parent(clause.id) for clause in framework.clauses}
        mapped = set(MAPPED[framework.id].split())
        assert {clause.id for clause in framework.clauses} == mapped | (above - {None})


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_framework_says_where_it_was_looked_up(path: Path) -> None:
    framework = read(path).fitted(Framework)
    assert re.search(r"20\d\d", framework.source)
    for clause in framework.clauses:
        assert clause.title[0].isupper()
        assert not clause.title.endswith(".")
        assert (clause.source or "").startswith("not verified") <= bool(clause.note)


@pytest.mark.parametrize(
    ("framework", "clause", "above"),
    [
        ("soc2", "CC8.1", "CC8"),
        ("soc2", "CC8", None),
        ("iso27001", "A.8.32", "A.8"),
        ("iso42001", "A.10.3", "A.10"),
        ("iso42001", "A.6.2.4", "A.6.2"),
        ("iso42001", "A.6.2", "A.6"),
        ("slsa", "source-L4", "source"),
        ("ai_rmf", "GOVERN-1.4", "GOVERN-1"),
        ("ai_rmf", "GOVERN-1", "GOVERN"),
        ("ai_act", "Art-10.2.f", "Art-10.2"),
        ("ai_act", "Art-19", None),
        ("gdpr", "Art-5.1.e", "Art-5"),
    ],
)
def test_a_clause_is_part_of_the_one_its_id_begins_with(
    framework: str, clause: str, above: str | None
) -> None:
    assert frameworks()[framework].parent(clause) == above


def test_duties_for_high_risk_systems_take_effect_on_the_day_they_were_moved_to() -> None:
    article = frameworks()["ai_act"].by_id["Art-12"]
    assert not article.is_in_effect(date(2026, 8, 2))
    assert not article.is_in_effect(date(2027, 12, 1))
    assert article.is_in_effect(date(2027, 12, 2))
    assert [each.day for each in article.dates] == [date(2026, 8, 2), date(2028, 8, 2)]


# --- an organisation's own ----------------------------------------------------------------------


def test_an_organisation_adds_a_framework_with_a_file(own: Path) -> None:
    write(own, GOOD)
    house = frameworks(own)["house"]
    assert list(house.by_id) == ["R1", "R1.1"]
    assert house.parent("R1.1") == "R1"
    assert set(frameworks(own)) == {*MAPPED, "house"}


def test_a_clause_has_effect_from_its_first_to_its_last_day(own: Path) -> None:
    write(own, GOOD)
    rule, other = frameworks(own)["house"].clauses
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [rule.is_in_effect(day) for day in days] == [False, True, True, False]
    assert all(other.is_in_effect(day) for day in days)


def test_a_folder_that_is_not_there_has_no_frameworks(own: Path) -> None:
    assert set(frameworks(own)) == set(MAPPED)


def test_other_files_in_the_folder_are_left_alone(own: Path) -> None:
    write(own, GOOD)
    write(own, b"\xff", name=".house.yaml.swp")
    write(own, "# ours", name="README.md")
    assert "house" in frameworks(own)


@pytest.mark.parametrize("name", ["house.yml", "house.YAML", "house.json", "house.yaml~"])
def test_a_file_that_was_meant_as_a_framework_is_not_passed_over(own: Path, name: str) -> None:
    path = write(own, GOOD, name=name)
    error = refusal(own)
    assert (error.what, error.where) == ("would not be read", str(path))
    assert "house.yaml" in error.fix


def test_a_file_instead_of_the_folder_is_refused(own: Path) -> None:
    own.write_text(GOOD)
    assert "cannot be looked into" in refusal(own).what


def test_the_same_id_twice_is_refused(own: Path) -> None:
    path = write(own, GOOD.replace("house", "soc2"), name="soc2.yaml")
    error = refusal(own)
    assert error.where == str(path)
    assert error.what == f"`soc2` is there twice, first in {SHIPPED / 'soc2.yaml'}"


@pytest.mark.parametrize(
    ("good", "bad", "line", "said"),
    [
        # keys
        ("title: House", "titel: House", 2, "unknown key `titel` (the first of 2 mistakes); did"),
        ("title: House rules\n", "", 1, "key `title` is missing; add `title: …`"),
        ("    title: Reviews\n", "", 10, "key `title` is missing"),
        ("    note: Bots", "    notes: Bots", 16, "`notes`; did you mean `note`?"),
        ("what: Adopted.", "what: a, xyzzy: b", 8, "unknown key `xyzzy`; use one of"),
        ("publisher:", "title: Again\npublisher:", 4, "said twice, first on line 2"),
        # types and shapes
        ("title: House rules", "title: 7", 2, "`title`: input should be a valid string"),
        ("title: House rules", "title: no", 2, "`title`: input should be a valid string"),
        (
            '"2026"',
            "2026",
            3,
            'write a text, in quotes if it looks like something else: `edition: "',
        ),
        ("title: House rules", "title: ''", 2, "at least 1 character"),
        ("title: House rules", "title:", 2, "`title`: input should be a valid string"),
        ("2026-01-01\n    until", "soon\n    until", 12, "`from`: "),
        ("2026-01-01\n    until", "2026-02-30\n    until", 12, "`2026-02-30` is no value"),
        ("until: 2026-12-31", "until: 2025-12-31", 13, "`until` is before 2026-01-01"),
        ("- {day: 2026-01-01, what: Adopted.}", "{}", 7, "write each as an item of its own"),
        ("clauses:\n", "clauses: []\nrest:\n", 9, "`clauses`: "),
        ("publisher: Example", "publisher: Example\nurl: not an address", 5, "`url`: "),
        ("publisher: Example", "publisher: Example\nurl: 'javascript:alert(1)'", 5, "`url`: "),
        # ids
        ("id: house", "id: House", 1, "`id`: string should match pattern"),
        ("id: house", "id: cottage", 1, "its id is not the name of the file, `house`"),
        ("id: R1.1", "id: R1", 14, "clause `R1` is there twice; leave one of them out"),
        ("id: R1.1", "id: '8.32'", 14, "`id`: string should match pattern"),
        ("id: R1.1", "id: 8.32", 14, "`id`: input should be a valid string"),
        ("id: R1.1", "id: R 1", 14, "`id`: string should match pattern"),
        ("id: R1.1", "id: R1(1)", 14, "`id`: string should match pattern"),
        # YAML
        ("title: House rules", "title: *house", 2, "an alias or anchor `house`"),
        ("title: House rules", "title: &x House", 2, "an alias or anchor `x`"),
        ("title: House rules", "title: !!python/name:os.system", 2, "a tag"),
        ("title: House rules", "title: [", 2, "not valid YAML"),
        ("title: House rules", "title: a: b", 2, "not valid YAML"),
        ("title: House rules", "title: \x07", 2, "a character that is no text"),
        (GOOD, "", 1, "the file is empty"),
        (GOOD, "- a list", 1, "no keys, but a list"),
        ("clauses:", "---\nclauses:", 9, "a second document begins"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    own: Path, good: str, bad: str, line: int, said: str
) -> None:
    assert GOOD.count(good) == 1, "the case changes one place"
    path = write(own, GOOD.replace(good, bad))
    error = refusal(own)
    assert error.where == f"{path}, line {line}"
    assert said in f"{error.what}; {error.fix}"


def test_what_is_no_text_is_refused_at_its_line(own: Path) -> None:
    path = write(own, GOOD.encode().replace(b"Example", b"Ex\xe4mple"))
    assert refusal(own).where == f"{path}, line 4"


def test_a_huge_file_is_refused_without_reading_it_all(own: Path) -> None:
    write(own, GOOD + "#" * 1_100_000)
    assert "more than 1,000,000 bytes" in refusal(own).what


def test_a_file_that_cannot_be_opened_is_told(own: Path) -> None:
    own.mkdir()
    (own / "house.yaml").mkdir()
    assert refusal(own).what.startswith("unreadable (")


def test_a_mark_of_the_byte_order_is_no_mistake(own: Path) -> None:
    write(own, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert frameworks(own)["house"].title == "House rules"


# --- what a control is mapped to ----------------------------------------------------------------

CONTROL = """\
id: CM-03
clauses:
  soc2: [CC8.1]
  iso27001:
    - A.8.32
    - A.8.33
  house: [R1]
"""


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("A.8.33", "A.8.33"), 6, "`iso27001` has no clause `A.8.33`; did you mean `A.8."),
        (("[CC8.1]", "[CC8.1, CC81]"), 3, "`soc2` has no clause `CC81`; did you mean `CC8.1`?"),
        (("house", "hose"), 6, "`iso27001` has no"),
        (("    - A.8.33\n", ""), 6, "there is no framework `house`; use one of: ai_act"),
    ],
)
def test_a_clause_that_does_not_exist_is_named_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, said: str
) -> None:
    path = tmp_path / "CM-03.yaml"
    path.write_text(CONTROL.replace(*change))
    file = read(path)
    with pytest.raises(FileRefused) as refused:
        refuse_unknown_clauses(file, file.document.content["clauses"], frameworks())
    assert refused.value.where == f"{path}, line {line}"
    assert said in str(refused.value)


def test_a_control_that_is_mapped_to_clauses_there_are_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "CM-03.yaml"
    path.write_text("id: CM-03\nclauses: {soc2: [CC8.1, CC7.2], slsa: [source-L4], gdpr: []}\n")
    file = read(path)
    refuse_unknown_clauses(file, file.document.content["clauses"], frameworks())
