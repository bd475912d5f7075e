"""Which repositories are read, what is a deployment there and what is an incident."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from connectors.hosting.deployment_rule import (
    DeploymentRule,
    DeploymentRules,
    DeploymentSource,
    Named,
)
from connectors.hosting.incident_rule import IncidentRule, Labelled
from connectors.hosting.selection import is_selected

RELEASES = DeploymentSource.RELEASES

# --- repositories -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("include", "exclude", "is_read"),
    [
        ((), (), True),
        (("acme/*",), (), True),
        (("pay-*",), (), True),
        (("PAY-api",), (), True),
        (("web",), (), False),
        (("other/*",), (), False),
        ((), ("*-api",), False),
        (("pay-*",), ("acme/pay-api",), False),
    ],
)
def test_a_repository_is_read_if_a_pattern_includes_it_and_none_excludes_it(
    include: tuple[str, ...], exclude: tuple[str, ...], is_read: bool
) -> None:
    assert is_selected("acme/Pay-API", include, exclude) is is_read


# --- deployments --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "name", "said"),
    [
        ("*", "anything at all", ("", "production", None)),
        ("deploy {service} to {environment}", "Deploy web to prod", ("web", "prod", None)),
        ("deploy*({environment})", "deploy everything (staging)", ("", "staging", None)),
        ("{service}-v{version}", "pay-api-v1.2.0", ("pay-api", "production", "1.2.0")),
        ("v{version}", "v2026.1-rc1", ("", "production", "2026.1-rc1")),
        ("v{version}", "nightly", None),
        ("a.b", "axb", None),
        ("  *", "x", None),
    ],
)
def test_a_name_tells_service_environment_and_version(
    template: str, name: str, said: tuple[str, str, str | None] | None
) -> None:
    rule = DeploymentRule(source=RELEASES, name=template)
    expected = None if said is None else Named(said[0] or None, said[1], said[2])
    assert rule.read(name) == expected


def test_a_rule_of_deployments_takes_the_environment_from_the_host() -> None:
    assert DeploymentRule().read("eu/live 1") == Named(None, "eu/live 1", None)
    assert DeploymentRule(name="prod*").read("staging") is None


def test_a_rule_says_what_the_name_does_not() -> None:
    rule = DeploymentRule(source=RELEASES, environment="live", service="shop")
    assert rule.read("v1") == Named("shop", "live", None)


@pytest.mark.parametrize(
    "settings",
    [
        {"name": "{service} and {service}"},
        {"from": "jobs", "name": "{version}"},
        {"from": "somewhere"},
        {"environment": ""},
        {"unknown": 1},
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(settings: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        DeploymentRule.model_validate(settings)


def test_a_rule_is_about_pipelines_by_name_or_file_and_branch() -> None:
    rule = DeploymentRule(source=DeploymentSource.RUNS, pipeline="*deploy*", branch="release/*")
    assert rule.is_about("release/1", "CI", ".github/workflows/deploy.yml")
    assert not rule.is_about("main", "deploy")
    assert not rule.is_about("release/1", "CI", None)
    assert not rule.is_about(None, "deploy")


def test_rules_of_a_repository_are_all_that_fit_it_in_their_order() -> None:
    first = DeploymentRule(repositories=("acme/web",), source=RELEASES, name="v*")
    second = DeploymentRule(repositories=("acme/*",), source=RELEASES)
    nothing = DeploymentRule(repositories=("docs",), source=DeploymentSource.NONE)
    rules = DeploymentRules([first, second, nothing])
    assert rules.of("acme/web", RELEASES) == [first, second]
    assert rules.sources("acme/web") == {RELEASES}
    assert rules.sources("acme/docs") == {RELEASES, DeploymentSource.NONE}


def test_where_no_rule_fits_the_hosts_own_deployments_count() -> None:
    rules = DeploymentRules([DeploymentRule(repositories=("web",), source=RELEASES)])
    assert rules.sources("acme/pay") == {DeploymentSource.DEPLOYMENTS}
    assert DeploymentRules([]).of("acme/pay", DeploymentSource.DEPLOYMENTS) == [DeploymentRule()]


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_template_without_placeholders_is_the_text_itself(template: str, name: str) -> None:
    plain = template.replace("*", "").replace("{", "").strip()
    is_alike = plain.lower() == name.strip().lower()
    if DeploymentRule(source=RELEASES, name=plain).read(name) is not None:
        assert is_alike or plain.casefold() == name.strip().casefold() or not plain.isascii()
    elif plain.isascii() and name.isascii():
        assert not is_alike


# --- incidents ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "labels", "is_one"),
    [
        ("Site is down", ("Incident",), True),
        ("[OUTAGE] site is down", (), True),
        ("Site is slow", ("bug",), False),
        ("Outage of words", (), False),
    ],
)
def test_an_issue_is_an_incident_by_label_or_title(
    title: str, labels: tuple[str, ...], is_one: bool
) -> None:
    rule = IncidentRule(labels=("incident", "postmortem"), title=r"^\[OUTAGE\]")
    assert rule.is_incident(title, labels) is is_one


def test_a_rule_without_label_and_title_takes_nothing() -> None:
    assert not IncidentRule().is_incident("Site is down", ("incident",))


def test_labels_tell_severity_service_and_environment() -> None:
    rule = IncidentRule(labels=("incident",))
    told = rule.read(("incident", "Service: pay-api", "SEV1", "environment:eu", "sev2"))
    assert told == Labelled("SEV1", "pay-api", "eu")
    assert rule.read(("incident", "service:")) == Labelled(None, None, None)


def test_an_empty_prefix_reads_no_label() -> None:
    assert IncidentRule(service_label="").read(("incident",)).service is None


def test_a_title_that_is_no_expression_is_refused() -> None:
    with pytest.raises(ValidationError):
        IncidentRule(title="(")
