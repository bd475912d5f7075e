"""`cairn access-review`: rights as they are published, decided about one by one or in a sheet."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from data.decisions.book import FILE
from tests.app.cli.granted import RIGHTS, publish_rights
from tests.app.cli.running import answer, run
from tests.today import in_days

BY = ("--reason", "fourth quarter", "--actor", "t.rowan")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The organisation, published. Nobody writes to it."""
    folder = tmp_path_factory.mktemp("granted")
    publish_rights(folder)
    return folder


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    """The organisation, without any review yet."""
    (tmp_path / "cairn.toml").symlink_to(published / "cairn.toml")
    (tmp_path / "store").symlink_to(published / "store")
    return tmp_path


def start(folder: Path, *words: str) -> dict[str, Any]:
    (row,) = answer(folder, "access-review", "start", "--until", str(in_days(30)), *BY, *words)[
        "rows"
    ]
    found: dict[str, Any] = row
    return found


def members(folder: Path, review: str, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer(folder, "access-review", "show", review, *words)["rows"]
    return found


def sheet(folder: Path, review: str) -> list[dict[str, str]]:
    text = run(folder, "access-review", "show", review, "--format", "csv").stdout
    return list(csv.DictReader(StringIO(text)))


def filled(path: Path, rows: Sequence[dict[str, str]], delimiter: str = ",") -> str:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def test_a_review_begins_with_all_rights_as_they_were_published(folder: Path) -> None:
    row = start(folder)
    assert (row["state"], row["members"], row["undecided"]) == ("open", 4, 4)
    shown = {one["account"]: one for one in members(folder, row["id"])}
    assert shown["m.alder"]["last_used_at"] == "2026-10-20T00:00:00+00:00"
    assert [shown[name]["has_two_factor"] for name in ("m.alder", "k.linden", "t.rowan")] == [
        True, False, None,
    ]  # fmt: skip
    assert shown["deploy"]["role"] is None
    again = run(folder, "access-review", "start", "--until", str(in_days(30)), *BY)
    assert again.exit_code == 2
    assert f"the review `{row['id']}` of `organisation` is open" in again.stderr


@pytest.mark.parametrize(
    ("scope", "accounts"),
    [
        ("team:web", {"m.alder", "k.linden", "deploy"}),
        ("team:shops", {"m.alder", "k.linden", "deploy"}),
        ("repository:shop-w*", {"m.alder", "k.linden"}),
    ],
)
def test_a_review_can_be_of_a_team_or_of_repositories(
    folder: Path, scope: str, accounts: set[str]
) -> None:
    row = start(folder, "--scope", scope)
    assert {one["account"] for one in members(folder, row["id"])} == accounts


@pytest.mark.parametrize(
    ("scope", "says"),
    [
        ("service:shop", "rights are not told by service"),
        ("team:nobody", "nobody has access in `team:nobody` as far as sources tell"),
    ],
)
def test_a_review_of_nobody_is_refused(folder: Path, scope: str, says: str) -> None:
    result = run(
        folder, "access-review", "start", "--until", str(in_days(30)), "--scope", scope, *BY
    )
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_sheet_that_is_filled_in_decides_about_many_and_the_rest_is_left(
    folder: Path, delimiter: str
) -> None:
    review = start(folder)["id"]
    rows = sheet(folder, review)
    for row in rows:
        if row["account"] != "t.rowan":
            row["decision"] = "Keep"
        if row["account"] == "m.alder":
            row["reason"] = "works on it"
    file = filled(folder / "sheet.csv", rows, delimiter)
    decide = ("access-review", "decide", review, "--actor", "t.rowan")
    (told,) = answer(folder, *decide, "--csv", file, "--reason", "as before")["rows"]
    assert told["undecided"] == 1
    reasons = {one["account"]: one["reason"] for one in members(folder, review)}
    assert reasons == {
        "m.alder": "works on it", "k.linden": "as before", "deploy": "as before", "t.rowan": None,
    }  # fmt: skip
    (left,) = members(folder, review, "--undecided")
    early = run(folder, "access-review", "close", review, *BY)
    assert "1 of 4 members have no decision, the first is `t.rowan` on `acme`" in early.stderr
    one = ("--member", left["member"], "--decision", "keep", "--reason", "leads the host")
    own = run(folder, *decide, *one)
    assert "`t.rowan` decides about themself, on `acme`" in own.stderr
    answer(folder, "access-review", "decide", review, *one, "--actor", "m.alder")
    (closed,) = answer(folder, "access-review", "close", review, *BY)["rows"]
    assert (closed["state"], closed["closed_by"]) == ("complete", "t.rowan")
    assert len(closed["decisions_sha256"]) == 64
    assert [one["state"] for one in answer(folder, "access-review", "list")["rows"]] == ["complete"]


def test_what_was_to_be_removed_and_is_still_there_later_is_told(tmp_path: Path) -> None:
    publish_rights(tmp_path)
    review = start(tmp_path)["id"]
    rows = [row for row in sheet(tmp_path, review) if row["account"] != "t.rowan"]
    file = filled(tmp_path / "sheet.csv", [{**row, "decision": "remove"} for row in rows])
    words = ("access-review", "decide", review, "--csv", file, "--reason", "left the team")
    answer(tmp_path, *words, "--actor", "t.rowan")
    shown = {one["account"]: one["is_still_there"] for one in members(tmp_path, review)}
    assert set(shown.values()) == {None}, "nothing was read since"
    later = tmp_path / "later"
    tomorrow = str(in_days(1))
    publish_rights(later, (replace(RIGHTS[0], role="read"), RIGHTS[3]), tomorrow)
    shutil.copy(tmp_path / FILE, later)
    shown = {one["account"]: one["is_still_there"] for one in members(later, review)}
    assert shown == {"m.alder": True, "k.linden": False, "deploy": False, "t.rowan": None}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("member;reason\n", "has no column `decision`"),
        ("", "has no column `member`"),
        ("member,decision\nm0,stay\n", "line 2: `stay` is no decision; use one of: keep"),
        ("member,decision\nm0,keep,more\n", "line 2: has more or fewer cells than its head"),
        ("member,decision,reason\nm0,keep\n", "line 2: has more or fewer cells"),
        ('member,decision\n"m0,keep\n', "is no CSV"),
        ("member,decision,reason\nm0,keep,why\n", "no member `m0` is in the review"),
        ("member,decision,reason\nm0,,\n", "nothing is decided"),
        (b"member,decision\nm\xff,keep\n", "line 2: is not UTF-8"),
    ],
)
def test_a_sheet_that_says_what_cannot_be_is_refused_in_one_line(
    folder: Path, text: str | bytes, says: str
) -> None:
    review = start(folder)["id"]
    path = folder / "sheet.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    result = run(folder, "access-review", "decide", review, "--csv", str(path))
    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert {one["decision"] for one in members(folder, review)} == {None}


def test_one_member_or_a_sheet_is_named_and_not_both(folder: Path) -> None:
    for words in ((), ("--member", "m0"), ("--member", "m0", "--csv", "x.csv")):
        result = run(folder, "access-review", "decide", "0123", *words)
        assert result.exit_code == 2
        assert "name --member and --decision, or --csv" in result.stderr
    gone = run(folder, "access-review", "decide", "0123", "--csv", "gone.csv")
    assert "gone.csv: cannot be read (No such file or directory)" in gone.stderr
    for words in (("show", "0123"), ("close", "0123", *BY)):
        assert "no review of access `0123`" in run(folder, "access-review", *words).stderr
