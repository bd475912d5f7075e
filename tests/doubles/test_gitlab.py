"""The double of GitLab behaves as GitLab does: who may ask, pages, limits, and bad days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta, timezone

import gitlab
import pytest
import requests

from tests.connectors.loopback import Answer
from tests.doubles.gitlab import answers, story
from tests.doubles.gitlab.asking import TOKEN, Asker, asking
from tests.doubles.gitlab.double import THROTTLE, GitLabDouble
from tests.doubles.gitlab.telling import hour
from tests.doubles.gitlab.world import Level, Project, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def web(world: World) -> Project:
    project = world.project("acme/shop/web")
    dev, reviewer = world.user("dev-1"), world.user("reviewer-2")
    story.push(world, project, dev, hour(0), "Begin")
    for number in range(1, 6):
        change = story.open_merge_request(world, project, dev, hour(number))
        story.merge(world, change, reviewer, hour(number + 0.5))
    story.deploy(world, project, "production", hour(7), dev)
    return project


@pytest.fixture
def ask(world: World, web: Project) -> Iterator[Asker]:
    with asking(GitLabDouble(world)) as asker:
        yield asker


# --- where things are ---------------------------------------------------------------------------


def test_a_group_lists_the_projects_below_it_only_if_asked(ask: Asker, world: World) -> None:
    world.project("acme/api")
    paths = [p["path_with_namespace"] for p in ask.json("groups/acme/projects")]
    deep = ask.json("groups/acme/projects", include_subgroups="true", order_by="id", sort="asc")
    assert paths == ["acme/api"]
    assert [p["path_with_namespace"] for p in deep] == ["acme/shop/web", "acme/api"]


def test_a_project_is_found_by_number_and_by_escaped_path(ask: Asker, web: Project) -> None:
    by_number, by_path = ask.json(f"projects/{web.id}"), ask.json("projects/acme%2Fshop%2Fweb")
    assert by_number == by_path
    assert by_path["merge_method"] == "merge"


def test_an_old_path_is_answered_with_the_number_that_survives(ask: Asker, web: Project) -> None:
    story.rename(web, "site", hour(9))
    answer = ask.get("projects/acme%2Fshop%2Fweb/deployments", per_page=1)
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith(f"/api/v4/projects/{web.id}/deployments?per_page=1")
    assert len(ask.json(answer.headers["Location"])) == 1
    assert ask.json(f"projects/{web.id}")["path_with_namespace"] == "acme/shop/site"


def test_a_project_that_is_not_there_and_one_that_is_not_seen_look_alike(
    ask: Asker, web: Project
) -> None:
    missing = ask.get("projects/4711")
    ask.double.tokens[TOKEN].project_ids = set()  # type: ignore[attr-defined]
    unseen = ask.get(f"projects/{web.id}")
    assert (missing.status_code, missing.json()) == (404, {"message": "404 Project Not Found"})
    assert (unseen.status_code, unseen.json()) == (missing.status_code, missing.json())


def test_the_library_that_the_connector_uses_reads_it(ask: Asker, web: Project) -> None:
    library = gitlab.Gitlab(ask.url, private_token=TOKEN, per_page=2)
    group = library.groups.get("acme")
    (listed,) = group.projects.list(include_subgroups=True, get_all=True)
    project = library.projects.get("acme/shop/web")
    changes = project.mergerequests.list(state="all", iterator=True)
    assert listed.id == project.id == web.id
    assert [change.iid for change in changes] == [5, 4, 3, 2, 1]
    assert project.mergerequests.get(1).approvals.get().approved_by == []
    assert [d.environment["name"] for d in project.deployments.list(get_all=True)] == ["production"]
    story.rename(web, "site", hour(9))
    assert library.projects.get("acme/shop/web").path == "site"


# --- lists --------------------------------------------------------------------------------------


def test_a_list_is_paged_by_number_and_counted(ask: Asker, web: Project) -> None:
    path = f"projects/{web.id}/merge_requests"
    first = ask.get(path, per_page=2, order_by="updated_at", sort="asc")
    assert [item["iid"] for item in first.json()] == [1, 2]
    assert first.headers["X-Total"] == "5"
    assert first.headers["X-Total-Pages"] == "3"
    assert first.headers["X-Next-Page"] == "2"
    assert set(first.links) == {"next", "last"}
    assert [item["iid"] for item in ask.all(path, per_page=2, sort="asc")] == [1, 2, 3, 4, 5]


def test_a_page_holds_twenty_unless_asked_otherwise_and_never_more_than_a_hundred(
    ask: Asker, web: Project, world: World
) -> None:
    for number in range(200):
        story.run(world, web, hour(number))
    assert len(ask.json(f"projects/{web.id}/pipelines")) == 20
    assert len(ask.json(f"projects/{web.id}/pipelines", per_page=500)) == 100


def test_over_ten_thousand_nobody_counts(
    ask: Asker, web: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.doubles.gitlab.view.MOST_COUNTED", 4)
    answer = ask.get(f"projects/{web.id}/merge_requests", per_page=2)
    assert "X-Total" not in answer.headers
    assert "last" not in answer.links
    assert answer.headers["X-Next-Page"] == "2"


def test_a_list_by_keyset_tells_only_where_it_goes_on(ask: Asker, world: World) -> None:
    for name in "abc":
        world.project(f"acme/{name}")
    keyset = {"pagination": "keyset", "order_by": "id", "sort": "asc", "per_page": 2}
    first = ask.get("projects", **keyset)
    assert "X-Total" not in first.headers
    assert set(first.links) == {"next"}
    ids = [project["id"] for project in ask.all("projects", **keyset)]
    assert ids == sorted(world.projects)


def test_too_great_an_offset_is_refused_where_there_is_a_keyset(ask: Asker) -> None:
    answer = ask.get("projects", order_by="id", per_page=100, page=502)
    assert answer.status_code == 405
    assert "maximum allowed offset of 50000" in answer.json()["error"]


def test_a_list_that_grows_at_its_front_shifts(ask: Asker, web: Project, world: World) -> None:
    path = f"projects/{web.id}/merge_requests"
    first = ask.json(path, per_page=2)
    story.open_merge_request(world, web, world.user("dev-1"), hour(20))
    second = ask.json(path, per_page=2, page=2)
    assert [item["iid"] for item in first + second] == [5, 4, 4, 3]


def test_what_was_updated_at_the_very_time_is_in(ask: Asker, web: Project) -> None:
    path, order = f"projects/{web.id}/merge_requests", {"order_by": "updated_at", "sort": "asc"}
    told = ask.json(path, **order)[3]["updated_at"]
    assert [item["iid"] for item in ask.json(path, updated_after=told, **order)] == [4, 5]
    ask.double.ignored_filters.add("updated_after")
    assert len(ask.json(path, updated_after=told, **order)) == 5


def test_deployments_are_filtered_by_update_only_in_that_order(ask: Asker, web: Project) -> None:
    path = f"projects/{web.id}/deployments"
    refused = ask.get(path, updated_after="2026-01-01T00:00:00Z")
    assert refused.status_code == 400
    assert "must be paired" in refused.json()["message"]
    assert len(ask.json(path, updated_after="2026-01-01T00:00:00Z", order_by="updated_at")) == 1


def test_a_history_comes_children_first_and_its_mainline_apart(ask: Asker, web: Project) -> None:
    path = f"projects/{web.id}/repository/commits"
    listed = ask.get(path, per_page=100)
    place = {commit["id"]: number for number, commit in enumerate(listed.json())}
    mainline = ask.json(path, first_parent="true")
    assert "X-Total" not in listed.headers
    assert all(place[p] > place[c["id"]] for c in listed.json() for p in c["parent_ids"])
    assert (len(place), len(mainline)) == (11, 6)
    assert [len(commit["parent_ids"]) for commit in mainline] == [2, 2, 2, 2, 2, 0]


def test_an_issue_that_is_open_again_forgets_when_it_was_closed(
    ask: Asker, web: Project, world: World
) -> None:
    dev = world.user("dev-1")
    issue = story.open_incident(world, web, dev, hour(20))
    story.close(world, issue, dev, hour(21))
    closed = ask.json(f"projects/{web.id}/issues/{issue.iid}")
    story.reopen(world, issue, dev, hour(22))
    opened = ask.json(f"projects/{web.id}/issues/{issue.iid}")
    assert (closed["state"], closed["closed_at"]) == ("closed", "2026-02-03T06:00:00.000Z")
    assert (opened["state"], opened["closed_at"]) == ("opened", None)


# --- conditions and limits ----------------------------------------------------------------------


def test_an_unchanged_page_is_not_sent_again_and_still_counts(ask: Asker, web: Project) -> None:
    path = f"projects/{web.id}/merge_requests"
    etag = ask.get(path).headers["ETag"]
    again = ask.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert len(ask.double.counted) == 2
    story.archive(web, hour(9))
    web.merge_requests[1].labels.append("new")
    assert ask.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_the_allowance_counts_down_ends_and_is_full_again(ask: Asker, web: Project) -> None:
    ask.double.limits = {THROTTLE: (2, 60)}
    path = f"projects/{web.id}"
    left = [ask.get(path).headers["RateLimit-Remaining"] for _ in range(2)]
    refused = ask.get(path)
    assert left == ["1", "0"]
    assert (refused.status_code, refused.text) == (429, "Retry later\n")
    assert refused.headers["Retry-After"] == "60"
    ask.double.time.sleep(60)
    assert ask.get(path).status_code == 200


def test_an_older_version_tells_its_limit_only_at_the_end(ask: Asker, web: Project) -> None:
    ask.double.tells_limits = False
    ask.double.limits = {THROTTLE: (2, 60)}
    told = [ask.get("version").headers.get("RateLimit-Remaining") for _ in range(3)]
    assert told == [None, "0", "0"]


def test_rest_and_graphql_share_one_allowance(ask: Asker) -> None:
    ask.get("version")
    ask.graphql("query { queryComplexity { score } }")
    allowance = ask.double.allowance(ask.double.tokens[TOKEN], THROTTLE)
    assert allowance.used == 2


def test_it_tells_the_time_of_its_own_clock_and_zone(ask: Asker, web: Project) -> None:
    ask.double.clock_skew = timedelta(hours=1)
    ask.double.zone = timezone(timedelta(hours=9))
    answer = ask.get(f"projects/{web.id}/merge_requests/1")
    assert answer.headers["Date"] == "Sun, 01 Mar 2026 13:00:00 GMT"
    assert answer.json()["merged_at"] == "2026-02-02T19:30:00.000+09:00"


# --- credentials --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Authorization", "PRIVATE-TOKEN"])
def test_both_headers_carry_the_token(world: World, web: Project, name: str) -> None:
    with asking(GitLabDouble(world), "nothing") as asker:
        value = f"Bearer {TOKEN}" if name == "Authorization" else TOKEN
        blank = {"PRIVATE-TOKEN": ""}
        assert asker.get("user", headers=blank | {name: value}).json()["username"] == "dev-1"


def test_a_wrong_token_is_refused_in_the_words_of_each_side(world: World) -> None:
    with asking(GitLabDouble(world), "wrong") as asker:
        answer = asker.get("version")
        assert (answer.status_code, answer.json()) == (401, {"message": "401 Unauthorized"})
        assert asker.graphql("query { x }") == {"errors": [{"message": "Invalid token"}]}


def test_a_token_ends(ask: Asker) -> None:
    ask.double.tokens[TOKEN].expires_at = ask.double.now + timedelta(hours=1)
    assert ask.get("version").status_code == 200
    ask.double.time.sleep(3600)
    expired = ask.get("version")
    ask.double.tokens[TOKEN].is_revoked = True
    assert expired.status_code == 401
    assert expired.json()["error_description"].startswith("Token is expired")
    assert ask.get("version").json()["error_description"].startswith("Token was revoked")


def test_a_token_without_the_scope_is_told_which_one(ask: Asker) -> None:
    ask.double.add_token(TOKEN, "dev-1", ["read_repository"])
    answer = ask.get("version")
    assert answer.status_code == 403
    assert answer.json()["error"] == "insufficient_scope"
    ask.double.add_token(TOKEN, "dev-1", ["api"])
    assert ask.get("version").status_code == 200


def test_a_developer_sees_no_tokens(ask: Asker, web: Project) -> None:
    ask.double.tokens[TOKEN].level = Level.DEVELOPER  # type: ignore[attr-defined]
    answer = ask.get(f"projects/{web.id}/access_tokens")
    assert (answer.status_code, answer.json()) == (403, {"message": "403 Forbidden"})


@pytest.mark.parametrize(
    ("path", "status"),
    [("approval_rules", 404), ("push_rule", 404), ("audit_events", 403), ("vulnerabilities", 403)],
)
def test_what_the_plan_does_not_hold_is_refused(
    ask: Asker, web: Project, path: str, status: int
) -> None:
    assert ask.get(f"projects/{web.id}/{path}").status_code == 200
    web.group.lineage[-1].plan = "free"
    assert ask.get(f"projects/{web.id}/{path}").status_code == status


# --- bad days -----------------------------------------------------------------------------------


def test_failures_come_one_each_and_refusals_until_allowed(ask: Asker) -> None:
    ask.double.fail("version", [answers.page_in_html(), Answer(502)])
    assert [ask.get("version").status_code for _ in range(3)] == [200, 502, 200]
    ask.double.refuse("version", 403)
    assert ask.get("version").json() == {"message": "403 Forbidden"}
    ask.double.allow()
    assert ask.get("version").status_code == 200


def test_graphql_fails_inside_a_200(ask: Asker) -> None:
    ask.double.fail("graphql", [answers.graphql_timeout()])
    told = ask.graphql("query { queryComplexity { score } }")
    assert told == {"data": None, "errors": [{"message": "Timeout on MergeRequest.notes"}]}


def test_answers_can_be_damaged_and_cut_short(ask: Asker, web: Project) -> None:
    path = f"projects/{web.id}"
    ask.double.damage(path, lambda project: {**project, "namespace": None})
    assert ask.json(path)["namespace"] is None
    ask.double.spoil(path, answers.cut_short)
    with pytest.raises(requests.JSONDecodeError):
        ask.json(path)


def test_an_audit_of_more_than_thirty_days_is_refused(ask: Asker, web: Project) -> None:
    path = f"projects/{web.id}/audit_events"
    bounds = {"created_after": "2026-01-01T00:00:00Z", "created_before": "2026-02-15T00:00:00Z"}
    assert ask.get(path, **bounds).status_code == 400
    bounds["created_before"] = "2026-01-31T00:00:00Z"
    assert ask.get(path, **bounds).status_code == 200
