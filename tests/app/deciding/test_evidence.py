"""Files sent from a browser as evidence: kept under their hash, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.deciding.evidence import FOLDER, keeping
from data.decisions.evidence import EvidenceRefused, Kept, verify
from data.errors import WrongQuestion
from data.store.workspace import Workspace

PDF = ("restore.pdf", b"brought back whole")


def kept(folder: Path) -> list[str]:
    return sorted(one.name for one in (folder / FOLDER).glob("*"))


def test_a_file_is_kept_in_the_data_folder_and_is_the_same_later(tmp_path: Path) -> None:
    links = ["https://wiki.example/restore"]
    with keeping(Workspace(tmp_path), links, [PDF]) as (link, file):
        assert (link.place, link.sha256) == (links[0], None)
    assert Path(file.place).parent == Path(FOLDER), "its path begins in the data folder"
    assert file.size == len(PDF[1])
    assert verify(file, tmp_path) is Kept.SAME
    (tmp_path / file.place).write_bytes(b"brought back in part")
    assert verify(file, tmp_path) is Kept.CHANGED


def test_what_is_refused_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(WrongQuestion), keeping(Workspace(tmp_path), [], [PDF]):
        raise WrongQuestion(f"{len(kept(tmp_path))} is there meanwhile", "", "else")
    assert kept(tmp_path) == []
    with (
        pytest.raises(EvidenceRefused, match="has nothing in it"),
        keeping(Workspace(tmp_path), [], [PDF, ("empty", b"")]),
    ):
        pass
    assert kept(tmp_path) == []


def test_what_another_answer_rests_on_stays_when_this_one_is_refused(tmp_path: Path) -> None:
    with keeping(Workspace(tmp_path), [], [PDF]):
        pass
    with pytest.raises(WrongQuestion), keeping(Workspace(tmp_path), [], [PDF]):
        raise WrongQuestion("no", "", "else")
    assert len(kept(tmp_path)) == 1


def test_a_file_that_was_altered_since_is_not_attested_in_place_of_what_is_sent(
    tmp_path: Path,
) -> None:
    with keeping(Workspace(tmp_path), [], [PDF]) as (file,):
        pass
    (tmp_path / file.place).write_bytes(b"brought back in part")
    with (
        pytest.raises(EvidenceRefused, match="not the same any more"),
        keeping(Workspace(tmp_path), [], [PDF]),
    ):
        pass
    assert verify(file, tmp_path) is Kept.CHANGED, "what was found there stays as it is"
    with keeping(Workspace(tmp_path), [], [("again.pdf", PDF[1])]) as (again,):
        assert verify(again, tmp_path) is Kept.SAME


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a b\n\x00<script>.pdf", "a_b_script_.pdf"),
        ("...", "file"),
        ("x" * 300, "x" * 80),
    ],
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str, told: str) -> None:
    with keeping(Workspace(tmp_path), [], [(name, b"x")]) as (file,):
        pass
    assert file.place == f"{FOLDER}/{kept(tmp_path)[0]}"
    assert kept(tmp_path)[0].partition("-")[2] == told


def test_a_page_tells_nothing_of_paths_of_its_machine(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("x")
    for path in (str(tmp_path / "there"), str(tmp_path / "not there")):
        with (
            pytest.raises(EvidenceRefused, match="is no link"),
            keeping(Workspace(tmp_path), [path], []),
        ):
            pass


def test_a_folder_that_takes_no_file_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file where a folder should be")
    with (
        pytest.raises(EvidenceRefused, match="cannot be kept"),
        keeping(Workspace(tmp_path), [], [PDF]),
    ):
        pass
