"""One thing of the organisation as the JSON object that its host would answer."""

from __future__ import annotations

from datetime import date

from connectors.demo.clearance import Clearance
from connectors.demo.commit_items import commit_item, commit_items, head_sha
from connectors.demo.handling import Handling
from connectors.demo.history import Attempt, Landed, Outage, Tag
from connectors.demo.organisation import CommitName, KnownGap, Organisation, Work
from connectors.demo.site import Item, Site, attempt_id, iso
from data.model import ChangeKind, GapReason

_SHORT_SHA = 10
_PATCH_SECONDS = 600
"""From the commit off the mainline to the tag of it."""


def change_item(site: Site, change: Landed, handling: Handling) -> Item:
    """A change with the commits it brought."""
    plan, repository = change.plan, change.repository
    has_reviews = site.works[repository].has_reviews
    commits = commit_items(site, change, handling)
    is_merge = plan.kind is ChangeKind.MERGE
    item: Item = {
        "repository": repository,
        "number": None if change.number is None else str(change.number),
        "kind": plan.kind.value,
        "title": handling.title,
        "branch": handling.branch,
        "landed_sha": commits[-1]["sha"],
        "head_sha": head_sha(commits, handling, is_merge=is_merge),
        "position": site.position(repository, change.position),
        "merged_at": iso(change.merged_at),
        "commit_count": plan.commit_count,
        "services": plan.services,
        "reverts": _reverted(site, plan.reverts),
        "url": site.change_url(change),
        "repository_url": site.url(repository),
        "commits": commits,
    }
    if has_reviews:
        item["first_commit_at"] = iso(plan.first_commit_at)
        item["opened_at"] = iso(plan.opened_at)
        item["reviewed_at"] = iso(plan.reviewed_at)
        item["ready_at"] = iso(plan.opened_at)
        item |= _handled(handling)
    return item


def forgotten_item(organisation: Organisation, told_from: date) -> Item:
    """What is missing of reviews, told with the page of the day since which they are kept."""
    return {
        "name": "before",
        "reason": GapReason.TRUNCATED.value,
        "what": f"reviews, commits and checks of changes before {told_from}: they stayed behind in "
        "the tool of then",
        "fix": "nothing, unless its export is found",
        "since": organisation.founded.isoformat(),
        "until": told_from.isoformat(),
    }


def _handled(handling: Handling) -> Item:
    """Who made and merged a change, and what it is about."""
    return {
        "author": handling.author,
        "is_bot": handling.is_bot,
        "merged_by": handling.merged_by,
        "is_signed": handling.is_signed,
        "target_branch": "main",
        "rewritten_at": iso(handling.rewritten_at),
        "labels": handling.labels,
        "tickets": handling.tickets,
        "paths": handling.paths,
    }


def version_item(site: Site, tag: Tag) -> Item:
    """A tag, with its commit where that is off the mainline."""
    repository, release = tag.repository, tag.release
    sha = site.release_sha(repository, release.position)
    item: Item = {
        "repository": tag.repository,
        "name": tag.release.version,
        "sha": sha,
        "position": site.position(tag.repository, tag.release.position),
        "tagged_at": iso(tag.tagged_at),
        "url": site.url(tag.repository, "tags", tag.release.version),
    }
    if site.is_patched(repository, release.position):
        parents = [site.sha(repository, release.position)]
        at = tag.tagged_at - _PATCH_SECONDS
        item["repository_url"] = site.url(repository)
        item["commit"] = commit_item(sha, parents, at, at, f"Patch for {release.version} alone")
    return item


def deployment_item(site: Site, attempt: Attempt, clearance: Clearance) -> Item:
    """An attempt to deploy, as the run that made it reports it."""
    sha: str | None = site.release_sha(attempt.repository, attempt.release.position)
    match site.works[attempt.repository].names_commit:
        case CommitName.SHORT:
            sha = sha[:_SHORT_SHA] if sha else None
        case CommitName.VERSION:
            sha = None
    return {
        "id": attempt_id(attempt),
        "service": attempt.service,
        "environment": attempt.environment,
        "repository": attempt.repository,
        "sha": sha,
        "version": attempt.release.version,
        "status": attempt.status.value,
        "started_at": iso(attempt.started_at),
        "ended_at": iso(attempt.ended_at),
        "run": f"{attempt.repository}/{attempt.run}",
        "attempt": attempt.attempt,
        "triggered_by": clearance.triggered_by,
        "approved_by": clearance.approved_by,
        "url": site.url(attempt.repository, "runs", attempt.run, "attempts", attempt.attempt),
    }


def incident_id(number: int) -> str:
    """Name of the row of an incident, without its source."""
    return f"incident/{number}"


def incident_item(site: Site, number: int, outage: Outage, until_at: int) -> Item:
    """An incident as the status page shows it at an instant."""
    over_at = outage.over_at(until_at)
    return {
        "id": incident_id(number),
        "service": outage.service,
        "environment": outage.environment,
        "title": outage.title,
        "severity": outage.severity,
        "started_at": iso(outage.started_at),
        "resolved_at": iso(over_at),
        "deployment": attempt_id(outage.cause) if outage.cause else None,
        "reopened_count": outage.reopened_count if over_at else 0,
        "url": f"{site.organisation.incident_url}/incidents/{number}",
    }


def repository_item(site: Site, name: str, head: Landed | None, commit_count: int) -> Item:
    """A repository as it is after its newest change."""
    since = site.works[name].shallow_since
    return {
        "name": name,
        "host_id": name,
        "default_branch": "main",
        "head_sha": site.sha(name, head.position) if head else None,
        "commit_count": commit_count,
        "shallow_since": since.isoformat() if since else None,
        "url": site.url(name),
    }


def service_item(site: Site, repository: str, work: Work, service: str) -> Item:
    """A service and the repository it is built from."""
    return {
        "name": service,
        "repository": repository,
        "path": work.path_of(service),
        "url": site.url(repository, "services", service),
    }


def gap_item(gap: KnownGap, first: date, end: date) -> Item:
    """What is left out of a page, and for which days of it; `end` is the first day after."""
    return {
        "name": f"{gap.about}/{first.isoformat()}",
        "reason": gap.reason.value,
        "what": gap.what,
        "fix": gap.fix,
        "since": first.isoformat(),
        "until": end.isoformat(),
    }


def _reverted(site: Site, change: Landed | None) -> str | None:
    if change is None:
        return None
    if change.number is not None:
        return str(change.number)
    return site.sha(change.repository, change.position)
