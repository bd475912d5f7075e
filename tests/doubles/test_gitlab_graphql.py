"""GraphQL of the double: the connector's questions, pages, and GitLab's limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import execute_sync, parse

from tests.doubles.gitlab import story
from tests.doubles.gitlab.asking import QUESTIONS, TOKEN, Asker, asking
from tests.doubles.gitlab.cases import Cases, tell
from tests.doubles.gitlab.double import GitLabDouble
from tests.doubles.gitlab.graphql import serving
from tests.doubles.gitlab.graphql.complexity import complexity
from tests.doubles.gitlab.graphql.resolvers import RESOLVERS
from tests.doubles.gitlab.telling import hour

WEB = "acme/shop/web"
ASKED: dict[str, dict[str, Any]] = {
    "changes": {"project": WEB, "iids": [str(n) for n in range(1, 13)], "first": 25},
    "change_rest": {
        "project": WEB,
        "iid": "1",
        "commits": True,
        "authored": False,
        "activity": True,
        "jobs": True,
    },
    "pipelines": {"project": WEB, "first": 50, "jobs": True},
    "deployment_approvals": {"project": WEB, "environment": "production", "first": 100},
    "heartbeat": {"project": WEB, "pipelinesSince": "2026-02-07T00:00:00Z"},
    "vulnerabilities": {"project": WEB, "first": 100},
}


@pytest.fixture
def cases() -> Cases:
    return tell()


@pytest.fixture
def ask(cases: Cases) -> Iterator[Asker]:
    with asking(GitLabDouble(cases.world)) as asker:
        yield asker


def nodes(answer: Any, name: str) -> list[Any]:
    found: list[Any] = answer["data"]["project"][name]["nodes"]
    return found


def test_every_question_of_the_connector_is_tried_here() -> None:
    assert {file.stem for file in QUESTIONS.glob("*.graphql")} == set(ASKED)


@pytest.mark.parametrize("name", sorted(ASKED))
def test_every_question_is_answered_without_an_error(ask: Asker, name: str) -> None:
    told = ask.question(name, **ASKED[name])
    assert "errors" not in told
    assert told["data"]["queryComplexity"]["limit"] == 250
    assert told["data"]["project"] is not None


@pytest.mark.parametrize("name", sorted(ASKED))
def test_the_walk_answers_as_graphql_core_does(ask: Asker, name: str) -> None:
    answered = ask.question(name, **ASKED[name])

    def resolve(value: Any, info: Any, **arguments: Any) -> Any:
        resolver = RESOLVERS[info.parent_type.name][info.field_name]
        return resolver(value, info.context, **arguments)

    asked = ask.double.asked[-1]
    view = serving.View(ask.double, asked, ask.double.authenticate(asked))
    context = serving.Context(view, 250, ask.double.complexities[-1])
    result = execute_sync(
        serving.SCHEMA,
        parse((QUESTIONS / f"{name}.graphql").read_text()),
        context_value=context,
        variable_values=ASKED[name],
        field_resolver=resolve,
        type_resolver=lambda value, _info, _kind: serving.type_of(value),
    )
    assert result.errors is None
    assert result.data == answered["data"]


# --- complexity ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "score"),
    [
        ('{ project(fullPath: "a") { id } }', 2),
        # 1 for iid, nodes and the resolver each; doubled for a hundred; 1 for the project.
        ('{ project(fullPath: "a") { mergeRequests { nodes { iid } } } }', 7),
        ('{ project(fullPath: "a") { mergeRequests(first: 20) { nodes { iid } } } }', 4),
        ('{ project(fullPath: "a") { mergeRequests(iids: ["1"]) { nodes { iid } } } }', 4),
        ('{ project(fullPath: "a") { issues(first: 1, sort: UPDATED_ASC) { count } } }', 4),
        ('{ project(fullPath: "a") { mergeRequest(iid: "1") { mergedAt diffHeadSha } } }', 9),
        # A list without a resolver is not dearer for its length.
        (
            '{ project(fullPath: "a") { mergeRequest(iid: "1") { approvedBy { nodes { id } } } } }',
            5,
        ),
    ],
)
def test_complexity_is_counted_as_gitlab_counts_it(question: str, score: int) -> None:
    assert complexity(serving.SCHEMA, parse(question), {}) == score


def test_no_question_is_too_complex_at_the_largest_page(ask: Asker) -> None:
    for name, variables in ASKED.items():
        ask.question(name, **{**variables, "first": 100} if "first" in variables else variables)
    assert max(ask.double.complexities) <= 125


def test_a_question_that_is_too_complex_is_refused(ask: Asker) -> None:
    ask.double.max_complexity = 60
    told = ask.question("pipelines", project=WEB, first=100, jobs=True)
    score = ask.double.complexities[-1]
    message = f"Query has complexity of {score}, which exceeds max complexity of 60"
    assert told == {"errors": [{"message": message}]}
    assert "errors" not in ask.question("pipelines", project=WEB, first=20, jobs=False)


def test_a_field_that_does_not_exist_is_refused_with_its_place(ask: Asker) -> None:
    told = ask.graphql('query { project(fullPath: "acme/shop/web") { colour } }')
    (error,) = told["errors"]
    assert error["message"] == "Cannot query field 'colour' on type 'Project'."
    assert error["locations"] == [{"line": 1, "column": 46}]


def test_a_question_that_is_too_long_is_refused(ask: Asker) -> None:
    assert ask.graphql("query { __typename } " + "#" * 10_000)["errors"]


# --- who sees what ------------------------------------------------------------------------------


def test_a_project_that_is_not_seen_is_null_without_an_error(ask: Asker) -> None:
    ask.double.tokens[TOKEN].project_ids = set()  # type: ignore[attr-defined]
    assert ask.graphql('query { project(fullPath: "acme/shop/web") { id } }') == {
        "data": {"project": None}
    }


def test_findings_are_null_where_the_plan_has_none(ask: Asker, cases: Cases) -> None:
    assert (
        len(nodes(ask.question("vulnerabilities", project=WEB, first=10), "vulnerabilities")) == 4
    )
    cases.group.plan = "premium"
    told = ask.question("vulnerabilities", project=WEB, first=10)
    assert told["data"]["project"]["vulnerabilities"] is None


def test_deployments_are_told_of_one_environment_a_question(ask: Asker) -> None:
    told = ask.graphql(
        'query { project(fullPath: "acme/shop/web") {'
        ' a: environment(name: "production") { deployments(first: 1) { nodes { iid } } }'
        ' b: environment(name: "staging") { deployments(first: 1) { nodes { iid } } } } }'
    )
    assert told["data"]["project"]["b"]["deployments"] is None
    assert "only for 1 Environment" in told["errors"][0]["message"]


# --- pages --------------------------------------------------------------------------------------


def test_a_page_goes_on_behind_its_last_item_whatever_came_before(ask: Asker, cases: Cases) -> None:
    first = ask.question("pipelines", project=WEB, first=2, jobs=False)
    page = first["data"]["project"]["pipelines"]["pageInfo"]
    story.run(cases.world, cases.web, hour(500))
    second = ask.question("pipelines", project=WEB, first=2, jobs=False, after=page["endCursor"])
    ids = [run["id"] for run in nodes(first, "pipelines") + nodes(second, "pipelines")]
    newest = sorted((run.id for run in cases.web.pipelines if not run.is_child), reverse=True)[1:5]
    assert page["hasNextPage"]
    assert ids == [f"gid://gitlab/Ci::Pipeline/{number}" for number in newest]


def test_what_did_not_fit_is_asked_for_by_number(ask: Asker, cases: Cases) -> None:
    change = cases.merged
    for number in range(120):
        story.push_to(cases.world, change, cases.world.user("dev-1"), hour(200 + number))
    (told,) = nodes(
        ask.question("changes", project=WEB, iids=[str(change.iid)], first=1), "mergeRequests"
    )
    rest = ask.question(
        "change_rest",
        project=WEB,
        iid=str(change.iid),
        commits=True,
        commitsAfter=told["commits"]["pageInfo"]["endCursor"],
        authored=False,
        activity=True,
        activityAfter=told["activity"]["pageInfo"]["endCursor"],
        jobs=False,
    )["data"]["project"]["mergeRequest"]
    shas = [commit["sha"] for commit in told["commits"]["nodes"] + rest["commits"]["nodes"]]
    notes = [note["id"] for note in told["activity"]["nodes"] + rest["activity"]["nodes"]]
    assert shas == change.commits[::-1]
    assert notes == [f"gid://gitlab/Note/{note.id}" for note in change.notes if note.is_system]
    assert "commitsWithoutMergeCommits" not in rest


def test_children_are_listed_only_by_their_source(ask: Asker, cases: Cases) -> None:
    asked = {"project": WEB, "first": 100, "jobs": False}
    child = f"gid://gitlab/Ci::Pipeline/{cases.child.id}"
    plain = nodes(ask.question("pipelines", **asked), "pipelines")
    children = nodes(ask.question("pipelines", source="parent_pipeline", **asked), "pipelines")
    assert child not in [run["id"] for run in plain]
    assert [run["id"] for run in children] == [child]
    upstream = {"id": f"gid://gitlab/Ci::Pipeline/{cases.upstream.id}"}
    assert children[0]["upstream"]["id"] == upstream["id"]


def test_an_ignored_source_shows_in_what_comes_back(ask: Asker) -> None:
    ask.double.ignored_filters.add("source")
    told = ask.question("pipelines", project=WEB, first=100, jobs=False, source="parent_pipeline")
    assert {run["source"] for run in nodes(told, "pipelines")} != {"parent_pipeline"}


def test_a_heartbeat_tells_what_was_touched_last(ask: Asker, cases: Cases) -> None:
    def beat() -> Any:
        return ask.question("heartbeat", project=WEB)["data"]["project"]

    before = beat()
    story.comment(cases.world, cases.merged, cases.world.user("dev-1"), hour(900))
    after = beat()
    changed = [name for name in before if before[name] != after[name]]
    assert changed == ["mergeRequests"]
    newest = {"iid": str(cases.merged.iid), "updatedAt": "2026-03-11T21:00:00Z"}
    assert after["mergeRequests"] == {"count": 12, "nodes": [newest]}
