"""`cairn attest`: what people answer, with evidence that can be looked at again."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.decisions.book import Book
from tests.app.cli.granted import publish_rights
from tests.app.cli.running import answer, run
from tests.today import in_days


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The organisation, published. Nobody writes to it."""
    folder = tmp_path_factory.mktemp("granted")
    publish_rights(folder)
    return folder


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    """The organisation with a record to show, and no decision yet."""
    (tmp_path / "cairn.toml").symlink_to(published / "cairn.toml")
    (tmp_path / "store").symlink_to(published / "store")
    (tmp_path / "record.txt").write_text("brought back whole")
    return tmp_path


def words(folder: Path) -> tuple[str, ...]:
    return (
        "attest", "set", "CM-03", "--scope", "team:web", "--period", "2026-Q1", "--answer",
        "holds", "--statement", "the copy was brought back", "--evidence",
        str(folder / "record.txt"), "--evidence", "https://wiki.example/restore",
        "--until", str(in_days(60)), "--attested-by", "m.alder", "--reviewer", "t.rowan",
    )  # fmt: skip


def test_what_is_attested_is_told_with_its_evidence(folder: Path) -> None:
    (row,) = answer(folder, *words(folder))["rows"]
    told = {key: row[key] for key in ("control", "scope", "from", "to", "answer", "state", "until")}
    assert told == {
        "control": "CM-03",
        "scope": "team:web",
        "from": "2026-01-01",
        "to": "2026-04-01",
        "answer": "holds",
        "state": "valid",
        "until": str(in_days(60)),
    }
    file, link = row["evidence"]
    assert (file["place"], file["size"], len(file["sha256"])) == ("record.txt", 18, 64)
    assert link == {"place": "https://wiki.example/restore", "sha256": None, "size": None}
    assert (row["attested_by"], row["reviewer"]) == ("m.alder", "t.rowan")


def test_a_file_that_changed_is_found_and_ends_with_one(folder: Path) -> None:
    (row,) = answer(folder, *words(folder))["rows"]
    kept = {one["evidence"]: one["kept"] for one in answer(folder, "attest", "verify")["rows"]}
    assert kept == {"record.txt": "same", "https://wiki.example/restore": "not checked"}
    (folder / "record.txt").write_text("brought back Whole")
    for asked in ((), (row["id"],)):
        result = run(folder, "attest", "verify", *asked)
        assert result.exit_code == 1
        assert "changed" in result.stdout
    (folder / "record.txt").unlink()
    assert "missing" in run(folder, "attest", "verify").stdout
    answer(folder, "attest", "withdraw", row["id"], "--reason", "lost")
    assert answer(folder, "attest", "verify")["rows"] == []


def test_the_list_keeps_what_has_expired_and_leaves_out_what_is_withdrawn(folder: Path) -> None:
    (row,) = answer(folder, *words(folder))["rows"]
    other = answer(folder, *words(folder), "--scope", "organisation")["rows"][0]
    answer(folder, "attest", "withdraw", other["id"], "--reason", "too wide")
    listed = answer(folder, "attest", "list")["rows"]
    assert [(one["id"], one["state"]) for one in listed] == [(row["id"], "valid")]
    every = answer(folder, "attest", "list", "--all")["rows"]
    assert [one["state"] for one in every] == ["valid", "withdrawn"]
    assert every[1]["withdrawn_why"] == "too wide"
    late = answer(folder, "attest", "list", "--as-of", "2099-01-01")["rows"]
    assert [one["state"] for one in late] == ["expired"]
    assert answer(folder, "attest", "list", "--control", "OP-05")["rows"] == []


@pytest.mark.parametrize(
    ("others", "says"),
    [
        (("--evidence", "gone.txt"), "cannot be read (No such file or directory)"),
        (("--evidence", "https://me:word@wiki.example"), "a user or a password"),
        (("--scope", "team:wbe"), "nothing of `CM-03` is in `team:wbe`"),
        (("--reviewer", "M.Alder"), "`m.alder` attests it and reviews it"),
        (("--until", "2999-01-01"), "more than 400 days from now"),
        (("--period", "2999"), "which have not been yet"),
        (("--from", "2026-01-01"), "its days are not clear"),
        (("--period", "soon"), "`soon` is no period"),
    ],
)
def test_what_cannot_be_attested_is_refused_in_one_line(
    folder: Path, others: tuple[str, ...], says: str
) -> None:
    result = run(folder, *words(folder), *others)
    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert Book(folder).decisions() == ()


def test_what_is_not_there_is_neither_verified_nor_withdrawn(folder: Path) -> None:
    for asked in (("verify", "0123"), ("withdraw", "0123", "--reason", "why")):
        result = run(folder, "attest", *asked)
        assert result.exit_code == 2
        assert "there is no attestation `0123`" in result.stderr
