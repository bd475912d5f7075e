"""Which services a direct push counts for, where a repository holds several."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from unittest.mock import patch

import pytest

from data.model import Change, GapReason
from tests.connectors.github.organisation import Organisation
from tests.connectors.house import Kill, Killed
from tests.connectors.loopback import Answer
from tests.doubles.github import story
from tests.doubles.github.world import Repository
from tests.doubles.host import Json

BOTH = ("basket", "search")
ONE_COMMIT = r"/commits/[0-9a-f]{40}$"


@pytest.fixture
def shop(acme: Organisation) -> Repository:
    """A repository of two services, with a first commit that is of neither."""
    folders = {"basket": "services/basket", "search": "services/search"}
    acme.settings["services"] = {"acme/shop": folders}
    return acme.add_repository("acme/shop")


def push(acme: Organisation, repository: Repository, *files: str) -> str:
    """Pushes a change of files, titled by them."""
    title = " ".join(files)[:60]
    return story.push(
        acme.world, repository, acme.dev, acme.next(), title or "Nothing", files=files
    ).sha


def touched(acme: Organisation) -> dict[str, tuple[str, ...]]:
    """The services of each direct push, by its title."""
    return {row.title: row.services for row in acme.rows(Change) if row.number is None}


def test_a_direct_push_counts_for_the_services_whose_folders_it_touched(
    acme: Organisation, shop: Repository
) -> None:
    push(acme, shop, "services/basket/pay.py", "README.md")
    push(acme, shop, "services/search/index.py", "services/basket/api.py")
    push(acme, shop, "docs/guide.md", "services/basketball.md")
    acme.land(shop, "By request", files=["services/search/index.py"])
    assert acme.sync().errors == []
    assert touched(acme) == {
        "Begin": (),
        "services/basket/pay.py README.md": ("basket",),
        "services/search/index.py services/basket/api.py": BOTH,
        "docs/guide.md services/basketball.md": (),
    }
    assert len(acme.double.asked.like(ONE_COMMIT)) == 4
    assert acme.gaps() == []


def test_delivery_counts_it_for_those_alone(acme: Organisation, shop: Repository) -> None:
    push(acme, shop, "services/basket/pay.py")
    push(acme, shop, "services/search/index.py", "services/basket/api.py")
    acme.land(shop, "By request", files=["services/search/index.py"])
    acme.sync()
    with acme.house.published() as snapshot:
        rows = snapshot.rows("select service, title from change_delivery order by service, title")
        assert [(row["service"], row["title"]) for row in rows] == [
            ("basket", "services/basket/pay.py"),
            ("basket", "services/search/index.py services/basket/api.py"),
            ("search", "By request"),
            ("search", "services/search/index.py services/basket/api.py"),
        ]
        (elsewhere,) = snapshot.rows("select changes from change_elsewhere")
        assert elsewhere["changes"] == 1


@pytest.mark.parametrize("services", [{}, {"acme/web": {"basket": "app"}}])
def test_where_a_repository_holds_one_service_nothing_is_asked(
    acme: Organisation, services: Json
) -> None:
    acme.settings["services"] = services
    push(acme, acme.add_repository(), "README.md")
    acme.sync()
    (of_it,) = services.get("acme/web", ["acme/web"])
    assert touched(acme) == {"Begin": (of_it,), "README.md": (of_it,)}
    assert not acme.double.asked.like(ONE_COMMIT)


def test_only_what_is_new_is_asked_for_and_nothing_when_nothing_is(
    acme: Organisation, shop: Repository
) -> None:
    acme.sync()
    sha = push(acme, shop, "services/basket/pay.py")
    acme.sync()
    (asked,) = acme.double.asked.like(ONE_COMMIT)
    assert asked.path.endswith(sha)
    assert touched(acme)["services/basket/pay.py"] == ("basket",)
    acme.sync()
    assert not acme.double.asked.like(ONE_COMMIT)


def test_beyond_the_newest_of_a_page_a_push_counts_for_all_and_that_is_told(
    acme: Organisation, shop: Repository
) -> None:
    push(acme, shop, "services/basket/old.py")
    push(acme, shop, "services/basket/new.py")
    with patch("connectors.hosting.touched.MOST_ASKED", 1):
        acme.sync()
    assert touched(acme) == {
        "Begin": BOTH,
        "services/basket/old.py": BOTH,
        "services/basket/new.py": ("basket",),
    }
    (gap,) = acme.gaps()
    assert gap.reason == GapReason.TRUNCATED
    assert len(acme.double.asked.like(ONE_COMMIT)) == 1


def test_a_push_of_more_files_than_a_page_counts_for_all(
    acme: Organisation, shop: Repository
) -> None:
    push(acme, shop, *(f"services/basket/{number}" for number in range(300)))
    push(acme, shop, "services/basket/0", *(f"services/basket/{n}" for n in range(300)))
    acme.sync()
    whole, cut = sorted(touched(acme).items())[1:]
    assert (len(whole[1]), len(cut[1])) in {(1, 2), (2, 1)}
    assert len(acme.gaps()) == 1


def test_a_file_that_was_moved_out_of_a_folder_touched_it(
    acme: Organisation, shop: Repository
) -> None:
    push(acme, shop, "services/search/pay.py")

    def moved(answer: Json) -> Json:
        for file in answer["files"]:
            file.update(status="renamed", previous_filename="services/basket/pay.py")
        return answer

    acme.double.damage(ONE_COMMIT, moved)
    acme.sync()
    assert touched(acme)["services/search/pay.py"] == BOTH


def gone(acme: Organisation) -> None:
    acme.double.refuse(ONE_COMMIT, 404)


def too_great(acme: Organisation) -> None:
    acme.double.refuse(ONE_COMMIT, 422, "Sorry, this diff is taking too long to generate.")


def broken(acme: Organisation) -> None:
    acme.double.refuse(ONE_COMMIT, 500)


def strange(acme: Organisation) -> None:
    acme.double.damage(ONE_COMMIT, lambda answer: [answer])


@pytest.mark.parametrize("trouble", [gone, too_great, broken, strange])
def test_a_commit_that_the_host_does_not_show_counts_for_all_and_nothing_else_is_lost(
    acme: Organisation, shop: Repository, trouble: Callable[[Organisation], None]
) -> None:
    push(acme, shop, "services/basket/pay.py")
    trouble(acme)
    assert acme.sync().errors == []
    assert touched(acme) == {"Begin": BOTH, "services/basket/pay.py": BOTH}
    assert [gap.reason for gap in acme.gaps()] == [GapReason.TRUNCATED]


def test_a_host_that_fails_is_not_asked_for_every_commit(
    acme: Organisation, shop: Repository
) -> None:
    for number in range(5):
        push(acme, shop, f"services/basket/{number}")
    broken(acme)
    acme.sync()
    assert len({asked.path for asked in acme.double.asked.like(ONE_COMMIT)}) == 1


def test_what_is_kept_names_files_and_holds_no_code(acme: Organisation, shop: Repository) -> None:
    push(acme, shop, "services/basket/pay.py")
    acme.sync()
    kept = b"".join(payload for _, payload in acme.house.pages())
    assert b"services/basket/pay.py" in kept
    assert b"the new line" not in kept


@pytest.mark.parametrize("is_committed", [False, True])
def test_killed_on_the_way_it_goes_on_to_the_same_rows(
    acme: Organisation, shop: Repository, is_committed: bool
) -> None:
    for number in range(4):
        push(acme, shop, f"services/basket/{number}")
    with suppress(Killed):
        acme.sync(kill=Kill(3, is_committed=is_committed))
    acme.sync()
    assert acme.house.records() == acme.synced().records()
    assert acme.house.is_rebuilt_alike(acme.connector(), acme.folder)


def test_a_limit_that_is_reached_over_files_leaves_the_page_for_the_next_sync(
    acme: Organisation, shop: Repository
) -> None:
    push(acme, shop, "services/basket/pay.py")
    acme.double.spoil(ONE_COMMIT, lambda _: Answer(403, b"{}", {"Retry-After": "7200"}))
    assert acme.sync().errors
    assert touched(acme) == {}
    acme.double.allow()
    assert acme.sync().errors == []
    assert touched(acme)["services/basket/pay.py"] == ("basket",)
