"""Entities of review: who approved what, when, and which checks had run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from data.model.record import Record


class ReviewState(StrEnum):
    """What a reviewer said. A dismissed review keeps what it said, and when it was dismissed."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    COMMENTED = "commented"
    UNKNOWN = "unknown"
    """Dismissed, and the source no longer says what it had said."""


class CheckResult(StrEnum):
    """How a check ended. Only `success` says that something was tested and held."""

    SUCCESS = "success"
    FAILURE = "failure"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    """Did not run: hosts let it pass where it is required, which is no evidence of a test."""
    NEUTRAL = "neutral"
    RUNNING = "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Record):
    """One review of a change by one account."""

    repository: Annotated[str, "repository name"]
    change: Annotated[str, "number of the change at its host"]
    author: Annotated[str | None, "account that reviewed; null if deleted"]
    is_bot: Annotated[bool | None, "whether that account is a machine's; null if unknown"]
    state: Annotated[str, "`approved`, `changes_requested`, `commented` or `unknown`"]
    sha: Annotated[str | None, "commit that was reviewed; null if the source does not say"]
    submitted_at: Annotated[datetime | None, "when it was given; null if the source does not say"]
    dismissed_at: Annotated[datetime | None, "when it was taken back; null if it stands"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCommit(Record):
    """One commit of a change's branch, as it was when the change was last read.

    A squash or rebase lands other hashes on the mainline.
    """

    repository: Annotated[str, "repository name"]
    change: Annotated[str, "number of the change at its host"]
    sha: Annotated[str, "full commit hash"]
    ordinal: Annotated[int, "place on the branch, oldest first, from 1"]
    authored_at: Annotated[datetime, "when the author says it was written"]
    committed_at: Annotated[datetime, "when the committer says it was recorded"]
    is_merge: Annotated[bool, "whether it has several parents"]
    authors: Annotated[
        tuple[str, ...], "accounts of author and co-authors, as far as the host knows them"
    ]
    author_count: Annotated[int, "how many authors and co-authors it names"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRun(Record):
    """One run of a check on a commit: a job that reports, or a status that was set.

    A check that was run again has a row for each run; of one name and reporter the last that began
    says how the commit stands, and one before it may stay as it was when it was read.
    """

    repository: Annotated[str, "repository name"]
    sha: Annotated[str, "commit that was checked"]
    name: Annotated[str, "name that protection rules require it by"]
    reporter: Annotated[str | None, "application that reported it, if the source says"]
    result: Annotated[str, "`success`, `failure`, `cancelled`, `skipped`, `neutral` or `running`"]
    started_at: Annotated[datetime | None, "when it began; null if the source does not say"]
    completed_at: Annotated[datetime | None, "when it ended; null while it runs"]
