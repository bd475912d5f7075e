"""The double of GitHub over real HTTP: lists, conditions, limits, rights and bad days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
import requests
from github import Auth, Github

from tests.connectors.loopback import Answer, FakeTime, LoopbackServer, Reset
from tests.doubles import damage
from tests.doubles.github import answers, story
from tests.doubles.github.asking import Asker, asked
from tests.doubles.github.cases import Cases, hour, tell
from tests.doubles.github.double import GitHubDouble
from tests.doubles.github.generate import SMALL, generate
from tests.doubles.github.tokens import TokenKind

PULLS = "/repos/acme/web/pulls"


@pytest.fixture
def cases() -> Cases:
    return tell()


@pytest.fixture
def double(cases: Cases) -> GitHubDouble:
    double = GitHubDouble(cases.world, FakeTime(hour(200)))
    double.add_token("tok", "owner-3")
    return double


@pytest.fixture
def asker(double: GitHubDouble) -> Iterator[Asker]:
    with asked(double, "tok") as asker:
        yield asker


# --- lists ------------------------------------------------------------------------------------


def test_a_list_is_paged_by_addresses_that_name_the_repository_by_its_id(
    asker: Asker, cases: Cases
) -> None:
    pages = list(asker.pages(PULLS, state="all", per_page=4))
    numbers = [pull["number"] for page in pages for pull in page.json()]
    assert numbers == sorted(cases.web.pulls, reverse=True)
    assert f"{asker.url}/api/v3/repositories/{cases.web.id}/pulls" in pages[0].headers["Link"]
    assert pages[1].links["prev"]["url"].endswith("page=1")
    assert "next" not in pages[-1].links


def test_a_page_has_a_hundred_items_at_most(asker: Asker, double: GitHubDouble) -> None:
    double.world = generate(replace(SMALL, pulls=90))
    shown = asker.get("/repos/acme/web/commits", per_page=1000)
    assert len(shown.json()) == 100


def test_a_list_shifts_while_it_is_paged(asker: Asker, cases: Cases) -> None:
    pages = asker.pages(PULLS, state="all", sort="updated", direction="desc", per_page=3)
    first = [pull["number"] for pull in next(pages).json()]
    story.label(cases.world, cases.self_merged, "late", None, hour(150))
    second = [pull["number"] for pull in next(pages).json()]
    assert second[0] == first[-1]


def test_issues_are_listed_with_pull_requests_by_labels_and_time(
    asker: Asker, cases: Cases
) -> None:
    path = "/repos/acme/web/issues"
    everything = asker.get(path, state="all", per_page=100).json()
    assert sum("pull_request" in one for one in everything) == len(cases.web.pulls)
    labelled = asker.get(path, state="all", labels="incident").json()
    assert [one["number"] for one in labelled] == [cases.reopened.number]
    late = asker.get(path, state="all", since=hour(94.5).isoformat()).json()
    assert [one["number"] for one in late] == [cases.unlabelled.number]


def test_a_filtered_list_of_runs_ends_after_a_thousand_though_it_counts_all(
    asker: Asker, cases: Cases
) -> None:
    for number in range(1100):
        story.run(cases.world, cases.web, None, hour(120 + number / 100), "Many")
    path = "/repos/acme/web/actions/runs"
    filtered = list(asker.pages(path, event="push", per_page=100))
    shown = [run for page in filtered for run in page.json()["workflow_runs"]]
    assert len(shown) == 1000
    assert filtered[0].json()["total_count"] == 1101
    beyond = asker.get(path, event="push", per_page=100, page=11).json()
    assert beyond["workflow_runs"] == []
    assert beyond["total_count"] == 1101
    whole = list(asker.pages(path, per_page=100))
    assert sum(len(page.json()["workflow_runs"]) for page in whole) == 1102


def test_runs_are_found_by_when_they_were_created(asker: Asker, cases: Cases) -> None:
    path = "/repos/acme/web/actions/runs"

    def found(created: str) -> list[int]:
        runs = asker.get(path, created=created).json()["workflow_runs"]
        return [run["id"] for run in runs]

    start, end = hour(80), hour(82)
    assert found(f"{start:%Y-%m-%dT%H:%M:%SZ}..{end:%Y-%m-%dT%H:%M:%SZ}") == [
        cases.cancelled.id,
        cases.rerun.id,
    ]
    assert found(f">{start:%Y-%m-%dT%H:%M:%SZ}") == [cases.cancelled.id]
    assert found(f"<{end:%Y-%m-%dT%H:%M:%SZ}") == [cases.rerun.id]
    assert found(f"{start:%Y-%m-%d}..{start:%Y-%m-%d}") == [cases.cancelled.id, cases.rerun.id]
    assert found("2020-01-01") == []


# --- conditions -------------------------------------------------------------------------------


def test_an_unchanged_page_costs_nothing(asker: Asker, double: GitHubDouble) -> None:
    etag = asker.get(PULLS).headers["ETag"]
    again = asker.get(PULLS, {"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["X-RateLimit-Remaining"] == "4999"
    assert len(double.asked) == 2
    assert len(double.counted) == 1


def test_a_changed_page_is_sent_again(asker: Asker, cases: Cases, double: GitHubDouble) -> None:
    etag = asker.get(PULLS).headers["ETag"]
    story.open_pull(cases.world, cases.web, None, hour(150), "News")
    again = asker.get(PULLS, {"If-None-Match": etag})
    assert again.status_code == 200
    assert len(double.counted.like("/pulls")) == 2


def test_another_token_finds_every_page_changed(asker: Asker, double: GitHubDouble) -> None:
    etag = asker.get(PULLS).headers["ETag"]
    double.add_token("tok-2", "owner-3")
    asker.token = "tok-2"
    assert asker.get(PULLS, {"If-None-Match": etag}).status_code == 200
    double.has_etag_per_token = False
    etag = asker.get(PULLS).headers["ETag"]
    asker.token = "tok"
    assert asker.get(PULLS, {"If-None-Match": etag}).status_code == 304


# --- limits -----------------------------------------------------------------------------------


def test_what_is_left_counts_down_and_is_whole_again_after_an_hour(
    asker: Asker, double: GitHubDouble
) -> None:
    left = [asker.get("/user").headers["X-RateLimit-Remaining"] for _ in range(3)]
    assert left == ["4999", "4998", "4997"]
    assert asker.get("/rate_limit").json()["resources"]["core"]["remaining"] == 4997
    double.time.sleep(3600)
    assert asker.get("/user").headers["X-RateLimit-Remaining"] == "4999"


def test_when_nothing_is_left_it_refuses_until_the_hour_is_over(
    asker: Asker, double: GitHubDouble
) -> None:
    double.spend("tok", "core", remaining=1)
    assert asker.get("/user").status_code == 200
    refused = asker.get("/user")
    assert refused.status_code == 403
    assert refused.json()["message"].startswith("API rate limit exceeded")
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    reset_at = int(refused.headers["X-RateLimit-Reset"])
    double.time.sleep(reset_at - double.now.timestamp())
    assert asker.get("/user").status_code == 200


def test_who_asks_too_fast_is_told_to_wait(asker: Asker, double: GitHubDouble) -> None:
    double.requests_a_minute = 2
    assert [asker.get("/user").status_code for _ in range(3)] == [200, 200, 403]
    assert asker.get("/user").headers["Retry-After"] == "60"
    double.time.sleep(61)
    assert asker.get("/user").status_code == 200


def test_a_server_of_one_s_own_may_say_that_its_limit_is_nothing(
    asker: Asker, double: GitHubDouble
) -> None:
    double.rewritten_headers = {"X-RateLimit-Limit": "0", "X-RateLimit-Remaining": None}
    said = asker.get("/user")
    assert said.status_code == 200
    assert said.headers["X-RateLimit-Limit"] == "0"
    assert "X-RateLimit-Remaining" not in said.headers


# --- rights -----------------------------------------------------------------------------------


def test_only_a_good_token_is_let_in(asker: Asker, double: GitHubDouble) -> None:
    asker.token = "guessed"
    refused = asker.get("/user")
    assert (refused.status_code, refused.json()["message"]) == (401, "Bad credentials")
    asker.token = "tok"
    double.tokens["tok"].expires_at = double.now + timedelta(hours=1)
    said = asker.get("/user").headers["GitHub-Authentication-Token-Expiration"]
    assert said == "2026-02-10 18:00:00 UTC"
    double.time.sleep(3600)
    assert asker.get("/user").status_code == 401


def test_who_has_no_token_reads_what_is_public(
    asker: Asker, double: GitHubDouble, cases: Cases
) -> None:
    cases.web.is_private = False
    nobody = {"Authorization": ""}
    shown = asker.get("/orgs/acme/repos", nobody)
    assert [repository["name"] for repository in shown.json()] == ["web"]
    assert shown.headers["X-RateLimit-Limit"] == "60"
    assert asker.get(PULLS, nobody).status_code == 200
    assert asker.get("/repos/acme/attic", nobody).status_code == 404
    assert asker.get("/user", nobody).status_code == 401
    double.is_open = False
    assert asker.get(PULLS, nobody).status_code == 401


def test_a_missing_right_is_named(asker: Asker, double: GitHubDouble) -> None:
    double.add_token("some", "dev-1", ["metadata:read", "pull_requests:read"])
    asker.token = "some"
    assert asker.get(PULLS).status_code == 200
    refused = asker.get("/repos/acme/web/actions/runs")
    assert refused.status_code == 403
    assert refused.json()["message"] == "Resource not accessible by personal access token"
    assert refused.headers["X-Accepted-GitHub-Permissions"] == "actions=read"


def test_a_repository_that_a_token_may_not_see_is_not_there(
    asker: Asker, double: GitHubDouble, cases: Cases
) -> None:
    double.add_token("one", "dev-1").repository_ids = {cases.attic.id}
    asker.token = "one"
    assert asker.get("/repos/acme/web").status_code == 404
    shown = asker.get("/orgs/acme/repos").json()
    assert [repository["name"] for repository in shown] == ["attic"]
    cases.web.is_private = False
    assert asker.get("/repos/acme/web").status_code == 200


def test_protection_is_not_there_for_who_is_no_administrator(
    asker: Asker, double: GitHubDouble
) -> None:
    path = "/repos/acme/web/branches/main/protection"
    assert asker.get(path).json()["required_status_checks"]["contexts"] == ["build"]
    double.add_classic_token("classic", "dev-1", "repo")
    asker.token = "classic"
    refused = asker.get(path)
    assert (refused.status_code, refused.json()["message"]) == (404, "Not Found")
    assert refused.headers["X-OAuth-Scopes"] == "repo"
    assert asker.get("/repos/acme/web/branches/main").json()["protected"] is True


def test_a_branch_without_protection_says_so_to_administrators(asker: Asker, cases: Cases) -> None:
    cases.web.branches["free"] = cases.web.head or ""
    refused = asker.get("/repos/acme/web/branches/free/protection")
    assert (refused.status_code, refused.json()["message"]) == (404, "Branch not protected")


def test_single_sign_on_says_where_to_authorise(asker: Asker, double: GitHubDouble) -> None:
    double.add_token("far", "dev-1").sso_pending = {"acme"}
    asker.token = "far"
    refused = asker.get("/repos/acme/web")
    assert refused.status_code == 403
    assert refused.headers["X-GitHub-SSO"].startswith(f"required; url={asker.url}/orgs/acme/sso")


def test_who_lacks_a_second_factor_is_told_to_owners_only(
    asker: Asker, double: GitHubDouble
) -> None:
    shown = asker.get("/orgs/acme/members", filter="2fa_disabled").json()
    assert [member["login"] for member in shown] == ["dev-1"]
    double.add_token("member", "dev-1")
    asker.token = "member"
    refused = asker.get("/orgs/acme/members", filter="2fa_disabled")
    assert refused.status_code == 422


def test_who_may_bypass_a_ruleset_is_told_to_who_may_change_it(
    asker: Asker, double: GitHubDouble, cases: Cases
) -> None:
    path = f"/repos/acme/web/rulesets/{cases.above.id}"
    assert asker.get(path).json()["bypass_actors"][0]["actor_type"] == "OrganizationAdmin"
    double.add_token("reader", "dev-1", ["metadata:read"])
    asker.token = "reader"
    assert "bypass_actors" not in asker.get(path).json()


def test_scans_that_are_switched_off_say_so(asker: Asker, cases: Cases) -> None:
    web = cases.web
    web.dependency_alerts = web.code_alerts = web.secret_alerts = None
    said = {
        kind: asker.get(f"/repos/acme/web/{kind}/alerts")
        for kind in ("dependabot", "code-scanning", "secret-scanning")
    }
    assert {kind: answer.status_code for kind, answer in said.items()} == {
        "dependabot": 403,
        "code-scanning": 403,
        "secret-scanning": 404,
    }
    assert "disabled" in said["dependabot"].json()["message"]
    web.code_alerts, web.has_analyses = [], False
    nothing = asker.get("/repos/acme/web/code-scanning/alerts")
    assert (nothing.status_code, nothing.json()["message"]) == (404, "no analysis found")


def test_the_audit_log_is_paged_by_cursor_and_only_some_plans_have_it(
    asker: Asker, cases: Cases
) -> None:
    log = cases.organisation.audit
    for number in range(2, 6):
        event = type(log[0])(f"audit-{number}", "repo.rename", hour(number), None)
        log.append(event)
    pages = list(asker.pages("/orgs/acme/audit-log", per_page=2, phrase="action:repo.rename"))
    shown = [event["_document_id"] for page in pages for event in page.json()]
    assert shown == ["audit-5", "audit-4", "audit-3", "audit-2"]
    assert "after=" in pages[0].links["next"]["url"]
    since = asker.get("/orgs/acme/audit-log", phrase="created:>=2026-02-02T13:00:00Z").json()
    assert [event["_document_id"] for event in since] == ["audit-5", "audit-4"]
    cases.organisation.plan = type(cases.organisation.plan).TEAM
    assert asker.get("/orgs/acme/audit-log").status_code == 404


def test_a_classic_token_that_lacks_the_scope_is_refused_the_audit_log(
    asker: Asker, double: GitHubDouble
) -> None:
    double.add_classic_token("classic", "owner-3", "repo", "admin:org")
    asker.token = "classic"
    assert double.tokens["classic"].kind is TokenKind.CLASSIC  # type: ignore[attr-defined]
    assert asker.get("/orgs/acme/audit-log").status_code == 403


# --- bad days ---------------------------------------------------------------------------------


def test_the_next_answers_can_fail(asker: Asker, double: GitHubDouble) -> None:
    double.fail("/pulls", [answers.secondary_limit(30, 429), answers.page_in_html(), Reset()])
    assert asker.get("/user").status_code == 200
    slow = asker.get(PULLS)
    assert (slow.status_code, slow.headers["Retry-After"]) == (429, "30")
    assert asker.get(PULLS).text.startswith("<!DOCTYPE html>")
    with pytest.raises(requests.ConnectionError):
        asker.get(PULLS)
    assert asker.get(PULLS).status_code == 200


def test_what_is_refused_stays_refused_until_it_is_allowed(
    asker: Asker, double: GitHubDouble
) -> None:
    double.refuse(r"/pulls.*page=2", 403)
    assert asker.get(PULLS, page=1).status_code == 200
    assert [asker.get(PULLS, page=2).status_code for _ in range(2)] == [403, 403]
    double.allow()
    assert asker.get(PULLS, page=2).status_code == 200


def test_answers_can_be_damaged(asker: Asker, double: GitHubDouble) -> None:
    for change in (
        damage.renamed("merged_at", "landed_at"),
        damage.nulled("head"),
        damage.dropped("title"),
        damage.retyped("number", "one"),
    ):
        double.damage("/pulls", change)
    shown = asker.get(PULLS, state="all").json()[0]
    assert {"merged_at", "title"}.isdisjoint(shown)
    assert "landed_at" in shown
    assert (shown["head"], shown["number"]) == (None, "one")
    double.allow()
    assert "merged_at" in asker.get(PULLS, state="all").json()[0]
    double.spoil("/pulls", answers.cut_short)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        asker.get(PULLS).json()


def test_a_filter_can_be_ignored(asker: Asker, double: GitHubDouble, cases: Cases) -> None:
    double.ignored_filters = {"labels", "state"}
    cases.unlabelled.state = "OPEN"
    shown = asker.get("/repos/acme/web/issues", labels="incident", state="closed").json()
    assert [one["number"] for one in shown] == [cases.unlabelled.number]


def test_its_clock_can_be_wrong_and_its_times_in_another_zone(
    asker: Asker, double: GitHubDouble
) -> None:
    double.clock_skew = timedelta(hours=1)
    double.zone = timezone(timedelta(hours=2))
    said = asker.get("/repos/acme/web")
    assert said.headers["Date"] == "Tue, 10 Feb 2026 18:00:00 GMT"
    assert said.json()["created_at"] == "2026-01-29T07:00:00+02:00"


def test_an_address_that_is_not_known_is_recorded(asker: Asker, double: GitHubDouble) -> None:
    assert asker.get("/repos/acme/web/nonsense").status_code == 404
    assert [question.path for question in double.unanswered] == ["/api/v3/repos/acme/web/nonsense"]


def test_an_answer_for_one_question_only_goes_to_that_question(
    asker: Asker, double: GitHubDouble
) -> None:
    double.fail(lambda asked: asked.params.get("page") == "3", [Answer(502)])
    assert asker.get(PULLS, page=2).status_code == 200
    assert asker.get(PULLS, page=3).status_code == 502


# --- its client -------------------------------------------------------------------------------


def test_pygithub_reads_it(double: GitHubDouble, cases: Cases) -> None:
    with LoopbackServer(double) as server:
        client = Github(
            base_url=f"{server.url}/api/v3", auth=Auth.Token("tok"), retry=None, per_page=5
        )
        web = client.get_organization("acme").get_repo("web")
        merged = [pull.number for pull in web.get_pulls("all") if pull.merged_at]
        assert len(merged) == len(cases.web.pulls)
        assert [one.environment for one in web.get_deployments()][:2] == ["staging", "Production"]
        assert web.get_branch("main").protected
        assert client.get_repo("elsewhere/old-name").full_name == "acme/new-name"
        _, answer = client.requester.graphql_query(
            'query Q($n: String!) { repository(owner: $n, name: "web") { databaseId } }',
            {"n": "acme"},
        )
        assert answer["data"]["repository"]["databaseId"] == cases.web.id
        client.close()
