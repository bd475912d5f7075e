"""Which services are in production, and incidents by the clock of who is hit."""

from __future__ import annotations

from datetime import datetime

from data.configuration import Configuration, Organisation, Team, Tier
from tests.data.facts.story import Facts, Row, Story, ran
from tests.data.published import at, incident

TOKYO = Configuration(
    organisation=Organisation(timezone="Europe/Lisbon"),
    team=(Team(name="core", timezone="Asia/Tokyo", owns=("service:web",)),),
)


def services(facts: Facts) -> list[Row]:
    return facts.snapshot.rows("select * from production_service order by service")


def incidents(facts: Facts) -> list[Row]:
    return facts.snapshot.rows("select * from incident_record order by id")


def test_a_service_is_in_production_since_its_first_deployment_there(story: Story) -> None:
    facts = story(
        ran(1, "2026-04-01", environment="staging"), ran(1, "2026-05-01"), ran(2, "2026-06-01")
    )
    (row,) = services(facts)
    assert (row["service"], row["source"]) == ("web", "test")
    assert (row["began_at"], row["deployed_at"]) == (at("2026-05-01"), at("2026-06-01"))
    assert row["ended_at"] is None, "that a service was taken down is not told"


def test_a_service_that_only_ever_failed_to_deploy_is_not_in_production(story: Story) -> None:
    assert services(story(ran(1, "2026-05-01", status="failure"))) == []


def test_a_service_in_two_environments_of_production_is_one(story: Story) -> None:
    facts = story(
        ran(1, "2026-05-01", environment="prod-eu"),
        ran(1, "2026-05-02", environment="prod-us"),
        by=Configuration(environments={Tier.PRODUCTION: ["prod-*"]}),
    )
    (row,) = services(facts)
    assert row["began_at"] == at("2026-05-01")


def test_an_incident_has_the_clock_of_the_team_it_hits_else_that_of_the_organisation(
    story: Story,
) -> None:
    late = "2026-05-31 20:00"
    facts = story(
        ran(1, "2026-05-01"), incident(1, late), incident(2, late, service=None), by=TOKYO
    )
    hit, nobodys = incidents(facts)
    assert (hit["team"], hit["local_at"]) == ("core", datetime.fromisoformat("2026-06-01T05:00"))
    assert (nobodys["team"], nobodys["local_at"]) == (
        None,
        datetime.fromisoformat("2026-05-31T21:00"),
    )


def test_an_incident_long_before_all_else_has_the_clock_of_its_own_day(story: Story) -> None:
    summer = incident(1, "2021-07-01 20:00", service=None)
    (row,) = incidents(story(ran(1, "2026-01-15"), summer, by=TOKYO))
    assert row["local_at"] == datetime.fromisoformat("2021-07-01T21:00")


def test_an_incident_that_was_withdrawn_is_none(story: Story) -> None:
    assert incidents(story(incident(1, "2026-05-01", is_withdrawn=True))) == []
