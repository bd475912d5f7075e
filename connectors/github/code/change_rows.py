"""Turns a pull request into the change it landed, its commits, reviews and checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from connectors.answers.moment import moment, moment_or_none
from connectors.answers.understanding import UNREADABLE
from connectors.git.message import Landing, reverted_change
from connectors.github.asking import Asking, row_id
from connectors.github.code.check_rows import check_rows
from connectors.interface import Json
from data.model import (
    Change,
    ChangeCommit,
    ChangeKind,
    Gap,
    GapReason,
    Record,
    Review,
    ReviewState,
)

_REVIEWS = {
    "APPROVED": ReviewState.APPROVED,
    "CHANGES_REQUESTED": ReviewState.CHANGES_REQUESTED,
    "COMMENTED": ReviewState.COMMENTED,
    "DISMISSED": ReviewState.UNKNOWN,
}


def change_rows(asking: Asking, repository: str, node: Json) -> Iterator[Record]:
    """Rows of a pull request; what of it cannot be read is a gap, and the rest stands."""
    for part in (_Request.change, _Request.commits, _Request.reviews):
        try:
            yield from list(part(_Request(asking, repository, node)))
        except UNREADABLE as error:
            name = part.__name__
            pull = f"pull/{node.get('number')}"
            yield asking.unreadable(repository, f"{pull}/{name}", error, about=pull)
    yield from check_rows(asking, repository, node)


class _Request:
    """One pull request as GitHub tells it."""

    def __init__(self, asking: Asking, repository: str, node: Json) -> None:
        self._asking = asking
        self._repository = repository
        self._node = node
        self._number = str(node["number"])
        self._dismissed = _dismissals(node)

    def change(self) -> Iterator[Change | Gap]:
        """What landed; nothing before it has."""
        node = self._node
        if node["state"] != "MERGED":
            return
        if node["mergeCommit"] is None:
            yield self._gap("merge_commit", "GitHub no longer tells the commit it was merged as")
            return
        kind, commits = self._kind(), _listed(node, "commits")
        paths = [file["path"] for file in _listed(node, "files")] if node["files"] else None
        landing = Landing(kind, self._number, node["title"], node["headRefName"])
        yield Change(
            id=row_id(self._repository, "pull", self._number),
            source=self._asking.source,
            url=node["url"],
            repository=self._repository,
            number=self._number,
            kind=kind.value,
            title=node["title"],
            branch=node["headRefName"],
            landed_sha=node["mergeCommit"]["oid"],
            head_sha=node["headRefOid"],
            position=None,
            commit_count=node["commits"]["totalCount"],
            first_commit_at=min(
                (moment(c["commit"]["authoredDate"]) for c in commits), default=None
            ),
            opened_at=moment(node["createdAt"]),
            reviewed_at=self._reviewed_at(),
            merged_at=moment(node["mergedAt"]),
            services=tuple(self._asking.services_of(self._repository, paths)),
            reverts=reverted_change(landing, f"{node['title']}\n\n{node.get('body') or ''}"),
            is_hotfix=self._asking.is_hotfix(node["title"], node["headRefName"]),
            target_branch=node["baseRefName"],
            author=_login(node["author"]),
            is_bot=_is_bot(node["author"]),
            merged_by=_login(node["mergedBy"]),
            ready_at=self._ready_at(),
            rewritten_at=self._last("HeadRefForcePushedEvent"),
            labels=tuple(label["name"] for label in _listed(node, "labels")),
            tickets=tuple(issue["url"] for issue in _listed(node, "closingIssuesReferences")),
            paths=None if paths is None else tuple(paths[:100]),
            path_count=node["changedFiles"],
        )

    def commits(self) -> Iterator[ChangeCommit]:
        """Commits of its branch, oldest first."""
        for ordinal, each in enumerate(_listed(self._node, "commits"), start=1):
            commit = each["commit"]
            users = [author["user"] for author in _listed(commit, "authors") if author]
            yield ChangeCommit(
                id=row_id(self._repository, "pull", self._number, "commit", commit["oid"]),
                source=self._asking.source,
                url=self._asking.page(
                    self._repository, f"pull/{self._number}/commits/{commit['oid']}"
                ),
                repository=self._repository,
                change=self._number,
                sha=commit["oid"],
                ordinal=ordinal,
                authored_at=moment(commit["authoredDate"]),
                committed_at=moment(commit["committedDate"]),
                is_merge=commit["parents"]["totalCount"] > 1,
                authors=tuple(user["login"] for user in users if user),
                author_count=commit["authors"]["totalCount"],
            )

    def reviews(self) -> Iterator[Review]:
        """Its reviews, without those that are not given yet."""
        for review in _listed(self._node, "reviews"):
            if review["state"] == "PENDING":
                continue
            key = str(review["fullDatabaseId"])
            dismissed = self._dismissed.get(key)
            said = dismissed["previousReviewState"] if dismissed else review["state"]
            yield Review(
                id=row_id(self._repository, "pull", self._number, "review", key),
                source=self._asking.source,
                url=review["url"],
                repository=self._repository,
                change=self._number,
                author=_login(review["author"]),
                is_bot=_is_bot(review["author"]),
                state=_REVIEWS[said].value,
                sha=review["commit"] and review["commit"]["oid"],
                submitted_at=moment_or_none(review["submittedAt"]),
                dismissed_at=moment(dismissed["createdAt"]) if dismissed else None,
            )

    def _kind(self) -> ChangeKind:
        """How it landed: a rebase leaves the message of its last commit, a squash has its own."""
        landed = self._node["mergeCommit"]
        if landed["parents"]["totalCount"] > 1:
            return ChangeKind.MERGE
        commits = _listed(self._node, "commits")
        is_rebase = bool(commits) and commits[-1]["commit"]["message"] == landed["message"]
        return ChangeKind.REBASE if is_rebase else ChangeKind.SQUASH

    def _reviewed_at(self) -> datetime | None:
        """First review by another person."""
        author = _login(self._node["author"])
        return min(
            (
                moment(review["submittedAt"])
                for review in _listed(self._node, "reviews")
                if review["submittedAt"]
                and not _is_bot(review["author"])
                and (_login(review["author"]) or "?") != author
            ),
            default=None,
        )

    def _ready_at(self) -> datetime | None:
        """When it last stopped being a draft."""
        ready = self._last("ReadyForReviewEvent")
        if ready is None and self._last("ConvertToDraftEvent") is None:
            return moment(self._node["createdAt"])
        return ready

    def _last(self, event: str) -> datetime | None:
        events = _listed(self._node, "timelineItems")
        return max(
            (moment(e["createdAt"]) for e in events if e["__typename"] == event), default=None
        )

    def _gap(self, key: str, what: str) -> Gap:
        return self._asking.gap(
            self._repository,
            f"pull/{self._number}/{key}",
            GapReason.MISSING_OBJECT,
            f"#{self._number}: {what}",
            "nothing: it was merged before GitHub kept that, or the branch was rewritten",
            1,
        )


def _listed(node: Mapping[str, Json], name: str) -> Sequence[Json]:
    """The items of a list inside a node, without those GitHub could not tell."""
    found = node.get(name)
    return [item for item in found["nodes"] if item] if found else []


def _dismissals(node: Json) -> dict[str, Json]:
    """Events that took a review back, by the review's id."""
    return {
        str(event["review"]["fullDatabaseId"]): event
        for event in _listed(node, "timelineItems")
        if event["__typename"] == "ReviewDismissedEvent" and event.get("review")
    }


def _login(actor: Json) -> str | None:
    """Account of an actor; null once it was deleted."""
    return actor["login"] if actor else None


def _is_bot(actor: Json) -> bool | None:
    """Whether an account is a machine's, by its type and not by its name."""
    return actor["__typename"] == "Bot" if actor else None
