"""Real GitHub as a host: its refusals, its pages, its moved addresses, and a sync of it all.

Skipped where the recordings are not at hand; see `recordings.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from connectors.github.api.question import failure
from connectors.hosting.shared import SharedApi
from connectors.http.address import address_below
from connectors.http.errors import (
    Forbidden,
    HttpError,
    NotFound,
    RateLimited,
    Unauthorized,
    Unavailable,
    UnexpectedReply,
)
from connectors.http.paging import Ask, PagedList, by_link
from connectors.http.reply import Reply
from data.model import Gap, GapReason
from tests.connectors.github.one_stream import TOKEN
from tests.connectors.github.past import Past, Told
from tests.connectors.github.recordings import ADDRESS, Recording, are_here, recordings
from tests.connectors.house import House
from tests.connectors.loopback import Answer, Asked

pytestmark = pytest.mark.skipif(
    not are_here(), reason="CAIRN_CONTRACTS names no folder with GitHub's recorded answers"
)

KINDS: dict[int, type[HttpError]] = {
    400: UnexpectedReply,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    500: Unavailable,
    502: Unavailable,
    503: Unavailable,
}
_NONE = {"totalCount": 0, "pageInfo": {"hasNextPage": False}, "nodes": []}
EMPTY = {"ref": None, "object": None, "pullRequests": _NONE, "deployments": _NONE}
"""What questions are answered that were not recorded."""
LIMITS = ("Rate Limit Exceeded", "abuse detection")


@pytest.fixture
def past(tmp_path: Path) -> Iterator[Past]:
    with closing(Past(tmp_path)) as made:
        yield made


def asked_of(past: Past, told: Told) -> SharedApi:
    return past.connector(told).api


def test_every_refusal_is_told_for_what_it_is(past: Past) -> None:
    refused = [each for each in recordings() if each.method == "GET" and each.status in KINDS]
    for seen in refused:
        past.time.at = seen.at
        with pytest.raises(HttpError) as caught:
            asked_of(past, {seen.path: seen.answer()}).get(seen.path)
        error, said = caught.value, seen.body.decode()
        is_limit = any(words in said for words in LIMITS)
        assert type(error) is (RateLimited if is_limit else KINDS[seen.status]), seen.name
        assert str(seen.status) in error.what
        assert _message(seen)[:200] in error.what
        assert TOKEN not in str(error)
        assert len(str(error).splitlines()) == 1
    assert len(refused) >= 60


def test_what_is_being_prepared_is_not_there_yet(past: Past) -> None:
    prepared = [each for each in recordings() if each.method == "GET" and each.status == 202]
    for seen in prepared:
        past.time.at = seen.at
        with pytest.raises(Unavailable, match="202"):
            asked_of(past, {seen.path: seen.answer()}).get(seen.path)
    assert len(prepared) == 5


def test_a_moved_repository_is_found_where_it_moved_to(past: Past) -> None:
    moved = [each for each in recordings() if _moved_to(each).startswith("repositories/")]
    for seen in moved:
        past.time.at = seen.at
        told = {seen.path: seen.answer(past.url), _moved_to(seen): {"full_name": "acme/web"}}
        assert asked_of(past, told).get(seen.path).json() == {"full_name": "acme/web"}
    assert len(moved) == 3


def test_no_token_goes_to_the_other_hosts_that_answers_send_us_to() -> None:
    targets = [each.header("location") for each in recordings() if each.status in (301, 302)]
    for target in filter(None, targets):
        if target.startswith(("https://api.github.com/", "https://api.github.com:443/")):
            assert address_below("https://api.github.com/", target) == target
        else:
            with pytest.raises(UnexpectedReply) as caught:
                address_below("https://api.github.com/", target)
            assert "X-Amz" not in str(caught.value)
    assert len(targets) >= 15


def test_a_list_of_many_pages_is_read_whole(past: Past) -> None:
    name = "Issue33.testClosedIssues"
    pages = [each for each in recordings() if each.name == name and "state" in each.params]
    by_number = {each.params.get("page", "1"): each for each in pages}
    past.time.at = pages[0].at

    def answer(asked: Asked) -> Answer:
        return by_number[asked.params.get("page", "1")].answer(past.url, is_paged=True)

    issues = PagedList(Ask(pages[0].path), by_link, items=list, key=lambda item: str(item["id"]))
    found = list(issues.pages(asked_of(past, {pages[0].path: answer})))
    assert len(found) == len(by_number) == 38
    assert [page.has_shifted for page in found] == [False] * 38
    told = {item["id"] for page in pages for item in page.told}
    assert {item["id"] for page in found for item in page.items} == told
    assert len(told) == 950


def test_errors_of_real_questions_are_told() -> None:
    answers = [each for each in recordings() if each.path == "graphql" and "errors" in each.told]
    for seen in answers:
        reply = Reply("POST graphql", "graphql", seen.status, seen.headers, seen.body)
        error = failure("changes", reply)
        assert seen.told["errors"][0]["message"][:100] in error.what
        assert isinstance(error, NotFound) == (seen.told["errors"][0]["type"] == "NOT_FOUND")
    assert len(answers) >= 3


def test_a_sync_reads_what_was_recorded_and_says_what_was_not(past: Past, tmp_path: Path) -> None:
    told = _newest_of_each_path(past.url)
    names = _of_more_than_one_stream(told)
    settings: dict[str, Any] = {"repositories": names, "include_forks": True}
    with closing(House(tmp_path / "house")) as house:
        result = house.sync(past.connector(told, **settings), past.context)
        rows = house.records()
        kinds = {kind for kind, _ in rows}
        assert result.errors == []
        assert kinds >= {"repository", "pipeline_run", "pipeline", "environment", "protection"}
        assert kinds >= {"security_finding", "member_access"}
        of_old = {gap.id.split("#gap/")[1].split("/")[0] for gap in house.gaps() if _is_odd(gap)}
        assert of_old == {"keys", "teams"}  # they were recorded in 2012
        everything = house.everything()
        assert ADDRESS.findall(everything) == []
        assert TOKEN not in everything

        house.sync(past.connector(told, **settings), past.context)
        assert house.records() == rows
        again = {asked.path for asked in past.counted if _has_tag(asked, told)}
        assert again == {f"/api/v3/repos/{name}" for name in names}  # they are looked for each time


def _is_odd(gap: Gap) -> bool:
    return gap.reason not in {GapReason.NOT_FOUND, GapReason.NO_PERMISSION}


def _has_tag(asked: Asked, told: Told) -> bool:
    """Whether it was answered, and with something by which to ask whether it changed."""
    answer = told.get(asked.path.removeprefix("/api/v3/"))
    return isinstance(answer, Answer) and any(n.lower() == "etag" for n in answer.headers)


def _newest_of_each_path(base: str) -> Told:
    """What was recorded last of each path, as if all had been one day."""
    listed = [each for each in recordings() if (each.method, each.status) == ("GET", 200)]
    found = [each for each in listed if each.params.keys() <= {"per_page", "page"}]
    told = {each.path: each.answer(base) for each in sorted(found, key=lambda each: each.at)}
    return {**told, "graphql": {"data": {"repository": EMPTY}}}


def _of_more_than_one_stream(told: Told) -> list[str]:
    """Repositories that were recorded with something in them."""
    streams = re.compile(
        r"repos/([^/]+/[^/]+)/(actions/(runs|workflows)|environments|branches/\w+/protection"
        r"|(dependabot|code-scanning|secret-scanning)/alerts|collaborators|keys|teams)"
    )
    names = {found[1] for path in told if (found := streams.fullmatch(path))}
    return sorted(name for name in names if f"repos/{name}" in told)


def _message(seen: Recording) -> str:
    try:
        return str(seen.told.get("message", ""))
    except ValueError:
        return ""


def _moved_to(seen: Recording) -> str:
    if seen.status != 301:
        return ""
    return seen.header("location").removeprefix("https://api.github.com/")
