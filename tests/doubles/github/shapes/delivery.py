"""Deployments and environments."""

from __future__ import annotations

from typing import Any

from tests.doubles.github.shapes.people import team, user
from tests.doubles.github.view import View
from tests.doubles.github.world import (
    Deployment,
    DeploymentStatus,
    Environment,
    Repository,
    Team,
)

Item = dict[str, Any]


def deployment(view: View, one: Deployment) -> Item:
    """A deployment as it was asked for."""
    repository = f"{view.api}/repos/{one.repository.full_name}"
    url = f"{repository}/deployments/{one.id}"
    return {
        "url": url,
        "id": one.id,
        "node_id": f"DE_{one.id}",
        "sha": one.sha,
        "ref": one.ref,
        "task": one.task,
        "payload": one.payload,
        "original_environment": one.original_environment,
        "environment": one.environment,
        "description": one.description,
        "creator": user(view, one.creator),
        "created_at": view.moment(one.created_at),
        "updated_at": view.moment(one.updated_at),
        "statuses_url": f"{url}/statuses",
        "repository_url": repository,
        "transient_environment": False,
        "production_environment": one.is_production,
    }


def status(view: View, shown: tuple[Deployment, DeploymentStatus]) -> Item:
    """What was reported of a deployment."""
    of, one = shown
    repository = f"{view.api}/repos/{of.repository.full_name}"
    url = f"{repository}/deployments/{of.id}"
    return {
        "url": f"{url}/statuses/{one.id}",
        "id": one.id,
        "node_id": f"DS_{one.id}",
        "state": one.state,
        "creator": user(view, one.creator),
        "description": one.description,
        "environment": one.environment,
        "target_url": one.log_url,
        "created_at": view.moment(one.created_at),
        "updated_at": view.moment(one.created_at),
        "deployment_url": url,
        "repository_url": repository,
        "environment_url": "",
        "log_url": one.log_url,
    }


def environment(view: View, shown: tuple[Repository, Environment]) -> Item:
    """An environment and its rules."""
    place, one = shown
    url = f"{view.api}/repos/{place.full_name}/environments/{one.name}"
    policy = None
    if one.branch_policy:
        is_protected = one.branch_policy == "protected"
        policy = {"protected_branches": is_protected, "custom_branch_policies": not is_protected}
    return {
        "id": one.id,
        "node_id": f"EN_{one.id}",
        "name": one.name,
        "url": url,
        "html_url": f"{view.host}/{place.full_name}/deployments/{one.name}",
        "created_at": view.moment(one.created_at),
        "updated_at": view.moment(one.created_at),
        "can_admins_bypass": True,
        "protection_rules": _rules(view, one),
        "deployment_branch_policy": policy,
    }


def branch_policy(view: View, shown: tuple[int, str]) -> Item:
    """A pattern of branches that may be deployed."""
    number, pattern = shown
    return {"id": number, "node_id": f"DBP_{number}", "name": pattern, "type": "branch"}


def _rules(view: View, one: Environment) -> list[Item]:
    rules: list[Item] = []
    if one.wait_minutes:
        rules.append({**_rule(one, 1, "wait_timer"), "wait_timer": one.wait_minutes})
    if one.reviewers:
        reviewers = [
            {"type": "Team", "reviewer": team(view, reviewer)}
            if isinstance(reviewer, Team)
            else {"type": "User", "reviewer": user(view, reviewer)}
            for reviewer in one.reviewers
        ]
        rules.append(
            {
                **_rule(one, 2, "required_reviewers"),
                "prevent_self_review": one.is_self_review_prevented,
                "reviewers": reviewers,
            }
        )
    if one.branch_policy:
        rules.append(_rule(one, 3, "branch_policy"))
    return rules


def _rule(one: Environment, place: int, kind: str) -> Item:
    number = one.id * 10 + place
    return {"id": number, "node_id": f"GA_{number}", "type": kind}
