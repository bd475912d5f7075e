"""Entities of software delivery: what is built, what changed, what was deployed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from data.model.record import Record


class ChangeKind(StrEnum):
    """How a change reached the mainline."""

    MERGE = "merge"
    SQUASH = "squash"
    REBASE = "rebase"
    DIRECT = "direct"


class DeploymentStatus(StrEnum):
    """How an attempt to deploy ended. Only `success` puts a version into an environment."""

    SUCCESS = "success"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RUNNING = "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository(Record):
    """A repository of source code, as its source saw it last."""

    name: Annotated[str, "name that ownership patterns match (`repo:…`)"]
    default_branch: Annotated[str | None, "branch whose first-parent history is the mainline"]
    head_sha: Annotated[str | None, "newest mainline commit"]
    is_shallow: Annotated[bool, "whether the history is cut off at its start"]
    commit_count: Annotated[int | None, "commits that could be read; null if not counted"]
    host_id: Annotated[str | None, "id at its host, which survives renaming and transfer"] = None
    is_archived: Annotated[bool | None, "whether its host lets nobody change it"] = None
    is_private: Annotated[bool | None, "whether only members see it"] = None
    topics: Annotated[tuple[str, ...] | None, "topics its host lists it under"] = None
    created_at: Annotated[datetime | None, "when it was made at its host"] = None
    pushed_at: Annotated[datetime | None, "when something was last pushed"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Record):
    """Something that is deployed on its own."""

    name: Annotated[str, "name that ownership patterns match (`service:…`)"]
    repository: Annotated[str | None, "name of the repository it is built from, if known"]
    path: Annotated[str | None, "folder of a shared repository; null: the whole repository"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit(Record):
    """A commit reachable from the mainline or from a version."""

    repository: Annotated[str, "repository name"]
    sha: Annotated[str, "full commit hash"]
    parents: Annotated[tuple[str, ...], "hashes of the parents, mainline first"]
    authored_at: Annotated[datetime, "when the author says it was written"]
    committed_at: Annotated[datetime, "when the committer says it was recorded"]
    subject: Annotated[str, "first line of the message"]
    position: Annotated[
        int | None,
        "ordinal (from 1) of the oldest mainline commit that contains it; null off the mainline",
    ]
    is_mainline: Annotated[bool, "whether it is on the first-parent history"]
    reverts_sha: Annotated[str | None, "hash that its message says it reverts"] = None
    picked_sha: Annotated[str | None, "hash that its message says it was picked from"] = None
    first_version: Annotated[
        str | None, "off the mainline: the earliest version that contains it"
    ] = None
    change: Annotated[str | None, "number of the request that brought it, as the host says"] = None
    is_signed: Annotated[bool | None, "whether the host vouches for its signature"] = None
    services: Annotated[
        tuple[str, ...] | None, "services whose code it touched; null if nobody asked"
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Record):
    """A pull request, merge request or direct push that landed on the mainline.

    Sources that ask a Git host leave `position` null: it is that of `landed_sha`, which the
    repository's commits tell. What was merged into another branch is no change of the mainline,
    and has no such commit.
    """

    repository: Annotated[str, "repository name"]
    number: Annotated[str | None, "number at the host; null for a direct push"]
    kind: Annotated[str, "`merge`, `squash`, `rebase` or `direct`"]
    title: Annotated[str, "title, or the commit's subject"]
    branch: Annotated[str | None, "name of the branch it came from, if the source says"]
    landed_sha: Annotated[str, "commit that brought it to the mainline"]
    head_sha: Annotated[str | None, "last commit of its branch, where it still exists"]
    position: Annotated[
        int | None, "ordinal of `landed_sha` on the mainline; null: as the commit of that hash says"
    ]
    commit_count: Annotated[int, "commits it brought"]
    first_commit_at: Annotated[datetime | None, "when its oldest known commit was authored"]
    opened_at: Annotated[datetime | None, "when it was opened for review; null if unknown"]
    reviewed_at: Annotated[datetime | None, "first review by another person; null if unknown"]
    merged_at: Annotated[datetime, "when it landed"]
    services: Annotated[tuple[str, ...], "services whose code it touched"]
    reverts: Annotated[str | None, "hash or number of the change it undoes"]
    is_hotfix: Annotated[bool, "whether title or branch matches the hotfix pattern"]
    target_branch: Annotated[str | None, "branch it was merged into, if the source says"] = None
    author: Annotated[str | None, "account that opened it; null if deleted or unknown"] = None
    is_bot: Annotated[bool | None, "whether that account is a machine's; null if unknown"] = None
    merged_by: Annotated[str | None, "account that merged it; null if deleted or unknown"] = None
    ready_at: Annotated[
        datetime | None, "when it last stopped being a draft, or was opened; null if unknown"
    ] = None
    rewritten_at: Annotated[
        datetime | None, "when its branch was last replaced by a forced push; null if never seen"
    ] = None
    labels: Annotated[tuple[str, ...] | None, "labels it bears; null if unknown"] = None
    tickets: Annotated[
        tuple[str, ...] | None, "addresses of the issues it closes; null if unknown"
    ] = None
    paths: Annotated[
        tuple[str, ...] | None, "files it touched, the first hundred; null if unknown"
    ] = None
    path_count: Annotated[int | None, "how many files it touched; null if unknown"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(Record):
    """A tag: a name given to a commit."""

    repository: Annotated[str, "repository name"]
    name: Annotated[str, "tag name"]
    sha: Annotated[str | None, "commit it points to; null if it points to none"]
    tagged_at: Annotated[datetime | None, "time of the tag, else of its commit"]
    position: Annotated[int | None, "highest mainline ordinal the tagged commit contains"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment(Record):
    """One attempt to bring a version of one service into one environment."""

    service: Annotated[str, "service name"]
    environment: Annotated[str, "environment name as the source says it"]
    repository: Annotated[str | None, "repository the service is built from, if known"]
    sha: Annotated[str | None, "commit deployed, full or at least seven characters"]
    version: Annotated[str | None, "tag, image tag or chart version deployed"]
    status: Annotated[str, "`success`, `failed`, `cancelled` or `running`"]
    started_at: Annotated[datetime | None, "when the attempt began"]
    deployed_at: Annotated[datetime, "when the attempt ended: the version ran from then on"]
    run: Annotated[str | None, "pipeline run it belongs to; one run may deploy many services"]
    attempt: Annotated[int, "attempt of that run, from 1"]
    title: Annotated[str, "what a reader should see: usually service and version"]
    triggered_by: Annotated[str | None, "account that asked for it; null if unknown"] = None
    approved_by: Annotated[
        tuple[str, ...] | None, "accounts that approved it; null if the source does not say"
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident(Record):
    """A production incident."""

    service: Annotated[str | None, "service it hit, if the source says"]
    environment: Annotated[str | None, "environment it hit; null means production"]
    title: Annotated[str, "title at the source"]
    severity: Annotated[str | None, "severity as the source says it"]
    started_at: Annotated[datetime, "when it began"]
    resolved_at: Annotated[datetime | None, "when it was last resolved; null while open"]
    deployment: Annotated[
        str | None,
        "id of the deployment, or hash of the commit, that its source names as the cause",
    ]
    reopened_count: Annotated[int, "how often it was opened again"]
    is_withdrawn: Annotated[bool, "whether its source calls it an incident no longer"] = False
