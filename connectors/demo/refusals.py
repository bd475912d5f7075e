"""What the second of the two invented hosts refuses to tell, and since when reviews are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from connectors.demo.cast import Cast
from connectors.demo.governance import REFUSED, Governance
from connectors.demo.site import Item, Site
from data.model import GapReason

_REFUSED = {
    "rules": (
        "protection",
        "rules in force are not shown to the reading account: whether they hold is not known",
        "give the reading account the maintainer role on the host of Fleet",
    ),
    "findings": (
        "finding",
        "findings of scans are not shown to the reading account",
        "give the reading account the right to read security alerts on the host of Fleet",
    ),
    "settings": (
        "environment",
        "environments and who guards them are not shown to the reading account",
        "give the reading account the maintainer role on the host of Fleet",
    ),
}


def refusals(stream: str, site: Site, known: Governance, cast: Cast) -> Iterator[Item]:
    """A gap for each repository that a stream was refused for."""
    if stream == "audit":
        fix = "name the reading account an owner on the host of Fleet; its plan must keep a log"
        what = "the audit log of Fleet's host is not shown to the reading account"
        about = f"{known.name}-fleet#audit"
        yield _gap("fleet", GapReason.NO_PERMISSION, what, fix, about=about)
    for repository, team in cast.repositories.items():
        if team.rules == REFUSED and stream in _REFUSED:
            part, what, fix = _REFUSED[stream]
            gap = _gap(
                repository, GapReason.NO_PERMISSION, f"{repository}: {what}", fix,
                about=f"{repository}#{part}",
            )  # fmt: skip
            yield {**gap, "url": site.url(repository, "settings")}


def unkept(site: Site, known: Governance, first: date, end: date) -> Iterator[Item]:
    """What is missing of reviews, told with the page of the day on which they begin to be kept."""
    if not first <= known.told_from < end:
        return
    yield _gap(
        "before", GapReason.UNAVAILABLE,
        f"reviews, commits and checks of changes before {known.told_from}: the tool that kept them "
        "is gone",
        "nothing, unless its export is found",
        since=site.organisation.founded, until=known.told_from,
    )  # fmt: skip
    for repository, work in site.works.items():
        if not work.has_reviews:
            yield _gap(
                repository, GapReason.NOT_FOUND,
                f"{repository}: its host keeps no reviews, so nobody can say who approved",
                "move the repository to a host with reviews", about=f"{repository}#review",
            )  # fmt: skip


def _gap(
    name: str,
    reason: GapReason,
    what: str,
    fix: str,
    *,
    about: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Item:
    return {
        "name": name,
        "reason": reason.value,
        "what": what,
        "fix": fix,
        "about": about,
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
    }
