"""Branches, classic protection, rulesets and how they judged pushes."""

from __future__ import annotations

from typing import Any

from tests.doubles.github.shapes.code import commit
from tests.doubles.github.shapes.people import rest_login, user
from tests.doubles.github.view import View
from tests.doubles.github.world import (
    Protection,
    Repository,
    Rule,
    Ruleset,
    RuleSuite,
)

Item = dict[str, Any]


def branch(view: View, place: Repository, name: str, *, is_protected: bool) -> Item:
    """A branch, and whether anything protects it."""
    url = f"{view.api}/repos/{place.full_name}/branches/{name}"
    known = place.protections.get(name)
    checks = {"enforcement_level": "off", "contexts": [], "checks": []}
    if known and known.checks is not None:
        level = "everyone" if known.enforces_admins else "non_admins"
        checks = {"enforcement_level": level, **_checks(known.checks)}
    return {
        "name": name,
        "commit": commit(view, place.commits[place.branches[name]]),
        "_links": {"self": url, "html": f"{view.host}/{place.full_name}/tree/{name}"},
        "protected": is_protected,
        "protection": {"enabled": known is not None, "required_status_checks": checks},
        "protection_url": f"{url}/protection",
    }


def protection(view: View, place: Repository, name: str) -> Item:
    """Classic protection: what is not required is not there."""
    known = place.protections[name]
    url = f"{view.api}/repos/{place.full_name}/branches/{name}/protection"
    told: Item = {
        "url": url,
        "required_signatures": {
            "url": f"{url}/required_signatures",
            "enabled": known.requires_signatures,
        },
        "enforce_admins": {"url": f"{url}/enforce_admins", "enabled": known.enforces_admins},
        "required_linear_history": {"enabled": known.requires_linear_history},
        "allow_force_pushes": {"enabled": known.allows_force_pushes},
        "allow_deletions": {"enabled": known.allows_deletions},
        "block_creations": {"enabled": False},
        "required_conversation_resolution": {"enabled": known.requires_conversation_resolution},
        "lock_branch": {"enabled": False},
        "allow_fork_syncing": {"enabled": False},
    }
    if known.checks is not None:
        told["required_status_checks"] = {
            "url": f"{url}/required_status_checks",
            "strict": known.is_strict,
            **_checks(known.checks),
            "contexts_url": f"{url}/required_status_checks/contexts",
        }
    if known.required_approvals is not None:
        told["required_pull_request_reviews"] = _reviews(view, known, url)
    return told


def _checks(names: list[str]) -> Item:
    return {
        "contexts": list(names),
        "checks": [{"context": name, "app_id": None} for name in names],
    }


def _reviews(view: View, known: Protection, url: str) -> Item:
    told: Item = {
        "url": f"{url}/required_pull_request_reviews",
        "dismiss_stale_reviews": known.dismisses_stale,
        "require_code_owner_reviews": known.requires_code_owners,
        "require_last_push_approval": known.requires_last_push_approval,
        "required_approving_review_count": known.required_approvals,
    }
    if known.bypass_users:
        users = [user(view, account) for account in known.bypass_users]
        told["bypass_pull_request_allowances"] = {"users": users, "teams": [], "apps": []}
    return told


def rule(view: View, shown: tuple[Ruleset, Rule]) -> Item:
    """A rule in force for a branch, and where it comes from."""
    ruleset, one = shown
    return {
        **_rule(one),
        "ruleset_source_type": ruleset.source_type,
        "ruleset_source": ruleset.source,
        "ruleset_id": ruleset.id,
    }


def _rule(one: Rule) -> Item:
    return {"type": one.type} | ({"parameters": one.parameters} if one.parameters else {})


def ruleset(view: View, one: Ruleset) -> Item:
    """A ruleset as lists show it: without its rules."""
    kind = "orgs" if one.source_type == "Organization" else "repos"
    path = "settings/rules" if kind == "orgs" else "rules"
    return {
        "id": one.id,
        "name": one.name,
        "target": one.target,
        "source_type": one.source_type,
        "source": one.source,
        "enforcement": one.enforcement,
        "node_id": f"RRS_{one.id}",
        "_links": {
            "self": {"href": f"{view.api}/{kind}/{one.source}/rulesets/{one.id}"},
            "html": {"href": f"{view.host}/{one.source}/{path}/{one.id}"},
        },
        "created_at": view.moment(one.created_at),
        "updated_at": view.moment(one.updated_at),
    }


def whole_ruleset(view: View, one: Ruleset, *, is_writer: bool) -> Item:
    """A ruleset asked for by itself; who may bypass it only to who may change it."""
    conditions: Item = {"ref_name": {"include": [*one.include], "exclude": [*one.exclude]}}
    if one.source_type == "Organization":
        conditions["repository_name"] = {"include": [*one.repositories], "exclude": []}
    told = {
        **ruleset(view, one),
        "conditions": conditions,
        "rules": [_rule(rule) for rule in one.rules],
    }
    if not is_writer:
        return told
    actors = [
        {"actor_id": actor.id, "actor_type": actor.type, "bypass_mode": actor.mode}
        for actor in one.bypass_actors
    ]
    return {**told, "bypass_actors": actors, "current_user_can_bypass": "never"}


def rule_suite(view: View, shown: tuple[Repository, RuleSuite]) -> Item:
    """How the rules judged one push."""
    place, one = shown
    return {
        "id": one.id,
        "actor_id": one.actor.id,
        "actor_name": rest_login(one.actor),
        "before_sha": one.before_sha,
        "after_sha": one.after_sha,
        "ref": one.ref,
        "repository_id": place.id,
        "repository_name": place.name,
        "pushed_at": view.moment(one.pushed_at),
        "result": one.result,
        "evaluation_result": one.evaluation_result,
    }
