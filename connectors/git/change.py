"""Turns a mainline commit and the commits it brought into a change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from connectors.git.commit import is_plausible, signature_time, time_of
from connectors.git.message import (
    Landing,
    read_landing,
    reverted_change,
    reverted_sha,
    says_revert,
)
from connectors.git.page import Line
from connectors.git.rows import Naming, links_of
from data.model import Change, ChangeKind


def change_row(naming: Naming, header: Line, line: Line, brought: Sequence[Line]) -> Change | None:
    """Maps one landing.

    Args:
        naming: names of the row.
        header: first line of its page.
        line: the mainline commit.
        brought: the other commits that the mainline contains since it.

    Returns:
        None if the commit does not say when it landed, or says what cannot be right.
    """
    merged_at = time_of(line, "committer")
    if not is_plausible(merged_at):
        return None
    landing = read_landing(line["message"], len(line["parents"]))
    links = links_of(header)
    is_merge = landing.kind is ChangeKind.MERGE
    return Change(
        id=naming.id("change", line["commit"]),
        source=naming.source,
        url=links.change(landing.number) if landing.number else links.commit(line["commit"]),
        repository=naming.repository,
        number=landing.number,
        kind=landing.kind.value,
        title=landing.title,
        branch=landing.branch,
        landed_sha=line["commit"],
        head_sha=line["parents"][1] if is_merge else line.get("squashed", {}).get("head"),
        position=line["position"],
        commit_count=len(brought) if is_merge else 1,
        first_commit_at=_first_commit_at(line, brought, merged_at, is_merge=is_merge),
        opened_at=None,
        reviewed_at=None,
        merged_at=merged_at,
        services=_services(naming, header, line),
        reverts=_reverts(landing, line, brought),
        is_hotfix=_is_hotfix(header["hotfix_pattern"], landing),
    )


def _first_commit_at(
    line: Line, brought: Sequence[Line], merged_at: datetime, *, is_merge: bool
) -> datetime | None:
    if is_merge:
        return min(_plausible(line_["author"] for line_ in brought), default=None)
    branch = (author for _, author in line.get("squashed", {}).get("authors", ()))
    squashed = [time for time in _plausible(branch) if time <= merged_at]
    return min(squashed or _plausible([line["author"]]), default=None)


def _plausible(signatures: Iterable[str | None]) -> list[datetime]:
    return [time for time in map(signature_time, signatures) if is_plausible(time)]


def _services(naming: Naming, header: Line, line: Line) -> tuple[str, ...]:
    if not header["services"]:
        return (naming.repository,)
    touched = set(line.get("folders") or ())
    return tuple(name for name, folder in header["services"].items() if folder in touched)


def _reverts(landing: Landing, line: Line, brought: Sequence[Line]) -> str | None:
    """What it undoes: the message says, else the one earlier title it quotes, else its commits."""
    said = reverted_change(landing, line["message"]) or line.get("reverted")
    if said or not says_revert(landing.title):
        return said
    return next(filter(None, (reverted_sha(other["message"]) for other in brought)), None)


def _is_hotfix(pattern: str, landing: Landing) -> bool:
    return any(re.search(pattern, text) for text in (landing.title, landing.branch or ""))
