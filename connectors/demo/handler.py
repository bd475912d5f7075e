"""Draws how each change was handled, on dice of its own: who, in which case, with what checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from connectors.demo import titles
from connectors.demo.cast import Cast
from connectors.demo.dice import Dice
from connectors.demo.governance import Governance
from connectors.demo.habits import Guarded, Habits
from connectors.demo.handling import Case, Handling
from connectors.demo.history import Landed
from connectors.demo.review_rounds import People, Rounds, checks_of
from connectors.demo.simulation import instant
from connectors.demo.site import Site
from data.model import ChangeKind

_HOTFIX = "hotfix/"
_PACKAGES = (
    "ferry-queue", "lantern-auth", "ledger-core", "pebble-json", "quartz-http", "waybill-client",
)  # fmt: skip
_MODULES = ("handlers", "models", "queries", "routes", "settings", "views")
_ROOM = 4
"""Seconds between approval and merge that a push needs."""
_SELF_MERGED_SHARE = 0.55
_LABELS = {"hotfix": "emergency", "update": "dependencies"}
_MERGED_BY_AUTHOR = frozenset(
    {Case.UNREVIEWED, Case.UNAPPROVED, Case.EMERGENCY, Case.UPDATE_ALONE, Case.DIRECT}
)


class Handler:
    """Tells how changes were handled; a change gets the same answer each time."""

    def __init__(self, seed: int, site: Site, known: Governance, cast: Cast) -> None:
        self._seed = seed
        self._site = site
        self._known = known
        self._cast = cast
        self._told_at = instant(known.told_from)
        self._handled: dict[tuple[str, int], Handling] = {}

    def of(self, change: Landed) -> Handling:
        """How a change was handled."""
        key = change.repository, change.position
        if key not in self._handled:
            self._handled[key] = self._handle(change)
        return self._handled[key]

    def _handle(self, change: Landed) -> Handling:
        team = self._cast.of_change(change)
        dice = Dice(self._seed, "handling", change.repository, change.position)
        habits = team.habits_on(datetime.fromtimestamp(change.merged_at, UTC).date())
        case = _case(change, dice, habits)
        people = self._people(change, case, dice, team)
        handling = self._begun(change, case, dice, team, people)
        is_kept = change.merged_at >= self._told_at
        is_left = is_kept or change.plan.kind is ChangeKind.MERGE
        if case is Case.DIRECT or not is_left:
            return handling
        rounds = Rounds(self._site, change, case, people, dice)
        commits = rounds.commits()
        handling = replace(handling, commits=commits)
        if not is_kept:
            return handling
        opinions = rounds.opinions(commits, habits)
        if not team.names_reviewed_commit:
            opinions = tuple(replace(opinion, sha=None) for opinion in opinions)
        pushed_at = commits[-1].committed_at
        return replace(
            handling,
            is_kept=True,
            opinions=opinions,
            checks=checks_of(team.checks, dice, habits, pushed_at, change.merged_at),
            rewritten_at=rounds.pushed_at if case is Case.REWRITTEN else None,
        )

    def _people(self, change: Landed, case: Case, dice: Dice, team: Guarded) -> People:
        """Author, second and approver: three of the team, if it has so many."""
        left = list(self._cast.people(team, change.merged_at))
        drawn: list[str | None] = []
        for _ in range(3):
            drawn.append(dice.pick(left) if left else None)
            left = [name for name in left if name not in drawn]
        author, approver, second = drawn
        if case in (Case.UPDATE, Case.UPDATE_ALONE):
            author, second = self._known.update_bot, None
        shown = self._cast.shown
        return People(shown(author), shown(second), shown(approver), self._known.approve_bot)

    def _begun(
        self, change: Landed, case: Case, dice: Dice, team: Guarded, people: People
    ) -> Handling:
        """What is known of a change without its rounds."""
        title, branch = self._named(change, case, dice)
        is_update = case in (Case.UPDATE, Case.UPDATE_ALONE)
        is_own = case in _MERGED_BY_AUTHOR or dice.chance(_SELF_MERGED_SHARE)
        is_direct = case is Case.DIRECT
        return Handling(
            case=case,
            title=title,
            branch=branch,
            author=people.author,
            is_bot=None if people.author is None else is_update,
            merged_by=people.author if is_own and case is not Case.UPDATE else people.approver,
            labels=None if is_direct else _labels(branch),
            tickets=None if is_direct else self._tickets(change, dice, team, is_update=is_update),
            paths=("requirements.txt",) if is_update else _paths(change, dice),
            is_signed=None if team.signed_share is None else dice.chance(team.signed_share),
        )

    def _named(self, change: Landed, case: Case, dice: Dice) -> tuple[str, str | None]:
        """Title and branch: updates, and what undoes them, are not called as they were planned."""
        plan = change.plan
        if case in (Case.UPDATE, Case.UPDATE_ALONE):
            package = dice.pick(_PACKAGES)
            version = f"{1 + change.position // 400}.{change.position // 20 % 20}"
            return f"Update {package} to {version}", f"update/{package}-{version}"
        if plan.reverts is not None:
            return titles.revert(self.of(plan.reverts).title)
        return plan.title, plan.branch

    def _tickets(
        self, change: Landed, dice: Dice, team: Guarded, *, is_update: bool
    ) -> tuple[str, ...]:
        if is_update or not dice.chance(team.ticket_share):
            return ()
        return (f"{self._known.issues_url}/{team.name}/{1000 + change.position}",)


def _case(change: Landed, dice: Dice, habits: Habits) -> Case:
    plan = change.plan
    if change.number is None:
        return Case.DIRECT
    is_emergency = (plan.branch or "").startswith(_HOTFIX)
    if is_emergency and dice.chance(habits.bypass):
        return Case.EMERGENCY
    if not is_emergency and plan.reverts is None and dice.chance(habits.bot):
        return Case.UPDATE_ALONE if dice.chance(habits.bot_unreviewed) else Case.UPDATE
    if plan.reviewed_at is None:
        return Case.UNREVIEWED if habits.is_lax else Case.IN_ORDER
    return _mishap(change, dice.between(0, 1), habits)


def _mishap(change: Landed, roll: float, habits: Habits) -> Case:
    """What is not in order, if anything; a push needs some time before the merge."""
    plan = change.plan
    has_room = plan.reviewed_at is not None and change.merged_at - plan.reviewed_at > _ROOM
    for share, case in (
        (habits.unapproved, Case.UNAPPROVED),
        (habits.paired, Case.PAIRED),
        (habits.stranger, Case.STRANGER),
        (habits.synced * (plan.kind is ChangeKind.SQUASH), Case.SYNCED),
        (habits.machine_approved, Case.MACHINE_APPROVED),
        (habits.dismissed_after, Case.DISMISSED_AFTER),
        (habits.dismissed_before * has_room, Case.DISMISSED_BEFORE),
        (habits.rewritten * has_room, Case.REWRITTEN),
        (habits.late_push * has_room, Case.LATE_PUSH),
    ):
        if roll < share:
            is_one = plan.kind is ChangeKind.MERGE and plan.commit_count == 1
            return Case.REWRITTEN if case is Case.LATE_PUSH and is_one else case
        roll -= share
    return Case.IN_ORDER


def _labels(branch: str | None) -> tuple[str, ...]:
    kind = (branch or "").partition("/")[0]
    return (_LABELS.get(kind, kind),) if kind else ()


def _paths(change: Landed, dice: Dice) -> tuple[str, ...]:
    module = dice.pick(_MODULES)
    folders = change.plan.services or ("src",)
    return (*(f"{folder}/{module}.py" for folder in folders), f"tests/test_{module}.py")
