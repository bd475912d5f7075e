"""Files of a plain folder: what is found, what is refused, and what is told of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.files.dbt.connector import Dbt
from connectors.files.model_cards.connector import ModelCards
from connectors.interface import Severity
from data.model import Dataset, ModelCard, PipelineRun
from tests.connectors.files.model_cards.test_conformance import card
from tests.connectors.files.source import FileSource, made, output


@pytest.fixture
def cards(tmp_path: Path) -> Iterator[FileSource]:
    with made(ModelCards, tmp_path, patterns=["**/*.md"]) as source:
        yield source


@pytest.fixture
def dbt(tmp_path: Path) -> Iterator[FileSource]:
    with made(Dbt, tmp_path) as source:
        yield source


def models(source: FileSource) -> list[str]:
    return [row.model for row in source.all(ModelCard)]


def test_a_folder_that_is_not_there_is_told_and_so_is_one_without_a_file_that_is_meant(
    tmp_path: Path,
) -> None:
    with made(ModelCards, tmp_path) as source:
        (error,) = source.sync().errors
        assert "there is no file that is meant (**/README.md" in error.what
        (source.folder / "files").rmdir()
        (error,) = source.sync().errors
        assert error.what == "there is no such folder"


def test_patterns_choose_and_exclude_leaves_out(tmp_path: Path) -> None:
    with made(
        ModelCards, tmp_path, patterns=["cards/*.md", "**/card.md"], exclude=["**/old/**"]
    ) as source:
        names = ["cards/a.md", "cards/b/c.md", "card.md", "x/y/card.md", "x/old/card.md", "d.md"]
        source.read({name: card(name, "mit") for name in names})
        assert models(source) == ["card.md", "cards/a.md", "x/y/card.md"]


def test_a_link_counts_only_if_it_leads_to_a_file_in_the_folder(cards: FileSource) -> None:
    cards.write({"a.md": card("a", "mit"), "deep/b.md": card("b", "mit")})
    root = cards.folder / "files"
    (cards.folder / "outside.md").write_bytes(card("outside", "mit"))
    (root / "in.md").symlink_to(root / "deep" / "b.md")
    (root / "out.md").symlink_to(cards.folder / "outside.md")
    (root / "loop").symlink_to(root)
    (root / "round.md").symlink_to(root / "round.md")
    (root / "nowhere.md").symlink_to(root / "missing")
    assert not cards.sync().errors
    assert models(cards) == ["a", "b", "b"]
    told = cards.told()
    assert sorted(gap.id.rpartition("/")[2] for gap in cards.gaps()) == ["nowhere.md", "round.md"]
    assert all("cannot be read" in line for line in told)


def test_what_is_no_file_is_left_aside(cards: FileSource) -> None:
    cards.write({"a.md": card("a", "mit"), ".git/b.md": card("b", "mit")})
    os.mkfifo(cards.folder / "files" / "pipe.md")
    assert not cards.sync().errors
    assert (models(cards), cards.told()) == (["a"], [])


def test_a_file_of_100_mb_is_refused_without_being_read(cards: FileSource) -> None:
    cards.write({"a.md": card("a", "mit")})
    with (cards.folder / "files" / "large.md").open("wb") as file:
        file.truncate(100 << 20)
    assert not cards.sync().errors
    assert models(cards) == ["a"]
    assert cards.told() == ["truncated: large.md: it is larger than 64 MiB"]
    assert cards.sync().pages == 0
    assert cards.told() == ["truncated: large.md: it is larger than 64 MiB"]


def test_a_name_that_is_no_text_is_shown_by_its_bytes(cards: FileSource) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    cards.write({name: card("cafe", "mit")})
    assert not cards.sync().errors
    assert [row.path for row in cards.all(ModelCard)] == ["caf\\udce9.md"]


def test_what_may_not_be_read_is_told_and_what_it_said_stays(
    cards: FileSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards.read({"a.md": card("a", "mit"), "b.md": card("b", "mit")})
    whole = Path.open

    def refused(path: Path, mode: str = "r", **options: Any) -> Any:
        if path.name == "b.md":
            raise PermissionError(13, "Permission denied", str(path))
        return whole(path, mode, **options)

    cards.write({"c.md": card("c", "mit")})
    (cards.folder / "files" / "a.md").unlink()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refused)
        assert not cards.sync().errors
    assert models(cards) == ["a", "b", "c"]
    assert cards.told() == [
        "no_permission: b.md: it may not be read; what was read of it before stays"
    ]
    cards.write({"c.md": card("c", "apache-2.0")})
    assert not cards.sync().errors
    assert (models(cards), cards.told()) == (["b", "c"], [])


def test_a_folder_that_may_not_be_looked_into_is_told(
    cards: FileSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards.read({"a.md": card("a", "mit"), "deep/b.md": card("b", "mit")})
    walk = os.walk

    def refused(top: Any, **options: Any) -> Any:
        for folder, folders, names in walk(top, **options):
            if Path(folder).name == "deep":
                options["onerror"](PermissionError(13, "Permission denied", folder))
            else:
                yield folder, folders, names

    with monkeypatch.context() as patch:
        patch.setattr(os, "walk", refused)
        assert not cards.sync().errors
    assert models(cards) == ["a", "b"]
    assert "no_permission: deep: it may not be read" in cards.told()[0]


def test_a_file_that_is_replaced_while_it_is_read_is_read_again(
    cards: FileSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards.write({"a.md": card("a", "mit")})
    path, seen, times = cards.folder / "files" / "a.md", os.fstat, iter(range(100))

    def replaced(handle: int) -> os.stat_result:
        if next(times) == 1:
            path.write_bytes(card("b", "mit"))
        return seen(handle)

    monkeypatch.setattr("connectors.files.folder.os.fstat", replaced)
    assert not cards.sync().errors
    assert (models(cards), cards.told()) == (["b"], [])


def test_a_file_that_never_stands_still_is_told_and_read_later(
    cards: FileSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards.write({"a.md": card("a", "mit")})
    path, seen, times = cards.folder / "files" / "a.md", os.fstat, iter(range(100))

    def replaced(handle: int) -> os.stat_result:
        path.write_bytes(card(f"a{next(times)}", "mit"))
        return seen(handle)

    with monkeypatch.context() as patch:
        patch.setattr("connectors.files.folder.os.fstat", replaced)
        assert not cards.sync().errors
    assert models(cards) == []
    assert "it changed while it was read" in cards.told()[0]
    assert not cards.sync().errors
    assert (len(models(cards)), cards.told()) == (1, [])


def test_an_inventory_forgets_what_its_files_say_no_more(cards: FileSource) -> None:
    cards.read({name: card(name, "mit") for name in ("a.md", "b.md")})
    (cards.folder / "files" / "a.md").unlink()
    cards.sync()
    assert models(cards) == ["b.md"]


def test_a_file_that_breaks_is_a_gap_until_it_is_mended(cards: FileSource) -> None:
    cards.read({"a.md": card("a", "mit"), "b.md": b"---\nlicense: [\n---\n"})
    assert cards.told() == ["unreadable: b.md: it is no YAML that can be read in line 2"]
    cards.read({"b.md": card("b", "mit")})
    assert (models(cards), cards.told()) == (["a", "b"], [])


def test_of_many_broken_files_ten_are_named_and_the_rest_counted(cards: FileSource) -> None:
    cards.read({f"{number:02}.md": b"\xff" for number in range(30)} | {"a.md": card("a", "mit")})
    assert len(cards.gaps()) == 11
    assert sum(gap.count or 0 for gap in cards.gaps()) == 30
    assert any("20 further files could not be read, such as 10.md" in line for line in cards.told())


def test_results_stay_when_they_are_overwritten_and_when_they_are_gone(dbt: FileSource) -> None:
    dbt.read({"target/run_results.json": output("dbt/run_results_build.json")})
    dbt.read({"target/run_results.json": output("dbt/run_results_run.json")})
    (dbt.folder / "files/target/run_results.json").unlink()
    dbt.read({"target/manifest.json": output("dbt/manifest.json")})
    assert len(dbt.all(PipelineRun)) == 2
    assert dbt.all(Dataset)
    assert dbt.told() == ["not_found: run_results is no longer found; what was read of it stays"]


def test_a_result_that_is_half_written_is_read_once_it_is_whole(dbt: FileSource) -> None:
    whole = output("dbt/run_results_build.json")
    dbt.read({"target/run_results.json": whole[:2_000]})
    assert "it is no JSON" in dbt.told()[0]
    assert dbt.house.pages() == []
    dbt.read({"target/run_results.json": whole})
    assert (len(dbt.all(PipelineRun)), dbt.told()) == (1, [])


def test_a_result_that_moved_is_read_there_and_the_old_place_is_told(dbt: FileSource) -> None:
    dbt.read({"target/run_results.json": output("dbt/run_results_build.json")})
    dbt.settings["path"] = "files/new"
    dbt.read({"new/target/run_results.json": output("dbt/run_results_run.json")})
    assert len(dbt.all(PipelineRun)) == 2
    for _ in range(2):
        assert dbt.told() == [
            "not_found: its files were read at files before; what was read there stays"
        ]
        assert dbt.sync().pages == 0


def test_of_many_results_only_those_that_are_new_are_read_again(dbt: FileSource) -> None:
    dbt.settings["patterns"] = ["archive/*.json"]
    whole = output("dbt/run_results_run.json")
    name = "archive/run_results_{}.json"
    dbt.read({name.format(number): whole for number in range(60)})
    dbt.write({name.format("new"): whole})
    assert dbt.sync().pages <= 4


def test_a_doctor_counts_the_files_and_warns_of_a_work_tree(tmp_path: Path) -> None:
    with made(ModelCards, tmp_path, path="clone/cards") as source:
        (tmp_path / "clone" / ".git").mkdir(parents=True)
        (tmp_path / "clone" / "cards").mkdir()
        (tmp_path / "clone" / "cards" / "README.md").write_text("---\nlicense: mit\n---\n")
        count, warning = source.connector().check()
        assert (count.severity, count.what) == (Severity.OK, "cards: 1 files")
        assert warning.severity is Severity.WARNING
        assert "changes nobody committed" in warning.what
