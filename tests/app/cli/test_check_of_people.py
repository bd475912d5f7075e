"""Members that are people, in answers and packs: they are named only where names are shown."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.ledger.ledger import Ledger
from tests.app.cli.granted import publish_rights
from tests.app.cli.running import run

ROWS = ("check", "AC-02", "--period", "365d", "--rows", "--format", "csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    publish_rights(tmp_path)
    return tmp_path


def test_rows_have_pseudonyms_that_stay_the_same(folder: Path) -> None:
    told = run(folder, *ROWS).stdout
    assert "person:" in told
    assert "alder" not in told
    assert run(folder, *ROWS).stdout == told


def test_rows_have_names_where_names_are_shown(folder: Path) -> None:
    with (folder / "cairn.toml").open("a") as file:
        file.write('[governance]\nnames = "shown"\n')
    told = run(folder, *ROWS).stdout
    assert "alder" in told
    assert "person:" not in told


def test_a_pack_names_no_member_by_the_scope_of_a_decision_nor_a_path_of_the_machine(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    row, elsewhere = "test:k.linden@shop-web", tmp_path_factory.mktemp("private") / "proof.txt"
    elsewhere.write_text("it has one")
    end = str(datetime.now(UTC).date() + timedelta(days=5))
    scoped = ("AC-02", "--scope", f"row:{row}", "--until", end)
    asked = ("--reason", "mitigated", "--justification", "x", "--compensating", "y")
    assert run(folder, "waiver", "request", *scoped, *asked).exit_code == 0
    answer = ("--period", "2026-09", "--answer", "holds", "--statement", "seen",
              "--evidence", str(elsewhere), "--attested-by", "bo", "--reviewer", "cy")  # fmt: skip
    assert run(folder, "attest", "set", *scoped, *answer).exit_code == 0
    pack = folder / "taken"
    done = run(folder, "audit", "pack", str(pack), "--control", "AC-02", "--period", "365d")
    assert done.exit_code == 0, done.stderr
    for name in ("waivers.csv", "attestations.csv"):
        (line,) = csv.DictReader((pack / name).read_text().splitlines())
        assert line["scope"] == f"row:{Ledger(folder).people.known(row)}"
        assert line["scope"].removeprefix("row:") in (pack / "populations/AC-02.csv").read_text()
    assert line["evidence"].startswith('["proof.txt sha256 ')


OWN = """\
id: OWN-01
title: Every right is judged
version: 1
area: access
statement: Every right is judged.
why: So that none is forgotten.
fix: Judge it.
source: Our handbook.
severity: low
frequency: daily
owner: CoE
counts: [right, rights]
over: states
rows_from: [member_access]
population: |
  select *, cast(null as timestamptz) as began_after_at
  from access_right
  where subject = 'k.linden'
test: |
  select id, 'perhaps' as state, null as reason, null as detail
  from population
names: [title]
clauses: {soc2: [CC6.3]}
"""


@pytest.mark.parametrize("style", ["text", "json"])
def test_what_a_test_says_wrongly_of_a_member_names_nobody(folder: Path, style: str) -> None:
    (folder / "controls").mkdir()
    (folder / "controls" / "OWN-01.yaml").write_text(OWN, encoding="utf-8")
    asked = ("check", "OWN-01", "--period", "365d", "--format", style)
    hidden = run(folder, *asked)
    assert hidden.exit_code == 3
    member = Ledger(folder).people.known("test:k.linden@shop-web")
    assert f"the test says `perhaps` of it, which is no state: `{member}`" in hidden.stderr
    assert "linden" not in hidden.output
    with (folder / "cairn.toml").open("a") as file:
        file.write('[governance]\nnames = "shown"\n')
    assert "no state: `test:k.linden@shop-web`" in run(folder, *asked).stderr
