"""Which services direct pushes touched: asked for where a repository holds several of them.

Hosts list commits without their files, and tell those of one commit at a time. So only the newest
of a page are asked for; whose files are not known counts for all services.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connectors.answers.understanding import UNREADABLE
from connectors.hosting.asking import HostAsking
from connectors.http.errors import NotFound, Unavailable, UnexpectedReply
from connectors.interface import Json
from data.model import Gap, GapReason

MOST_ASKED = 20
"""Commits of a page whose files are asked for."""

Services = Mapping[str, Sequence[str]]
"""Services that a commit touched, by its hash; commits that are not in it may touch any."""


def touched_files(
    asking: HostAsking[Any],
    repository: str,
    pushes: Sequence[str],
    files_of: Callable[[str], Sequence[str] | None],
) -> Sequence[bytes]:
    """A further answer for a page of history: files by commit; none where they decide nothing.

    The hosts' own answers hold the code that was changed, which nobody may keep.

    Args:
        asking: the source.
        repository: full name of the repository.
        pushes: hashes of the page's commits that no request is known to have brought, newest first.
        files_of: asks for the files of a commit; null if there are more than the host tells.

    Raises:
        HttpError: if the host can be asked nothing more.
    """
    if not pushes or len(asking.settings.services.get(repository, ())) < 2:
        return ()
    files: dict[str, Sequence[str]] = {}
    for sha in pushes[:MOST_ASKED]:
        try:
            told = files_of(sha)
        except (NotFound, UnexpectedReply, *UNREADABLE):
            continue
        except Unavailable as error:
            if error.status is None:
                raise
            break  # hosts fail at great commits: rather than wait again, the rest stays unknown
        if told is not None:
            files[sha] = told
    answer = {"files": files, "unread": len(pushes) - len(files)}
    return (json.dumps(answer, separators=(",", ":"), sort_keys=True).encode(),)


def touched_services(
    asking: HostAsking[Any], repository: str, answers: Sequence[Json]
) -> tuple[Services, Sequence[Gap]]:
    """What the answer of `touched_files` says, where there is one, and what it lacks."""
    if not answers:
        return {}, ()
    (told,) = answers
    services = {sha: asking.services_of(repository, paths) for sha, paths in told["files"].items()}
    if not told["unread"]:
        return services, ()
    what = "of some commits it is not known which services they touched: pushed directly, they"
    gap = asking.gap(
        repository,
        "history/files",
        GapReason.TRUNCATED,
        f"{what} count for all",
        f"nothing: of a page of history the files of {MOST_ASKED} such commits are asked for",
    )
    return services, (gap,)
