"""The mainline, as it is pushed to and rewritten."""

from __future__ import annotations

import pytest

from data.model import Commit
from tests.connectors.gitlab.one_project import OneProject
from tests.connectors.house import Kill, Killed
from tests.doubles.gitlab import story


def push(shop: OneProject, count: int = 1) -> None:
    for _ in range(count):
        story.push(shop.world, shop.project, shop.dev, shop.at())


def merge(shop: OneProject, title: str = "Change") -> str:
    change = story.open_merge_request(shop.world, shop.project, shop.dev, shop.at(), title)
    story.push_to(shop.world, change, shop.dev, shop.at())
    return story.merge(shop.world, change, shop.reviewer, shop.at())


def places(shop: OneProject) -> dict[str, int | None]:
    return {row.sha: row.position for row in shop.rows_of(Commit) if row.is_mainline}


def test_what_is_pushed_later_goes_on_counting(shop: OneProject) -> None:
    push(shop, 3)
    shop.sync()
    merge(shop)
    push(shop)
    shop.sync()
    assert sorted(places(shop).values(), key=int) == [1, 2, 3, 4, 5]  # type: ignore[arg-type]
    assert len(shop.asked("/repository/commits")) == 1
    assert shop.reads_anew_alike()


def test_more_pushes_than_fit_on_a_page_are_all_read(shop: OneProject) -> None:
    push(shop, 2)
    shop.small_pages(3)
    shop.sync()
    for number in range(4):
        merge(shop, f"Change {number}")
    shop.sync()
    assert {row.sha for row in shop.rows_of(Commit)} == set(shop.project.commits)
    assert shop.reads_anew_alike()


def test_a_rewritten_mainline_is_read_anew(shop: OneProject) -> None:
    push(shop, 4)
    shop.sync()
    gone = shop.project.branches["main"]
    shop.project.branches["main"] = shop.project.commits[gone].parents[0]
    push(shop)
    shop.sync()
    assert gone not in places(shop)
    assert shop.reads_anew_alike()


def test_a_push_while_old_commits_are_unread_loses_neither(shop: OneProject) -> None:
    push(shop, 12)
    shop.small_pages(3)
    with pytest.raises(Killed):
        shop.try_sync(Kill(4, is_committed=True))
    shop.house.take_logged(shop.connector())
    assert 0 < len(places(shop)) < 12
    push(shop, 2)
    shop.sync()
    assert sorted(places(shop).values(), key=int) == list(range(1, 15))  # type: ignore[arg-type]
    assert shop.reads_anew_alike()


def test_a_rewrite_while_old_commits_are_unread_begins_again(shop: OneProject) -> None:
    push(shop, 12)
    shop.small_pages(3)
    with pytest.raises(Killed):
        shop.try_sync(Kill(4, is_committed=True))
    head = shop.project.branches["main"]
    shop.project.branches["main"] = shop.project.commits[head].parents[0]
    push(shop)
    del shop.project.commits[head]
    shop.sync()
    assert head not in places(shop)
    assert sorted(places(shop).values(), key=int) == list(range(1, 13))  # type: ignore[arg-type]


def test_another_default_branch_is_another_mainline(shop: OneProject) -> None:
    push(shop, 2)
    shop.sync()
    shop.project.branches["trunk"] = shop.project.branches["main"]
    shop.project.default_branch = "trunk"
    push(shop)
    shop.sync()
    assert len(places(shop)) == 3
    assert shop.reads_anew_alike()


def test_where_commits_are_not_counted_their_order_is_known(shop: OneProject) -> None:
    push(shop, 3)
    shop.double.refuse("/sequence", 404)
    shop.sync()
    order = [row.sha for row in sorted(shop.rows_of(Commit), key=lambda row: row.position or 0)]
    head = shop.project.branches["main"]
    assert order == [one.sha for one in shop.project.history(head)][::-1]


def test_a_merge_commit_names_its_request_and_no_other_s(shop: OneProject) -> None:
    push(shop)
    story.push(shop.world, shop.project, shop.dev, shop.at(), "Merge\n\nSee merge request !7")
    named = "Merge\n\nSee merge request acme/shop/web!8"
    story.push(shop.world, shop.project, shop.dev, shop.at(), named)
    other = "Merge\n\nSee merge request upstream/web!9"
    story.push(shop.world, shop.project, shop.dev, shop.at(), other)
    shop.sync()
    assert [row.change for row in sorted(shop.rows_of(Commit), key=lambda r: r.position or 0)] == [
        None,
        "7",
        "8",
        None,
    ]


def test_reverts_and_picks_are_told_and_no_address_is_kept(shop: OneProject) -> None:
    push(shop)
    sha = shop.project.branches["main"]
    body = (
        f'Revert "It"\n\nThis reverts commit {sha}.\n\n(cherry picked from commit {"d" * 40})\n\n'
        "Co-authored-by: Somebody <somebody@mail.example.com>"
    )
    story.push(shop.world, shop.project, shop.dev, shop.at(), body)
    shop.sync()
    row = max(shop.rows_of(Commit), key=lambda row: row.position or 0)
    assert (row.reverts_sha, row.picked_sha) == (sha, "d" * 40)
    assert (row.subject, row.is_signed) == ('Revert "It"', None)
    assert b"@mail.example.com" not in b"".join(payload for _, payload in shop.house.pages())
    assert b"dev-1@" not in b"".join(payload for _, payload in shop.house.pages())
