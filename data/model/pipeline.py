"""Entities of automation: pipelines, their runs and tasks, and what they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from data.model.record import Record


class RunResult(StrEnum):
    """How a run of a pipeline or of one of its tasks ended."""

    SUCCESS = "success"
    FAILURE = "failure"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    RUNNING = "running"


class PipelineKind(StrEnum):
    """What a pipeline makes."""

    DELIVERY = "delivery"
    """It builds, tests and ships software."""
    DATA = "data"
    TRAINING = "training"


class ReuseKind(StrEnum):
    """What a repository builds on, or shows that it has."""

    WORKFLOW = "workflow"
    ACTION = "action"
    INCLUDE = "include"
    COMPONENT = "component"
    FILE = "file"
    """A file or folder whose presence says something: Terraform, a Dockerfile, tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment(Record):
    """A place a repository is deployed to, and who guards it."""

    repository: Annotated[str, "repository name"]
    name: Annotated[str, "name of the environment as its source says it"]
    tier: Annotated[str | None, "tier as the source says it; null if it has none"]
    reviewers: Annotated[
        tuple[str, ...] | None, "accounts and teams one of which must approve; null if unknown"
    ]
    required_approvals: Annotated[int | None, "approvals a deployment needs; null if unknown"]
    is_self_approval_barred: Annotated[
        bool | None, "whether who deploys may not approve; null if unknown"
    ]
    wait_minutes: Annotated[int | None, "minutes a deployment waits; null if unknown"]
    is_limited_to_protected_branches: Annotated[
        bool | None, "whether only protected branches may be deployed; null if unknown"
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline(Record):
    """A workflow or pipeline: of a repository, or of an orchestrator of data."""

    repository: Annotated[str | None, "repository name; null if its source knows none"]
    name: Annotated[str, "name as its source shows it; ownership matches it (`pipeline:…`)"]
    path: Annotated[str | None, "file that defines it; null if it has none"]
    is_active: Annotated[bool | None, "whether it can run; null if unknown"]
    kind: Annotated[str, "`delivery`, `data` or `training`"] = "delivery"
    owner: Annotated[str | None, "owner as the source says; ownership is configured"] = None
    schedule: Annotated[str | None, "when it is to run, as its source says it; null: never"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineRun(Record):
    """One attempt of one run of a pipeline. A re-run is another attempt with its own times."""

    repository: Annotated[str | None, "repository name; null if its source knows none"]
    pipeline: Annotated[str, "name of the pipeline; the branch where pipelines have no names"]
    run: Annotated[str, "id of the run at its host, the same for all attempts"]
    attempt: Annotated[int, "attempt of the run, from 1"]
    event: Annotated[str | None, "what started it: push, schedule, …"]
    branch: Annotated[str | None, "branch or tag it ran for"]
    sha: Annotated[str | None, "commit it ran for"]
    result: Annotated[str, "`success`, `failure`, `cancelled`, `skipped` or `running`"]
    created_at: Annotated[datetime, "when the run was asked for"]
    started_at: Annotated[datetime | None, "when this attempt began; null if unknown"]
    finished_at: Annotated[datetime | None, "when this attempt ended; null while it runs"]
    triggered_by: Annotated[str | None, "account that asked for this attempt; null if unknown"]
    parent: Annotated[str | None, "id of the row of the run that started this one downstream"]
    kind: Annotated[str, "`delivery`, `data` or `training`"] = "delivery"
    slot_at: Annotated[
        datetime | None, "end of the stretch of data it is for; null if it is for none"
    ] = None
    is_backfill: Annotated[bool | None, "whether it makes up for the past; null if unknown"] = None
    retried_tasks: Annotated[
        int | None, "tasks that needed another try: a success with some is flaky; null if unknown"
    ] = None
    definition: Annotated[str | None, "version of what defines the pipeline, if told"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRun(Record):
    """One job or task of one attempt of a run."""

    repository: Annotated[str | None, "repository name; null if its source knows none"]
    pipeline: Annotated[str, "name of the pipeline"]
    run: Annotated[str, "id of the run at its host"]
    attempt: Annotated[int, "attempt of the run, from 1"]
    name: Annotated[str, "name of the job"]
    environment: Annotated[str | None, "environment it deploys to, if the source says"]
    result: Annotated[str, "`success`, `failure`, `cancelled`, `skipped` or `running`"]
    started_at: Annotated[datetime | None, "when it began; null if it has not"]
    finished_at: Annotated[datetime | None, "when it ended; null while it runs"]
    tries: Annotated[int | None, "how often it was tried; null if unknown"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reuse(Record):
    """Something shared that a repository builds on, or a file that shows how it is built."""

    repository: Annotated[str, "repository name"]
    kind: Annotated[str, "`workflow`, `action`, `include`, `component` or `file`"]
    name: Annotated[str, "what is used, without its version; of a file: what it shows"]
    path: Annotated[str, "file in which it was found"]
    version: Annotated[str | None, "branch, tag or hash it is used at; null: none is named"]
    is_pinned: Annotated[
        bool | None, "whether the version is a full hash or digest; null where nothing can be"
    ]
