"""Pure mapping of rights: of applications, collaborators, teams and deploy keys."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.answers.moment import moment, moment_or_none
from connectors.github.asking import Asking, row_id
from connectors.interface import Json
from data.model import MemberAccess, SubjectKind

_READING = frozenset({"pull", "read", "triage"})
_RULING = frozenset({"administration", "organization_administration"})


def installation_row(asking: Asking, organisation: str, item: Json) -> MemberAccess:
    """An application at work; one that is suspended can do nothing."""
    is_suspended = item.get("suspended_at") is not None
    rights: Mapping[str, str] = {} if is_suspended else item["permissions"]
    told = ", ".join(f"{name}: {right}" for name, right in sorted(rights.items()))
    return MemberAccess(
        id=row_id(organisation, "access", "application", item["id"]),
        source=asking.source,
        url=item.get("html_url"),
        kind=SubjectKind.APPLICATION.value,
        subject=item.get("app_slug") or str(item["app_id"]),
        scope=organisation,
        role="suspended" if is_suspended else told,
        is_admin=any(rights.get(name) == "write" for name in _RULING),
        is_read_only=set(rights.values()) <= {"read"},
        has_two_factor=None,
        created_at=moment(item["created_at"]),
        expires_at=None,
        last_used_at=None,
    )


def collaborator_row(
    asking: Asking, repository: str, kind: SubjectKind, item: Json
) -> MemberAccess:
    """An account's or a team's right in a repository."""
    is_team = kind is SubjectKind.TEAM
    subject = item["slug"] if is_team else item["login"]
    rights = item.get("permissions") or {}
    role = item.get("role_name") or item.get("permission")
    return MemberAccess(
        id=row_id(repository, "access", kind.value, subject),
        source=asking.source,
        url=item.get("html_url"),
        kind=kind.value,
        subject=subject,
        scope=repository,
        role=role,
        is_admin=rights.get("admin", None if role is None else role == "admin"),
        is_read_only=_is_reading(rights, role),
        has_two_factor=None,
        created_at=None,
        expires_at=None,
        last_used_at=None,
    )


def deploy_key_row(asking: Asking, repository: str, item: Json) -> MemberAccess:
    """A key that opens one repository."""
    is_read_only = item["read_only"]
    return MemberAccess(
        id=row_id(repository, "access", "deploy_key", item["id"]),
        source=asking.source,
        url=asking.page(repository, "settings/keys"),
        kind=SubjectKind.DEPLOY_KEY.value,
        subject=item["title"],
        scope=repository,
        role="read" if is_read_only else "write",
        is_admin=False,
        is_read_only=is_read_only,
        has_two_factor=None,
        created_at=moment(item["created_at"]),
        expires_at=None,
        last_used_at=moment_or_none(item.get("last_used")),
    )


def _is_reading(rights: Mapping[str, Json], role: str | None) -> bool | None:
    if "push" in rights:
        return not rights["push"]
    return None if role is None else role in _READING
