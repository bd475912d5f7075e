"""Pure mapping of an organisation, its members and its outside collaborators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from connectors.github.asking import Asking, row_id
from connectors.interface import Json
from data.model import MemberAccess, Organisation, SubjectKind


def organisation_row(
    asking: Asking, name: str, told: Mapping[str, Json], workflow: Mapping[str, Json]
) -> Organisation:
    """Settings of the organisation; those that only owners see are null to others."""
    return Organisation(
        id=row_id(name, "organisation"),
        source=asking.source,
        url=told.get("html_url") or asking.page(name),
        name=name,
        is_two_factor_required=told.get("two_factor_requirement_enabled"),
        default_right=told.get("default_repository_permission"),
        default_workflow_right=workflow.get("default_workflow_permissions"),
        is_workflow_approval_allowed=workflow.get("can_approve_pull_request_reviews"),
        plan=(told.get("plan") or {}).get("name"),
    )


@dataclass(frozen=True, slots=True)
class MemberRights:
    """Who belongs to the organisation, as the lists of members tell together."""

    members: Sequence[Json]
    outside: Sequence[Json]
    owners: frozenset[str] | None
    """Null: not known, as all that follows."""
    insecure: frozenset[str] | None
    """Those who lack a second factor."""
    insecure_outside: frozenset[str] | None
    is_role_ignored: bool
    """Whether the filter by role was."""
    is_factor_ignored: bool
    """Whether the filter by second factor may have been."""

    @classmethod
    def of(cls, said: Mapping[str, Sequence[Json]]) -> Self:
        """Reads the lists.

        None is in two of them: else the filters that make the lists were ignored. Where all lack a
        second factor, nothing tells that from a filter that was ignored, unless it was heeded for
        others; and where it is required, not everybody lacks it.
        """
        owners, others = _items(said, "owners"), _items(said, "members")
        members = list({account_key(item): item for item in [*owners, *others]}.values())
        outside = _items(said, "outside")
        is_mixed = not _keys(owners).isdisjoint(_keys(others))
        is_required = said["organisation"][0].get("two_factor_requirement_enabled") is True
        lacking = [
            (_keys(_items(said, name)) if name in said else None, _keys(everybody))
            for name, everybody in (("insecure", members), ("outside_insecure", outside))
        ]
        is_heeded = any(found is not None and found != every for found, every in lacking)
        is_ignored = [
            bool(found) and found == every and (is_required or not is_heeded)
            for found, every in lacking
        ]
        insecure, insecure_outside = (
            None if is_odd else found
            for (found, _), is_odd in zip(lacking, is_ignored, strict=True)
        )
        return cls(
            members=members,
            outside=outside,
            owners=None if is_mixed else _keys(owners),
            insecure=insecure,
            insecure_outside=insecure_outside,
            is_role_ignored=is_mixed,
            is_factor_ignored=any(is_ignored),
        )

    def member(self, asking: Asking, organisation: str, item: Json) -> MemberAccess:
        """Maps a member."""
        is_owner = None if self.owners is None else item["login"] in self.owners
        role = None if is_owner is None else "admin" if is_owner else "member"
        kind, insecure = SubjectKind.MEMBER, self.insecure
        told = _account(asking, organisation, kind, item, insecure)
        return MemberAccess(**told, role=role, is_admin=is_owner)

    def outsider(self, asking: Asking, organisation: str, item: Json) -> MemberAccess:
        """Maps an outside collaborator, who has rights in single repositories alone."""
        kind, insecure = SubjectKind.OUTSIDE, self.insecure_outside
        told = _account(asking, organisation, kind, item, insecure)
        return MemberAccess(**told, role=None, is_admin=False)


def account_key(item: Json) -> str:
    """Tells one account from another; strange items are kept apart too."""
    return str(item.get("login") or item) if isinstance(item, dict) else str(item)


def _account(
    asking: Asking,
    organisation: str,
    kind: SubjectKind,
    item: Json,
    insecure: frozenset[str] | None,
) -> dict[str, Any]:
    login = item["login"]
    return {
        "id": row_id(organisation, "access", kind.value, login),
        "source": asking.source,
        "url": item.get("html_url"),
        "kind": kind.value,
        "subject": login,
        "scope": organisation,
        "is_read_only": None,
        "has_two_factor": None if insecure is None else login not in insecure,
        "created_at": None,
        "expires_at": None,
        "last_used_at": None,
    }


def _items(said: Mapping[str, Sequence[Json]], name: str) -> list[Json]:
    return [item for page in said.get(name, ()) for item in page]


def _keys(items: Sequence[Json]) -> frozenset[str]:
    return frozenset(map(account_key, items))
