"""What is made from what: how sources tell it, and what nobody tells."""

from __future__ import annotations

from data.configuration import Configuration, ModelSettings
from data.inventory.lineage import lineage
from data.metrics.scope import Scope
from data.metrics.subject import Subject
from data.model import LineageEdge, Record
from tests.data.facts.operations import dataset, edge
from tests.data.facts.registry import CHURN, alias, run, version
from tests.data.facts.story import Facts, Story

SERVED_BY_WEB = Configuration(model=(ModelSettings(name="churn", service="web"),))
"""What only the configuration knows."""


def link(from_kind: str, from_name: str, to_kind: str, to_name: str) -> LineageEdge:
    return LineageEdge(
        id=f"test:edge/{from_kind}/{from_name}/{to_kind}/{to_name}",
        source="test",
        from_kind=from_kind,
        from_name=from_name,
        to_kind=to_kind,
        to_name=to_name,
    )


def served(*versions: int) -> list[Record]:
    """`churn` with versions that came to serve one after the other."""
    return [
        CHURN,
        *(version(number) for number in versions),
        *(run(number) for number in versions),
        *(alias(number, f"2026-05-{number:02}", f"2026-05-{number:02}") for number in versions),
    ]


def links(facts: Facts, where: str = "true") -> set[tuple[str | None, str | None]]:
    found = facts.snapshot.rows(f"select from_name, to_name from lineage_link where {where}")
    return {(row["from_name"], row["to_name"]) for row in found}


def test_what_a_run_read_leads_to_the_version_that_it_made(story: Story) -> None:
    facts = story(
        *served(1),
        link("dataset", "clicks", "run", "test:run/1"),
        link("run", "test:run/1", "model_version", "churn@1"),
    )
    assert ("clicks", "churn@1") in links(facts)
    kinds = facts.snapshot.rows("select distinct kind from lineage_node order by kind")
    assert [row["kind"] for row in kinds] == ["dataset", "model_version"]


def test_data_that_only_the_run_names_is_told_too_with_its_content(story: Story) -> None:
    facts = story(CHURN, version(1), run(1, datasets=("orders@ab12",)), alias(1, "2026-05-01"))
    rows = facts.snapshot.rows("select from_digest, run from lineage_link where from_name='orders'")
    assert rows == [{"from_digest": "ab12", "run": "test:run/1"}]


def test_a_link_that_is_told_twice_is_one(story: Story) -> None:
    facts = story(
        CHURN,
        version(1),
        run(1, datasets=("orders@ab12",)),
        alias(1, "2026-05-01"),
        link("dataset", "orders", "model_version", "churn@1"),
    )
    rows = facts.snapshot.rows("select from_digest from lineage_link where from_name = 'orders'")
    assert rows == [{"from_digest": "ab12"}]


def test_only_the_version_that_serves_is_of_today(story: Story) -> None:
    facts = story(*served(1, 2), *(link("dataset", "raw", "model_version", f"churn@{n}")
                                   for n in (1, 2)))  # fmt: skip
    assert ("raw", "churn@2") in links(facts, "is_current")
    assert ("raw", "churn@1") in links(facts, "not is_current")


def test_what_nobody_tells_is_an_end_of_its_own_and_no_absence(story: Story) -> None:
    facts = story(CHURN, version(1, run=None), alias(1, "2026-05-01"), dataset("lost"))
    ends = facts.snapshot.rows(
        "select coalesce(from_name, to_name) as name, untold from lineage_link order by all"
    )
    assert [(row["name"], row["untold"]) for row in ends] == [
        ("churn@1", "what it was trained on"),
        ("churn@1", "which service uses it"),
        ("lost", "where it comes from"),
    ]


def test_the_service_of_the_configuration_fills_in_where_no_source_tells_one(story: Story) -> None:
    facts = story(*served(1), by=SERVED_BY_WEB)
    assert ("churn@1", "web") in links(facts, "told_by = 'configuration'")
    told = story(*served(1), link("model_version", "churn@1", "service", "api"), by=SERVED_BY_WEB)
    assert links(told, "to_kind = 'service'") == {("churn@1", "api")}


def test_a_thing_has_what_leads_to_it_and_what_comes_of_it_and_nothing_beside(
    story: Story,
) -> None:
    facts = story(
        edge("raw", "orders"), edge("orders", "report"), edge("rates", "report"),
        edge("raw", "visits"),
    )  # fmt: skip
    around = lineage(facts.snapshot, Scope(dataset="orders", environment=None), Subject.DATASET, 90)
    assert [row["name"] for row in around.nodes] == ["orders", "raw", "report"]
    assert [row["name"] for row in around.nodes if row["is_start"]] == ["orders"]
    told = {(row["from_name"], row["to_name"]) for row in around.links if not row["untold"]}
    assert told == {("raw", "orders"), ("orders", "report")}


def test_things_that_are_made_from_each_other_end_all_the_same(story: Story) -> None:
    facts = story(edge("raw", "orders"), edge("orders", "raw"))
    around = lineage(facts.snapshot, Scope(environment=None), Subject.DATASET, 90)
    assert len(around.nodes) == 2


def test_of_more_things_than_can_be_drawn_only_the_number_is_told(story: Story) -> None:
    facts = story(edge("raw", "orders"), edge("orders", "report"))
    assert lineage(facts.snapshot, Scope(environment=None), Subject.DATASET, 3).found == 3
    around = lineage(facts.snapshot, Scope(environment=None), Subject.DATASET, 2)
    assert (around.nodes, around.links, around.found) == ([], [], 3)
