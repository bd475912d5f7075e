"""Which projects are read, and what is told of them."""

from __future__ import annotations

from typing import Any

import pytest

from data.model import GapReason, Repository, Service
from tests.connectors.gitlab.one_project import SITE, OneProject
from tests.connectors.loopback import Answer
from tests.doubles.gitlab import story


def names(shop: OneProject) -> set[str]:
    return {row.name for row in shop.rows_of(Repository)}


def test_projects_of_subgroups_are_read_and_new_ones_join(shop: OneProject) -> None:
    shop.world.project("acme/api")
    shop.world.project("other/api")
    shop.sync()
    assert names(shop) == {"acme/shop/web", "acme/api"}
    shop.world.project("acme/deep/er/app")
    shop.sync()
    assert names(shop) == {"acme/shop/web", "acme/api", "acme/deep/er/app"}


def test_patterns_choose_projects(shop: OneProject) -> None:
    for path in ("acme/api", "acme/attic", "acme/shop/site"):
        shop.world.project(path)
    shop.settings = {"include": ["acme/shop/*", "api"], "exclude": ["site"]}
    shop.sync()
    assert names(shop) == {"acme/shop/web", "acme/api"}


def test_archived_projects_are_left_out_where_the_user_says_so(shop: OneProject) -> None:
    story.archive(shop.world.project("acme/attic"), shop.at())
    shop.settings = {"include_archived": False}
    shop.sync()
    assert names(shop) == {"acme/shop/web"}


def test_single_projects_can_be_named_instead_of_a_group(shop: OneProject) -> None:
    shop.world.project("acme/api")
    shop.settings = {"group": None, "projects": ["acme/shop/web"]}
    shop.sync()
    assert names(shop) == {"acme/shop/web"}
    assert not shop.asked("/groups/")


@pytest.mark.parametrize("group", ["nobody", "acme/nobody"])
def test_a_group_that_is_not_there_is_one_clear_error_that_names_it(
    shop: OneProject, group: str
) -> None:
    shop.settings = {"group": group}
    (error,) = shop.try_sync().errors
    assert f"no group {group}" in error.what
    assert "correct `group`" in error.fix
    (gap,) = shop.house.standing("")
    assert (gap.reason, group in gap.what) == (GapReason.UNAVAILABLE, True)


def test_a_group_that_nobody_may_see_without_a_token_is_told_so(shop: OneProject) -> None:
    shop.double.fail("/groups/|/users/", [Answer.json({"message": "404 Not Found"}, 404)] * 2)
    shop.settings = {"token": None}
    (error,) = shop.try_sync().errors
    assert error.fix.startswith("name a token")


ODD: list[Any] = [
    None,
    "a project",
    [],
    {},
    {"id": 7},
    {"id": None, "path_with_namespace": "acme/odd"},
    {"id": "7/../8", "path_with_namespace": "acme/odd"},
    {"id": True, "path_with_namespace": "acme/odd"},
    {"id": 7, "path_with_namespace": None},
    {"id": 7, "path_with_namespace": {"a": [1]}},
    {"id": 7, "path_with_namespace": "acme/two\nlines"},
    {"id": 7, "path_with_namespace": "acme/" + "x" * 5000},
    {"id": 7, "path_with_namespace": "acme: dev-1@example.com"},
    {"id": 7, "path_with_namespace": "acme/\ud800"},
    {"id": 7, "path_with_namespace": "acme/../../x y"},
    {"id": 7, "path_with_namespace": "acme/odd", "last_activity_at": 5},
    {"id": 7, "path_with_namespace": "acme/odd", "default_branch": ["main"]},
]


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_project_is_left_out_with_a_line_and_stops_no_other(
    shop: OneProject, odd: Any, caplog: pytest.LogCaptureFixture
) -> None:
    shop.double.damage("/groups/acme/projects", lambda listed: [odd, *listed])
    assert [place.name for place in shop.connector().places()] == ["acme/shop/web"]
    (line,) = [text for text in caplog.messages if "left out" in text]
    assert "\n" not in line
    assert len(line) < 400
    assert "example.com" not in line
    assert "projects of acme" in line


def test_a_project_whose_id_is_a_text_is_read_like_any_other(shop: OneProject) -> None:
    shop.double.damage(
        "/groups/acme/projects", lambda listed: [{**item, "id": str(item["id"])} for item in listed]
    )
    shop.sync()
    assert names(shop) == {"acme/shop/web"}


def test_a_list_of_projects_that_is_none_is_one_clear_error(shop: OneProject) -> None:
    shop.sync()
    known = shop.house.records()
    shop.double.damage("/groups/acme/projects", lambda listed: {"message": "no"})
    (error,) = shop.try_sync().errors
    assert "not the list it should be" in error.what
    assert shop.house.records() == known


def test_a_named_project_that_is_missing_does_not_stop_the_others(
    shop: OneProject, caplog: pytest.LogCaptureFixture
) -> None:
    shop.settings = {"group": None, "projects": ["acme/none", "acme/shop/web", "acme/odd"]}
    shop.double.fail("acme%2Fodd", [Answer.json(None)])
    shop.sync()
    assert names(shop) == {"acme/shop/web"}
    lines = [text for text in caplog.messages if "left out" in text]
    assert ["acme/none" in lines[0], len(lines)] == [True, 2]


def test_where_all_named_projects_are_missing_that_is_the_error(shop: OneProject) -> None:
    shop.settings = {"group": None, "projects": ["acme/none", "acme/gone"]}
    (error,) = shop.try_sync().errors
    assert "404" in error.what


def test_a_token_that_is_refused_is_asked_for_no_second_named_project(shop: OneProject) -> None:
    shop.double.tokens.clear()
    shop.settings = {"group": None, "projects": ["acme/shop/web", "acme/api"]}
    (error,) = shop.try_sync().errors
    assert "401" in error.what
    assert len(shop.asked("/projects/")) == 1


def test_an_empty_project_is_told_without_a_branch_and_read_without_an_error(
    shop: OneProject,
) -> None:
    shop.sync()
    (row,) = shop.rows_of(Repository)
    assert (row.default_branch, row.host_id) == (None, str(shop.project.id))
    assert (row.url, row.is_private) == (f"{SITE}/acme/shop/web", True)
    story.push(shop.world, shop.project, shop.dev, shop.at())
    shop.sync()
    (row,) = shop.rows_of(Repository)
    assert row.default_branch == "main"


def test_a_renamed_and_moved_project_keeps_its_streams_under_its_new_name(
    shop: OneProject,
) -> None:
    story.push(shop.world, shop.project, shop.dev, shop.at())
    change = story.open_merge_request(shop.world, shop.project, shop.dev, shop.at())
    story.merge(shop.world, change, shop.reviewer, shop.at())
    story.run(shop.world, shop.project, shop.at())
    story.deploy(shop.world, shop.project, "production", shop.at(), shop.bot)
    story.open_incident(shop.world, shop.project, shop.dev, shop.at())
    shop.sync()
    streams = set(shop.house.cursors)
    story.rename(shop.project, "site", shop.at())
    story.move(shop.project, shop.world.group("acme"), shop.at())
    shop.sync()
    assert set(shop.house.cursors) == streams
    told = {row.id.partition("#")[0] for row in shop.house.records().values()}
    assert told == {"gitlab:acme/site"}
    assert shop.reads_anew_alike()


def test_services_of_a_shared_project_are_told_with_their_folders(shop: OneProject) -> None:
    story.push(shop.world, shop.project, shop.dev, shop.at())
    shop.settings = {"services": {"acme/shop/web": {"cart": "apps/cart", "search": "apps/search"}}}
    change = story.open_merge_request(
        shop.world, shop.project, shop.dev, shop.at(), paths=["apps/cart/main.py"]
    )
    story.merge(shop.world, change, shop.reviewer, shop.at())
    shop.sync()
    assert {row.name: row.path for row in shop.rows_of(Service)} == {
        "cart": "apps/cart",
        "search": "apps/search",
    }
    assert shop.change(change).services == ("cart",)


def test_a_token_that_may_not_see_a_project_does_not_stop_the_others(shop: OneProject) -> None:
    story.push(shop.world, shop.project, shop.dev, shop.at())
    other = shop.world.project("acme/api")
    story.push(shop.world, other, shop.dev, shop.at())
    shop.double.refuse(f"/projects/{other.id}/repository/commits", 403)
    shop.sync()
    (gap,) = shop.house.standing(f"history:{other.id}")
    assert gap.reason == GapReason.NO_PERMISSION
    assert "commits" in gap.what
    assert shop.house.standing(f"history:{shop.project.id}") == []
