"""Large histories, the same each time."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.doubles.gitlab import story
from tests.doubles.gitlab.world import BEGINNING, Level, MergeRequest, Project, User, World

JOBS = ("lint", "test", "build")


def large_history(
    world: World,
    path: str = "acme/web",
    *,
    changes: int = 2000,
    pipelines: int = 10_000,
    deployments: int = 1000,
    issues: int = 300,
    start: datetime = BEGINNING,
    every: timedelta = timedelta(hours=2),
) -> Project:
    """Makes a project with a history: merged changes, what ran for them, what they became.

    Each change has commits, notes, an approval and pipelines of its own; deployments and issues are
    spread evenly over the changes, and scheduled pipelines fill up the number.
    """
    project = world.project(path)
    people = [world.user(f"dev-{number}") for number in range(1, 13)]
    for person in people:
        story.join(project.group, person, Level.DEVELOPER, start)
    story.push(world, project, people[0], start, "Begin")
    for number in range(changes):
        at = start + every * (number + 1)
        author, reviewer = people[number % 12], people[(number + 5) % 12]
        _change(world, project, number, at, author, reviewer)
        if _is_due(number, changes, deployments):
            _deploy(world, project, at + every / 2, author, number)
        if _is_due(number, changes, issues):
            _incident(world, project, at + every / 2, author, number)
    for number in range(pipelines - len(project.pipelines)):
        at = start + every * (number % max(changes, 1)) + timedelta(minutes=number % 60)
        story.run(world, project, at, source="schedule", user=people[0], jobs=JOBS)
    return project


def _is_due(number: int, of: int, wanted: int) -> bool:
    """Spreads what is wanted evenly over what there is."""
    return number * wanted // of != (number + 1) * wanted // of


def _change(
    world: World, project: Project, number: int, at: datetime, author: User, reviewer: User
) -> MergeRequest:
    minutes = timedelta(minutes=1)
    paths = (f"src/module_{number % 40}.py", f"tests/test_{number % 40}.py")
    labels = ("feature",) if number % 3 else ("bug",)
    title = f"Change number {number + 1}"
    change = story.open_merge_request(
        world, project, author, at, title, paths=paths, labels=labels, is_draft=number % 10 == 0
    )
    first = story.run_for(
        world, change, at, jobs=JOBS, status="failed" if number % 8 == 0 else "success"
    )
    if number % 20 == 0:
        story.retry(world, first, author, at + 8 * minutes)
    story.push_to(world, change, author, at + 10 * minutes, "Mend what was said", paths=paths[:1])
    story.run_for(world, change, at + 10 * minutes, jobs=JOBS)
    if number % 10 == 0:
        story.mark_ready(world, change, author, at + 15 * minutes)
    if number % 4 == 0:
        story.comment(world, change, reviewer, at + 20 * minutes)
    story.approve(world, change, reviewer, at + 30 * minutes)
    story.merge(world, change, reviewer, at + 40 * minutes, is_squashed=number % 3 == 0)
    return change


def _deploy(world: World, project: Project, at: datetime, user: User, number: int) -> None:
    run = story.run(world, project, at, user=user, jobs=JOBS)
    status = "failed" if number % 15 == 0 else "success"
    to = "staging" if number % 4 == 3 else "production"
    story.deploy(world, project, to, at, user, pipeline=run, status=status)


def _incident(world: World, project: Project, at: datetime, user: User, number: int) -> None:
    issue = story.open_incident(world, project, user, at, f"Trouble {number}", labels=("incident",))
    story.close(world, issue, user, at + timedelta(minutes=45))
    if issue.iid % 5 == 0:
        story.reopen(world, issue, user, at + timedelta(minutes=50))
        story.close(world, issue, user, at + timedelta(minutes=90))
