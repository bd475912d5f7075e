"""A small organisation in which every case that is named happens once."""

from __future__ import annotations

from dataclasses import dataclass

from tests.doubles.github import story
from tests.doubles.github.teller import Teller, hour
from tests.doubles.github.world import (
    BypassActor,
    Deployment,
    Installation,
    Issue,
    Organisation,
    Pull,
    Repository,
    Rule,
    Ruleset,
    Run,
    World,
)

__all__ = ["Cases", "hour", "install", "tell"]


@dataclass
class Cases:
    """The world, and where in it to find what has a name."""

    world: World
    organisation: Organisation
    web: Repository
    """Where nearly all happens."""
    attic: Repository
    """Archived."""
    moved: Repository
    """Renamed, then transferred to this organisation; still found by both old names."""
    squashed: Pull
    rebased: Pull
    """Two commits on the mainline."""
    merged: Pull
    queued: Pull
    dismissed: Pull
    """Approved, dismissed, approved anew."""
    stale: Pull
    """Approved before its last push."""
    self_merged: Pull
    by_bot: Pull
    by_deleted: Pull
    drafted: Pull
    """A draft for ten hours."""
    force_pushed: Pull
    """Replaced after it was approved."""
    rerun: Run
    cancelled: Run
    unlabelled: Issue
    """An incident whose label was taken off later."""
    reopened: Issue
    out_of_order: Deployment
    """Its statuses arrived in another order than they happened."""
    inactive: Deployment
    """Succeeded, and was replaced."""
    upper: Deployment
    lower: Deployment
    """To environments that differ in the case of a letter."""
    evaluated: Ruleset
    """Only reports."""
    above: Ruleset
    """Of the organisation."""


def tell() -> Cases:
    """Tells all of it."""
    teller = Teller()
    cases = Cases(
        world=teller.world,
        organisation=teller.organisation,
        web=teller.web,
        squashed=teller.squashed(),
        rebased=teller.rebased(),
        merged=teller.merged(),
        queued=teller.queued(),
        dismissed=teller.dismissed(),
        stale=teller.stale(),
        self_merged=teller.self_merged(),
        by_bot=teller.by_bot(),
        by_deleted=teller.by_deleted(),
        drafted=teller.drafted(),
        force_pushed=teller.force_pushed(),
        rerun=teller.rerun(),
        cancelled=teller.cancelled(),
        unlabelled=teller.unlabelled(),
        reopened=teller.reopened(),
        inactive=teller.inactive(),
        out_of_order=teller.out_of_order(),
        upper=teller.deployed("Production", 105),
        lower=teller.deployed("staging", 106),
        evaluated=teller.ruleset(
            "Try this", "acme/web", Rule("required_signatures"), enforcement="evaluate"
        ),
        above=teller.ruleset("Everywhere", "acme", Rule("non_fast_forward"), Rule("deletion")),
        attic=teller.attic(),
        moved=teller.moved(),
    )
    cases.above.bypass_actors.append(BypassActor("OrganizationAdmin", 1))
    story.publish(teller.world, teller.web, teller.owner, hour(100), "v1.0.0")
    story.tag(teller.world, teller.web, "v1.0.1", tagged_at=hour(101))
    story.publish(teller.world, teller.web, teller.bot, hour(102), "v2.0.0", is_draft=True)
    teller.govern()
    return cases


def install(cases: Cases, app: object) -> Installation:
    """Puts an application to work in the organisation."""
    installation = Installation(
        cases.world.new_id(),
        app,  # type: ignore[arg-type]
        cases.organisation.account,
        hour(-10),
    )
    cases.organisation.installations.append(installation)
    return installation
