"""Large histories, the same each time for the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from tests.doubles.github import story
from tests.doubles.github.world import Account, Pull, Repository, World

BEGUN_AT = datetime(2025, 9, 1, 6, tzinfo=UTC)


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    pulls: int = 2000
    runs: int = 10_000
    deployments: int = 1000
    issues: int = 300
    days: int = 180
    rerun_share: float = 0.04


SMALL = Size(pulls=40, runs=60, deployments=20, issues=8, days=10)


def generate(size: Size = Size(), seed: int = 1, full_name: str = "acme/web") -> World:
    """Makes a world with one repository of that size."""
    world = World()
    add_repository(world, full_name, size, seed)
    return world


def add_repository(world: World, full_name: str, size: Size, seed: int = 1) -> Repository:
    """Adds a repository of that size to a world."""
    repository = world.add_repository(full_name, BEGUN_AT)
    Telling(world, repository, size, Random(seed)).tell()
    return repository


class Telling:
    """Lets the days pass: what happens in each share of the time is told at once."""

    def __init__(self, world: World, repository: Repository, size: Size, dice: Random) -> None:
        self.world = world
        self.repository = repository
        self.size = size
        self.dice = dice
        self.people = [world.account(f"dev-{number}") for number in range(1, 13)]
        self.bot = world.bot("release-bot")

    def tell(self) -> None:
        """Tells everything."""
        story.push(self.world, self.repository, self.people[0], BEGUN_AT, "Begin")
        for count, happens in (
            (self.size.pulls, self._pull),
            (self.size.runs, self._run),
            (self.size.deployments, self._deployment),
            (self.size.issues, self._issue),
        ):
            self._spread(count, happens)

    def _spread(self, count: int, happens: Callable[[datetime, timedelta], None]) -> None:
        step = timedelta(days=self.size.days) / max(1, count)
        for number in range(count):
            happens(BEGUN_AT + step * (number + 1), step)

    def _pull(self, at: datetime, step: timedelta) -> None:
        """Opens, works, checks, reviews and mostly lands, all within the step."""
        author, reviewer = self._two()
        opened_at = at + step * 0.2
        pull = story.open_pull(
            self.world,
            self.repository,
            author,
            opened_at,
            f"Change number {len(self.repository.pulls) + 1}",
            files=[
                f"src/part_{self.dice.randrange(40)}.py" for _ in range(self.dice.randint(1, 6))
            ],
            is_draft=self.dice.random() < 0.1,
            committed_at=at,
            labels=["feature"] if self.dice.random() < 0.3 else [],
        )
        for number in range(self.dice.randrange(4)):
            story.push_to(self.world, pull, author, opened_at + step * 0.05 * (number + 1))
        if pull.is_draft:
            story.mark_ready(self.world, pull, author, opened_at + step * 0.3)
        self._check(pull, opened_at + step * 0.35)
        for number in range(self.dice.randint(0, 3)):
            verdict = self.dice.choice([story.approve, story.approve, story.comment])
            verdict(self.world, pull, reviewer, opened_at + step * (0.4 + number * 0.05))
        self._land(pull, reviewer, opened_at + step * 0.7)

    def _check(self, pull: Pull, at: datetime) -> None:
        for name in ("build", "test", "lint"):
            result = "failure" if self.dice.random() < 0.05 else "success"
            story.check(self.world, self.repository, pull.head_sha, name, result, at, at)

    def _land(self, pull: Pull, by: Account, at: datetime) -> None:
        chance = self.dice.random()
        if chance < 0.04:
            return
        if chance < 0.08:
            story.close_pull(self.world, pull, by, at)
            return
        ways = (story.squash_merge, story.squash_merge, story.merge, story.rebase_merge)
        self.dice.choice(ways)(self.world, pull, by, at)

    def _run(self, at: datetime, step: timedelta) -> None:
        actor, other = self._two()
        name, event, jobs = self.dice.choice(RUNS)
        run = story.run(
            self.world, self.repository, actor, at, name, event=event, sha=self._sha(), jobs=jobs
        )
        story.finish(run, at + step * 0.3, self._result())
        if self.dice.random() < self.size.rerun_share:
            story.rerun(self.world, run, other, at + step * 0.5)
            story.finish(run, at + step * 0.8)

    def _deployment(self, at: datetime, step: timedelta) -> None:
        environment = self.dice.choice(("production", "staging"))
        made = story.deploy(self.world, self.repository, self.bot, at, environment, sha=self._sha())
        story.report(self.world, made, "in_progress", at + step * 0.1)
        result = "failure" if self.dice.random() < 0.1 else "success"
        story.report(self.world, made, result, at + step * 0.3)
        if result == "success":
            story.report(self.world, made, "inactive", at + step * 0.9)

    def _issue(self, at: datetime, step: timedelta) -> None:
        reporter, solver = self._two()
        labels = ["incident"] if self.dice.random() < 0.3 else ["bug"]
        issue = story.open_issue(self.world, self.repository, reporter, at, labels=labels)
        if self.dice.random() < 0.9:
            story.close(self.world, issue, solver, at + step * 0.5)
        if self.dice.random() < 0.1 and issue.state == "CLOSED":
            story.reopen(self.world, issue, reporter, at + step * 0.6)

    def _two(self) -> Sequence[Account]:
        return self.dice.sample(self.people, 2)

    def _result(self) -> str:
        return self.dice.choices(("success", "failure", "cancelled"), (90, 8, 2))[0]

    def _sha(self) -> str:
        """A commit of the mainline."""
        landed = self.__dict__.setdefault("_landed", list(self.repository.landed))
        return str(self.dice.choice(landed)) if landed else self.repository.head or ""


RUNS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("CI", "push", ("build", "test")),
    ("CI", "pull_request", ("build", "test")),
    ("Deploy", "workflow_dispatch", ("deploy",)),
    ("Nightly", "schedule", ("scan",)),
)
