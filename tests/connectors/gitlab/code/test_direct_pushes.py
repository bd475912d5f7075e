"""Which services a direct push counts for, where a project holds several."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from data.model import Commit, Gap, GapReason
from tests.connectors.gitlab.one_project import OneProject
from tests.connectors.house import Kill, Killed
from tests.doubles.gitlab import story
from tests.doubles.host import Json

FOLDERS = {"basket": "services/basket", "search": "services/search"}
ONE_COMMIT = "/diff?"


@pytest.fixture
def mono(shop: OneProject) -> OneProject:
    """A project of two services, with a first commit that is of neither."""
    shop.settings["services"] = {"acme/shop/web": FOLDERS}
    push(shop, "README.md")
    return shop


def push(shop: OneProject, *paths: str) -> None:
    """Pushes a change of files, titled by them."""
    story.push(shop.world, shop.project, shop.dev, shop.at(), " ".join(paths)[:60], paths=paths)


def merge(shop: OneProject, *paths: str) -> None:
    """Merges a request that changes files."""
    request = story.open_merge_request(
        shop.world, shop.project, shop.dev, shop.at(), "By request", paths=paths
    )
    story.merge(shop.world, request, shop.reviewer, shop.at())


def touched(shop: OneProject) -> dict[str, tuple[str, ...] | None]:
    """The services of each mainline commit, by its title."""
    return {row.subject: row.services for row in shop.rows_of(Commit) if row.is_mainline}


def delivered(shop: OneProject) -> list[tuple[str, str]]:
    """Each change that waits for a deployment of a service, and that."""
    with shop.house.published() as snapshot:
        rows = snapshot.rows("select service, title from change_delivery order by service, title")
        return [(row["service"], row["title"]) for row in rows]


def test_delivery_counts_a_direct_push_for_the_services_it_touched(mono: OneProject) -> None:
    push(mono, "services/basket/pay.py", "docs/guide.md")
    push(mono, "services/search/index.py", "services/basket/api.py")
    merge(mono, "services/search/index.py")
    push(mono, "services/basketball.md")
    mono.sync()
    assert delivered(mono) == [
        ("basket", "services/basket/pay.py docs/guide.md"),
        ("basket", "services/search/index.py services/basket/api.py"),
        ("search", "By request"),
        ("search", "services/search/index.py services/basket/api.py"),
    ]
    with mono.house.published() as snapshot:
        (elsewhere,) = snapshot.rows("select changes from change_elsewhere")
    assert elsewhere["changes"] == 2
    assert len(mono.asked(ONE_COMMIT)) == 4
    assert mono.rows_of(Gap) == []
    assert mono.reads_anew_alike()


@pytest.mark.parametrize("services", [{}, {"acme/shop/web": {"basket": "services/basket"}}])
def test_where_a_project_holds_one_service_nothing_is_asked(
    shop: OneProject, services: Json
) -> None:
    shop.settings["services"] = services
    push(shop, "README.md")
    shop.sync()
    (of_it,) = services.get("acme/shop/web", ["acme/shop/web"])
    assert delivered(shop) == [(of_it, "README.md")]
    assert not shop.asked(ONE_COMMIT)


def test_only_what_is_new_is_asked_for_and_nothing_when_nothing_is(mono: OneProject) -> None:
    mono.sync()
    push(mono, "services/basket/pay.py")
    mono.sync()
    assert len(mono.asked(ONE_COMMIT)) == 1
    assert touched(mono) == {"README.md": (), "services/basket/pay.py": ("basket",)}
    mono.sync()
    assert not mono.asked(ONE_COMMIT)


def test_beyond_the_newest_of_a_page_a_push_counts_for_all_and_that_is_told(
    mono: OneProject,
) -> None:
    push(mono, "services/basket/pay.py")
    with patch("connectors.hosting.touched.MOST_ASKED", 1):
        mono.sync()
    assert touched(mono) == {"README.md": None, "services/basket/pay.py": ("basket",)}
    assert delivered(mono) == [
        ("basket", "README.md"),
        ("basket", "services/basket/pay.py"),
        ("search", "README.md"),
    ]
    (gap,) = mono.rows_of(Gap)
    assert gap.reason == GapReason.TRUNCATED


def test_a_push_of_more_files_than_a_page_counts_for_all(mono: OneProject) -> None:
    push(mono, *(f"services/basket/{number}" for number in range(100)))
    push(mono, "services/search/0", *(f"services/search/{number}" for number in range(100)))
    mono.sync()
    told = sorted(touched(mono).items())
    assert [services for _, services in told] == [(), ("basket",), None]


def test_a_file_that_was_moved_out_of_a_folder_touched_it(mono: OneProject) -> None:
    push(mono, "services/search/pay.py")

    def moved(answer: Json) -> Json:
        return [{**file, "old_path": "services/basket/pay.py"} for file in answer]

    mono.double.damage(ONE_COMMIT, moved)
    mono.sync()
    assert touched(mono)["services/search/pay.py"] == ("basket", "search")


@pytest.mark.parametrize("status", [404, 500])
def test_a_commit_that_the_host_does_not_show_counts_for_all(mono: OneProject, status: int) -> None:
    mono.double.refuse(ONE_COMMIT, status)
    mono.sync()
    assert touched(mono) == {"README.md": None}
    assert [gap.reason for gap in mono.rows_of(Gap)] == [GapReason.TRUNCATED]


def test_what_is_kept_names_files_and_holds_no_code(mono: OneProject) -> None:
    push(mono, "services/basket/pay.py")
    mono.sync()
    kept = b"".join(payload for _, payload in mono.house.pages())
    assert b"services/basket/pay.py" in kept
    assert b"the new line" not in kept


def test_killed_on_the_way_it_goes_on_to_the_same_rows(mono: OneProject) -> None:
    for number in range(8):
        push(mono, f"services/basket/{number}")
    mono.small_pages(3)
    with pytest.raises(Killed):
        mono.try_sync(Kill(4, is_committed=True))
    mono.sync()
    assert {services for title, services in touched(mono).items() if title != "README.md"} == {
        ("basket",)
    }
    assert mono.reads_anew_alike()
