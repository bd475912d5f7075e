"""What a project demands before code lands or runs."""

from __future__ import annotations

from tests.doubles.gitlab.rest.routing import of_project
from tests.doubles.gitlab.shapes import rules
from tests.doubles.gitlab.view import View
from tests.doubles.gitlab.world import Level, Project, ProtectedBranch
from tests.doubles.host import Given, Problem


@of_project("/protected_branches", Level.DEVELOPER)
def protected_branches(view: View, project: Project) -> Given:
    """Lists the protected branches, those that its groups protect among them."""
    found = protecting(project)
    return view.listed(
        found, lambda view, one: rules.protected_branch(view, one[0], is_inherited=one[1])
    )


@of_project("/protected_branches/{name}", Level.DEVELOPER)
def protected_branch(view: View, project: Project, name: str) -> Given:
    """Shows a protected branch."""
    for rule, is_inherited in protecting(project):
        if rule.name == name:
            return Given(rules.protected_branch(view, rule, is_inherited=is_inherited))
    raise Problem(404, "404 Not found")


def protecting(project: Project) -> list[tuple[ProtectedBranch, bool]]:
    """Returns the protected branches of a project, and whether a group made them so."""
    own = [(rule, False) for rule in project.protected_branches]
    above = [(rule, True) for group in project.group.lineage for rule in group.protected_branches]
    return own + above


@of_project("/protected_tags", Level.MAINTAINER)
def protected_tags(view: View, project: Project) -> Given:
    """Lists the protected tags."""
    return view.listed(project.protected_tags, rules.protected_tag)


@of_project("/protected_environments", Level.MAINTAINER, "premium")
def protected_environments(view: View, project: Project) -> Given:
    """Lists the protected environments."""
    return view.listed(project.protected_environments, rules.protected_environment)


@of_project("/approval_rules", Level.DEVELOPER, "premium")
def approval_rules(view: View, project: Project) -> Given:
    """Lists the rules of approval."""
    return view.listed(project.approval_rules, rules.approval_rule)


@of_project("/approvals", Level.DEVELOPER, "premium")
def approvals(view: View, project: Project) -> Given:
    """Tells what becomes of approvals."""
    return Given(rules.approval_settings(view, project))


@of_project("/push_rule", Level.MAINTAINER, "premium")
def push_rule(view: View, project: Project) -> Given:
    """Tells what a push must satisfy; null where nothing was ever set."""
    rule = project.push_rule
    return Given(rules.push_rule(view, project, rule) if rule else None)
