"""Which services there are, and what each is built from."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from data.configuration import Configuration, ServiceSettings
from data.facts.services import KnownService, known_services
from data.model import Record
from data.store.page import Page
from data.store.working import Working
from tests.data.facts.story import ran, service
from tests.data.published import at, change, incident

PAGE = Page(source="test", stream="all", evidence="none", observed_at=at("2026-05-01"), settings="")


@pytest.fixture
def working(tmp_path: Path) -> Iterable[Working]:
    """An empty working database."""
    with closing(Working(tmp_path / "working.duckdb")) as opened:
        yield opened


def services_of(
    working: Working, records: Iterable[Record], *settings: ServiceSettings
) -> dict[str, KnownService]:
    """What is known of each service by its name."""
    working.merge_records(PAGE, records)
    found = known_services(working.connection, Configuration(service=settings))
    return {known.name: known for known in found}


def test_whatever_mentions_a_service_makes_it_known(working: Working) -> None:
    found = services_of(
        working,
        [
            service("declared", None),
            ran(1, "2026-05-01", service="deployed"),
            change(1, "2026-05-01", services=("changed",)),
            incident(1, "2026-05-01", service="hit"),
        ],
        ServiceSettings(name="configured"),
    )
    assert sorted(found) == ["changed", "configured", "declared", "deployed", "hit"]
    assert {name for name, known in found.items() if known.is_deployed} == {"deployed", "hit"}


def test_a_folder_that_any_source_knows_is_known(working: Working) -> None:
    found = services_of(
        working,
        [service("api", "mono", "apps/api"), service("api", "mono", id="other", source="other")],
    )
    assert found["api"] == KnownService("api", "mono", "apps/api", is_deployed=False)


def test_the_configuration_has_the_last_word(working: Working) -> None:
    found = services_of(
        working,
        [service("api", "told", "told"), service("web", "told", "told")],
        ServiceSettings(name="api", repository="said", path="apps/api"),
        ServiceSettings(name="web", repository="said"),
    )
    assert (found["api"].repository, found["api"].path) == ("said", "apps/api")
    assert (found["web"].repository, found["web"].path) == ("said", "told")
    assert found["web"].is_configured


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([], ["shop", "site"]),
        ([ran(1, "2026-05-01", service="shop", repository="site")], ["shop"]),
        (
            [ran(1, "2026-05-01", service=s, repository="site") for s in ("shop", "site")],
            ["shop", "site"],
        ),
        (
            [
                ran(1, "2026-05-01", service="shop", repository="site"),
                incident(1, "2026-05-01", service="site"),
            ],
            ["shop", "site"],
        ),
        (
            [
                ran(1, "2026-05-01", service="shop", repository="site"),
                service("shop", "site", "app"),
            ],
            ["shop", "site"],
        ),
    ],
    ids=["nothing runs", "another runs", "both run", "it was hit", "the other is a folder"],
)
def test_the_repositorys_own_name_gives_way_to_what_really_runs(
    working: Working, records: list[Record], expected: list[str]
) -> None:
    told = [service("shop", "site"), service("site", "site"), change(1, "2026-05-01")]
    told[2] = change(1, "2026-05-01", repository="site", services=("site",))
    if any(getattr(record, "path", None) for record in records):
        told = told[1:]
    assert sorted(services_of(working, [*told, *records])) == expected


def test_a_name_that_the_configuration_knows_never_gives_way(working: Working) -> None:
    found = services_of(
        working,
        [service("site", "site"), ran(1, "2026-05-01", service="shop", repository="site")],
        ServiceSettings(name="site"),
    )
    assert sorted(found) == ["shop", "site"]
