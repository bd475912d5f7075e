"""The commits of a change, as the JSON objects that their host would answer."""

from __future__ import annotations

from connectors.demo.handling import Handling
from connectors.demo.history import Landed
from connectors.demo.site import Item, Site, iso
from data.model import ChangeKind


def commit_count(change: Landed) -> int:
    """How many commits a change brought to the history, with the one on the mainline."""
    return change.plan.commit_count + (change.plan.kind is ChangeKind.MERGE)


def commit_items(site: Site, change: Landed, handling: Handling) -> list[Item]:
    """The commits of a change, oldest first; the last is the one on the mainline."""
    plan, repository, position = change.plan, change.repository, change.position
    is_first = site.position(repository, position) in (1, None)
    base = [] if is_first else [site.sha(repository, position - 1)]
    if plan.kind is ChangeKind.SQUASH:
        subject = f"{handling.title} (#{change.number})"
        return [_mainline(site, change, base, change.merged_at, subject)]
    if plan.kind is ChangeKind.DIRECT:
        return [_mainline(site, change, base, plan.first_commit_at, plan.title)]
    branch: list[Item] = []
    for n, written in enumerate(handling.commits):
        parents = [branch[-1]["sha"]] if branch else base
        subject = handling.title if n == 0 else f"Review: {handling.title}"
        times = written.authored_at, written.committed_at
        branch.append(commit_item(written.sha, parents, *times, subject))
    subject = f"Merge branch '{handling.branch}' (#{change.number})"
    parents = [*base, branch[-1]["sha"]]
    return [*branch, _mainline(site, change, parents, change.merged_at, subject)]


def head_sha(commits: list[Item], handling: Handling, *, is_merge: bool) -> str | None:
    """Last commit of the branch; of those squashed long ago nobody kept it."""
    if is_merge:
        sha: str = commits[-2]["sha"]
        return sha
    return handling.commits[-1].sha if handling.is_kept else None


def _mainline(
    site: Site, change: Landed, parents: list[str], authored_at: int, subject: str
) -> Item:
    sha = site.sha(change.repository, change.position)
    item = commit_item(sha, parents, authored_at, change.merged_at, subject)
    if change.plan.reverts is not None:
        item["reverts_sha"] = site.sha(change.repository, change.plan.reverts.position)
    return item


def commit_item(
    sha: str, parents: list[str], authored_at: int, committed_at: int, subject: str
) -> Item:
    """One commit; times are UTC seconds."""
    return {
        "sha": sha,
        "parents": parents,
        "authored_at": iso(authored_at),
        "committed_at": iso(committed_at),
        "subject": subject,
    }
