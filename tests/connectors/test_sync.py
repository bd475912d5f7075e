"""What one sync reads, keeps, tells and takes back, source by source and stream by stream."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.interface import Batch, Context, SourceUnavailable, Stream
from connectors.kinds import KINDS, connect, connect_all, connector_class
from connectors.sync import SourceResult, sync
from data.configuration import ConfigurationError, load
from data.store.archive import Archive
from data.store.log import EventType
from data.store.streams import known_until
from data.store.working import STANDING, Touched, Working
from data.store.workspace import Workspace
from tests.connectors import scripted
from tests.connectors.scripted import SCRIPT, set_round, workspace_at

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NAIVE = NOON.replace(tzinfo=None)
NO_ROWS = b'{"rows": [], "gaps": []}'


class House:
    """A workspace, its open database, and a clock that a test sets."""

    def __init__(self, folder: Path) -> None:
        self.workspace = workspace_at(folder)
        self.working = Working(self.workspace.working)
        self.now = NOON

    def sync(self) -> dict[str, SourceResult]:
        """Reads all sources once; the clock moves an hour."""
        configuration = load(self.workspace.configuration)
        results = sync(self.workspace, configuration, self.working, self.context())
        self.now += timedelta(hours=1)
        return {result.source: result for result in results}

    def context(self) -> Context:
        hotfix = load(self.workspace.configuration).organisation.hotfix_pattern
        folder, mirrors = self.workspace.folder, self.workspace.mirrors
        return Context(folder, mirrors, hotfix, lambda: self.now, lambda *_: None)

    def configure(self, old: str, new: str) -> None:
        text = self.workspace.configuration.read_text()
        assert old in text
        self.workspace.configuration.write_text(text.replace(old, new, 1))

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return list(self.working.connection.sql(sql).to_arrow_table().to_pylist())

    def counts(self, source: str) -> Mapping[str, int]:
        return {
            name: self.rows(f"select count(*) as n from {name} where source = '{source}'")[0]["n"]
            for name in ("deployment", "service", "gap")
        }

    def standing(self, source: str = "one") -> list[str]:
        found = self.rows(
            f"select id from gap where source = '{source}' and evidence = '{STANDING}' order by id"
        )
        return [row["id"].removeprefix(f"gap:{source}:") for row in found]

    def events(self) -> list[tuple[str, str, str]]:
        return [
            (e.type.value, e.source, e.stream) for e in Archive(self.workspace.archive).events()
        ]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setitem(scripted.kinds._CLASSES, "scripted", (scripted.__name__, "Scripted"))
    made = House(tmp_path)
    with closing(made.working):
        yield made


# --- reading ---


def test_all_streams_of_all_sources_are_read_and_nothing_is_touched_the_next_time(
    house: House,
) -> None:
    first = house.sync()
    assert {name: result.errors for name, result in first.items()} == {"one": [], "two": []}
    assert first["one"].pages == 3 + 4 + 1 + 1
    assert house.counts("one") == {"deployment": 10, "service": 14, "gap": 5}
    before = house.rows("select * from deployment order by id")
    second = house.sync()
    assert [(r.pages, r.touched) for r in second.values()] == [(0, Touched())] * 2
    assert house.rows("select * from deployment order by id") == before


def test_a_later_round_adds_changes_and_takes_away(house: House) -> None:
    house.sync()
    set_round(house.workspace, 3)
    result = house.sync()["one"]
    assert result.touched.deleted > 0
    assert result.touched.updated > 0
    names = {row["name"] for row in house.rows("select name from service where source = 'one'")}
    assert names == {f"s{number}" for number in range(9, 23)}


def test_every_row_names_the_page_it_comes_from_and_the_page_is_in_the_archive(
    house: House,
) -> None:
    house.sync()
    archive = Archive(house.workspace.archive)
    for row in house.rows("select * from service union all select * from service where false"):
        page = json.loads(archive.get(row["evidence"]))
        assert row["name"] in {each["name"] for each in page["rows"]}
        assert (row["stream"], row["observed_at"]) == ("catalogue", NOON)


def test_a_source_that_says_nothing_new_was_read_all_the_same(house: House) -> None:
    house.sync()
    house.sync()
    read = house.rows("select distinct read_at, complete_until from stream where source = 'one'")
    assert read == [{"read_at": NOON + timedelta(hours=1), "complete_until": read[0]["read_at"]}]
    assert known_until(house.working.connection) == NOON + timedelta(hours=1)


# --- what cannot be read ---


def test_a_stream_that_fails_is_told_and_keeps_its_rows_and_gaps(house: House) -> None:
    house.sync()
    assert house.standing() == ["catalogue:shallow", "flaky:always"]
    flakes = house.rows("select * from gap where stream = 'flaky' order by id")
    set_round(house.workspace, 2)
    result = house.sync()["one"]
    assert [str(error) for error in result.errors] == ["one: it does not answer; try again later"]
    assert house.standing() == ["catalogue:shallow", "flaky:always", "flaky:unavailable"]
    kept = house.rows("select * from gap where stream = 'flaky' order by id")
    assert [row for row in kept if "unavailable" not in row["id"]] == flakes
    read_at = {r["stream"]: r["read_at"] for r in house.rows("from stream where source = 'one'")}
    assert read_at["flaky"] == NOON < read_at["notes"]


def test_a_gap_is_closed_by_the_reading_that_no_longer_has_it(house: House) -> None:
    for number in (1, 2, 3):
        set_round(house.workspace, number)
        house.sync()
    assert house.standing() == ["flaky:always"]


def test_a_source_that_is_not_there_is_a_gap_of_the_source_and_loses_nothing(
    house: House,
) -> None:
    house.sync()
    before = house.counts("one")
    (house.workspace.folder / SCRIPT).rename(house.workspace.folder / "away")
    result = house.sync()["one"]
    assert result.errors[0].what == "there is no script"
    assert house.standing() == [":unavailable", "catalogue:shallow", "flaky:always"]
    (gap,) = house.rows("select * from gap where source = 'one' and stream = ''")
    assert gap["what"] == "the source could not be read: there is no script"
    assert house.counts("one") == {**before, "gap": before["gap"] + 1}
    (house.workspace.folder / "away").rename(house.workspace.folder / SCRIPT)
    assert house.sync()["one"].touched == Touched(deleted=1)
    assert house.counts("one") == before


def test_a_gap_that_stays_is_logged_once(house: House) -> None:
    for _ in range(3):
        house.sync()
    gaps = [event for event in house.events() if event[0] == EventType.GAPS]
    assert sorted(gaps) == sorted(
        ("gaps", source, stream) for source in ("one", "two") for stream in ("catalogue", "flaky")
    )


def test_a_page_that_no_table_takes_stops_its_stream_and_is_not_logged(house: House) -> None:
    house.configure(
        'name = "one"\nkind = "scripted"', 'name = "one"\nkind = "scripted"\nis_broken = true'
    )
    results = house.sync()
    assert len(results["one"].errors) == 4
    said = str(results["one"].errors[0])
    assert "\n" not in said
    assert "one: a page of deployments cannot be stored (ValueError: name of" in said
    assert not [e for e in house.events() if e[:2] == ("page", "one")]
    assert house.counts("one") == {"deployment": 0, "service": 0, "gap": 5}
    assert results["two"].errors == []
    house.configure("is_broken = true", "is_broken = false")
    assert house.sync()["one"].errors == []
    assert house.counts("one")["deployment"] == 10


ODDITIES: dict[str, tuple[str, object, str]] = {
    "a cursor that is no JSON": (
        "_notes",
        lambda *_: iter([Batch(NO_ROWS, {"next": object()})]),  # type: ignore[dict-item]
        "a page of notes cannot be stored (TypeError: Object of type object is not JSON",
    ),
    "a gap whose time has no zone": (
        "_notes",
        lambda self, *_: iter([replace(self._gap("notes", "x", "x"), since_at=NAIVE)]),
        "a gap of notes cannot be stored (ValueError: since_at of 'gap:one:notes:x': time without",
    ),
    "a gap whose words are no text": (
        "_notes",
        lambda self, *_: iter([self._gap("notes", "x", "caf\udce9")]),
        "a gap of notes cannot be stored (ValueError: what of 'gap:one:notes:x'",
    ),
}


@pytest.mark.parametrize("oddity", ODDITIES)
def test_what_cannot_be_stored_is_never_logged_and_stops_only_its_stream(
    house: House, monkeypatch: pytest.MonkeyPatch, oddity: str
) -> None:
    method, pull, said = ODDITIES[oddity]
    with monkeypatch.context() as patched:
        patched.setattr(scripted.Scripted, method, pull)
        (error,) = house.sync()["one"].errors
    assert error.what.startswith(said)
    assert house.standing() == ["catalogue:shallow", "flaky:always", "notes:unavailable"]
    assert house.sync()["one"].errors == []
    assert house.standing() == ["catalogue:shallow", "flaky:always"]


def test_words_of_an_error_that_are_no_text_are_told_as_escapes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Iterator[Batch]:
        raise SourceUnavailable("cannot read caf\udce9", "caf\udce9", "rename caf\udce9")

    monkeypatch.setattr(scripted.Scripted, "_notes", refuse)
    house.sync()
    (gap,) = house.rows("select what from gap where id = 'gap:one:notes:unavailable'")
    assert gap["what"] == r"notes could not be read: cannot read caf\udce9"
    (run,) = house.rows("select error from sync_run where source = 'one'")
    assert run["error"] == r"caf\udce9: cannot read caf\udce9; rename caf\udce9"


def test_a_stream_whose_name_is_no_text_is_told_and_the_others_are_read(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = [Stream("caf\udce9", (), "nothing"), Stream("notes", ("gap",), "nothing")]
    monkeypatch.setattr(scripted.Scripted, "discover", lambda self: streams)
    result = house.sync()["one"]
    assert [e.what for e in result.errors] == [r"caf\udce9 has a name that is no text"]
    assert result.pages == 1
    assert house.standing() == [r"caf\udce9:unreadable"]
    (gap,) = house.rows("select what from gap where id like '%unreadable' and source = 'one'")
    assert gap["what"] == result.errors[0].what


def without(*names: str) -> Callable[[scripted.Scripted], list[Stream]]:
    discover = scripted.Scripted.discover
    return lambda self: [stream for stream in discover(self) if stream.name not in names]


def test_a_stream_that_is_no_longer_found_is_told_until_it_comes_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.sync()
    before = house.counts("one")
    with monkeypatch.context() as patched:
        patched.setattr(scripted.Scripted, "discover", without("deployments"))
        results = [house.sync()["one"] for _ in range(2)]
    assert [result.touched for result in results] == [Touched(inserted=1), Touched()]
    assert [result.errors for result in results] == [[], []]
    assert house.counts("one") == {**before, "gap": before["gap"] + 1}
    assert "deployments:gone:not_found" in house.standing()
    (gap,) = house.rows("from gap where reason = 'not_found' and source = 'one'")
    assert gap["what"] == "deployments is no longer found; what was read of it stays"
    assert house.sync()["one"].touched == Touched(deleted=1)
    assert house.counts("one") == before


OUTAGES: dict[str, Callable[..., object]] = {
    "discover": lambda *_: Path("x" * 300).is_dir(),
    "_deployments": lambda *_: iter([Path("x" * 300).is_dir()]),
    "_notes": lambda *_: (Path("x" * 300).is_dir() for _ in "x"),
}


@pytest.mark.parametrize("method", OUTAGES)
def test_what_the_system_refuses_a_connector_stops_no_other_stream_and_no_other_source(
    house: House, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    outage, calm = OUTAGES[method], getattr(scripted.Scripted, method)

    def refuse(self: scripted.Scripted, *told: Any) -> object:
        return outage() if self.source == "one" else calm(self, *told)

    monkeypatch.setattr(scripted.Scripted, method, refuse)
    results = house.sync()
    (error,) = results["one"].errors
    assert (error.what, error.where) == ("cannot be read (File name too long)", "x" * 300)
    assert any(gap.endswith(":unavailable") for gap in house.standing())
    assert results["one"].pages == {"discover": 0, "_deployments": 6, "_notes": 8}[method]
    assert (results["two"].errors, results["two"].pages) == ([], 9)


# --- sources that come, change and go ---


def test_a_source_that_is_removed_takes_its_rows_and_gaps_with_it(house: House) -> None:
    house.sync()
    two = house.workspace.configuration.read_text().index('[[source]]\nname = "two"')
    whole = house.workspace.configuration.read_text()
    house.workspace.configuration.write_text(whole[:two])
    results = house.sync()
    assert results["two"].touched.deleted == sum(
        {"deployment": 10, "service": 14, "gap": 5}.values()
    )
    assert house.counts("two") == {"deployment": 0, "service": 0, "gap": 0}
    assert house.working.settings().keys() == {"one"}
    assert house.sync().keys() == {"one"}
    house.workspace.configuration.write_text(whole)
    assert house.sync()["two"].touched.inserted == 29


def test_a_source_of_which_only_a_gap_was_known_goes_without_a_trace(house: House) -> None:
    (house.workspace.folder / SCRIPT).unlink()
    house.sync()
    assert house.standing("two") == [":unavailable"]
    house.configure('name = "two"', 'name = "three"')
    house.sync()
    assert house.working.settings().keys() == {"one", "three"}


def test_changed_settings_read_a_source_anew_and_no_other(house: House) -> None:
    house.sync()
    house.configure("size = 9", "size = 5")
    results = house.sync()
    assert results["one"].touched == Touched()
    assert results["two"].touched.deleted == 29
    assert house.counts("two")["deployment"] == 6
    assert house.sync()["two"].touched == Touched()


def moves(house: House) -> list[str]:
    rows = house.rows("select name from service where stream = 'moves' order by 1")
    return [row["name"] for row in rows]


def test_what_no_later_reading_tells_again_outlives_changed_settings(house: House) -> None:
    house.configure("size = 9", "size = 9\nis_remembering = true")
    house.sync()
    set_round(house.workspace, 2)
    house.configure("size = 9", "size = 5")
    results = house.sync()
    assert results["two"].touched.deleted == 29
    assert moves(house) == ["from 0 to 1", "from 1 to 2"]
    assert house.counts("two")["deployment"] == 11
    assert house.sync()["two"].touched == Touched()


def test_a_source_that_is_configured_no_more_is_not_remembered(house: House) -> None:
    house.configure("size = 9", "size = 9\nis_remembering = true")
    house.sync()
    house.configure("is_remembering = true", "")
    house.sync()
    assert moves(house) == []


def failing(*names: str) -> Callable[..., Iterator[Batch]]:
    """A `pull` of streams that do not answer."""
    pull = scripted.Scripted.pull

    def fail(self: scripted.Scripted, stream: Stream, cursor: Any) -> Any:
        if stream.name in names:
            raise SourceUnavailable("it does not answer", self.source, "try again later")
        return pull(self, stream, cursor)

    return fail


@pytest.mark.parametrize("silent", [(), ("notes", "flaky")])
def test_changed_settings_take_nothing_away_while_nothing_can_be_read(
    house: House, monkeypatch: pytest.MonkeyPatch, silent: tuple[str, ...]
) -> None:
    house.sync()
    before = house.counts("two")
    house.configure("size = 9", "size = 5")
    names = {"deployments", "catalogue", "notes", "flaky"} - set(silent)
    with monkeypatch.context() as patched:
        patched.setattr(scripted.Scripted, "pull", failing(*names))
        for name in silent:
            patched.setattr(scripted.Scripted, f"_{name}", lambda *_: iter(()))
        for _ in range(2):
            assert house.sync()["two"].touched.deleted <= len(silent)
    kept = {name: house.counts("two")[name] for name in ("deployment", "service")}
    assert kept == {name: before[name] for name in kept}
    assert {f"{name}:unavailable" for name in names} <= set(house.standing("two"))
    house.sync()
    assert house.counts("two") == {**before, "deployment": 6}


def test_settings_that_were_wrong_for_a_while_leave_no_gap(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.sync()
    before, rows = house.standing("two"), house.counts("two")
    house.configure("size = 9", "size = 5")
    other = [Stream("elsewhere", ("deployment",), "nothing")]
    with monkeypatch.context() as patched:
        patched.setattr(scripted.Scripted, "pull", failing("elsewhere"))
        patched.setattr(scripted.Scripted, "discover", lambda _: other)
        house.sync()
        assert house.standing("two") == ["elsewhere:unavailable"], "no stream is called gone"
    house.configure("size = 5", "size = 9")
    house.sync()
    assert house.standing("two") == before
    assert house.counts("two") == rows


def test_a_stream_that_fails_before_the_first_page_is_told_after_the_old_rows_are_gone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.sync()
    house.configure("size = 9", "size = 5")
    monkeypatch.setattr(scripted.Scripted, "pull", failing("deployments"))
    house.sync()
    assert house.counts("two")["deployment"] == 0
    assert "deployments:unavailable" in house.standing("two")
    assert len(house.standing("two")) == 3


def test_changed_settings_of_a_source_that_shows_nothing_any_more_leave_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.sync()
    house.configure("size = 9", "size = 5")
    gap = {"name": "empty", "what": "nothing is there"}

    def empty(self: scripted.Scripted, stream: Stream, _: Any) -> Iterator[Any]:
        return iter(
            [
                self._gap(
                    "notes",
                    **gap,
                )
            ]
            if stream.name == "notes"
            else ()
        )

    monkeypatch.setattr(scripted.Scripted, "pull", empty)
    assert house.sync()["two"].pages == 0
    assert house.counts("two") == {"deployment": 0, "service": 0, "gap": 1}
    assert house.standing("two") == ["notes:empty"]
    assert house.sync()["two"].touched == Touched()


def test_the_old_rows_go_right_before_the_first_page_of_the_new(house: House) -> None:
    house.sync()
    before = len(house.events())
    house.configure("size = 9", "size = 5")
    house.sync()
    of_two = [event for event in house.events()[before:] if event[1] == "two"]
    assert of_two[:2] == [("reset", "two", ""), ("page", "two", "deployments")]


def test_another_hotfix_pattern_reads_everything_anew(house: House) -> None:
    house.sync()
    house.configure("[organisation]", '[organisation]\nhotfix_pattern = "^fix"')
    assert [result.pages for result in house.sync().values()] == [9, 9]


def test_changed_settings_take_nothing_away_while_the_source_is_not_there(house: House) -> None:
    house.sync()
    before = house.counts("two")
    (house.workspace.folder / SCRIPT).rename(house.workspace.folder / "away")
    house.configure("size = 9", "size = 5")
    house.sync()
    assert house.counts("two") == {**before, "gap": before["gap"] + 1}
    (house.workspace.folder / "away").rename(house.workspace.folder / SCRIPT)
    house.sync()
    assert house.counts("two")["deployment"] == 6


# --- runs ---


def test_each_reading_of_a_source_is_a_run(house: House) -> None:
    house.sync()
    set_round(house.workspace, 2)
    house.sync()
    first, _, third, _ = house.rows("select * from sync_run order by id, source")
    assert (first["source"], first["status"], first["pages"]) == ("one", "done", 9)
    assert (first["inserted"], first["error"]) == (29, None)
    assert third["status"] == "failed"
    assert third["error"] == "one: it does not answer; try again later"
    assert third["id"] == "20261121T130000" > first["id"]


def test_runs_are_told_apart_though_the_clock_goes_back(house: House) -> None:
    for hours in (0, -5, -5):
        house.now = NOON + timedelta(hours=hours)
        house.sync()
    ids = [row["id"] for row in house.rows("select distinct id from sync_run order by id")]
    assert len(ids) == 3


# --- kinds of source ---


def test_every_kind_of_source_can_be_imported_and_has_settings() -> None:
    for kind in KINDS:
        assert connector_class(kind).Settings.model_config["extra"] == "forbid"


@pytest.mark.parametrize(
    ("kind", "fix"),
    [
        ("gitopps", "did you mean `gitops`?"),
        ("xyz", f"use one of: {', '.join(sorted(KINDS))}"),
    ],
)
def test_an_unknown_kind_is_told_with_its_line_before_anything_is_read(
    house: House, kind: str, fix: str
) -> None:
    house.configure('name = "two"\nkind = "scripted"', f'name = "two"\nkind = "{kind}"')
    with pytest.raises(ConfigurationError) as refused:
        house.sync()
    assert refused.value.what == f"source `two` is of an unknown kind `{kind}`"
    lines = house.workspace.configuration.read_text().split("\n")
    assert refused.value.where.endswith(f"line {lines.index(f'kind = {json.dumps(kind)}') + 1}")
    assert refused.value.fix == fix
    assert house.events() == []


def test_a_wrong_setting_is_told_with_its_line(house: House) -> None:
    house.configure("size = 9", "sise = 9")
    configuration = load(house.workspace.configuration)
    with pytest.raises(ConfigurationError, match=r"unknown key `sise`; did you mean `size`\?"):
        connect(house.workspace, configuration, configuration.source[1], house.context())


def test_the_settings_of_a_source_have_one_hash_and_those_of_another_another(house: House) -> None:
    configuration = load(house.workspace.configuration)
    sources = connect_all(house.workspace, configuration, house.context())
    assert list(sources) == ["one", "two"]
    assert sources["one"].settings != sources["two"].settings
    again = connect_all(house.workspace, configuration, house.context())
    assert [each.settings for each in again.values()] == [s.settings for s in sources.values()]


def test_a_workspace_is_where_its_folder_is(tmp_path: Path) -> None:
    assert Workspace(tmp_path).working.parent == Workspace(tmp_path).store == tmp_path / "store"
