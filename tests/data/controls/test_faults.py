"""What is wrong with a control of the organisation: named with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from data.configuration import ConfigurationError, load
from data.controls.catalogue import UnknownControl, catalogue
from data.controls.engine import Asked, evaluate
from data.controls.faults import Own, faults, unanswered
from data.controls.file import FileRefused
from data.controls.meant import NARROWER
from data.controls.parameters import parameters
from data.controls.state import State
from data.facts.build import fact_sql
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
        ("select *\n", "select * exclude (url)\n", 16, "its population says no `url`"),
        ("select *\n", "select * exclude (source)\n", 16, "its population says no `source`"),
        ("select *\n", "select * exclude (happened_at)\n", 16, "says no `happened_at`"),
        ("null as reason", "$reason as reason", 27, "reason"),
        ("clauses:\n", "columns: [labels, lables]\nclauses:\n", 30, "no column `lables`"),
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
        (GOOD.replace("[change]", "[change, chnge]"), 14, "there is no entity `chnge`"),
        (GOOD + "needs: [reviews]\n", 32, "there is no entity `reviews`"),
        (GOOD + "needs_any: [alrt]\n", 32, "there is no entity `alrt`"),
        (
            GOOD + "parameters:\n  sees_names: {value: true, meaning: names}\n",
            33,
            "`sees_names` is given to every control",
        ),
        (GOOD[: GOOD.index("test:")] + "clauses: {}\n", 1, "there is no `test`"),
        (GOOD + "kind: manual\n", 24, "a person answers it, and there is a `test` as well"),
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


MEMBER = """\
select 'one' as id, 'test' as source, 'One' as title, null as url, 'core' as team,
    null as repository, [] as tickets, false as is_bot,
    timestamptz '2026-05-15' as happened_at, timestamp '2026-05-15' as local_at
"""


@pytest.mark.parametrize(
    ("members", "what"),
    [
        (f"{MEMBER}union all {MEMBER}", "its population says `one` more than once"),
        (MEMBER.replace("'one'", "cast(null as varchar)"), "says null as `id`, once"),
        (MEMBER.replace("'one'", "7"), "its population says an `id` that is no text"),
    ],
)
def test_members_that_cannot_be_told_apart_are_an_error_of_the_control(
    tmp_path: Path, empty: Snapshot, members: str, what: str
) -> None:
    path = _own(tmp_path, _of(members).replace("as reason", "as reason, len(tickets) as tickets"))
    known = catalogue(tmp_path)
    found = evaluate(empty, known.control("OWN-01"), Asked(MAY))
    assert found.state is State.ERROR
    assert what in str(found.error)
    (fault,) = faults(empty, known, MAY)
    assert (fault.where, fault.what) == (f"{path}, line 16", found.error)


def _of(members: str) -> str:
    """The control with other members."""
    sql = "".join(f"  {line}\n" for line in members.splitlines())
    before, after = GOOD.split("  select *\n  from merged_change\n  where not is_direct\n")
    return before + sql + after


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("else 'fail' end", "else 'bad' end", "the test says `bad` of it, which is no state"),
        ("else 'fail' end", "end", "the test says `None` of it, which is no state"),
        ("from population", "from population where false", "the test says nothing of it"),
        ("from population", "from population, range(3)", "the test says 3 things of it"),
        ("null as reason", "'so' as reason", "the test says `so` as reason"),
    ],
)
def test_what_is_no_answer_of_a_test_is_named_with_its_line(
    tmp_path: Path, empty: Snapshot, old: str, new: str, what: str
) -> None:
    text = _of(MEMBER)
    assert old in text
    path = _own(tmp_path, text.replace(old, new))
    known = catalogue(tmp_path)
    found = evaluate(empty, known.control("OWN-01"), Asked(MAY))
    (fault,) = unanswered([found], known)
    assert fault.where.startswith(f"{path}, line ")
    assert fault.what == f"{what}: `one`"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("null as detail", "error('it broke') as detail", 24),
        ("when: is_bot", "when: error('it broke')", 19),
        ("'One' as title", "error('it broke') as title", 16),
    ],
)
def test_sql_that_breaks_as_it_runs_is_named_with_the_part_that_breaks(
    tmp_path: Path, empty: Snapshot, old: str, new: str, line: int
) -> None:
    path = _own(tmp_path, _of(MEMBER).replace(old, new))
    (fault,) = faults(empty, catalogue(tmp_path), MAY)
    assert (fault.where, fault.what) == (f"{path}, line {line}", "it broke")


def test_sql_that_never_ends_is_ended_and_named(
    tmp_path: Path, empty: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.store.hub._PATIENCE_SECONDS", 0.2)
    every = "range(10000000)"
    endless = f"where 1 = (select count(*) from {every} a, {every} b where hash(a, b) = 1)"
    path = _own(tmp_path, GOOD.replace("where not is_direct", endless))
    known = catalogue(tmp_path)
    only = replace(known, controls={"OWN-01": known.control("OWN-01")})
    (fault,) = faults(empty, only, MAY)
    assert fault.where == f"{path}, line 16"
    assert fault.what == "it did not end within 0.2 seconds"


def test_parts_of_entities_are_those_that_sources_may_refuse() -> None:
    narrow = set(re.findall(r"'(\w+)'(?: as narrow)?\n", fact_sql("offered_entity")))
    assert narrow >= NARROWER


def test_a_parameter_that_breaks_the_sql_is_named_where_it_is_set(
    tmp_path: Path, empty: Snapshot
) -> None:
    path = tmp_path / "cairn.toml"
    path.write_text('[control.CM-08]\npattern = "["\n', encoding="utf-8")
    known = catalogue()
    only = replace(known, controls={"CM-08": known.control("CM-08")})
    own = Own(parameters(load(path), path, known), path)
    assert list(faults(empty, only, MAY)) == []
    (fault,) = faults(empty, only, MAY, own)
    assert isinstance(fault, ConfigurationError)
    assert fault.where == f"{path}, line 1"
    assert "missing ]" in fault.what
