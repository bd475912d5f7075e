"""What the double of GitLab sends is judged, every route once."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLUnionType,
    build_client_schema,
)

from tests.doubles.gitlab.asking import Asker, asking
from tests.doubles.gitlab.cases import Cases, tell
from tests.doubles.gitlab.contract import Description, description, field_problems, judged_routes
from tests.doubles.gitlab.double import GitLabDouble
from tests.doubles.gitlab.graphql.serving import SCHEMA
from tests.doubles.gitlab.rest.routing import ROUTES
from tests.doubles.gitlab.view import REST

ADDRESSES = sorted(
    template.removeprefix(f"GET {REST}")
    for template in ROUTES.templates
    if template.startswith("GET ")
)
NOT_DESCRIBED = {
    "/projects/{project}/approval_rules",
    "/projects/{project}/approvals",
    "/projects/{project}/issues",
    "/projects/{project}/issues/{iid}",
    "/projects/{project}/issues/{iid}/notes",
    "/projects/{project}/issues/{iid}/resource_label_events",
    "/projects/{project}/issues/{iid}/resource_state_events",
    "/projects/{project}/merge_requests/{iid}/notes",
    "/projects/{project}/merge_trains",
    "/projects/{project}/protected_environments",
    "/projects/{project}/push_rule",
    "/projects/{project}/repository/files/{path}",
    "/projects/{project}/vulnerabilities",
    "/user",
}
"""What GitLab's description leaves out: `fields.yaml` alone judges it."""
WRONGLY_DESCRIBED = {
    "/projects",  # says that it sends short ones; it sends what the list of a group does
    "/projects/{project}/repository/commits/{sha}/signature",  # says too little
}
NEWER = {
    "Commit.committedDate",
    "Deployment",
    "DeploymentApproval",
    "DeploymentConnection",
    "DeploymentStatus",
    "DeploymentsApprovalStatus",
    "DeploymentsOrderByInput",
    "Environment.deployments",
    "Environment.tier",
    "CiJob.retried",
    "MergeRequest.notes(filter)",
    "Note.author",
    "Note.systemNoteMetadata",
    "NotesFilterType",
    "Pipeline.jobs(retried)",
    "Pipeline.mergeRequestEventType",
    "Pipeline.name",
    "Pipeline.source",
    "PipelineMergeRequestEventType",
    "SortDirectionEnum",
    "SystemNoteMetadata",
    "Vulnerability.dismissalReason",
}
"""What came after the schema of 2022 that can be had."""


@pytest.fixture(scope="module")
def cases() -> Cases:
    return tell()


@pytest.fixture(scope="module")
def ask(cases: Cases) -> Iterator[Asker]:
    with asking(GitLabDouble(cases.world)) as asker:
        yield asker


@pytest.fixture(scope="module")
def told() -> Description:
    file = description()
    if file is None:
        pytest.skip("GitLab's description is not here; fields.yaml judges alone")
    return Description(file)


def address(template: str, cases: Cases) -> str:
    """Fills in a template with what is there."""
    web, change = cases.web, cases.by_train
    issue = cases.unlabelled if "label" in template else cases.reopened
    numbers = {
        "pipelines": cases.upstream.id,
        "jobs": cases.upstream.jobs[0].id,
        "environments": web.environments[0].id,
        "deployments": cases.approved.id,
        "versions": change.versions[0].id,
    }
    parts: dict[str, object] = {
        "group": cases.group.id,
        "project": web.id,
        "iid": issue.iid if "/issues/" in template else change.iid,
        "sha": cases.direct_sha if "signature" in template else cases.merged.merge_commit_sha,
        "branch": "main",
        "path": "src%2Fapp.py",
        "name": "main",
        "number": next((n for word, n in numbers.items() if f"{word}/" in template), 0),
    }
    return template.format(**parts).strip("/")


def test_every_route_has_rules_of_its_own_and_no_rule_is_without_a_route() -> None:
    assert set(ADDRESSES) == judged_routes()


@pytest.mark.parametrize("template", ADDRESSES)
def test_what_is_sent_has_the_fields_that_are_read(ask: Asker, cases: Cases, template: str) -> None:
    body = ask.json(address(template, cases), per_page=100)
    assert body or template.endswith(("/merge_trains", "/notes", "/subgroups", "/closes_issues"))
    assert field_problems(template, body) == []


def test_gitlab_itself_would_know_all_of_it(ask: Asker, cases: Cases, told: Description) -> None:
    unknown, problems = set(), []
    for template in ADDRESSES:
        path = address(template, cases)
        known = told.knows(f"{REST}/{path}")
        if known is None:
            unknown.add(template)
        elif template not in WRONGLY_DESCRIBED:
            found = told.problems(known, ask.json(path, per_page=100))
            problems += [f"{template} {problem}" for problem in found]
    assert problems == []
    assert unknown == NOT_DESCRIBED


def test_the_judges_notice_what_is_wrong(ask: Asker, cases: Cases, told: Description) -> None:
    (shown, *_) = ask.json(f"projects/{cases.web.id}/deployments")
    template = "/projects/{project}/deployments"
    known = told.knows(f"{REST}/projects/1/deployments")
    assert known
    bad: dict[str, Any] = {**shown, "sha": 5, "colour": "blue"}
    del bad["status"]
    assert field_problems(template, [bad]) == ["/0/sha is 5, no text", "/0 has no status"]
    assert len(told.problems(known, [bad])) == 2


def test_graphql_knows_nothing_that_gitlab_does_not() -> None:
    file = os.environ.get("CAIRN_GITLAB_SCHEMA")
    if not file:
        pytest.skip("CAIRN_GITLAB_SCHEMA names no introspection of GitLab's schema")
    introspected = json.loads(Path(file).read_text(encoding="utf-8"))
    real = build_client_schema(introspected.get("data", introspected))
    ours = {name: kind for name, kind in SCHEMA.type_map.items() if not name.startswith("__")}
    problems = [problem for name in ours for problem in unknown_to(real.type_map, name)]
    assert problems == []


def unknown_to(real: Any, name: str) -> Iterator[str]:
    """Says what of one of our types the real schema lacks."""
    ours, theirs = SCHEMA.type_map[name], real.get(name)
    if name in NEWER:
        return
    if theirs is None:
        yield name
    elif isinstance(ours, GraphQLObjectType):
        for field, known in ours.fields.items():
            if f"{name}.{field}" not in NEWER:
                yield from unknown_field(f"{name}.{field}", known, theirs.fields.get(field))
    elif isinstance(ours, GraphQLEnumType):
        yield from (f"{name}.{value}" for value in ours.values if value not in theirs.values)
    elif isinstance(ours, GraphQLUnionType):
        names = {kind.name for kind in theirs.types}
        yield from (f"{name}|{kind.name}" for kind in ours.types if kind.name not in names)
    else:
        assert not isinstance(ours, GraphQLInputObjectType), name


def unknown_field(place: str, ours: Any, theirs: Any) -> Iterator[str]:
    """Says what of one of our fields the real one lacks."""
    if theirs is None:
        yield place
        return
    if str(ours.type) != str(theirs.type):
        yield f"{place}: {ours.type}, not {theirs.type}"
    for argument in ours.args:
        if argument not in theirs.args and f"{place}({argument})" not in NEWER:
            yield f"{place}({argument})"
