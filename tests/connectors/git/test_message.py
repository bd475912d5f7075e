"""What messages say: wordings of the hosts, reverts, cherry-picks."""

from __future__ import annotations

import time

import pytest

from connectors.git.message import (
    Landing,
    picked_sha,
    read_landing,
    reverted_change,
    reverted_sha,
    reverted_title,
    says_revert,
)
from data.model import ChangeKind

MERGE, SQUASH, DIRECT = ChangeKind.MERGE, ChangeKind.SQUASH, ChangeKind.DIRECT
SHA = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"

GITLAB_MERGE = """Merge branch 'fix/login' into 'main'

Fix login

Closes #3

See merge request acme/web!12
"""


@pytest.mark.parametrize(
    ("message", "parents", "expected"),
    [
        (
            "Merge pull request #12 from ada/fix/login\n\nFix login\n\nIt was broken.",
            2,
            Landing(MERGE, "12", "Fix login", "fix/login"),
        ),
        (
            "Merge pull request #12 from ada/fix",
            2,
            Landing(MERGE, "12", "Merge pull request #12 from ada/fix", "fix"),
        ),
        (GITLAB_MERGE, 2, Landing(MERGE, "12", "Fix login", "fix/login")),
        (
            "Merge branch 'fix' into 'main'\n\nSee merge request !12",
            2,
            Landing(MERGE, "12", "Merge branch 'fix' into 'main'", "fix"),
        ),
        (
            "Merged in fix/login (pull request #12)\n\nFix login",
            2,
            Landing(MERGE, "12", "Fix login", "fix/login"),
        ),
        (
            "Pull request #12: Fix login\n\nMerge in WEB/web from fix to main",
            2,
            Landing(MERGE, "12", "Fix login"),
        ),
        (
            "Merge pull request #12 in WEB/web from fix/login to main\n\nFix login",
            2,
            Landing(MERGE, "12", "Fix login", "fix/login"),
        ),
        ("Merged PR 12: Fix login", 2, Landing(MERGE, "12", "Fix login")),
        (
            "Merge pull request 'Fix login' (#12) from fix into main",
            2,
            Landing(MERGE, "12", "Fix login", "fix"),
        ),
        ("Fix login (#12)", 2, Landing(MERGE, "12", "Fix login")),
        ("Merge branch 'fix'", 2, Landing(MERGE, None, "Merge branch 'fix'", "fix")),
        (
            "Merge branch 'fix' of https://git.example.org/web into main",
            2,
            Landing(
                MERGE, None, "Merge branch 'fix' of https://git.example.org/web into main", "fix"
            ),
        ),
        (
            "Merge remote-tracking branch 'origin/fix'",
            2,
            Landing(MERGE, None, "Merge remote-tracking branch 'origin/fix'", "origin/fix"),
        ),
        ("all together now", 3, Landing(MERGE, None, "all together now")),
        ("Fix login (#12)", 1, Landing(SQUASH, "12", "Fix login")),
        ("Fix login (!12)\n\nbody", 1, Landing(SQUASH, "12", "Fix login")),
        ('Revert "Fix login (#12)" (#15)', 1, Landing(SQUASH, "15", 'Revert "Fix login (#12)"')),
        (
            "Fix login\n\nSee merge request acme/web!12",
            1,
            Landing(SQUASH, "12", "Fix login"),
        ),
        ("Merged PR 12: Fix login", 1, Landing(SQUASH, "12", "Fix login")),
        (
            "Merged in fix (pull request #12)\n\nFix login",
            1,
            Landing(SQUASH, "12", "Fix login", "fix"),
        ),
        (
            "A title that was too lo… (#12)\n\n…ng for one line\n\nbody",
            1,
            Landing(SQUASH, "12", "A title that was too long for one line"),
        ),
        ("Fix login, see (#12) there", 1, Landing(DIRECT, None, "Fix login, see (#12) there")),
        ("Fix #12", 1, Landing(DIRECT, None, "Fix #12")),
        ("(#12)", 1, Landing(DIRECT, None, "(#12)")),
        ("\n\n  Fix login  \n", 1, Landing(DIRECT, None, "Fix login")),
        ("", 1, Landing(DIRECT, None, "")),
    ],
)
def test_the_way_a_change_landed(message: str, parents: int, expected: Landing) -> None:
    assert read_landing(message, parents) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (f"Undo\n\nThis reverts commit {SHA}.", SHA),
        (f"Undo\n\nThis reverts commit {SHA[:7]}, reversing\nchanges made to x.", SHA[:7]),
        (f"Undo two (#3)\n\n* one\n\n  This reverts commit {SHA.upper()}.", SHA),
        ("Undo\n\nThis reverts commit abc.", None),
        ("Undo\n\nIt says: This reverts commit 1a2b3c4d.", None),
    ],
)
def test_the_hash_a_message_says_it_reverts(message: str, expected: str | None) -> None:
    assert reverted_sha(message) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (f'Revert "A (#4)" (#5)\n\nThis reverts commit {SHA}.', SHA),
        (f"Take it back\n\nThis reverts commit {SHA}.", SHA),
        (f"Take it back (#5)\n\nThis reverts commit {SHA}.", SHA),
        (f"Other work (#5)\n\n* try\n\n* back\n\nThis reverts commit {SHA}.", None),
        (f"Revert all (#5)\n\n* back\n\nThis reverts commit {SHA}.", SHA),
        ('Revert "A" (#5)\n\nReverts acme/web#4', "4"),
        ('Revert "A"\n\nThis reverts merge request !4', "4"),
        ('Revert "A (#4)" (#5)', "4"),
        ('fix(ui): revert "A (#4)" (#5)', "4"),
        ('Reapply "A (#4)" (#6)', None),
        ('Merge pull request #5 from ada/revert-4-main\n\nRevert "A"', "4"),
        ("Merge pull request #5 from ada/revert-to-old\n\nOld", None),
        ('Revert "A"', None),
        ("Fix (#5)\n\nReverts nothing", None),
    ],
)
def test_the_change_that_a_change_says_it_undoes(message: str, expected: str | None) -> None:
    parents = 2 if message.startswith("Merge") else 1
    assert reverted_change(read_landing(message, parents), message) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ('Revert "A"', "A"),
        ('Revert "Revert "A""', 'Revert "A"'),
        ('Revert "A that was cu…', "A that was cu…"),
        ("revert: feat(x): A", "feat(x): A"),
        ("revert(ui): A", "A"),
        ("Revert A", None),
    ],
)
def test_the_title_inside_a_revert(title: str, expected: str | None) -> None:
    assert reverted_title(title) == expected


@pytest.mark.parametrize(
    "title",
    ['Revert "A"', "[T-1] revert A", "fix(ui): Revert A", "Roll back A", "Backing out A"],
)
def test_titles_that_speak_of_a_revert(title: str) -> None:
    assert says_revert(title)


@pytest.mark.parametrize("title", ["Fix the revert button", 'Reapply "A"', "Add rollback page"])
def test_titles_that_only_mention_one(title: str) -> None:
    assert not says_revert(title)


def test_a_pick_of_a_pick_names_the_first() -> None:
    message = f"A\n\n(cherry picked from commit {SHA})\n(cherry picked from commit {'f' * 40})\n"
    assert picked_sha(message) == SHA
    assert picked_sha("A\n\ncherry picked from commit somewhere") is None


FLOODS = {
    "(": (False, None),
    "a: ": (False, None),
    "-": (False, None),
    'Revert "': (True, ('Revert "' * 125)[8:-2]),
    "This reverts commit ": (False, None),
    "See merge request a!": (False, None),
}
"""What is repeated without end, whether it speaks of a revert, and the title it quotes."""


def flood(unit: str, size: int) -> tuple[float, Landing, tuple[object, ...]]:
    """The seconds of work it takes to read a message of that many characters, and what it says."""
    text = (unit * size)[:size]
    message = f"{text} (#1)\n\n{text}\n"
    started = time.process_time()
    landing = read_landing(message, 1)
    said = (says_revert(landing.title), reverted_title(landing.title))
    named = (reverted_change(landing, message), reverted_sha(message), picked_sha(message))
    return time.process_time() - started, landing, (*said, *named)


@pytest.mark.parametrize("unit", FLOODS)
def test_a_message_of_a_megabyte_is_read_in_a_time_that_grows_with_it(unit: str) -> None:
    small_seconds = min(flood(unit, 100_000)[0] for _ in range(3))
    seconds, landing, said = flood(unit, 1_000_000)
    title = (unit * 1_000)[:1_000].strip()
    assert landing == Landing(DIRECT, None, title)
    assert said == (*FLOODS[unit], None, None, None)
    # Ten times as much text: a hundred times as long would be a square.
    assert seconds < 50 * max(small_seconds, 0.001)
