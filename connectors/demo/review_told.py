"""What the invented hosts tell of reviews, of the commits that were reviewed, and of checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connectors.demo.handler import Handler
from connectors.demo.handling import Handling
from connectors.demo.history import Landed
from connectors.demo.site import Site
from connectors.demo.told import Told


def tell_reviews(
    site: Site, handler: Handler, changes: Iterable[Landed], told_at: int, until_at: int
) -> Iterator[Told]:
    """All of it that is known before an instant, of changes merged from another one on."""
    for change in changes:
        is_kept = site.works[change.repository].has_reviews
        if change.merged_at >= told_at and change.number is not None and is_kept:
            handling = handler.of(change)
            yield from _commits(site, change, handling)
            yield from _opinions(site, change, handling, until_at)
            yield from _checks(site, change, handling, until_at)


def _commits(site: Site, change: Landed, handling: Handling) -> Iterator[Told]:
    repository, number = change.repository, str(change.number)
    for ordinal, commit in enumerate(handling.commits, start=1):
        fields = {
            "id": f"{repository}#change/{number}/commit/{commit.sha}",
            "url": site.url(repository, "changes", number, "commits", commit.sha),
            "repository": repository,
            "change": number,
            "sha": commit.sha,
            "ordinal": ordinal,
            "authored_at": commit.authored_at,
            "committed_at": commit.committed_at,
            "is_merge": commit.is_merge,
            "authors": [name for name in commit.authors if name is not None],
            "author_count": len(commit.authors),
        }
        yield Told(change.merged_at, "change_commit", fields)


def _opinions(site: Site, change: Landed, handling: Handling, until_at: int) -> Iterator[Told]:
    """Reviews as they are now: one that was taken back is told when it was."""
    repository, number = change.repository, str(change.number)
    for place, opinion in enumerate(handling.opinions, start=1):
        at = max(opinion.submitted_at, change.merged_at)
        dismissed_at = opinion.dismissed_at
        is_dismissed = dismissed_at is not None and dismissed_at < until_at
        fields = {
            "id": f"{repository}#change/{number}/review/{place}",
            "url": site.url(repository, "changes", number, f"reviews#{place}"),
            "repository": repository,
            "change": number,
            "author": opinion.author,
            "is_bot": None if opinion.author is None else opinion.is_bot,
            "state": opinion.state.value,
            "sha": opinion.sha,
            "submitted_at": opinion.submitted_at,
            "dismissed_at": dismissed_at if is_dismissed else None,
        }
        if dismissed_at is not None and is_dismissed:
            at = max(at, dismissed_at)
        yield Told(at, "review", fields)


def _checks(site: Site, change: Landed, handling: Handling, until_at: int) -> Iterator[Told]:
    """Runs of checks of the head; one that has not ended yet runs."""
    repository = change.repository
    sha = handling.commits[-1].sha
    for check in handling.checks:
        is_over = check.completed_at < until_at
        if check.started_at >= until_at:
            continue
        fields = {
            "id": f"{repository}#check/{sha}/{check.name}/{check.run}",
            "url": site.url(repository, "commits", sha, "checks", check.name),
            "repository": repository,
            "sha": sha,
            "name": check.name,
            "reporter": "builds",
            "result": check.result.value if is_over else "running",
            "started_at": check.started_at,
            "completed_at": check.completed_at if is_over else None,
        }
        told_at = check.completed_at if is_over else check.started_at
        yield Told(max(told_at, change.merged_at), "check_run", fields)
