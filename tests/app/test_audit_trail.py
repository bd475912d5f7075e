"""The page Audit trail: what is found, one entry with its proof, and a log that is broken."""

from __future__ import annotations

import csv
import shlex
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.components.trail.asked import Asking
from app.components.trail.change import differences
from app.components.trail.course import bars
from app.components.trail.csv_file import csv_of, export_of, up_to
from app.viewer import NAMES_HIDDEN
from data.configuration import LedgerSettings
from data.controls.ledger_checks import verified
from data.decisions.baseline import set_baseline
from data.decisions.book import Book
from data.ledger import custody
from data.ledger.custody import By
from data.ledger.database import connected
from data.ledger.event import Event
from data.ledger.ledger import Ledger
from data.period import Window
from data.store.workspace import Workspace
from data.trail.deciding import log_decisions
from data.trail.index import Index
from data.trail.kinds import Group
from data.trail.search import Trail
from data.trail.wanted import Wanted
from tests.app.cli.running import run
from tests.app.conftest import OpenPage
from tests.app.trailed import MANY, PERSON, SHOWN, logged_into, spoil
from tests.data.ledger.logs import event
from tests.data.published import at

PERIOD = "2026-09"
OpenTrail = Callable[..., AppTest]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log, in which names are hidden. Nobody writes to it."""
    made = tmp_path_factory.mktemp("trail")
    logged_into(made)
    return made


@pytest.fixture(scope="module")
def open_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same where names are shown."""
    made = tmp_path_factory.mktemp("open")
    logged_into(made, SHOWN)
    return made


@pytest.fixture
def open_trail(open_page: OpenPage) -> OpenTrail:
    """Opens the page as a link would."""

    def opened(folder: Path, **address: str) -> AppTest:
        page = open_page(folder)
        page.query_params.clear()
        page.switch_page("views/governance/audit_trail.py")
        for key, value in address.items():
            page.query_params[key] = value
        page.run(timeout=120)
        assert not page.exception, page.exception[0].message
        return page

    return opened


def said(page: AppTest) -> str:
    """All that the page says."""
    parts = (*page.markdown, *page.caption, *page.header, *page.error, *page.info, *page.success)
    return " ".join(str(one.value) for one in (*parts, *page.warning))


def listed(page: AppTest) -> list[str]:
    """What the first table of entries lists."""
    frames = [frame.value for frame in page.dataframe]
    return next((list(frame["What"]) for frame in frames if "Subject" in frame), [])


def test_without_a_log_the_page_says_so_and_what_to_do(
    open_trail: OpenTrail, harbour: Path
) -> None:
    page = open_trail(harbour)
    assert [one.value for one in page.header] == ["Nothing was logged yet"]
    assert any(code.value.endswith(" sync") for code in page.code)
    assert not (harbour / "ledger").exists(), "to look makes no log"


def test_a_log_that_may_not_be_read_is_told_in_place_of_the_page(
    open_trail: OpenTrail, harbour: Path, tmp_path: Path
) -> None:
    (tmp_path / "cairn.toml").write_bytes((harbour / "cairn.toml").read_bytes())
    (tmp_path / "store").symlink_to(harbour / "store")
    (tmp_path / "ledger").symlink_to("x" * 300)  # there the system says no, also to root
    page = open_trail(tmp_path)
    assert [one.value for one in page.title] == ["Audit trail"]
    assert [one.value for one in page.header] == ["This page cannot be shown"]
    assert "Cannot be used" in said(page)


def test_the_line_on_top_says_how_the_log_stands(open_trail: OpenTrail, folder: Path) -> None:
    page = open_trail(folder, window=PERIOD)
    log = Ledger(folder)
    told = said(page)
    assert f"**{log.size:,} entries**, from 20 Sep 2026" in told
    root = log.proofs.root().hex()[:12]
    assert f"Last signed checkpoint: {log.size} entries, root `{root}…`" in told
    assert "keep one elsewhere" in told
    assert "The log tells of no whole check" in told
    assert str(log.key()) in [code.value for code in page.code]
    assert not page.error


def test_a_search_lists_what_matches_newest_first_a_page_at_a_time(
    open_trail: OpenTrail, folder: Path
) -> None:
    page = open_trail(folder, window=PERIOD, q="CHANGE merged")
    assert f"**{MANY + 1}** entries match" in said(page)
    assert len(listed(page)) == 50
    assert set(page.query_params) == {"window", "q"}
    page = open_trail(folder, window=PERIOD, q="change/11", group="code")
    assert sorted(listed(page)) == sorted(
        f"change merged: Change {n}" for n in (11, *range(110, 120))
    )


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ({"group": "protection"}, 1),
        ({"subject": "test:web#change/7"}, 2),
        ({"subject": "*change/7*"}, 12),
        ({"source": "test", "q": "fraud"}, 1),
        ({"team": "silent"}, 0),
        ({"window": "2026-Q4"}, 1),
    ],
)
def test_filters_of_the_address_narrow_what_is_listed(
    open_trail: OpenTrail, folder: Path, address: dict[str, str], count: int
) -> None:
    page = open_trail(folder, **{"window": PERIOD, **address})
    assert len(listed(page)) == count
    assert {"window": PERIOD, **address} == page.query_params


def test_where_nothing_matches_the_way_out_is_offered(open_trail: OpenTrail, folder: Path) -> None:
    page = open_trail(folder, window="2026-06", q="fraud")
    assert "Nothing matches" in [one.value for one in page.header]
    assert "Before or after that 1 does." in said(page)
    next(one for one in page.button if one.label == "All of the log").click().run(timeout=60)
    assert len(listed(page)) == 1
    page = open_trail(folder, window=PERIOD, q="no such thing")
    next(one for one in page.button if one.label == "Without filters").click().run(timeout=60)
    assert len(listed(page)) == 50


def test_an_event_that_is_dated_in_the_future_does_not_move_the_usual_period(
    open_trail: OpenTrail, tmp_path: Path
) -> None:
    log = logged_into(tmp_path)
    usual = next(one.value for one in open_trail(tmp_path).markdown if "(UTC)" in one.value)
    log.append([Event("change.merged", "later", at("2026-10-01"), at("2999-01-01"))])
    page = open_trail(tmp_path)
    assert usual in [one.value for one in page.markdown]
    assert len(listed(page)) == 50
    assert "Of all days together" in said(page), "it is there, and said to be"


def test_names_are_neither_shown_nor_found_where_they_are_hidden(
    open_trail: OpenTrail, folder: Path
) -> None:
    page = open_trail(folder, window=PERIOD, entry="0", who=PERSON)
    pseudonym = Ledger(folder).people.known(PERSON)
    everything = said(page) + str([frame.value.to_dict() for frame in page.dataframe])
    everything += str([table.value.to_dict() for table in page.table])
    everything += str([code.value for code in page.code])
    assert PERSON not in everything
    assert NAMES_HIDDEN in everything
    assert f"person {pseudonym.removeprefix('person:')[:8]}" in everything
    assert "Who" not in [box.label for box in page.selectbox]
    assert "who" not in page.query_params
    for words in ("ada", PERSON, pseudonym):
        assert not listed(open_trail(folder, window=PERIOD, q=words))


def test_names_are_shown_and_found_where_the_configuration_says_so(
    open_trail: OpenTrail, open_folder: Path
) -> None:
    pseudonym = Ledger(open_folder).people.known(PERSON)
    page = open_trail(open_folder, window=PERIOD, who=pseudonym, q="alder 119")
    assert listed(page) == ["change merged: Change 119"]
    assert page.dataframe[-1].value["Who"].item() == PERSON
    assert page.query_params["who"] == pseudonym, "the address names no account"
    assert NAMES_HIDDEN not in said(page)


def test_an_entry_tells_what_changed_and_what_was_not_told(
    open_trail: OpenTrail, folder: Path
) -> None:
    page = open_trail(folder, window=PERIOD, entry=str(MANY))
    facts, change = (table.value for table in page.table[:2])
    assert ["approvals", "0", "1"] in change.to_numpy().tolist()
    assert facts.set_index(facts.columns[0]).loc["**Who**"].item() == ":gray[not told]"
    assert page.query_params["entry"] == str(MANY)


def test_what_a_source_wrote_is_neither_markup_nor_a_link_that_runs(
    open_trail: OpenTrail, folder: Path
) -> None:
    page = open_trail(folder, window=PERIOD, entry=str(MANY + 1))
    bold = next(one.value for one in page.markdown if "model alias set" in one.value)
    assert "\\[click\\]" in bold
    assert "open at the source" not in str(page.table[0].value.to_dict())


def test_other_tellings_of_an_event_and_its_subject_stand_beside_it(
    open_trail: OpenTrail, folder: Path
) -> None:
    page = open_trail(folder, window=PERIOD, entry="7")
    assert "The same event was told in 2 entries" in said(page)
    told = page.dataframe[-1].value
    assert list(told["Entry"]) == [MANY + 3, 7]


def test_the_proof_on_the_page_is_that_of_the_command_line_and_checks_without_cairn(
    open_trail: OpenTrail, folder: Path, tmp_path: Path
) -> None:
    page = open_trail(folder, window=PERIOD, entry="7")
    assert "in the log" in said(page)
    command = next(code.value for code in page.code if "audit prove" in code.value)
    words = shlex.split(command.splitlines()[0])
    out = tmp_path / "proof"
    before = str(Ledger(folder).prove("change.merged:test:web#change/7", 7))
    result = run(folder, *words[1:4], *words[4:6], "--out", str(out))
    assert result.exit_code == 0, result.stderr
    assert out.read_text() == before
    script = Path(__file__).parents[2] / "docs" / "verify_proof.py"
    done = subprocess.run(
        [sys.executable, script, out, str(Ledger(folder).key())],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.startswith(f"PROVEN: entry 7 of {MANY + 4}"), done.stderr


@pytest.mark.parametrize("named", ["9999", "-1", "x", "1e3"])
def test_an_entry_that_is_not_there_is_said_to_be_so(
    open_trail: OpenTrail, folder: Path, named: str
) -> None:
    page = open_trail(folder, window=PERIOD, entry=named)
    assert "There is no entry" in said(page)


def test_the_whole_check_says_what_it_found(open_trail: OpenTrail, tmp_path: Path) -> None:
    log = logged_into(tmp_path)
    page = open_trail(tmp_path, window=PERIOD)
    assert "not checked yet" in said(page)
    check = "Check the whole log now"
    next(one for one in page.button if one.label == check).click().run(timeout=60)
    assert f"Sound: {log.size} entries are what 2 checkpoints signed" in said(page)
    assert "not checked yet" not in said(page)
    spoil(log, 5)
    page = open_trail(tmp_path, window=PERIOD)
    next(one for one in page.button if one.label == check).click().run(timeout=60)
    (error,) = page.error
    assert "The log is not what was signed." in error.value
    assert ":red-badge[:material/error: wrong] The log tells of no whole check" in said(page)
    assert "First bad entry: **5**" in error.value
    assert "Change nothing in the folder" in error.value
    assert len(listed(page)) == 50, "what can be read is still shown"
    next(one for one in page.button if one.label == "See entry 5").click().run(timeout=60)
    assert any("This entry is not proven" in one.value for one in page.error)


def test_a_decision_that_is_not_in_its_book_is_not_held_against_the_log(
    open_trail: OpenTrail, tmp_path: Path
) -> None:
    log = logged_into(tmp_path)
    log.append([event(0, "decision.waiver", subject="CM-03")])
    page = open_trail(tmp_path, window=PERIOD)
    check = "Check the whole log now"
    next(one for one in page.button if one.label == check).click().run(timeout=60)
    assert "**The book of decisions is not the one that was logged.**" in page.error[0].value
    assert "The log itself is what was signed." in page.error[0].value


def test_what_a_check_found_is_told_until_a_later_one_finds_nothing(
    open_trail: OpenTrail, tmp_path: Path
) -> None:
    log = logged_into(tmp_path)
    days = (date(2026, 1, 1), date(2026, 2, 1))
    set_baseline(Book(tmp_path), "lead_time", None, days, ("m.alder", "not logged yet"))
    page = open_trail(tmp_path, window=PERIOD)
    check = "Check the whole log now"
    next(one for one in page.button if one.label == check).click().run(timeout=60)
    assert "The book of decisions is not the one that was logged" in page.error[0].value
    log_decisions(Workspace(tmp_path), LedgerSettings())
    assert page.run(timeout=60).error, "nobody has looked again"
    log.append([verified(log.verify(), datetime.now(UTC))])
    page.run(timeout=60)
    assert not page.error
    assert "sound; nothing was found since" in said(page)


def test_a_file_that_was_packed_may_be_sealed_again(open_trail: OpenTrail, tmp_path: Path) -> None:
    log = logged_into(tmp_path)
    with closing(connected(log.place.database)) as connection:
        connection.execute("vacuum")
    page = open_trail(tmp_path, window=PERIOD)
    check = "Check the whole log now"
    next(one for one in page.button if one.label == check).click().run(timeout=60)
    assert "**The file is not the one that was sealed.**" in page.error[0].value
    assert "cairn audit checkpoint --reseal" in page.error[0].value


def test_a_log_that_was_cut_off_is_said_to_be_broken_unasked(
    open_trail: OpenTrail, tmp_path: Path
) -> None:
    log = logged_into(tmp_path)
    log.place.database.unlink()
    page = open_trail(tmp_path, window=PERIOD)
    assert f"The checkpoint covers {MANY + 4} entries" in page.error[0].value
    log.place.database.write_bytes(b"nothing" * 999)
    page = open_trail(tmp_path, window=PERIOD)
    assert "The log is not what was signed." in page.error[0].value


def test_what_is_pruned_or_erased_is_said_plainly(open_trail: OpenTrail, tmp_path: Path) -> None:
    retention = '[ledger.retention]\n"protection.*" = 1\n\n'
    log = logged_into(tmp_path, retention + SHOWN)
    assert run(tmp_path, "audit", "prune").exit_code == 0
    custody.erase(log, PERSON, By("officer", "asked for"))
    page = open_trail(tmp_path, window=PERIOD, entry=str(MANY))
    assert "The payload was pruned: what happened, to what and by whom is deleted. " in said(page)
    assert f"Entry {MANY + 4:,} says so" in said(page)
    assert "in the log" in said(page)
    assert "Without its payload no proof can be made any more" in said(page)
    page = open_trail(tmp_path, window=PERIOD, entry="0")
    assert "A person in this entry was erased" in said(page)
    assert ", erased" in str(page.dataframe[-1].value["Who"].iloc[0])


def exported(folder: Path, *, sees_names: bool) -> tuple[list[str], list[dict[str, str]]]:
    log, index = Ledger(folder), Index()
    index.refresh(log, lambda *_: None)
    trail = Trail(index, log.people.accounts() if sees_names else None)
    asking = Asking(None, Window(date(2026, 9, 1), date(2026, 10, 1)), Wanted(words="fraud"))
    lines = list(csv.reader(csv_of(trail, asking, ["log: so many"]).decode().splitlines()))
    head = [line[0] for line in lines if line[0].startswith("# ")]
    rows = [dict(zip(lines[len(head)], line, strict=True)) for line in lines[len(head) + 1 :]]
    return head, rows


def test_a_file_of_entries_begins_with_what_was_asked_for(folder: Path) -> None:
    head, rows = exported(folder, sees_names=False)
    assert [line.removeprefix("# ").partition(":")[0] for line in head] == [
        "entries of the log that match", "log", "team", "period", "search", "kind", "source",
        "subject", "names of people",
    ]  # fmt: skip
    assert (len(rows), rows[0]["entry"], rows[0]["kind"]) == (1, str(MANY + 1), "model.alias_set")
    assert rows[0]["title"].startswith("[click]")
    assert rows[0]["url"] == "javascript:alert(1)"


def test_what_was_searched_is_not_written_into_the_log_for_ever() -> None:
    wanted = Wanted(words=PERSON, group=Group.CODE, subject=f"*{PERSON}*")
    asking = Asking(None, Window(date(2026, 9, 1), date(2026, 10, 1)), wanted)
    told = export_of(Trail(Index(), None), asking)
    assert PERSON not in str(told), "nobody could take the name back"
    assert (told.filters["search"], told.filters["kind"], told.rows) == ("yes", "code", 0)


def test_a_file_of_entries_has_as_many_as_the_log_is_told_however_it_grows_meanwhile(
    tmp_path: Path,
) -> None:
    log, index = logged_into(tmp_path), Index()
    index.refresh(log, lambda *_: None)
    trail = Trail(index, None)
    asking = up_to(Asking(None, Window(date(2026, 1, 1), date(2027, 1, 1)), Wanted()), index.size)
    told = export_of(trail, asking)
    log.append([event(999, "change.merged")])
    index.refresh(log, lambda *_: None)
    assert trail.count(Wanted()) == MANY + 5
    made = csv_of(trail, asking, []).decode().splitlines()
    assert f"# entries of the log that match: {told.rows}" in made
    rows = made[made.index(next(line for line in made if line.startswith("entry,"))) + 1 :]
    assert len(rows) == told.rows == MANY + 4


@pytest.mark.parametrize("sees_names", [True, False])
def test_a_file_of_entries_names_persons_only_for_who_may_see_them(
    folder: Path, sees_names: bool
) -> None:
    log, index = Ledger(folder), Index()
    index.refresh(log, lambda *_: None)
    trail = Trail(index, log.people.accounts() if sees_names else None)
    whole = Window(date(2026, 1, 1), date(2027, 1, 1))
    made = csv_of(trail, Asking(None, whole, Wanted()), []).decode()
    assert made.count("\nentry,event,") == 1
    assert made.count("\n") > MANY
    assert (PERSON in made) is sees_names


@pytest.mark.parametrize(
    ("before", "after", "rows"),
    [
        (None, "v2", [("", None, "v2")]),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}, [("b", 2, 3), ("c", None, 4)]),
        ("approvals 1, own barred no", "approvals 2, own barred no",
         [("", "approvals 1", "approvals 2")]),
        ("x@1", "checks: [] → [a]; signed: no → yes",
         [("checks", "[]", "[a]"), ("signed", "no", "yes")]),
        ("none", "read", [("", "none", "read")]),
        ({"a": 1}, {"a": 1}, []),
    ],
)  # fmt: skip
def test_only_what_is_another_stands_in_the_difference(
    before: object, after: object, rows: list[object]
) -> None:
    assert differences(before, after) == rows


def test_bars_add_up_and_begin_with_the_period_even_within_a_week() -> None:
    begins = [date(2026, 9, 2), date(2026, 9, 7)]
    monday, next_monday = at("2026-08-31"), at("2026-09-07")
    counts = {(monday, Group.CODE): 3, (next_monday, Group.CODE): 4, (monday, Group.LOG): 1}
    assert bars(counts, begins) == {Group.CODE: [3, 4], Group.LOG: [1, 0]}
