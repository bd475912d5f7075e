"""Fields of a project and of what it lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tests.doubles.github.graphql.slices import Slice
from tests.doubles.gitlab.graphql.resolvers import (
    RESOLVERS,
    by_key,
    connection,
    field,
    global_id,
    plain,
)
from tests.doubles.gitlab.rest.delivery import shown_pipelines
from tests.doubles.gitlab.world import Environment, MergeRequest, Project

SEVERITIES = ("unknown", "info", "low", "medium", "high", "critical")

global_id("Project", "Project")
plain("Project", "full_path", "is_archived")
connection("MergeRequest", "Pipeline", "Issue", "Release", "Vulnerability")
plain("Issue", "closed_at", "created_at", "state", "title", "updated_at")
RESOLVERS["Issue"]["iid"] = lambda issue, _context: str(issue.iid)
plain("Release", "created_at", "name", "released_at", "tag_name")
RESOLVERS["QueryComplexity"] = {
    "score": lambda told, _context: told[0],
    "limit": lambda told, _context: told[1],
}


@field("Query", "queryComplexity")
def query_complexity(_root: Any, context: Any) -> tuple[int, int]:
    return context.complexity, context.limit


@field("Query", "project")
def project(_root: Any, context: Any, fullPath: str) -> Project | None:  # noqa: N803 - its name there
    found: Project | None = context.view.world.project_at(fullPath)
    return found if found and context.view.sees(found) else None


@field("Project", "environment")
def environment(project: Project, _context: Any, name: str | None = None) -> Environment | None:
    return next((place for place in project.environments if place.name == name), None)


@field("Project", "mergeRequest")
def merge_request(project: Project, _context: Any, iid: str) -> MergeRequest | None:
    return project.merge_requests.get(int(iid))


@field("Project", "mergeRequests")
def merge_requests(
    project: Project,
    context: Any,
    sort: str,
    iids: Sequence[str] | None = None,
    first: int | None = None,
    after: str | None = None,
    **bounds: str,
) -> Slice:
    known = project.merge_requests
    if iids is None:
        found = list(known.values())
    else:
        found = [known[int(iid)] for iid in dict.fromkeys(iids) if int(iid) in known]
    return _sorted(_updated(found, context, **bounds), sort, first, after)


@field("Project", "issues")
def issues(
    project: Project,
    context: Any,
    sort: str,
    first: int | None = None,
    after: str | None = None,
    labelName: Sequence[str] = (),  # noqa: N803 - its name there
    **bounds: str,
) -> Slice:
    known = project.issues.values()
    found = [issue for issue in known if set(labelName) <= set(issue.labels)]
    return _sorted(_updated(found, context, **bounds), sort, first, after)


@field("Project", "pipelines")
def pipelines(
    project: Project,
    context: Any,
    source: str | None = None,
    first: int | None = None,
    after: str | None = None,
    **bounds: str,
) -> Slice:
    found = _updated(shown_pipelines(project, source), context, **bounds)
    return by_key(found, lambda run: (run.id,), first, after)


@field("Project", "releases")
def releases(
    project: Project, _context: Any, sort: str, first: int | None = None, after: str | None = None
) -> Slice:
    name = sort.rpartition("_")[0].lower().replace("created", "created_at")
    return by_key(
        project.releases,
        lambda release: (getattr(release, name).timestamp(), release.tag_name),
        first,
        after,
        is_descending=sort.endswith("DESC"),
    )


@field("Project", "vulnerabilities")
def vulnerabilities(
    project: Project, _context: Any, sort: str, first: int | None = None, after: str | None = None
) -> Slice | None:
    if project.plan != "ultimate":
        return None
    if sort.startswith("severity"):
        return by_key(
            project.vulnerabilities,
            lambda found: (SEVERITIES.index(found.severity), found.id),
            first,
            after,
            is_descending=sort.endswith("desc"),
        )
    return by_key(
        project.vulnerabilities,
        lambda found: (found.detected_at.timestamp(), found.id),
        first,
        after,
        is_descending=sort.endswith("desc"),
    )


@field("Project", "repository")
def repository(project: Project, _context: Any) -> Project:
    return project


@field("Repository", "rootRef")
def root_ref(project: Project, _context: Any) -> str | None:
    return project.default_branch if project.branches else None


@field("Repository", "tree")
def tree(project: Project, _context: Any, path: str, ref: str | None = None) -> Any:
    sha = project.resolve(ref or project.default_branch)
    return project.commits[sha] if sha else None


@field("Tree", "lastCommit")
def last_commit(commit: Any, _context: Any) -> Any:
    return commit


def _updated(found: Any, context: Any, **bounds: str) -> list[Any]:
    after, before = (
        datetime.fromisoformat(bounds[name]) if bounds.get(name) else None
        for name in ("updatedAfter", "updatedBefore")
    )
    return [
        item
        for item in found
        if (not after or item.updated_at >= after) and (not before or item.updated_at <= before)
    ]


def _sorted(found: list[Any], sort: str, first: int | None, after: str | None) -> Slice:
    name = {"CREATED": "created_at", "UPDATED": "updated_at", "MERGED_AT": "merged_at"}
    attribute = name[sort.rpartition("_")[0]]
    known = [item for item in found if getattr(item, attribute)]
    return by_key(
        known,
        lambda item: (getattr(item, attribute).timestamp(), item.id),
        first,
        after,
        is_descending=sort.endswith("DESC"),
    )
