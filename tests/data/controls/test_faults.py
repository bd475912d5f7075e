"""What is wrong with a control of the organisation: named with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.configuration import ConfigurationError, load
from data.controls.catalogue import UnknownControl, catalogue
from data.controls.faults import faults
from data.controls.file import FileRefused
from data.controls.parameters import parameters
from data.store.snapshot import Snapshot
from tests.data.controls.cases import MAY
from tests.data.published import published

GOOD = """\
id: OWN-01
title: Changes have a ticket
version: 1
area: change management
statement: Each change names a ticket.
why: So that it is known what for.
fix: Name one.
source: Our handbook.
severity: low
frequency: daily
owner: CoE
counts: [change, changes]
over: events
rows_from: [change]
population: |
  select *
  from merged_change
  where not is_direct
excluded:
  - name: by a machine
    when: is_bot
    why: It has none.
test: |
  select
      id,
      case when len(tickets) > 0 then 'pass' else 'fail' end as state,
      null as reason,
      null as detail
  from population
clauses:
  soc2: [CC8.1]
"""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    with published(tmp_path_factory.mktemp("empty"), []) as snapshot:
        yield snapshot


def _own(folder: Path, text: str, name: str = "OWN-01") -> Path:
    path = folder / "controls" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_an_organisation_adds_a_control_with_a_file_and_no_code(
    tmp_path: Path, empty: Snapshot
) -> None:
    _own(tmp_path, GOOD)
    known = catalogue(tmp_path)
    assert known.control("OWN-01").title == "Changes have a ticket"
    assert "OWN-01" in known.of("soc2")
    assert list(faults(empty, known, MAY)) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("from merged_change\n", "from merged_chang\n", 17, "merged_chang"),
        ("where not is_direct", "where not is_dirct", 18, "is_dirct"),
        ("  select *\n", "  selec *\n", 16, "selec"),
        ("len(tickets)", "len(tickts)", 26, "tickts"),
        ("from population", "from populaton", 29, "populaton"),
        ("when: is_bot", "when: is_robot", 21, "is_robot"),
        ("len(tickets) > 0", "len(tickets) > ", 26, "then"),
        ("  where not is_direct\n", "  where not is_direct; drop table change\n", 18, ";"),
    ],
)
def test_wrong_sql_is_named_with_its_line(
    tmp_path: Path, empty: Snapshot, old: str, new: str, line: int, what: str
) -> None:
    assert old in GOOD
    path = _own(tmp_path, GOOD.replace(old, new))
    (fault,) = faults(empty, catalogue(tmp_path), MAY)
    assert fault.where == f"{path}, line {line}"
    assert what in fault.what
    assert "\n" not in str(fault)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (GOOD.replace("CC8.1", "CC8.11"), 31, "`soc2` has no clause `CC8.11`"),
        (GOOD.replace("soc2", "sock"), 31, "there is no framework `sock`"),
        (GOOD.replace("severity: low", "severity: bad"), 9, "`severity`: unknown value"),
        (GOOD.replace("owner: CoE\n", ""), 1, "key `owner` is missing"),
        (GOOD.replace("OWN-01", "OWN-02"), 1, "its id is not the name of the file"),
        (GOOD + "sevrity: low\n", 32, "unknown key `sevrity`"),
        (GOOD + "severity: low\n", 32, "key `severity` is said twice"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(
    tmp_path: Path, text: str, line: int, what: str
) -> None:
    path = _own(tmp_path, text)
    with pytest.raises(FileRefused) as refused:
        catalogue(tmp_path)
    assert refused.value.where == f"{path}, line {line}"
    assert what in refused.value.what


def test_an_id_that_ships_already_is_refused(tmp_path: Path) -> None:
    _own(tmp_path, GOOD.replace("OWN-01", "CM-03"), "CM-03")
    with pytest.raises(FileRefused, match="`CM-03` is there twice"):
        catalogue(tmp_path)


def test_a_control_that_nobody_defined_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownControl, match="did you mean `CM-03`"):
        catalogue().control("CM-3")


PARAMETER = """\
parameters:
  days: {value: 7, unit: days, meaning: how long}
  labels: {value: [urgent], meaning: which}
"""


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("[control.OWN-02]\ndays = 1", "there is no control `OWN-02`"),
        ("[control.OWN-01]\ndas = 1", "control `OWN-01` has no parameter `das`"),
        ('[control.OWN-01]\ndays = "one"', "`days` of control `OWN-01` is not like 7 (days)"),
        ("[control.OWN-01]\ndays = true", "`days` of control `OWN-01` is not like 7 (days)"),
        ("[control.OWN-01]\ndays = -1", "`days` of control `OWN-01` is not like 7 (days)"),
        ('[control.OWN-01]\nlabels = "x"', "`labels` of control `OWN-01` is not like ['urgent']"),
    ],
)
def test_a_wrong_parameter_is_named_with_its_line(tmp_path: Path, line: str, what: str) -> None:
    _own(tmp_path, GOOD + PARAMETER)
    path = tmp_path / "cairn.toml"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        _set(path, tmp_path)
    assert what in refused.value.what
    assert refused.value.where.startswith(f"{path}, line ")


def test_a_right_parameter_holds(tmp_path: Path) -> None:
    _own(tmp_path, GOOD + PARAMETER)
    path = tmp_path / "cairn.toml"
    path.write_text('[control.OWN-01]\ndays = 1.5\nlabels = ["x"]\n', encoding="utf-8")
    assert _set(path, tmp_path) == {"OWN-01": {"days": 1.5, "labels": ("x",)}}


def _set(path: Path, folder: Path) -> object:
    return parameters(load(path), path, catalogue(folder))
