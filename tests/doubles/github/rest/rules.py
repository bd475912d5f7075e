"""Branches and what protects them."""

from __future__ import annotations

from datetime import timedelta

from tests.doubles.github.rest.routing import below, of_organisation, of_repository
from tests.doubles.github.shapes import rules
from tests.doubles.github.view import View
from tests.doubles.github.world import Organisation, Repository, Ruleset
from tests.doubles.github.world.matching import is_for, rulesets_of
from tests.doubles.host import Given, Problem

PERIODS = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}


@of_repository("/branches/{branch}", "contents:read")
def branch(view: View, repository: Repository, branch: str) -> Given:
    """Shows a branch; `protected` says whether anything at all protects it."""
    if branch not in repository.branches:
        raise Problem(404, "Branch not found")
    is_protected = branch in repository.protections or bool(_in_force(view, repository, branch))
    return Given(rules.branch(view, repository, branch, is_protected=is_protected))


@of_repository("/branches/{branch}/protection")
def protection(view: View, repository: Repository, branch: str) -> Given:
    """Shows classic protection, to administrators; to others nothing is there."""
    view.need_in(repository, "administration:read")
    if branch not in repository.protections:
        raise Problem(404, "Branch not protected")
    return Given(rules.protection(view, repository, branch))


@of_repository("/rules/branches/{branch}")
def rules_of_branch(view: View, repository: Repository, branch: str) -> Given:
    """Lists the rules in force for a branch, of the repository and of its organisation."""
    found = [(one, r) for one in _in_force(view, repository, branch) for r in one.rules]
    return view.listed(found, rules.rule, path=below(repository, f"/rules/branches/{branch}"))


@of_repository("/rulesets")
def rulesets(view: View, repository: Repository) -> Given:
    """Lists rulesets: all that are for the repository, also those not in force."""
    found = _rulesets(view, repository)
    if view.params.get("includes_parents", "true") == "false":
        found = [one for one in found if one.source_type == "Repository"]
    return view.listed(found, rules.ruleset, path=below(repository, "/rulesets"))


@of_repository("/rulesets/rule-suites")
def rule_suites(view: View, repository: Repository) -> Given:
    """Lists how pushes were judged, as far back as a month."""
    view.need_in(repository, "administration:read")
    since = view.double.now - PERIODS[view.params.get("time_period", "day")]
    result = view.params.get("rule_suite_result", "all")
    found = [
        (repository, one)
        for one in repository.rule_suites
        if one.pushed_at >= since and result in ("all", one.result)
    ]
    found.sort(key=lambda shown: shown[1].pushed_at, reverse=True)
    path = below(repository, "/rulesets/rule-suites")
    return view.listed(found, rules.rule_suite, path=path)


@of_repository("/rulesets/{number}")
def ruleset(view: View, repository: Repository, number: str) -> Given:
    """Shows a ruleset."""
    for one in _rulesets(view, repository):
        if str(one.id) == number:
            is_writer = view.may(repository, "administration:write")
            return Given(rules.whole_ruleset(view, one, is_writer=is_writer))
    raise Problem(404, "")


@of_organisation("/rulesets", "organization_administration:read")
def rulesets_of_organisation(view: View, organisation: Organisation) -> Given:
    """Lists an organisation's rulesets."""
    return view.listed(organisation.rulesets, rules.ruleset)


@of_repository("/codeowners/errors", "contents:read")
def codeowners_errors(view: View, repository: Repository) -> Given:
    """Lists what is wrong in CODEOWNERS; without the file there is nothing to list."""
    places = ("CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS")
    if not any(path in repository.files for path in places):
        raise Problem(404, "")
    return Given({"errors": repository.codeowners_errors})


def _rulesets(view: View, repository: Repository) -> list[Ruleset]:
    organisation = view.world.organisations.get(repository.owner.login)
    return rulesets_of(repository, organisation)


def _in_force(view: View, repository: Repository, branch: str) -> list[Ruleset]:
    return [
        one
        for one in _rulesets(view, repository)
        if one.enforcement == "active" and is_for(one, repository, branch)
    ]
