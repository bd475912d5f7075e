"""Posture, Control and Blind spots of the small organisation, and of a folder without data."""

from __future__ import annotations

import csv
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app.components.governance.again import command
from app.components.governance.blind import refused
from app.components.governance.course import months
from app.components.governance.csv_file import csv_of
from app.components.governance.population import population
from app.components.governance.signs import SIGNS, share
from app.components.governance.tellers import teller
from app.viewer import NAMES_HIDDEN
from app.wording import plain
from connectors.kinds import KINDS
from data.configuration import load
from data.controls.blindness import BlindSpot
from data.controls.catalogue import catalogue
from data.controls.examination import Examination
from data.controls.history import History
from data.controls.outcome import LeftOut, Outcome
from data.controls.reconciliation import Reconciliation
from data.controls.state import Reason, State
from data.metrics.engine import today
from data.period import Window, parse_window
from data.store.snapshot import SnapshotReader
from data.store.workspace import Workspace
from tests.app.cli.granted import publish_rights
from tests.app.conftest import OpenPage
from tests.app.organisation import HOSTILE, publish_into, records
from tests.data.controls.made import control, outcome, result

VIEWS = {name: f"views/governance/{name}.py" for name in ("posture", "control", "blind_spots")}
OpenView = Callable[..., AppTest]


@pytest.fixture
def open_view(open_page: OpenPage, harbour: Path) -> OpenView:
    """Opens a page about controls as a link would."""

    def opened(view: str, folder: Path = harbour, **address: str) -> AppTest:
        page = open_page(folder)
        for key, value in address.items():
            page.query_params[key] = value
        page.switch_page(VIEWS[view])
        for key, value in address.items():
            page.query_params[key] = value
        page.run(timeout=180)
        assert not page.exception, page.exception[0].message
        return page

    return opened


def words(page: AppTest) -> str:
    """All that the page says in its main part."""
    return " ".join(one.value for one in (*page.markdown, *page.caption, *page.header, *page.title))


@pytest.mark.parametrize("view", VIEWS)
def test_without_data_each_page_says_so_and_what_to_do(
    open_view: OpenView, tmp_path: Path, view: str
) -> None:
    page = open_view(view, tmp_path)
    assert [one.value for one in page.header] == ["There is no data yet"]


def test_posture_holds_each_framework_against_each_team(
    open_view: OpenView,
) -> None:
    page = open_view("posture", framework="soc2")
    matrix, table = (frame.value for frame in page.dataframe[:2])
    assert list(matrix["Team"][:3]) == ["All teams", "Few", "Nobody"]
    assert set(matrix.columns[1:]) == {f.title for f in catalogue().frameworks.values()}
    assert len(table) == len(catalogue().of("soc2"))
    cells = [c.replace("\u00a0", " ") for name in matrix.columns[1:] for c in matrix[name]]
    signs = tuple(SIGNS[state].signed for state in State)
    assert all(cell.startswith(signs) for cell in cells), "a state is said in words and sign"
    nothing = matrix.loc[matrix["Team"] == "Nobody", "SOC 2"].item()
    assert "0.0" not in nothing or "pass" not in nothing, "nothing judged is no rate of zero"
    assert "Clauses of SOC 2" in [one.value for one in page.header]
    assert page.query_params["framework"] == "soc2"
    assert "A clause is met only if every control that serves it passes" in words(page)


def test_cells_of_few_lines_are_high_enough_for_lines(open_view: OpenView) -> None:
    page = open_view("posture", window="2020-Q1")
    cells = page.dataframe[0].value
    assert max(len(cell.splitlines()) for name in cells for cell in cells[name]) == 2
    assert page.dataframe[0].proto.row_height > 64, "4rem: up to that only one line is drawn"


def test_the_rates_of_posture_are_those_of_the_command_line(
    open_view: OpenView, harbour: Path
) -> None:
    found = open_view("posture").dataframe[1].value.set_index("Control")
    for one in examined(harbour, "CM-03", "CM-08"):
        line = found.loc[one.control.id]
        assert (line["Fail"], line["Unknown"]) == (
            one.counts.of(State.FAIL),
            one.counts.of(State.UNKNOWN),
        )
        assert line["State"] == SIGNS[one.state].signed


def examined(folder: Path, *names: str) -> list[Outcome]:
    at = Workspace(folder)
    rules = Examination.of(at, load(at.configuration))
    chosen = [rules.known.control(name) for name in names]
    with closing(SnapshotReader(at)) as reader, reader.reading() as snapshot:
        return rules.outcomes(snapshot, parse_window("90d", today(snapshot)), None, chosen)


def test_a_control_says_what_it_asks_and_its_counts_add_up(
    open_view: OpenView, harbour: Path
) -> None:
    page = open_view("control", control="CM-08")
    (one,) = examined(harbour, "CM-08")
    told = words(page)
    for part in ("**What must hold.**", "**Why.**", "**What to do about a failure.**"):
        assert part in told
    assert f":material/check_circle: {one.counts.total:,}" in told
    assert "does not add up" not in told
    assert [metric.label for metric in page.metric] == [
        "Pass rate", "With waivers", "Coverage", "Waived",
    ]  # fmt: skip
    assert page.metric[0].value == share(one.counts.pass_rate)
    assert page.query_params["control"] == "CM-08"


def test_rows_are_filtered_by_state_and_hide_names(open_view: OpenView) -> None:
    page = open_view("control", control="CM-03", state="all")
    rows = next(frame.value for frame in page.dataframe if "Because" in frame.value)
    assert not {"author", "authors"} & set(rows.columns)
    assert NAMES_HIDDEN in words(page)


def test_an_address_with_an_unknown_control_says_so(open_view: OpenView) -> None:
    page = open_view("control", control="XX-99")
    assert any("There is no control" in one.value for one in page.warning)


def test_names_are_shown_where_the_configuration_says_so(
    open_view: OpenView, tmp_path: Path
) -> None:
    shown = '[governance]\nnames = "shown"\n\n[organisation]\nname = "Open"\n'
    publish_into(tmp_path, records(), shown)
    page = open_view("control", tmp_path, control="CM-03", state="all")
    rows = next(frame.value for frame in page.dataframe if "Because" in frame.value)
    assert {"author", "authors"} <= set(rows.columns)
    assert NAMES_HIDDEN not in words(page)


def test_blind_spots_name_what_no_source_tells_and_which_would(open_view: OpenView) -> None:
    page = open_view("blind_spots")
    assert [one.value for one in page.header] == ["What sources refuse", "What no source tells"]
    assert "controls cannot judge all they look at" in words(page)


@pytest.fixture
def tabled(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, list[str]]]:
    """The tables that a part of a page shows, by column."""
    shown: list[dict[str, list[str]]] = []
    monkeypatch.setattr(st, "table", lambda told, **_: shown.append(told))
    return shown


def test_a_population_is_a_sum_whose_signs_are_no_list(tabled: list[dict[str, list[str]]]) -> None:
    rows = [result(name, State.PASS) for name in "abcde"]
    found = Reconciliation(7, {"by a machine": 2}, 5, 4, {State.PASS: 5, State.UNKNOWN: 4})
    population(outcome("s1", *rows), found)
    counts = [cell.replace("\N{NO-BREAK SPACE}", "_") for cell in tabled[0]["Rows"]]
    assert counts == ["**7**", "−_2", "+_4", "**=_9**", "4", "5"]


def test_what_is_refused_is_told_once_with_its_place_and_what_its_source_says(
    tabled: list[dict[str, list[str]]],
) -> None:
    told: dict[str, Any] = {
        "source": "forge",
        "reason": Reason.NO_PERMISSION,
        "fix": "give the right to read it",
    }
    told |= {"controls": ("CM-01", "CM-02"), "members": 1200, "is_open_ended": False}
    one = BlindSpot(repositories=("web",), entities=("check_run", "gap"),
                    what="web: its host keeps no checks", **told)  # fmt: skip
    more = BlindSpot(repositories=("api", "web"), entities=("protection",), what="api: no", **told)
    whole = BlindSpot(repositories=(), entities=("gap",), what="the log is closed", **told)
    refused([one, more, whole])
    (table,) = tabled
    badge = ":orange-badge[:material/lock: no permission] "
    assert list(table["What is not seen, and where"]) == [
        f"{badge}**check run** of forge: web. Its host keeps no checks.",
        f"{badge}**protection** of forge: {plain('api, web')}",
        f"{badge}forge: all of it. The log is closed.",
    ]
    assert set(table["Rows"]) == {"1,200"}
    assert set(table["Controls"]) == {f"**2**: {plain('CM-01, CM-02')}"}


def test_each_kind_of_evidence_has_a_source_that_tells_it() -> None:
    for one in catalogue().controls.values():
        for entity in (*one.rows_from, *one.needs, *one.needs_any):
            kinds = set(teller(entity).split("`")[1::2]) - {"deploy_tags"}
            assert kinds <= set(KINDS), (entity, kinds)
            assert not teller(entity).startswith("a source of your own"), entity


def exported(*rows: Any, **fields: Any) -> tuple[list[str], list[dict[str, str]]]:
    told = {"columns": ["author"], "names": ["author"], **fields.pop("told", {})}
    made = outcome("s1", *rows, control=control(**told), **fields)
    sees = fields.get("sees_names", False)
    lines = list(csv.reader(csv_of(made, "Europe/Lisbon", sees_names=sees).decode().splitlines()))
    head = [line[0] for line in lines if line[0].startswith("# ")]
    return head, [dict(zip(lines[len(head)], line, strict=True)) for line in lines[len(head) + 1 :]]


def test_a_file_begins_with_all_that_its_rows_depend_on() -> None:
    head, rows = exported(result("a", State.FAIL, waiver="w"), excluded={"by a machine": 2})
    names = [line.removeprefix("# ").partition(":")[0] for line in head]
    assert names == [
        "XX-01", "state", "pass rate", "team", "period", "time zone of the period", "snapshot",
        "definition", "parameters", "left out", "names of people",
    ]  # fmt: skip
    assert head[9] == "# left out: 2 by a machine"
    assert "Europe/Lisbon" in head[5]
    assert (rows[0]["state"], rows[0]["waiver"]) == ("fail", "w")


def test_what_was_left_out_stands_at_the_end_of_the_file() -> None:
    left = (LeftOut("c9", "Change c9", None, "core", "by a machine"),)
    _, rows = exported(result("a", State.PASS), excluded={"by a machine": 1}, left_out=left)
    assert [(row["id"], row["state"]) for row in rows] == [("a", "pass"), ("c9", "left_out")]


def test_no_cell_of_the_file_is_a_formula() -> None:
    _, rows = exported(result("=1+1", State.FAIL, title=HOSTILE, detail="+x", url="@x"))
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@")]


def test_of_people_whose_names_are_hidden_the_file_has_no_ids() -> None:
    _, rows = exported(result("test/ada", State.FAIL), told={"names": ["title"]})
    assert rows[0]["id"] == ""


@pytest.mark.parametrize(
    ("days", "period"), [("2026-Q3", "2026-Q3"), ("90d", "90d"), ("2026-W40", "2026-W40")]
)
def test_the_command_asks_for_the_same_days(days: str, period: str) -> None:
    end = date(2026, 11, 1)
    told = command(outcome("s1", window=parse_window(days, end), team="web"), end)
    assert told == f"cairn check XX-01 --team web --period {period} --snapshot s1 --rows"


def test_days_that_the_command_line_cannot_ask_for_have_no_command() -> None:
    free = Window(date(2026, 5, 3), date(2026, 5, 19))
    assert command(outcome("s1", window=free), date(2026, 11, 1)) is None


def test_nearly_all_is_never_all() -> None:
    assert (share(0.99999), share(1.0), share(None)) == ("99.9 %", "100.0 %", "–")


def test_the_months_end_with_the_period() -> None:
    found = months(Window(date(2026, 8, 3), date(2026, 11, 1)))
    assert [window.label for window in found[:-1]] == [f"2026-0{month}" for month in range(5, 10)]
    assert found[-1].label == "2026-10"


def test_what_a_page_does_not_ask_stays_as_it_was_on_the_others(open_page: OpenPage) -> None:
    page = open_page(team="web", grain="month")
    page.query_params.clear()
    page.switch_page(VIEWS["posture"]).run(timeout=180)
    assert page.query_params == {"team": "web"}
    page.query_params.clear()  # as a browser does on the way to another page
    page.switch_page("views/team/delivery.py").run(timeout=180)
    assert page.query_params == {"team": "web", "grain": "month"}


@pytest.mark.parametrize("sees", [True, False])
def test_waivers_stay_listed_with_what_they_cover_and_names_only_for_who_may(sees: bool) -> None:
    page = AppTest.from_string("from tests.app.waived import waived_page\nwaived_page()")
    page.session_state["sees"] = sees
    page.run()
    assert not page.exception, page.exception[0].message
    listed = page.dataframe[0].value
    assert list(listed["State"]) == ["in force", "expired"]
    assert listed["Covers"][0] == 1
    assert listed["Covers"].isna()[1], "one that is over covers nothing that could be counted"
    assert ("Asked by" in listed) is sees
    assert list(listed["Scope"]) == ["team:core", "row:test:web/m.alder" if sees else "one row"]
    assert any(NAMES_HIDDEN in one.value for one in page.caption) is not sees


def test_what_is_withheld_is_no_zero() -> None:
    page = AppTest.from_string("from tests.app.waived import withheld_page\nwithheld_page()").run()
    assert not page.exception, page.exception[0].message
    line = page.dataframe[0].value.iloc[0]
    assert line["State"] == "withheld: under 3 people"
    assert line[["Fail", "Unknown", "Pass", "Not applicable", "Coverage"]].isna().all()


@pytest.mark.parametrize(("team", "is_told"), [("web", False), ("", True)])
def test_a_control_tells_no_counts_and_rows_of_fewer_than_three_people_of_a_team(
    open_view: OpenView, tmp_path: Path, team: str, is_told: bool
) -> None:
    publish_rights(tmp_path)
    page = open_view("control", tmp_path, control="AC-02", window="365d", team=team)
    headers = [one.value for one in page.header]
    assert ("Withheld" in headers) is not is_told
    assert ("Rows" in headers) is ("Population" in headers) is bool(page.metric) is is_told


def test_posture_over_the_days_of_the_last_sync_evaluates_only_what_changed_since(
    open_view: OpenView, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    outcomes = Examination.outcomes

    def counted(*args: Any, **kwargs: Any) -> list[Outcome]:
        asked.extend(one.id for one in args[4])
        return outcomes(*args, **kwargs)

    monkeypatch.setattr(Examination, "outcomes", counted)
    rows = open_view("posture", demo).dataframe[1].value.set_index("Control")
    assert set(asked) <= {"LG-01"}, "the log was checked after controls were evaluated"
    monkeypatch.undo()
    (one,) = examined(demo, "CM-03")
    assert rows.loc["CM-03", "Fail"] == one.counts.of(State.FAIL) > 0


def test_an_evaluation_that_ended_in_an_error_counted_nothing(tmp_path: Path) -> None:
    history = History(tmp_path)
    history.record([outcome("s1", error="no such column")], datetime(2026, 6, 1, tzinfo=UTC))
    page = AppTest.from_string(
        f"from tests.app.waived import past_page\npast_page({str(tmp_path)!r})"
    ).run()
    assert not page.exception, page.exception[0].message
    line = page.dataframe[0].value.iloc[0]
    assert line[["Fail", "Waived", "Unknown", "Pass"]].isna().all()
