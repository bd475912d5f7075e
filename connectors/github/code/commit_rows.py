"""Turns a commit into its row, and into a change where no pull request brought it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.answers.moment import moment
from connectors.answers.understanding import UNREADABLE
from connectors.git.commit import first_line
from connectors.git.message import picked_sha, read_landing, reverted_change, reverted_sha
from connectors.github.asking import Asking, row_id
from connectors.hosting.mainline import Placed
from connectors.hosting.touched import Services
from connectors.interface import Json
from data.model import Change, ChangeKind, Commit, Gap


def commit_rows(
    asking: Asking, repository: str, node: Json, placed: Placed, touched: Services
) -> Iterator[Commit | Change | Gap]:
    """The rows of a commit; what of it cannot be read is a gap."""
    try:
        services = touched.get(node["oid"])
        yield _commit(asking, repository, node, placed, services)
        if placed.is_mainline and is_direct(node):
            yield _direct(asking, repository, node, placed, services)
    except UNREADABLE as error:
        yield asking.unreadable(repository, f"commit/{node['oid']}", error)


def parents_of(node: Json) -> Sequence[str]:
    """The commits it was made on, the mainline's first."""
    return [parent["oid"] for parent in node["parents"]["nodes"]]


def is_direct(node: Json) -> bool:
    """Whether no pull request brought it; where GitHub does not tell, it is not said to be so."""
    return node.get("associatedPullRequests") is not None and _request(node) is None


def _commit(
    asking: Asking, repository: str, node: Json, placed: Placed, services: Sequence[str] | None
) -> Commit:
    return Commit(
        id=row_id(repository, "commit", node["oid"]),
        source=asking.source,
        url=asking.page(repository, f"commit/{node['oid']}"),
        repository=repository,
        sha=node["oid"],
        parents=tuple(parents_of(node)),
        authored_at=moment(node["authoredDate"]),
        committed_at=moment(node["committedDate"]),
        subject=first_line(node["message"]),
        position=placed.position,
        is_mainline=placed.is_mainline,
        reverts_sha=reverted_sha(node["message"]),
        picked_sha=picked_sha(node["message"]),
        change=_request(node),
        is_signed=bool((node.get("signature") or {}).get("isValid")),
        services=None if services is None else tuple(services),
    )


def _direct(
    asking: Asking, repository: str, node: Json, placed: Placed, services: Sequence[str] | None
) -> Change:
    """A mainline commit that no pull request brought."""
    if services is None:
        services = asking.services_of(repository, None)
    landing = read_landing(node["message"], len(parents_of(node)))
    logins = [user["login"] for user in _users(node)]
    return Change(
        id=row_id(repository, "push", node["oid"]),
        source=asking.source,
        url=asking.page(repository, f"commit/{node['oid']}"),
        repository=repository,
        number=None,
        kind=ChangeKind.DIRECT.value,
        title=landing.title,
        branch=None,
        landed_sha=node["oid"],
        head_sha=None,
        position=placed.position,
        commit_count=1,
        first_commit_at=moment(node["authoredDate"]),
        opened_at=None,
        reviewed_at=None,
        merged_at=moment(node["committedDate"]),
        services=tuple(services),
        reverts=reverted_change(landing, node["message"]),
        is_hotfix=asking.is_hotfix(landing.title, None),
        author=logins[0] if logins else None,
    )


def _request(node: Json) -> str | None:
    """Number of the pull request that brought a commit to the mainline: rather the one it landed.

    A commit may have come by several, such as one into a branch that another one then merged.
    """
    told = (node.get("associatedPullRequests") or {}).get("nodes") or []
    merged = [request for request in told if request and request.get("mergedAt")]
    landed = [r for r in merged if (r.get("mergeCommit") or {}).get("oid") == node["oid"]]
    found = [*landed, *merged]
    return str(found[0]["number"]) if found else None


def _users(node: Json) -> list[Json]:
    told = (node.get("authors") or {}).get("nodes") or []
    return [author["user"] for author in told if author and author.get("user")]
