"""Pure mapping of rights: of members, invited groups, tokens and keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.answers.moment import moment_or_none
from connectors.gitlab.asking import Asking
from connectors.interface import Json
from data.model import MemberAccess, Organisation, SubjectKind

_LEVELS = {
    0: "none",
    5: "minimal access",
    10: "guest",
    15: "planner",
    20: "reporter",
    30: "developer",
    40: "maintainer",
    50: "owner",
    60: "administrator",
}
_READING, _RULING = 20, 40
"""The highest level that changes no code, and the lowest that changes rules and rights."""
_ACTIVE = "active"


def organisation_row(asking: Asking, told: Mapping[str, Json]) -> Organisation:
    """Settings of a group; members have no right of their own beside their level."""
    name = told["full_path"]
    return Organisation(
        id=asking.row_id(name, "organisation"),
        source=asking.source,
        url=asking.page(f"groups/{name}"),
        name=name,
        is_two_factor_required=told.get("require_two_factor_authentication"),
        default_right=None,
        default_workflow_right=None,
        is_workflow_approval_allowed=None,
        plan=None,
    )


def member_row(asking: Asking, scope: str, kind: SubjectKind, item: Json) -> MemberAccess:
    """A member's level, and until when; GitLab shows a second factor to administrators alone."""
    level = item["access_level"]
    states = {item.get("state"), item.get("membership_state")} - {None, _ACTIVE}
    return _access(
        asking,
        scope,
        kind,
        item["username"],
        item,
        subject=item["username"],
        url=asking.page(item["username"]),
        role=", ".join([_role(level, item.get("member_role")), *sorted(states)]),
        is_admin=_is_ruling(level, item.get("member_role")),
        is_read_only=None if item.get("member_role") else level <= _READING,
    )


def group_row(asking: Asking, scope: str, item: Json) -> MemberAccess:
    """A group that was invited, with the highest level its members get."""
    level = item["group_access_level"]
    return _access(
        asking,
        scope,
        SubjectKind.TEAM,
        item["group_id"],
        item,
        subject=item.get("group_full_path") or item["group_name"],
        role=_role(level, None),
        is_admin=level >= _RULING,
        is_read_only=level <= _READING,
    )


def access_token_row(asking: Asking, scope: str, item: Json) -> MemberAccess:
    """A token of a group or project: it may do what both its level and its scopes allow."""
    level, scopes = item["access_level"], item["scopes"]
    return _access(
        asking,
        scope,
        SubjectKind.TOKEN,
        item["id"],
        item,
        subject=item["name"],
        role=f"{_role(level, None)}: {', '.join(sorted(scopes))}",
        is_admin=level >= _RULING and "api" in scopes,
        is_read_only=level <= _READING or _are_reading(scopes),
    )


def deploy_token_row(asking: Asking, scope: str, item: Json) -> MemberAccess:
    """A token for code and packages; it can change no rule."""
    return _access(
        asking,
        scope,
        SubjectKind.TOKEN,
        f"deploy/{item['id']}",
        item,
        subject=item["name"],
        role=", ".join(sorted(item["scopes"])),
        is_admin=False,
        is_read_only=_are_reading(item["scopes"]),
    )


def deploy_key_row(asking: Asking, project: str, item: Json) -> MemberAccess:
    """A key that opens a project."""
    can_push = item["can_push"]
    if not isinstance(can_push, bool):
        raise TypeError(f"{can_push!r} where it should say whether it may push")
    return _access(
        asking,
        project,
        SubjectKind.DEPLOY_KEY,
        item["id"],
        item,
        subject=item["title"],
        role="write" if can_push else "read",
        is_admin=False,
        is_read_only=not can_push,
    )


def is_in_force(token: Json) -> bool:
    """Whether a token opens anything; one that is not as it should be is told as unreadable."""
    if not isinstance(token, dict):
        return True
    return (
        not token.get("revoked") and token.get("active") is not False and not token.get("expired")
    )


def _access(
    asking: Asking, scope: str, kind: SubjectKind, key: str | int, item: Json, **told: Any
) -> MemberAccess:
    """A right with the times that the source tells of it."""
    return MemberAccess(
        id=asking.row_id(scope, "access", kind.value, key),
        source=asking.source,
        kind=kind.value,
        scope=scope,
        has_two_factor=None,
        created_at=moment_or_none(item.get("created_at")),
        expires_at=moment_or_none(item.get("expires_at")),
        last_used_at=moment_or_none(item.get("last_used_at")),
        **told,
    )


def _role(level: int, custom: Json) -> str:
    """Name of a level; a role of the group's own is named beside the level it grew from."""
    name = _LEVELS.get(level, str(level))
    return f"{name} ({custom['name']})" if custom else name


def _is_ruling(level: int, custom: Json) -> bool | None:
    """Whether a level changes rules and rights; a role of the group's own may, too."""
    if level >= _RULING:
        return True
    return None if custom else False


def _are_reading(scopes: Sequence[str]) -> bool:
    return all(scope.startswith("read_") for scope in scopes)
