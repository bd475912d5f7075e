"""What GitLab demands before something lands on a branch, or a tag is made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from connectors.interface import Json

PIPELINE = "pipeline"
"""The one check there is to require: that the pipeline of the merge request succeeded."""
_ADMIN = "Role:maintainer"
_ROLES = {30: "Role:developer", 40: _ADMIN, 50: "Role:owner", 60: "Role:administrator"}
"""The least role that may; higher ones may, too."""
_ON_NEWEST = frozenset({"ff", "rebase_merge"})
"""Merge methods that want the branch on top of the newest mainline."""
_CONDITIONAL = frozenset({"code_owner", "report_approver"})
"""Kinds of approval rules that hold for some changes only."""

NO_DEMANDS: Mapping[str, Json] = {
    "is_request_required": False,
    "required_approvals": 0,
    "is_stale_approval_dismissed": False,
    "is_last_push_approval_required": False,
    "is_code_owner_required": False,
    "is_conversation_resolution_required": False,
    "required_checks": [],
    "is_up_to_date_required": False,
    "is_signature_required": False,
    "is_linear_required": False,
    "is_merge_queue_required": False,
}
"""What is asked of changes, and never of tags."""


def pushing(rules: Iterable[Mapping[str, Json]] | None, flag: bool | None) -> dict[str, Json]:
    """Who may push past merge requests, and whether history may be rewritten.

    Of several rules for a branch the most permissive counts, but for code owners the strictest.
    See https://docs.gitlab.com/user/project/repository/branches/protection_rules/.

    Args:
        rules: those that match the branch; null if they are hidden.
        flag: whether the branch is protected, as it says itself.
    """
    if rules is None and flag is not False:
        return {"is_protected": flag}
    matching = list(rules or ())
    actors = sorted({who for rule in matching for who in _actors(rule["push_access_levels"])})
    return {
        "is_protected": bool(matching),
        "is_request_required": bool(matching) and not actors,
        "is_admin_bound": bool(matching) and _is_bound(actors),
        "is_force_push_allowed": _any(matching, "allow_force_push") if matching else True,
        "is_code_owner_required": (
            _any(matching, "code_owner_approval_required") if matching else False
        ),
        "push_actors": actors if matching else None,
        "bypass_actors": actors,
    }


def merging(project: Mapping[str, Json]) -> dict[str, Json]:
    """What a merge waits for, by the settings of the project."""
    has_pipeline = project.get("only_allow_merge_if_pipeline_succeeds")
    method = project.get("merge_method")
    is_on_newest = None if method is None else method in _ON_NEWEST
    return {
        "required_checks": None if has_pipeline is None else [PIPELINE] if has_pipeline else [],
        "is_up_to_date_required": is_on_newest if has_pipeline else has_pipeline,
        "is_conversation_resolution_required": project.get(
            "only_allow_merge_if_all_discussions_are_resolved"
        ),
        "is_linear_required": None if method is None else method == "ff",
        "is_merge_queue_required": project.get("merge_trains_enabled"),
    }


def approving(
    rules: Sequence[Mapping[str, Json]] | None,
    settings: Mapping[str, Json] | None,
    branch: str,
    *,
    is_protected: bool | None,
) -> dict[str, Json]:
    """How many approvals a change needs, and what becomes of them.

    One person may approve for several rules: as many are needed as the greatest of them says.
    """
    told = settings or {}
    return {
        "required_approvals": None if rules is None else _approvals(rules, branch, is_protected),
        "is_stale_approval_dismissed": told.get("reset_approvals_on_push"),
        "is_last_push_approval_required": told.get("merge_requests_disable_committers_approval"),
    }


def of_tag(rule: Mapping[str, Json]) -> dict[str, Json]:
    """Rules of a pattern of tags: nobody moves one, and maintainers alone delete it by hand."""
    return {
        **NO_DEMANDS,
        "is_protected": True,
        "is_force_push_allowed": False,
        "is_deletion_allowed": False,
        "is_admin_bound": False,
        "push_actors": sorted(set(_actors(rule["create_access_levels"]))),
        "bypass_actors": [_ADMIN],
    }


def matches(pattern: str, name: str) -> bool:
    """Whether a protected name means a branch; `*` is anything, slashes too."""
    parts = map(re.escape, pattern.split("*"))
    return re.fullmatch(".*".join(parts), name, re.DOTALL) is not None


def _approvals(
    rules: Sequence[Mapping[str, Json]], branch: str, is_protected: bool | None
) -> int | None:
    demands = [(rule, _holds(rule, branch, is_protected)) for rule in rules]
    if any(holds is None for _, holds in demands):
        return None
    return max((_count(rule) for rule, holds in demands if holds), default=0)


def _count(rule: Mapping[str, Json]) -> int:
    """How many approvals a rule demands.

    Raises:
        TypeError: if it does not say: it must not pass for one that is not known to hold.
    """
    count = rule["approvals_required"]
    if not isinstance(count, int):
        raise TypeError(f"{count!r} where a number of approvals should be")
    return count


def _holds(rule: Mapping[str, Json], branch: str, is_protected: bool | None) -> bool | None:
    """Whether an approval rule holds for every change to a branch; null if that is unknown."""
    if rule.get("rule_type") in _CONDITIONAL:
        return False
    if rule.get("applies_to_all_protected_branches"):
        return is_protected
    named = [str(each["name"]) for each in rule.get("protected_branches") or ()]
    return not named or any(matches(name, branch) for name in named)


def _actors(levels: Iterable[Mapping[str, Json]]) -> Iterator[str]:
    """Who may do something; the level 0 is nobody."""
    for level in levels:
        for field, kind in (("user_id", "User"), ("group_id", "Group"), ("deploy_key_id", "Key")):
            if level.get(field):
                yield f"{kind}:{level[field]}"
                break
        else:
            number = level["access_level"]
            if number:
                yield _ROLES.get(number, f"Role:{number}")


def _is_bound(actors: Sequence[str]) -> bool | None:
    """Whether the rules hold for maintainers; unknown where single accounts or groups may push."""
    if any(actor.startswith("Role:") for actor in actors):
        return False
    return None if any(actor.startswith(("User:", "Group:")) for actor in actors) else True


def _any(rules: Sequence[Mapping[str, Json]], name: str) -> bool | None:
    """Whether one of the rules says so; null if none says anything."""
    told = [rule[name] for rule in rules if isinstance(rule.get(name), bool)]
    return any(told) if told else None
