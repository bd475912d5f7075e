"""Turns a merge request into the change it landed, its commits, reviews and checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from connectors.answers.moment import moment, moment_or_none
from connectors.answers.understanding import UNREADABLE
from connectors.git.message import Landing, reverted_change
from connectors.gitlab.api.question import nodes
from connectors.gitlab.asking import Asking, account, is_bot, number_of
from connectors.gitlab.code.closing import closed_issues
from connectors.gitlab.code.notes import Activity, Given, first_comments
from connectors.interface import Json
from data.model import (
    Change,
    ChangeCommit,
    ChangeKind,
    CheckResult,
    CheckRun,
    Gap,
    GapReason,
    Record,
    Review,
)

_RESULTS = {
    "SUCCESS": CheckResult.SUCCESS,
    "FAILED": CheckResult.FAILURE,
    "CANCELED": CheckResult.CANCELLED,
    "CANCELING": CheckResult.CANCELLED,
    "SKIPPED": CheckResult.SKIPPED,
    "MANUAL": CheckResult.SKIPPED,
}
"""Of jobs; one in any other state has not ended."""
_OF_A_RESULT = frozenset({"MERGED_RESULT", "MERGE_TRAIN"})
"""Pipelines for a commit that exists for them alone: what the merge would result in."""
_MOST_PATHS = 100


def change_rows(
    asking: Asking, project: str, item: Json, detail: Json, number: str
) -> Iterator[Record]:
    """Rows of a merge request; what of it cannot be read is a gap, and the rest stands.

    Args:
        asking: the source.
        project: full path of the project.
        item: the merge request as the REST API lists it.
        detail: the same as the GraphQL API tells it; null if it did not, which is told elsewhere.
        number: what it is called.
    """
    key = f"merge_request/{number}"
    if detail is None:
        if not number.isdecimal():
            yield asking.unreadable(project, key, TypeError("no number of its own"))
        return
    try:
        request = _Request(asking, project, item, detail)
    except UNREADABLE as error:
        yield asking.unreadable(project, key, error)
        return
    for part in (request.change, request.commits, request.reviews, request.checks):
        try:
            yield from list(part())
        except UNREADABLE as error:
            yield asking.unreadable(project, f"{key}/{part.__name__}", error, about=key)


class _Request:
    """One merge request as GitLab tells it."""

    def __init__(self, asking: Asking, project: str, item: Json, detail: Json) -> None:
        self._asking = asking
        self._project = project
        self._item = item
        self._detail = detail
        self._number = str(item["iid"])
        self._head: str | None = detail.get("diffHeadSha") or item["sha"]
        self._author = account(detail["author"])
        self._activity = Activity(nodes(detail["activity"]), self._head)
        # They are told newest first.
        self._commits: Sequence[Json] = nodes(detail["commits"])[::-1]

    def change(self) -> Iterator[Change | Gap]:
        """What landed; nothing before it has.

        GitLab does not tell which merge request brought a mainline commit that is no merge: what
        of a squash or of a branch moved forward landed is told here alone.
        """
        item, detail = self._item, self._detail
        if item["state"] != "merged":
            return
        landed = item["merge_commit_sha"] or item["squash_commit_sha"] or self._head
        if landed is None:
            yield self._untold_landing()
            return
        title, branch = item["title"], item["source_branch"]
        kind, body = self._kind(), item.get("description") or ""
        authored = [moment(commit["authoredDate"]) for commit in self._commits]
        paths = self._paths()
        opened_at = moment(item["created_at"])
        yield Change(
            id=self._id(),
            source=self._asking.source,
            url=self._url,
            repository=self._project,
            number=self._number,
            kind=kind.value,
            title=title,
            branch=branch,
            landed_sha=landed,
            head_sha=self._head,
            position=None,
            commit_count=detail["commitCount"] or len(self._commits),
            first_commit_at=min(authored, default=None),
            opened_at=opened_at,
            reviewed_at=self._reviewed_at(),
            merged_at=moment(item["merged_at"]),
            services=tuple(self._asking.services_of(self._project, paths)),
            reverts=reverted_change(
                Landing(kind, self._number, title, branch), f"{title}\n\n{body}"
            ),
            is_hotfix=self._asking.is_hotfix(title, branch),
            target_branch=item["target_branch"],
            author=self._author,
            is_bot=is_bot(detail["author"]),
            merged_by=account(detail["mergeUser"]),
            ready_at=self._activity.ready_at(opened_at, is_draft=bool(item.get("draft"))),
            rewritten_at=self._activity.rewritten_at([each["sha"] for each in self._commits]),
            labels=tuple(item["labels"]),
            tickets=closed_issues(self._asking.site, self._project, body),
            paths=None if paths is None else tuple(paths[:_MOST_PATHS]),
            path_count=(detail.get("diffStatsSummary") or {}).get("fileCount"),
        )

    def commits(self) -> Iterator[ChangeCommit]:
        """Commits of its branch, oldest first; their authors as far as an account has the address.

        What is no commit without its merges is one.
        """
        authored = {commit["sha"] for commit in nodes(self._detail["commitsWithoutMergeCommits"])}
        for ordinal, commit in enumerate(self._commits, start=1):
            author = account(commit.get("author"))
            yield ChangeCommit(
                id=self._id("commit", commit["sha"]),
                source=self._asking.source,
                url=self._asking.page(self._project, f"commit/{commit['sha']}"),
                repository=self._project,
                change=self._number,
                sha=commit["sha"],
                ordinal=ordinal,
                authored_at=moment(commit["authoredDate"]),
                committed_at=moment(commit.get("committedDate") or commit["authoredDate"]),
                is_merge=commit["sha"] not in authored,
                authors=(author,) if author else (),
                author_count=1 + _co_authors(commit.get("message") or ""),
            )

    def reviews(self) -> Iterator[Review]:
        """Approvals, requests for changes, and the first comment of everyone but the author."""
        for given in self._given():
            yield Review(
                id=self._id("review", given.key),
                source=self._asking.source,
                url=self._url if given.given_at is None else f"{self._url}#note_{given.key}",
                repository=self._project,
                change=self._number,
                author=given.author,
                is_bot=given.is_bot,
                state=given.state.value,
                sha=given.sha,
                submitted_at=given.given_at,
                dismissed_at=given.dismissed_at,
            )

    def checks(self) -> Iterator[CheckRun]:
        """Jobs of the pipeline of its head; one that may fail and did is neither good nor bad.

        What ran on the result of the merge is told of the head that it was a merge of.
        """
        pipeline = self._detail["headPipeline"]
        if pipeline is None:
            return
        is_of_result = pipeline.get("mergeRequestEventType") in _OF_A_RESULT
        sha = (is_of_result and self._head) or pipeline["sha"]
        for job in nodes(pipeline["jobs"]):
            result = _RESULTS.get(job["status"], CheckResult.RUNNING)
            if result is CheckResult.FAILURE and job.get("allowFailure"):
                result = CheckResult.NEUTRAL
            has_ended = result is not CheckResult.RUNNING
            number = number_of(job["id"])
            yield CheckRun(
                id=self._asking.row_id(self._project, "check", sha, number),
                source=self._asking.source,
                url=self._asking.page(self._project, f"jobs/{number}"),
                repository=self._project,
                sha=sha,
                name=job["name"],
                reporter=None,
                result=result.value,
                started_at=moment_or_none(job["startedAt"]),
                completed_at=moment_or_none(job["finishedAt"]) if has_ended else None,
            )

    def _id(self, *path: str) -> str:
        return self._asking.row_id(self._project, "merge_request", self._number, *path)

    @property
    def _url(self) -> str:
        return self._asking.page(self._project, f"merge_requests/{self._number}")

    def _kind(self) -> ChangeKind:
        """How it landed. Without a commit of its own, those of its branch are on the mainline."""
        if self._item["merge_commit_sha"]:
            return ChangeKind.MERGE
        return ChangeKind.SQUASH if self._item["squash_commit_sha"] else ChangeKind.REBASE

    def _paths(self) -> list[str] | None:
        stats = self._detail.get("diffStats")
        return None if stats is None else [each["path"] for each in stats if each]

    def _given(self) -> list[Given]:
        standing = [account(user) for user in nodes(self._detail["approvedBy"])]
        known_at = moment(self._item["updated_at"])
        comments = nodes(self._detail.get("comments"))
        return [
            *self._activity.reviews([name for name in standing if name], known_at),
            *first_comments(comments, self._author, self._activity),
        ]

    def _reviewed_at(self) -> datetime | None:
        """First review by another person."""
        return min(
            (
                each.given_at
                for each in self._given()
                if each.given_at and not each.is_bot and (each.author or "?") != self._author
            ),
            default=None,
        )

    def _untold_landing(self) -> Gap:
        return self._asking.gap(
            self._project,
            f"merge_request/{self._number}/landing",
            GapReason.MISSING_OBJECT,
            f"!{self._number}: GitLab does not tell the commit it was merged as",
            "nothing: it was merged before GitLab kept that",
            1,
        )


def _co_authors(message: str) -> int:
    lines = (line.strip().lower() for line in message.splitlines())
    return sum(line.startswith("co-authored-by:") for line in lines)
