"""Turns a commit as GitLab lists it into a row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from connectors.answers.moment import moment
from connectors.answers.understanding import UNREADABLE
from connectors.git.commit import first_line
from connectors.git.message import picked_sha, reverted_sha
from connectors.gitlab.asking import Asking
from connectors.hosting.mainline import Placed
from connectors.hosting.touched import Services
from connectors.interface import Json
from data.model import Commit, Gap

_REQUEST = re.compile(r"(?m)^See merge request (?P<project>\S*)!(?P<number>\d+)[ \t]*$")


def commit_rows(
    asking: Asking, project: str, item: Json, placed: Placed, touched: Services
) -> Commit | Gap:
    """The row of a commit; a gap if it cannot be read.

    GitLab does not tell which merge request brought a commit: only a merge commit says so in its
    message. Which others were pushed directly is not known here: those that no merge request of
    the stream `changes` landed. Whether a signature is good is not told either.
    """
    try:
        return _commit(asking, project, item, placed, touched.get(item["id"]))
    except UNREADABLE as error:
        return asking.unreadable(project, f"commit/{item['id']}", error)


def may_be_direct(project: str, item: Json) -> bool:
    """Whether its message names no merge request that brought it."""
    return _request(item.get("message") or "", project) is None


def _commit(
    asking: Asking, project: str, item: Json, placed: Placed, services: Sequence[str] | None
) -> Commit:
    message = item["message"]
    return Commit(
        id=asking.row_id(project, "commit", item["id"]),
        source=asking.source,
        url=asking.page(project, f"commit/{item['id']}"),
        repository=project,
        sha=item["id"],
        parents=tuple(item["parent_ids"]),
        authored_at=moment(item["authored_date"]),
        committed_at=moment(item["committed_date"]),
        subject=first_line(message),
        position=placed.position,
        is_mainline=placed.is_mainline,
        reverts_sha=reverted_sha(message),
        picked_sha=picked_sha(message),
        change=_request(message, project),
        is_signed=None,
        services=None if services is None else tuple(services),
    )


def _request(message: str, project: str) -> str | None:
    """Number of the merge request that a message names; one of another project is none here."""
    found = _REQUEST.search(message)
    return found["number"] if found and found["project"] in ("", project) else None
