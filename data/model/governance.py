"""Entities of governance: rules in force, findings, who has access, and what was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from data.model.record import Record


class FindingKind(StrEnum):
    """What kind of scan found it."""

    DEPENDENCY = "dependency"
    CODE = "code"
    SECRET = "secret"  # noqa: S105 - a kind of finding, no secret


class FindingState(StrEnum):
    """What became of a finding."""

    OPEN = "open"
    FIXED = "fixed"
    DISMISSED = "dismissed"


class SubjectKind(StrEnum):
    """Who or what has access."""

    MEMBER = "member"
    OUTSIDE = "outside"
    """An account that is no member, with access to single repositories."""
    TEAM = "team"
    DEPLOY_KEY = "deploy_key"
    APPLICATION = "application"
    TOKEN = "token"  # noqa: S105 - a kind of subject, no secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection(Record):
    """The rules in force for a branch or for tags of a repository, from one change of them on.

    The union of all that is active: a rule that only reports, or is switched off, protects nothing
    and is left out. Null is unknown: the source did not say, or not to this token. Hosts tell no
    time of a change: it lies between two readings.
    """

    repository: Annotated[str, "repository name"]
    kind: Annotated[str, "`branch` or `tag`"]
    target: Annotated[str, "branch it holds for, or pattern of tags"]
    changed_after_at: Annotated[
        datetime | None, "last reading that showed other rules; null: none did"
    ]
    changed_before_at: Annotated[datetime, "first reading that showed these rules"]
    is_protected: Annotated[bool | None, "whether any rule is in force"]
    is_request_required: Annotated[bool | None, "whether changes need a pull or merge request"] = (
        None
    )
    required_approvals: Annotated[int | None, "approvals a change needs"] = None
    is_stale_approval_dismissed: Annotated[bool | None, "whether a push takes approvals back"] = (
        None
    )
    is_last_push_approval_required: Annotated[
        bool | None, "whether someone other than the last pusher must approve"
    ] = None
    is_code_owner_required: Annotated[bool | None, "whether code owners must approve"] = None
    is_conversation_resolution_required: Annotated[
        bool | None, "whether conversations must be resolved"
    ] = None
    required_checks: Annotated[tuple[str, ...] | None, "checks that must have passed"] = None
    is_up_to_date_required: Annotated[
        bool | None, "whether checks must have run on the newest mainline"
    ] = None
    is_force_push_allowed: Annotated[bool | None, "whether history may be rewritten"] = None
    is_deletion_allowed: Annotated[bool | None, "whether it may be deleted"] = None
    is_signature_required: Annotated[bool | None, "whether commits must be signed"] = None
    is_linear_required: Annotated[bool | None, "whether merge commits are refused"] = None
    is_merge_queue_required: Annotated[bool | None, "whether changes go through a queue"] = None
    is_admin_bound: Annotated[bool | None, "whether the rules hold for administrators"] = None
    bypass_actors: Annotated[
        tuple[str, ...] | None, "who may pass the rules by; null if unknown"
    ] = None
    push_actors: Annotated[
        tuple[str, ...] | None, "who may push directly; null if not limited or unknown"
    ] = None
    has_code_owners: Annotated[bool | None, "whether there is a CODEOWNERS file"] = None
    code_owner_errors: Annotated[int | None, "errors in it, as its host counts them"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityFinding(Record):
    """Something a scan of dependencies, code or secrets found."""

    repository: Annotated[str, "repository name"]
    kind: Annotated[str, "`dependency`, `code` or `secret`"]
    number: Annotated[str, "number at its host"]
    rule: Annotated[str, "what was found: advisory, rule or kind of secret"]
    subject: Annotated[str | None, "package or file it is about; null for a secret"]
    tool: Annotated[str | None, "scanner that found it, if the source says"]
    severity: Annotated[str | None, "`critical`, `high`, `medium`, `low`; null if none is told"]
    state: Annotated[str, "`open`, `fixed` or `dismissed`"]
    opened_at: Annotated[datetime, "when it was found"]
    fixed_at: Annotated[datetime | None, "when it was seen to be gone"]
    dismissed_at: Annotated[datetime | None, "when it was dismissed or resolved by hand"]
    dismissed_reason: Annotated[str | None, "reason given, as the source says it"]
    is_push_bypassed: Annotated[
        bool | None, "secrets: whether push protection was passed by; null if unknown"
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAccess(Record):
    """A right of an account, team, key or application, as last seen.

    That somebody is in a team is told too: then the team is the scope.
    """

    kind: Annotated[str, "`member`, `outside`, `team`, `deploy_key`, `application` or `token`"]
    subject: Annotated[str, "account, team, name of the key or application"]
    scope: Annotated[str, "organisation, group, team (`@acme/core`) or repository it holds for"]
    role: Annotated[str | None, "right it gives, as the source says it; null if unknown"]
    is_admin: Annotated[bool | None, "whether it can change rules and rights; null if unknown"]
    is_read_only: Annotated[bool | None, "whether it can change nothing; null if unknown"]
    has_two_factor: Annotated[bool | None, "whether a second factor is set up; null if unknown"]
    created_at: Annotated[datetime | None, "when it was given; null if the source does not say"]
    expires_at: Annotated[datetime | None, "when it ends; null if never or unknown"]
    last_used_at: Annotated[datetime | None, "when it was last used; null if unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Record):
    """Settings of an organisation or group that hold for all its repositories."""

    name: Annotated[str, "name at its host"]
    is_two_factor_required: Annotated[bool | None, "whether members need a second factor"]
    default_right: Annotated[str | None, "right every member has on every repository"]
    default_workflow_right: Annotated[
        str | None, "right of a workflow's token unless it asks for less; null if unknown"
    ]
    is_workflow_approval_allowed: Annotated[
        bool | None, "whether workflows may approve changes; null if unknown"
    ]
    plan: Annotated[str | None, "plan at its host; null if it does not say"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent(Record):
    """Something the host itself recorded: a rule passed by, a setting or a right changed."""

    happened_at: Annotated[datetime, "when it happened"]
    action: Annotated[str, "what happened, in the source's own word"]
    actor: Annotated[str | None, "account that did it; null if deleted or unknown"]
    subject: Annotated[str | None, "what it was done to: repository, branch, account"]
    repository: Annotated[str | None, "repository name, if it is about one"]
    sha: Annotated[str | None, "commit it is about, if the source says"]
    detail: Annotated[str | None, "more in the source's words; null if there is no more"]
