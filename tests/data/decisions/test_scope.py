"""What a decision about a control holds for: scopes, and many rows asked of many waivers."""

from __future__ import annotations

import random
import time
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from data.configuration.waivers import WaiverReason
from data.decisions.book import Book
from data.decisions.scope import Scope, ScopeRefused, parse_scope
from data.decisions.waiver import Step, Waiver, Waivers, waivers
from data.decisions.waiving import approve
from tests.data.decisions.waived import DAY, NOON, ask

BOARD = ("the board", "agreed on Monday")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "team",
        "team:",
        "team: ",
        "everything:x",
        "organisation:x",
        "row:a\nb",
        "model:" + "x" * 501,
    ],
)
def test_a_scope_that_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(ScopeRefused, match="is no scope"):
        parse_scope(text)


@pytest.mark.parametrize("text", ["organisation", "team:web", "row:github:acme/web#pull/12"])
def test_a_scope_is_read_as_it_is_written(text: str) -> None:
    assert str(parse_scope(text)) == text


ROW = {"id": "test:1", "team": "web", "repository": "acme/pay-api", "service": "pay", "model": "m"}
WIDTHS = (
    "row:test:1", "model:m", "service:pay", "repository:acme/pay-api", "repository:acme/pay-*",
    "team:web", "team:shops", "organisation",
)  # fmt: skip
ABOVE = {"web": ("shops", "company")}


@pytest.mark.parametrize("number", range(len(WIDTHS)))
def test_of_several_that_cover_a_row_the_narrowest_is_told(tmp_path: Path, number: int) -> None:
    book = Book(tmp_path)
    for scope in reversed(WIDTHS[number:]):
        approve(book, ask(book, scope=scope), BOARD, NOON)
    found = waivers(book).standing(NOON, ABOVE).covering("CM-02", ROW)
    assert found is not None
    assert str(found.scope) == WIDTHS[number]
    assert waivers(book).standing(NOON, ABOVE).covering("CM-03", ROW) is None


@pytest.mark.parametrize(
    ("scope", "row"),
    [
        ("row:test:1", {"id": "test:12", "team": "web"}),
        ("team:web", {"id": "1", "team": "shops"}),
        ("team:web", {"id": "1", "team": None}),
        ("repository:acme/pay-*", {"id": "1", "team": "web"}),
        ("repository:acme/pay-*", {"id": "1", "repository": "other/acme/pay-api"}),
        ("repository:acme/pay-?", {"id": "1", "repository": "acme/pay-api"}),
        ("service:web", {"id": "1", "team": "web", "model": "web"}),
    ],
)
def test_what_is_not_in_a_scope_is_not_covered(tmp_path: Path, scope: str, row: Any) -> None:
    book = Book(tmp_path)
    approve(book, ask(book, scope=scope), BOARD, NOON)
    assert waivers(book).standing(NOON, ABOVE).covering("CM-02", row) is None


def test_thousands_of_rows_are_covered_in_no_time() -> None:
    dice = random.Random(5)
    kinds = ("row:r{}", "service:s{}", "repository:acme/r{}", "repository:acme/r{}-*", "team:t{}")
    scopes = [dice.choice(kinds).format(number) for number in range(600)]
    held = Waivers(tuple(in_force(scope, number) for number, scope in enumerate(scopes)))
    rows = [
        {"id": f"r{n}", "team": f"t{n % 700}", "repository": f"acme/r{n % 900}-x", "service": "s"}
        for n in range(20_000)
    ]
    began = time.perf_counter()
    standing = held.standing(NOON)
    found = [standing.covering("CM-02", row) for row in rows]
    assert time.perf_counter() - began < 2
    for row, one in list(zip(rows, found, strict=True))[:2_000]:
        assert (one is not None) is any(
            naively(Scope(w.scope.kind, w.scope.name), row) for w in held.all
        )


def in_force(scope: str, number: int) -> Waiver:
    step = Step(str(number), "b", "why", NOON)
    return Waiver(
        str(number), "CM-02", parse_scope(scope), WaiverReason.MITIGATED, "why", "a", DAY,
        date(2026, 7, 1), None, "c", NOON, ("a",), approved=step,
    )  # fmt: skip


def naively(scope: Scope, row: dict[str, str]) -> bool:
    if scope.kind == "repository":
        return fnmatchcase(row["repository"], scope.name)
    return row[{"row": "id", "service": "service", "team": "team"}[scope.kind]] == scope.name
