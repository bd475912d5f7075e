"""A small group of projects in which every case that is named happens once."""

from __future__ import annotations

from dataclasses import dataclass

from tests.doubles.gitlab import story
from tests.doubles.gitlab.telling import Teller, hour
from tests.doubles.gitlab.world import (
    Deployment,
    Group,
    Issue,
    MergeRequest,
    Pipeline,
    Project,
    World,
)


@dataclass
class Cases:
    """The world, and where in it to find what has a name."""

    world: World
    group: Group
    web: Project
    """Where nearly all happens; merges by merge commits, and keeps approvals when pushed to."""
    linear: Project
    """Semi-linear: merge commits on rebased branches."""
    forward: Project
    """Fast-forward only."""
    attic: Project
    """Archived."""
    moved: Project
    """Renamed, then moved to this group; found under both old paths by a redirect."""
    merged: MergeRequest
    squashed: MergeRequest
    rebased: MergeRequest
    """Semi-linear: rebased, then merged by a merge commit."""
    forwarded: MergeRequest
    """Fast-forward: no merge commit; its head landed."""
    forwarded_squashed: MergeRequest
    """Fast-forward of one squashed commit."""
    by_train: MergeRequest
    stale: MergeRequest
    """Approved before its last push; the approval stands."""
    reset: MergeRequest
    """Approved before its last push, which took the approval back."""
    revoked: MergeRequest
    """Approved, unapproved, approved by another."""
    self_merged: MergeRequest
    by_bot: MergeRequest
    """Opened by the bot of a project access token."""
    by_deleted: MergeRequest
    """Opened, approved and merged by accounts that are deleted."""
    drafted: MergeRequest
    """A draft for ten hours, and once more for one."""
    force_pushed: MergeRequest
    """Replaced after it was approved."""
    brought_up: MergeRequest
    """Has a merge of its target among its commits."""
    direct_sha: str
    """A commit that was pushed past all merge requests."""
    retried: Pipeline
    """Failed; one of its jobs was retried and then succeeded."""
    retried_whole: Pipeline
    cancelled: Pipeline
    skipped: Pipeline
    upstream: Pipeline
    """Started a child and a pipeline of another project."""
    child: Pipeline
    downstream: Pipeline
    approved: Deployment
    rejected: Deployment
    blocked: Deployment
    created: Deployment
    failed: Deployment
    reported: Deployment
    """Reported through the API, without a job."""
    upper: Deployment
    lower: Deployment
    """To environments that differ in the case of a letter."""
    tierless: Deployment
    """To an environment whose tier is null."""
    reopened: Issue
    unlabelled: Issue
    """An issue whose label `incident` was taken off later."""


def tell() -> Cases:
    """Tells all of it."""
    teller = Teller()
    world, web = teller.world, teller.web
    linear = teller.begun("acme/linear", "rebase_merge")
    forward = teller.begun("acme/forward", "ff")
    landed = {
        "merged": teller.merged(),
        "squashed": teller.squashed(),
        "rebased": teller.onto_newer("Rebase me", linear),
        "forwarded": teller.onto_newer("Forward me", forward),
        "forwarded_squashed": teller.onto_newer("Forward one", forward, is_squashed=True),
        "by_train": teller.by_train(),
        "stale": teller.stale(),
        "reset": teller.reset(),
        "revoked": teller.revoked(),
        "self_merged": teller.self_merged(),
        "by_bot": teller.by_bot(),
        "by_deleted": teller.by_deleted(),
        "drafted": teller.drafted(),
        "force_pushed": teller.force_pushed(),
        "brought_up": teller.brought_up(),
    }
    direct = story.push(world, web, teller.owner, hour(118), "Hotfix", is_signed=True)
    upstream = story.run(world, web, hour(124), user=teller.dev)
    cases = Cases(
        world=world,
        group=teller.group,
        web=web,
        linear=linear,
        forward=forward,
        attic=teller.attic(),
        moved=teller.moved(),
        **landed,
        direct_sha=direct.sha,
        retried=teller.retried(),
        retried_whole=teller.retried_whole(),
        cancelled=teller.ended(125, "canceled"),
        skipped=teller.ended(126, "skipped"),
        upstream=upstream,
        child=story.trigger(world, upstream, hour(124.1)),
        downstream=story.trigger(world, upstream, hour(124.2), project=linear),
        approved=teller.approved_deployment(),
        rejected=teller.rejected_deployment(),
        blocked=teller.deployed("production", 134, "blocked", approvals=1),
        created=teller.deployed("production", 135, "created"),
        failed=teller.deployed("production", 136, "failed"),
        reported=teller.deployed("production", 137, has_job=False),
        upper=teller.deployed("Staging", 138),
        lower=teller.deployed("staging", 138.5),
        tierless=teller.tierless(),
        reopened=teller.reopened(),
        unlabelled=teller.unlabelled(),
    )
    story.publish(web, "v1.0.0", teller.owner, hour(140))
    story.tag(web, "v1.0.1", hour(141), message="Second")
    teller.write_files()
    teller.govern()
    return cases
