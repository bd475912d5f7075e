"""What the second of the two invented hosts refuses to tell, stream by stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connectors.demo.governance import REFUSED, governance
from connectors.demo.organisation import organisation
from connectors.demo.site import Item
from connectors.interface import Stream
from data.model import GapReason

_NEEDS = "the maintainer role on the host of Fleet"


@dataclass(frozen=True, slots=True)
class _Refusal:
    entities: tuple[str, ...]
    reason: GapReason
    what: str
    fix: str


_REFUSALS: Mapping[str, _Refusal] = {
    "protection": _Refusal(
        ("protection", "gap"),
        GapReason.NO_PERMISSION,
        "rules in force are not shown to the reading account: whether they hold is not known",
        "give the reading account the maintainer role on the host of Fleet",
    ),
    "environments": _Refusal(
        ("environment", "gap"),
        GapReason.NO_PERMISSION,
        "environments and who guards them are not shown to the reading account",
        "give the reading account the maintainer role on the host of Fleet",
    ),
    "findings": _Refusal(
        ("security_finding", "gap"),
        GapReason.NO_PERMISSION,
        "findings of scans are not shown to the reading account",
        "give the reading account the right to read security alerts on the host of Fleet",
    ),
    "audit": _Refusal(
        ("audit_event", "gap"),
        GapReason.NO_PERMISSION,
        "the audit log is not shown to the reading account",
        "name the reading account an owner on the host of Fleet; its plan must keep a log",
    ),
}
_UNKEPT = _Refusal(
    ("review", "change_commit", "check_run", "gap"),
    GapReason.NOT_FOUND,
    "its host keeps no reviews and no checks, so nobody can say who approved",
    "move the repository to a host with reviews",
)


def refused_streams() -> Iterator[Stream]:
    """The streams that tell nothing but that they were refused, each of one repository."""
    for kind, repository, refusal in _refused():
        yield Stream(f"{kind}:{repository}", refusal.entities, _NEEDS, f"{repository} {kind}")


def refusal(stream: str) -> Item | None:
    """The gap that is all a stream tells; null for one that is not refused."""
    for kind, repository, refused in _refused():
        if stream == f"{kind}:{repository}":
            return {
                "name": repository,
                "reason": refused.reason.value,
                "what": f"{repository}: {refused.what}",
                "fix": refused.fix,
                "url": f"{organisation().git_url}/{repository}/settings",
            }
    return None


def _refused() -> Iterator[tuple[str, str, _Refusal]]:
    teams = {team.name: team for team in governance().teams}
    for repository, crews in organisation().repositories().items():
        team, work = crews[0]
        if teams[team.name].rules == REFUSED:
            for kind, refused in _REFUSALS.items():
                yield kind, repository, refused
        if not work.has_reviews:
            yield "reviews", repository, _UNKEPT
