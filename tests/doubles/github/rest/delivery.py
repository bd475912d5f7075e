"""Deployments and environments."""

from __future__ import annotations

from tests.doubles.github.rest.routing import below, of_repository
from tests.doubles.github.shapes import delivery
from tests.doubles.github.view import View
from tests.doubles.github.world import Environment, Repository
from tests.doubles.host import Given, Problem


@of_repository("/deployments", "deployments:read")
def deployments(view: View, repository: Repository) -> Given:
    """Lists deployments, newest first."""
    params = view.params
    listed = [
        one
        for one in repository.deployments
        if all(
            params.get(name, "none") in ("none", getattr(one, name))
            for name in ("sha", "ref", "task", "environment")
        )
    ]
    listed.sort(key=lambda one: (one.created_at, one.id), reverse=True)
    return view.listed(listed, delivery.deployment, path=below(repository, "/deployments"))


@of_repository("/deployments/{number}/statuses", "deployments:read")
def statuses(view: View, repository: Repository, number: str) -> Given:
    """Lists what was reported of a deployment."""
    one = next((d for d in repository.deployments if str(d.id) == number), None)
    if one is None:
        raise Problem(404, "")
    listed = [(one, status) for status in view.double.in_order(one.statuses)]
    path = below(repository, f"/deployments/{number}/statuses")
    return view.listed(listed, delivery.status, path=path)


@of_repository("/environments", "actions:read")
def environments(view: View, repository: Repository) -> Given:
    """Lists environments and their rules."""
    listed = [(repository, one) for one in repository.environments]
    path = below(repository, "/environments")
    return view.counted("environments", listed, delivery.environment, path)


@of_repository("/environments/{environment}/deployment-branch-policies", "actions:read")
def branch_policies(view: View, repository: Repository, environment: str) -> Given:
    """Lists the patterns of branches that may be deployed to an environment."""
    known = {one.name: one for one in repository.environments}
    one: Environment | None = known.get(environment)
    if one is None or one.branch_policy != "custom":
        raise Problem(404, "")
    listed = [(one.id * 100 + place, p) for place, p in enumerate(one.branch_patterns)]
    return view.counted("branch_policies", listed, delivery.branch_policy)
