"""The rounds of a change between its first commit and its merge: commits, reviews, checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from connectors.demo.dice import Dice
from connectors.demo.habits import Habits
from connectors.demo.handling import Case, Checked, Opinion, Written
from connectors.demo.history import Landed
from connectors.demo.site import Site
from data.model import ChangeKind, CheckResult, ReviewState

_MINUTE = 60
_HOUR = 60 * _MINUTE
_GONE = 99
"""Place of the branch commit that a forced push replaced."""
_SYNC = 97
"""Place of the commit that merged the mainline into the branch."""
_REQUESTED_SHARE = 0.15
_TOGETHER_SHARE = 0.06
"""Of changes in order that two wrote, and a third approved."""


@dataclass(frozen=True, slots=True)
class People:
    """Who takes part in a change; null: an account that is gone."""

    author: str | None
    second: str | None
    """Writes with the author, if anyone does."""
    approver: str | None
    machine: str
    """The account of the machine that approves."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """Draws what happened to one change that was opened for review."""

    site: Site
    change: Landed
    case: Case
    people: People
    dice: Dice

    @property
    def approved_at(self) -> int:
        """When somebody looked at it; between opening and merge where that is not told."""
        plan, merged_at = self.change.plan, self.change.merged_at
        opened_at = plan.opened_at or merged_at
        if plan.reviewed_at is not None:
            return plan.reviewed_at
        return opened_at + (merged_at - opened_at) * 6 // 10

    @property
    def pushed_at(self) -> int:
        """When the branch was pushed to after the approval."""
        return self.approved_at + (self.change.merged_at - self.approved_at) // 2

    def commits(self) -> tuple[Written, ...]:
        """The commits of the branch, oldest first."""
        plan = self.change.plan
        count = plan.commit_count
        if plan.kind is ChangeKind.SQUASH:
            count = 1 + (self.case is Case.LATE_PUSH or self.dice.chance(0.2))
        first_at, end_at = plan.first_commit_at, plan.opened_at or self.change.merged_at
        times = [first_at + (end_at - first_at) * n // count for n in range(count)]
        written = [
            Written(self._sha(n), at, at, (self.people.author,)) for n, at in enumerate(times, 1)
        ]
        return tuple(self._marked(written, end_at))

    def opinions(self, commits: tuple[Written, ...], habits: Habits) -> tuple[Opinion, ...]:
        """The reviews, in their order."""
        return tuple(self._opinions(commits, habits))

    def _marked(self, written: list[Written], end_at: int) -> list[Written]:
        """The commits with what is peculiar to the case."""
        last = written[-1]
        match self.case:
            case Case.LATE_PUSH:
                written[-1] = replace(last, authored_at=self.pushed_at, committed_at=self.pushed_at)
            case Case.REWRITTEN:
                return [replace(one, committed_at=self.pushed_at) for one in written]
            case Case.PAIRED:
                written[-1] = replace(last, authors=(self.people.author, self.people.approver))
            case Case.STRANGER:
                written[-1] = replace(last, authors=(self.people.author, None))
            case Case.SYNCED:
                by = (self.people.approver,)
                written.append(Written(self._sha(_SYNC), end_at, end_at, by, is_merge=True))
            case Case.IN_ORDER if self.people.second and self.dice.chance(_TOGETHER_SHARE):
                written[-1] = replace(last, authors=(self.people.author, self.people.second))
        return written

    def _opinions(self, commits: tuple[Written, ...], habits: Habits) -> Iterator[Opinion]:
        approval = Opinion(
            self.people.approver, is_bot=False, state=ReviewState.APPROVED, sha=commits[-1].sha,
            submitted_at=self.approved_at,
        )  # fmt: skip
        comment = replace(approval, state=ReviewState.COMMENTED)
        match self.case:
            case Case.UNREVIEWED:
                return
            case Case.UNAPPROVED | Case.UPDATE_ALONE:
                if self.change.plan.reviewed_at is not None:
                    yield comment
            case Case.MACHINE_APPROVED:
                yield comment
                yield replace(approval, author=self.people.machine, is_bot=True)
            case Case.EMERGENCY:
                yield comment
                if self.dice.chance(habits.late_review):
                    later = int(self.dice.between(1, 22) * _HOUR)
                    yield replace(approval, submitted_at=self.change.merged_at + later)
            case Case.IN_ORDER if self.dice.chance(_REQUESTED_SHARE):
                yield replace(approval, state=ReviewState.CHANGES_REQUESTED)
                later = (self.change.merged_at - self.approved_at) * 7 // 10
                yield replace(approval, submitted_at=self.approved_at + later)
            case _:
                yield self._spoilt(approval, commits)

    def _spoilt(self, approval: Opinion, commits: tuple[Written, ...]) -> Opinion:
        """The approval with what the case takes from it, if anything."""
        match self.case:
            case Case.LATE_PUSH:
                return replace(approval, sha=commits[-2].sha)
            case Case.REWRITTEN:
                return replace(approval, sha=self._sha(_GONE))
            case Case.DISMISSED_BEFORE:
                return replace(approval, dismissed_at=self.pushed_at)
            case Case.DISMISSED_AFTER:
                later = int(self.dice.between(1, 40) * _HOUR)
                return replace(approval, dismissed_at=self.change.merged_at + later)
        return approval

    def _sha(self, place: int) -> str:
        return self.site.sha(self.change.repository, self.change.position, place)


def checks_of(
    names: tuple[str, ...], dice: Dice, habits: Habits, pushed_at: int, merged_at: int
) -> tuple[Checked, ...]:
    """The runs of the checks of a head that was pushed and merged at these instants."""
    return tuple(
        run
        for n, name in enumerate(names)
        for run in _runs(name, dice, habits if n == 0 else Habits(), pushed_at, merged_at)
    )


def _runs(
    name: str, dice: Dice, habits: Habits, pushed_at: int, merged_at: int
) -> Iterator[Checked]:
    """Runs of one check: it ends before the merge, unless the team did not wait for it."""
    lasting = int(dice.around(5) * _MINUTE)
    completed_at = max(min(pushed_at + 30 + lasting, merged_at - 2), pushed_at + 1)
    started_at = max(pushed_at, completed_at - lasting)
    done = Checked(name, 1, CheckResult.SUCCESS, started_at, completed_at)
    roll = dice.between(0, 1)
    for share, result in (
        (habits.red, CheckResult.FAILURE),
        (habits.skipped, CheckResult.SKIPPED),
        (habits.neutral, CheckResult.NEUTRAL),
    ):
        if roll < share:
            yield replace(done, result=result)
            return
        roll -= share
    if roll < habits.late_check:
        yield replace(done, completed_at=merged_at + int(dice.between(1, 20) * _MINUTE))
    elif roll < habits.late_check + habits.rerun:
        yield from _again(done, dice, merged_at)
    else:
        yield done


def _again(done: Checked, dice: Dice, merged_at: int) -> Iterator[Checked]:
    """It failed, and passed when it was run again: one time in four only after the merge."""
    yield replace(done, result=CheckResult.FAILURE)
    lasting = done.completed_at - done.started_at
    is_after = dice.chance(0.25) or merged_at - done.completed_at < _MINUTE
    again_at = merged_at + 5 * _MINUTE if is_after else done.completed_at + 10
    completed_at = again_at + lasting if is_after else min(again_at + lasting, merged_at - 1)
    yield replace(done, run=2, started_at=again_at, completed_at=completed_at)
