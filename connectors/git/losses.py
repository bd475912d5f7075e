"""What pages of history lack, counted, so that it is told once however the pages were cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from connectors.git.commit import is_plausible, time_of
from connectors.git.page import Line
from connectors.git.rows import FIX_OBJECTS, Naming, some
from data.model import Gap, GapReason

Losses = Mapping[str, tuple[int, Sequence[str]]]
"""By kind and reason, such as `commits/unreadable`: how many, and the first of them."""

_SHOWN = 3
_WORDS = {
    "history": "commits that cannot be read, where history breaks off",
    "commits": "commits left out because they could not be read",
    "undated": "commits left out because they say no date that a calendar has",
    "unlanded": "changes left out because they landed before 1971 or after 2099 by their clock",
    "misdated": "commits dated before 1971 or after 2099, from which no span is measured",
    "folders": "changes that do not show which folders they touched, and count for no service",
    "branches": "squashed changes that lost commits of their branch, and begin when squashed",
}
_FIX_CLOCK = "correct the clock of the machine that made them; those made stay as they are"


def losses_in(lines: Iterable[Line]) -> Losses:
    """Counts what lines of a page lack."""
    return count_losses((problem, line["commit"]) for line in lines for problem in _problems(line))


def count_losses(found: Iterable[tuple[str, str]]) -> Losses:
    """Counts losses given as kind and reason, and hash."""
    losses: Losses = {}
    for problem, sha in found:
        losses = add_losses(losses, {problem: (1, (sha,))})
    return losses


def add_losses(before: Losses, after: Losses) -> Losses:
    """Adds up; the first of `before` stay first."""
    total = dict(before)
    for problem, (count, shas) in after.items():
        known, first = total.get(problem, (0, ()))
        total[problem] = (known + count, [*first, *shas][:_SHOWN])
    return total


def loss_gaps(naming: Naming, losses: Losses) -> Iterator[Gap]:
    """One gap a kind and reason."""
    for problem, (count, shas) in losses.items():
        kind, _, reason = problem.partition("/")
        what = f"{_WORDS[kind]}: {count} (first {some([sha[:10] for sha in shas])})"
        fix = _FIX_CLOCK if reason == GapReason.CLOCK else FIX_OBJECTS
        yield naming.gap(problem, GapReason(reason), what, fix, count)


def _problems(line: Line) -> Iterator[str]:
    if "absent" in line:
        yield f"commits/{line['absent']}"
    if "message" in line:
        yield from _clock_problems(line)
    if "folders" in line and line["folders"] is None:
        yield f"folders/{GapReason.MISSING_OBJECT}"
    if "is_branch_lost" in line:
        yield f"branches/{GapReason.MISSING_OBJECT}"


def _clock_problems(line: Line) -> Iterator[str]:
    authored_at, committed_at = time_of(line, "author"), time_of(line, "committer")
    if authored_at is None or committed_at is None:
        yield f"undated/{GapReason.CLOCK}"
    elif line["is_mainline"] and not is_plausible(committed_at):
        yield f"unlanded/{GapReason.CLOCK}"
    elif not (is_plausible(authored_at) and is_plausible(committed_at)):
        yield f"misdated/{GapReason.CLOCK}"
