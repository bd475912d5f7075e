"""A team that a control is about too few people of: answers and packs withhold what it comes to."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.app.cli.granted import RIGHTS, publish_rights, right
from tests.app.cli.running import run

TWO_PEOPLE = (*RIGHTS, right("m.alder", "shop-app"), right("K.Linden", "shop-app"))
"""Four rights in team `web`, of two people; one of them is written in two ways."""
ASKED = ("AC-02", "--team", "web", "--period", "365d")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    publish_rights(tmp_path, TWO_PEOPLE)
    return tmp_path


def test_of_two_people_no_count_is_told_and_none_is_zero(folder: Path) -> None:
    done = run(folder, "check", *ASKED, "--format", "json")
    (row,) = json.loads(done.stdout)["rows"]
    assert (row["state"], row["unknown_by"], done.exit_code) == ("unknown", {"withheld": 1}, 0)
    told = ("pass", "fail", "unknown", "not_applicable", "waived", "coverage", "pass_rate")
    assert {row[name] for name in told} == {None}
    (line,) = (one for one in run(folder, "check", *ASKED).stdout.splitlines() if "AC-02" in one)
    assert "withheld" in line
    assert not any(character.isdigit() for character in line.removeprefix("AC-02"))


def test_of_two_people_no_row_is_told(folder: Path) -> None:
    done = run(folder, "check", *ASKED, "--rows", "--format", "json")
    (row,) = json.loads(done.stdout)["rows"]
    assert (row["id"], row["reason"]) == ("withheld/AC-02", "withheld")


@pytest.mark.parametrize("style", ["oscal", "sarif"])
def test_of_two_people_a_report_has_no_count(folder: Path, style: str) -> None:
    done = run(folder, "check", *ASKED, "--framework", "soc2", "--format", style)
    assert done.exit_code == 0, done.stderr
    assert "members-fail" not in done.stdout
    assert '"fail": 0' not in done.stdout
    assert "About under 3 people" in done.stdout


def test_where_names_are_shown_they_are_told(folder: Path) -> None:
    with (folder / "cairn.toml").open("a") as file:
        file.write('[governance]\nnames = "shown"\n')
    done = run(folder, "check", *ASKED, "--format", "json")
    (row,) = json.loads(done.stdout)["rows"]
    assert (row["state"], row["fail"], done.exit_code) == ("fail", 4, 1)


def test_of_three_people_and_of_the_whole_organisation_they_are_told(tmp_path: Path) -> None:
    publish_rights(tmp_path, (*RIGHTS, right("t.rowan", "shop-app")))
    for asked, fail in ((ASKED, 3), (("AC-02", "--period", "365d"), 4)):
        (row,) = json.loads(run(tmp_path, "check", *asked, "--format", "json").stdout)["rows"]
        assert row["fail"] == fail


def test_a_pack_has_neither_counts_nor_rows_nor_samples_of_two_people(folder: Path) -> None:
    pack = folder / "taken"
    control, *rest = ASKED
    done = run(folder, "audit", "pack", str(pack), "--control", control, *rest)
    assert done.exit_code == 0, done.stderr
    (result,) = csv.DictReader((pack / "results.csv").read_text().splitlines())
    assert (result["state"], result["fail"], result["unknown"]) == ("unknown", "", "")
    (row,) = csv.DictReader((pack / "populations/AC-02.csv").read_text().splitlines())
    assert (row["is_place"], row["reason"]) == ("true", "withheld")
    assert (pack / "reconciliation.csv").read_text().count("\n") == 1, "only its head"
    for file in pack.rglob("*.csv"):
        assert "linden" not in file.read_text().lower()
