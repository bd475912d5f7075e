"""`cairn check`: what holds, what does not, and with which code it ends."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest

from tests.app.cli.running import run
from tests.app.organisation import publish_into
from tests.data.published import change

OWN = """\
id: OWN-01
title: Titles are short
version: 1
area: change management
statement: The title of a change has at most so many letters.
why: So that it is read.
fix: Write less.
source: Our handbook.
severity: low
frequency: daily
owner: CoE
counts: [change, changes]
over: events
rows_from: [change]
parameters:
  letters: {value: 10, meaning: letters a title may have}
population: select * from merged_change
test: |
  select
      id,
      case when length(title) <= $letters then 'pass' else 'fail' end as state,
      null as reason,
      case when length(title) > $letters then 'too long' end as detail
  from population
clauses: {soc2: [CC8.1]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two changes in October 2026, one with a title that is too long."""
    publish_into(
        tmp_path,
        [
            change(1, "2026-10-05", title="Short"),
            change(2, "2026-10-06", title="=A title that is long"),
        ],
    )
    (tmp_path / "controls").mkdir()
    (tmp_path / "controls" / "OWN-01.yaml").write_text(OWN, encoding="utf-8")
    return tmp_path


def test_a_control_that_fails_is_told_with_its_rows_and_ends_with_1(folder: Path) -> None:
    done = run(folder, "check", "OWN-01", "--period", "2026-10")
    assert done.exit_code == 1
    assert "the whole organisation, 2026-10, snapshot" in done.stdout
    assert "OWN-01   Titles are short  FAIL   50.0 %     100.0 %   1     1" in done.stdout
    assert "OWN-01 Titles are short: Write less." in done.stdout
    assert "=A title that is long: too long  https://git.example/web/pull/2" in done.stdout


def test_one_that_holds_ends_with_0(folder: Path) -> None:
    with (folder / "cairn.toml").open("a") as file:
        file.write("\n[control.OWN-01]\nletters = 40\n")
    done = run(folder, "check", "OWN-01", "--period", "2026-10")
    assert (done.exit_code, "FAIL" in done.stdout) == (0, False)


def test_one_that_cannot_be_evaluated_ends_with_3(folder: Path) -> None:
    broken = OWN.replace("length(title) <=", "length(titel) <=")
    (folder / "controls" / "OWN-01.yaml").write_text(broken, encoding="utf-8")
    done = run(folder, "check", "OWN-01", "--period", "2026-10")
    assert done.exit_code == 3
    assert "OWN-01.yaml, line 21: " in done.stderr
    assert "titel" in done.stderr


def test_json_names_all_that_is_needed_to_have_it_again(folder: Path) -> None:
    done = run(folder, "check", "OWN-01", "--period", "2026-10", "--format", "json")
    told = json.loads(done.stdout)
    assert told["scope"] == {"team": None, "from": "2026-10-01", "to": "2026-11-01"}
    (definition,) = told["definition"]
    assert (definition["id"], definition["parameters"]) == ("OWN-01", {"letters": 10})
    assert len(definition["sha256"]) == 64
    (row,) = told["rows"]
    assert (row["state"], row["pass"], row["fail"], row["coverage"]) == ("fail", 1, 1, 1.0)
    again = run(folder, "check", "OWN-01", "--period", "2026-10", "--format", "json",
                "--snapshot", told["snapshot"])  # fmt: skip
    assert again.stdout == done.stdout


def test_rows_are_one_line_a_member_and_harmless_in_a_spreadsheet(folder: Path) -> None:
    done = run(folder, "check", "OWN-01", "--period", "2026-10", "--rows", "--format", "csv")
    rows = list(csv.DictReader(StringIO(done.stdout)))
    assert {row["title"]: row["state"] for row in rows} == {
        "Short": "pass",
        "'=A title that is long": "fail",
    }


def test_a_framework_chooses_its_controls(folder: Path) -> None:
    told = json.loads(run(folder, "check", "--framework", "soc2", "--format", "json").stdout)
    ids = {row["control"] for row in told["rows"]}
    assert {"OWN-01", "CM-03"} <= ids
    done = run(folder, "check", "OWN-01", "--framework", "gdpr")
    assert (done.exit_code, "none of them serves `gdpr`" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["OWN-1"], "there is no control `OWN-1`; did you mean `OWN-01`?"),
        (["--framework", "soc3"], "there is no framework `soc3`; did you mean `soc2`?"),
        (["--team", "wab"], "there is no team `wab`; did you mean `web`?"),
        (["--period", "yesterday"], "`yesterday` is no period"),
    ],
)
def test_a_wrong_question_is_told_in_one_line(
    folder: Path, arguments: list[str], said: str
) -> None:
    done = run(folder, "check", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_sarif_and_oscal_are_whole_documents_and_end_as_the_text_does(folder: Path) -> None:
    told = ("check", "OWN-01", "--period", "2026-10", "--format")
    found = run(folder, *told, "sarif")
    assert found.exit_code == 1
    (results,) = [one["results"] for one in json.loads(found.stdout)["runs"]]
    assert [one["ruleId"] for one in results] == ["OWN-01"]
    oscal = run(folder, *told, "oscal", "--framework", "soc2")
    (result,) = json.loads(oscal.stdout)["assessment-results"]["results"]
    (finding,) = result["findings"]
    assert finding["target"]["status"] == {"state": "not-satisfied", "reason": "fail"}
    assert run(folder, *told, "oscal", "--framework", "soc2").stdout == oscal.stdout


def test_oscal_needs_a_framework(folder: Path) -> None:
    done = run(folder, "check", "OWN-01", "--format", "oscal")
    assert done.exit_code == 2
    assert "name one with --framework" in done.stderr
