"""When a model in production failed, told once."""

from __future__ import annotations

from data.configuration import Configuration, ModelSettings
from tests.data.facts.registry import CHURN, alert, alias, version
from tests.data.facts.story import Facts, Story
from tests.data.published import at, incident

SERVED = [CHURN, version(1), alias(1, "2026-05-01")]
BY_WEB = Configuration(model=(ModelSettings(name="churn", service="web"),))


def failures(facts: Facts) -> list[tuple[object, object]]:
    """What each failure is, and why it does not count."""
    rows = facts.snapshot.rows("select kind, excluded from model_failure order by started_at, id")
    return [(row["kind"], row["excluded"]) for row in rows]


def test_an_alert_that_a_second_source_tells_is_one_failure(story: Story) -> None:
    again = alert("2026-05-11", "2026-05-12", id="webhook:1", source="webhook")
    facts = story(SERVED, alert("2026-05-11", "2026-05-12"), again)
    assert failures(facts) == [("alert", None), ("alert", "told again")]


def test_the_incident_that_an_alert_led_to_is_the_same_failure(story: Story) -> None:
    rang = alert("2026-05-11", "2026-05-12", service="web")
    declared = incident(1, "2026-05-11 00:05", resolved_at=at("2026-05-12"))
    facts = story(SERVED, rang, declared, by=BY_WEB)
    assert failures(facts) == [("alert", None), ("incident", "told again")]


def test_an_alert_in_staging_does_not_stand_for_an_incident_in_production(story: Story) -> None:
    rang = alert("2026-05-11", "2026-05-12", service="web", environment="staging")
    declared = incident(1, "2026-05-11 00:05", environment="production")
    facts = story(SERVED, rang, declared, by=BY_WEB)
    assert failures(facts) == [("incident", None)]


def test_a_failure_whose_model_only_the_second_source_tells_is_one(story: Story) -> None:
    first = alert("2026-05-11", "2026-05-12", service="web", model=None)
    again = alert("2026-05-11 00:01", service="web", id="webhook:1", source="webhook")
    declared = incident(1, "2026-05-11 00:05", resolved_at=at("2026-05-12"))
    facts = story(SERVED, first, again, declared, by=BY_WEB)
    assert failures(facts) == [("alert", None), ("alert", "told again"), ("incident", "told again")]
