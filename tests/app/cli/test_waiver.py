"""`cairn waiver`: asked for by one, answered by another, and told with all that was decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.decisions.book import Book
from tests.app.cli.granted import publish_rights
from tests.app.cli.running import answer, run
from tests.today import in_days, today

ASK = (
    "waiver", "request", "CM-03", "--scope", "team:web", "--reason", "risk_accepted",
    "--justification", "the team is being enlarged", "--requester", "m.alder",
)  # fmt: skip
BOARD = ("--reason", "agreed on Monday", "--actor", "the board")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The organisation, published. Nobody writes to it."""
    folder = tmp_path_factory.mktemp("granted")
    publish_rights(folder)
    return folder


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    """The organisation, without any decision yet."""
    (tmp_path / "cairn.toml").symlink_to(published / "cairn.toml")
    (tmp_path / "store").symlink_to(published / "store")
    return tmp_path


def soon() -> tuple[str, str]:
    """The last day asked for."""
    return "--until", str(in_days(5))


def requested(folder: Path, *others: str) -> str:
    made: str = answer(folder, *ASK, *soon(), *others)["rows"][0]["id"]
    return made


def states(folder: Path, *words: str) -> dict[str, str]:
    rows: list[dict[str, Any]] = answer(folder, "waiver", "list", *words)["rows"]
    return {row["scope"]: row["state"] for row in rows}


def test_a_request_is_told_with_all_that_was_asked_for(folder: Path) -> None:
    (row,) = answer(folder, *ASK, *soon(), "--ticket", "OPS-7")["rows"]
    told = {key: row[key] for key in ("control", "scope", "reason", "state", "until", "requester")}
    assert told == {
        "control": "CM-03",
        "scope": "team:web",
        "reason": "risk_accepted",
        "state": "requested",
        "until": soon()[1],
        "requester": "m.alder",
    }
    assert (row["from"], row["ticket"], row["compensating"]) == (today().isoformat(), "OPS-7", None)
    assert row["justification"] == "the team is being enlarged"


def test_what_is_approved_is_in_force_and_shown_with_who_decided_what(folder: Path) -> None:
    made = requested(folder)
    (row,) = answer(folder, "waiver", "approve", made, *BOARD)["rows"]
    assert (row["state"], row["approved_by"], row["approved_why"]) == (
        "in force", "the board", "agreed on Monday",
    )  # fmt: skip
    told = answer(folder, "waiver", "show", made)
    assert told["waiver"] == row
    assert [(step["act"], step["actor"]) for step in told["rows"]] == [
        ("request", "m.alder"),
        ("approve", "the board"),
    ]
    text = run(folder, "waiver", "show", made).stdout
    assert "justification  the team is being enlarged\n" in text
    assert "agreed on Monday" in text


def test_the_list_leaves_out_what_is_over_by_decision_and_keeps_what_has_expired(
    folder: Path,
) -> None:
    answer(folder, "waiver", "reject", requested(folder), *BOARD)
    answer(folder, "waiver", "withdraw", requested(folder, "--scope", "team:shops"), *BOARD)
    requested(folder, "--scope", "organisation")
    requested(folder, "--scope", "repository:shop-*")
    requested(folder, "--scope", "repository:shop-*", "--ticket", "OPS-8")
    requested(folder, "--scope", "service:shop")
    rest = dict.fromkeys(("organisation", "repository:shop-*", "service:shop"), "requested")
    assert states(folder) == rest
    assert states(folder, "--state", "rejected") == {"team:web": "rejected"}
    every = answer(folder, "waiver", "list", "--all")["rows"]
    assert [row["state"] for row in every][:2] == ["rejected", "withdrawn"]
    assert len(every) == 6
    later = str(in_days(6))
    assert states(folder, "--as-of", later) == dict.fromkeys(rest, "expired")
    assert states(folder, "--as-of", "2026-01-01") == {}
    assert states(folder, "--control", "CM-04") == {}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--scope", "team:wbe"), "nothing of `CM-03` is in `team:wbe`"),
        (("--scope", "repository:other-*"), "nothing of `CM-03` is in `repository:other-*`"),
        (("--scope", "row:test:gone"), "nothing of `CM-03` is in `row:test:gone`"),
        (("--scope", "web"), "`web` is no scope"),
        (("--reason", "because"), "`because` is no reason; use one of: risk_accepted"),
        (("--reason", "mitigated"), "it is not said what mitigates it"),
        (("--justification", " "), "it is not justified"),
        (("--until", "2020-01-01"), "it ends on 2020-01-01, which is past"),
        (("--until", "2999-01-01"), "more than the 90 days that `risk_accepted` may hold"),
        (("--from", "2020-01-01"), "it begins on 2020-01-01, which is past"),
    ],
)
def test_what_nobody_may_have_is_refused_in_one_line(
    folder: Path, words: tuple[str, ...], says: str
) -> None:
    result = run(folder, *ASK, *soon(), *words)
    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert Book(folder).decisions() == ()


def test_a_waiver_without_an_end_or_of_no_control_is_refused(folder: Path) -> None:
    for words, says in (
        (ASK, "it has no end; name its last day, at most 90 days from now"),
        (
            (*ASK[:2], "merge everything", *ASK[3:], *soon()),
            "there is no control `merge everything`",
        ),
    ):
        result = run(folder, *words)
        assert (result.exit_code, says in result.stderr) == (2, True)


def test_the_longest_time_is_that_of_the_configuration(folder: Path) -> None:
    week = str(in_days(8))
    result = run(folder, *ASK, "--reason", "emergency", "--until", week)
    assert "more than the 7 days that `emergency` may hold" in result.stderr


@pytest.mark.parametrize("scope", ["row:test:shop-web", "repository:shop-we?", "team:shops"])
def test_what_is_there_can_be_named(folder: Path, scope: str) -> None:
    requested(folder, "--scope", scope)
    assert states(folder) == {scope: "requested"}


def test_who_asks_does_not_approve_and_nobody_answers_twice(folder: Path) -> None:
    made = requested(folder)
    own = run(folder, "waiver", "approve", made, "--reason", "why", "--actor", "M.Alder")
    assert "`M.Alder` asks for the waiver and approves it" in own.stderr
    answer(folder, "waiver", "approve", made, *BOARD)
    again = run(folder, "waiver", "approve", made, *BOARD)
    assert "the waiver is approved already, by the board" in again.stderr
    gone = run(folder, "waiver", "approve", "0123", *BOARD)
    assert "there is no waiver `0123`" in gone.stderr
    assert [one.exit_code for one in (own, again, gone)] == [2, 2, 2]


def test_a_folder_without_data_is_told_to_be_read_first(tmp_path: Path) -> None:
    (tmp_path / "cairn.toml").write_text("")
    result = run(tmp_path, *ASK, *soon())
    assert result.exit_code == 3
    assert "cairn sync" in result.stderr
